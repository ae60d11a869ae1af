"""Writes departments: made, renamed, moved, merged into another, closed when they are empty.

`contents_of` says what belongs to a department, so that a page can tell before anything happens.
What apps above this one own is found by Django's own list of what refers to a department.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import models, transaction
from msgspec import Struct

from server.accounts.models import Department, Grant, Staff
from server.accounts.policy import Act, require
from server.audit.services import record
from server.errors import Conflict
from server.validation import cleaned

__all__ = [
    "Content",
    "contents_of",
    "department_close",
    "department_create",
    "department_merge",
    "department_move",
    "department_rename",
    "grants_in",
]


class Content(Struct, frozen=True):
    """What belongs to a department: a model's label (`programme.playlist`), and how many."""

    kind: str
    count: int


@transaction.atomic
def department_create(
    *, name: str, parent: Department | None, actor: Staff | None, now: datetime
) -> Department:
    """Make a department below `parent` (None: at the top)."""
    _require(actor, parent)
    department = cleaned(Department(name=name.strip(), parent=parent))
    department.save()
    record(actor=actor, action="department.create", subject=department, now=now)
    return department


@transaction.atomic
def department_rename(
    *, department: Department, name: str, actor: Staff | None, now: datetime
) -> None:
    """Give a department another name."""
    _require(actor, department)
    former, department.name = department.name, name.strip()
    cleaned(department).save(update_fields=["name"])
    detail = {"former": former}
    record(actor=actor, action="department.rename", subject=department, detail=detail, now=now)


@transaction.atomic
def department_move(
    *, department: Department, parent: Department | None, actor: Staff | None, now: datetime
) -> None:
    """Put a department, with all below it, under another (None: to the top).

    Roles in the new place then reach it, those in the old one no longer.  Raises `Conflict` if it
    would stand below itself.
    """
    _require(actor, department)
    _require(actor, department.parent)
    _require(actor, parent)
    _hold_the_tree()
    if parent is not None and department.pk in _upwards(parent):
        raise Conflict(
            "“%(name)s” cannot stand below itself: choose another place.",
            values={"name": department.name},
        )
    former, department.parent = department.parent, parent
    cleaned(department).save(update_fields=["parent"])
    detail = {"former": str(former or "*"), "parent": str(parent or "*")}
    record(actor=actor, action="department.move", subject=department, detail=detail, now=now)


@transaction.atomic
def department_merge(
    *, department: Department, into: Department, actor: Staff | None, now: datetime
) -> None:
    """Give all that belongs to a department to another one, roles and people too, and remove it.

    Of two things with one name the one that comes gets the old department's name behind its own; a
    role that somebody has in both, and a rule that is in both, stays as it is in the new one.
    """
    _require(actor, department)
    _require(actor, into)
    _hold_the_tree()
    if into.pk == department.pk or department.pk in _upwards(into):
        raise Conflict(
            "“%(name)s” cannot be merged into itself, or into what stands below it.",
            values={"name": department.name},
        )
    moved = {each.kind: each.count for each in contents_of(department)}
    for relation in _relations():
        _hand_over(relation, department, into)
    detail = {"former": department.name, "moved": moved}
    record(actor=actor, action="department.merge", subject=into, detail=detail, now=now)
    department.delete()


@transaction.atomic
def department_close(*, department: Department, actor: Staff | None, now: datetime) -> None:
    """Remove a department in which nothing is left.  Raises `Conflict` while something is."""
    _require(actor, department)
    _hold_the_tree()
    if contents_of(department):
        raise Conflict(
            "Something belongs to “%(name)s” still: merge it into another department instead.",
            values={"name": department.name},
            code="IN_USE",
        )
    record(actor=actor, action="department.close", subject=department, now=now)
    department.delete()


def contents_of(department: Department) -> list[Content]:
    """Return what belongs to a department itself (not to those below), by kind.

    What is in a bin counts too: it may come back.  Old notices do not: they go with it.
    """
    found = []
    for relation in _relations():
        if relation.hidden and relation.on_delete is models.CASCADE:
            continue
        if count := _rows_of(relation, department).count():
            found.append(Content(relation.related_model._meta.label_lower, count))
    return found


def _require(actor: Staff | None, department: Department | None) -> None:
    if actor is not None:
        require(actor, Act.MANAGE_STAFF, department)


def _hold_the_tree() -> None:
    """Changes of the tree come one after the other: two moves at once could make a ring."""
    list(Department.objects.select_for_update().order_by("pk").values_list("pk", flat=True))


def _upwards(department: Department) -> set[int]:
    """The department and all above it."""
    parents = dict(Department.objects.values_list("pk", "parent_id"))
    seen: set[int] = set()
    at: int | None = department.pk
    while at is not None and at not in seen:
        seen.add(at)
        at = parents.get(at)
    return seen


def _relations() -> Iterator[Any]:
    """What refers to a department, in whichever app, also where it has no name for the way back."""
    for each in Department._meta.get_fields(include_hidden=True):
        if each.auto_created and not each.concrete:
            yield each


def _rows_of(relation: Any, department: Department) -> models.QuerySet[Any]:
    """All rows that refer to it so, also those that their own manager hides (a bin)."""
    every: models.Manager[Any] = relation.related_model._base_manager  # noqa: SLF001
    return every.filter(**{relation.field.name: department})


def _hand_over(relation: Any, department: Department, into: Department) -> None:
    model, field = relation.related_model, relation.field.name
    clashing, rows = list(_unique_with(model, field)), _rows_of(relation, department)
    if not clashing:
        rows.update(**{field: into})
        return
    for row in rows:
        setattr(row, field, into)
        for names in clashing:
            if _is_taken(model, row, names) and not _named_apart(row, names, department):
                row.delete()
                break
        else:
            row.save(update_fields=[field, *(["name"] if _has_name(clashing) else [])])


def _unique_with(model: type[models.Model], field: str) -> Iterator[tuple[str, ...]]:
    """The fields that are unique together with the department."""
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint):
            names = constraint.fields or _of_expressions(constraint)
            if field in names:
                yield tuple(names)


def _of_expressions(constraint: models.UniqueConstraint) -> tuple[str, ...]:
    """The fields of expressions: `F("parent")`, `Lower("name")`."""
    every: list[Any] = list(constraint.expressions)
    return tuple(
        each.name if hasattr(each, "name") else each.get_source_expressions()[0].name
        for each in every
    )


def _has_name(clashing: list[tuple[str, ...]]) -> bool:
    return any("name" in names for names in clashing)


def _is_taken(model: type[models.Model], row: models.Model, names: tuple[str, ...]) -> bool:
    same = {(f"{name}__iexact" if name == "name" else name): getattr(row, name) for name in names}
    return model._base_manager.filter(**same).exclude(pk=row.pk).exists()  # noqa: SLF001


def _named_apart(row: Any, names: tuple[str, ...], department: Department) -> bool:
    """Give the row a name of its own, if it has one at all."""
    if "name" not in names:
        return False
    model, number = type(row), 1
    longest = model._meta.get_field("name").max_length
    whole = f"{row.name} ({department.name})"
    row.name = whole[:longest]
    while _is_taken(model, row, names):
        number += 1
        row.name = f"{whole[: longest - len(f' {number}')]} {number}"
    return True


def grants_in(department: Department) -> list[Grant]:
    """Return the roles that people have in a department itself."""
    rows = Grant.objects.filter(department=department).select_related("staff")
    return list(rows.order_by("staff__full_name", "role"))
