"""Changing the schedule by its occurrences, several entries in one step, and taking a step back.

Each step is one transaction of the services of `programme.entries`, which check rights and values
and write the audit.  A step is undone as long as nobody has changed its entries since.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal, NamedTuple

from django.db import transaction
from msgspec import Struct, structs

from server.accounts.models import Department, Staff
from server.accounts.policy import Act
from server.audit import services as audit
from server.errors import Conflict, Invalid
from server.programme.drafts import Where, WindowDraft
from server.programme.entries import (
    entry_change,
    entry_create,
    entry_delete,
    window_of,
)
from server.programme.models import Entry, Layout
from server.programme.rights import require
from server.programme.series import alone, is_series, moved, split, without

__all__ = [
    "Kept", "Scope", "Step", "copied", "created", "occurrence_change", "occurrence_delete",
    "occurrence_move", "step_undo",
]  # fmt: skip

#: This one, those from it on, or the whole series.
Scope = Literal["one", "onward", "all"]


class Kept(Struct, frozen=True):
    """An entry before a step (None: it was not there), and its version after (0: it is gone)."""

    entry: int
    before: dict[str, Any] | None
    after: int


class Step(Struct, frozen=True):
    """What one act did: enough to take it back."""

    kept: tuple[Kept, ...]

    @property
    def entry(self) -> int:
        """The entry that is the act's result: the last one written."""
        return self.kept[-1].entry


class _Steps:
    """Collects what a step does."""

    def __init__(self, actor: Staff | None, now: datetime) -> None:
        self.kept: list[Kept] = []
        self.by: dict[str, Any] = {"actor": actor, "now": now}

    def create(self, **fields: Any) -> Entry:
        made = entry_create(**fields, **self.by)
        self.kept.append(Kept(made.pk, None, made.version))
        return made

    def change(self, entry: Entry, version: int, **fields: Any) -> Entry:
        before = _state(entry)
        made = entry_change(entry=entry, version=version, **fields, **self.by)
        self.kept.append(Kept(made.pk, before, made.version))
        return made

    def delete(self, entry: Entry) -> None:
        pk, before = entry.pk, _state(entry)
        entry_delete(entry=entry, **self.by)
        self.kept.append(Kept(pk, before, 0))


def created(*, actor: Staff | None, now: datetime, **fields: Any) -> Step:
    """Make an entry (`entry_create`) as a step."""
    steps = _Steps(actor, now)
    steps.create(**fields)
    return Step(tuple(steps.kept))


def occurrence_change(
    *,
    entry: Entry,
    version: int,
    at: str,
    scope: Scope,
    window: WindowDraft,
    actor: Staff | None,
    now: datetime,
    **fields: Any,
) -> Step:
    """Change one occurrence of an entry, those from it on, or all of it; `fields` as `Entry`'s.

    `window` is when the changed part will be due.  Raises `Conflict`, `Invalid`.
    """
    steps = _Steps(actor, now)
    with transaction.atomic():
        _apply(steps, entry, version, _Part(at, scope, window), fields)
    return Step(tuple(steps.kept))


def occurrence_move(
    *,
    entry: Entry,
    version: int,
    at: str,
    to: str,
    duration_s: int,
    scope: Scope,
    actor: Staff | None,
    now: datetime,
) -> Step:
    """Move an occurrence to begin at `to` and last so long; with it those from it on, or all."""
    _require_version(entry, version)  # first of all: `at` is a date of the series that was read
    draft = window_of(entry)
    if scope == "one" and is_series(draft):
        window = WindowDraft(start=to, duration_s=duration_s)
    elif scope == "onward":
        window = moved(split(draft, at)[1], at, to, duration_s)
    else:
        window = moved(draft, at, to, duration_s)
    return occurrence_change(
        entry=entry, version=version, at=at, scope=scope, window=window, actor=actor, now=now
    )


def occurrence_delete(
    *, entry: Entry, version: int, at: str, scope: Scope, actor: Staff | None, now: datetime
) -> Step:
    """Take out one occurrence, those from it on, or the entry."""
    steps = _Steps(actor, now)
    draft = window_of(entry)
    with transaction.atomic():
        _require_version(entry, version)
        head = None
        if is_series(draft) and scope == "one":
            head = without(draft, at)
        elif is_series(draft) and scope == "onward":
            head = split(draft, at)[0]
        if head is None:
            steps.delete(entry)
        else:
            steps.change(entry, version, window=head)
    return Step(tuple(steps.kept))


def copied(
    *, copies: Iterable[tuple[Entry, WindowDraft, Where | None]], actor: Staff | None, now: datetime
) -> Step:
    """Copy entries: each with its own window and, if told, to other screens and groups."""
    steps = _Steps(actor, now)
    with transaction.atomic():
        for entry, window, where in copies:
            fields = _fields(entry) | {"window": window}
            steps.create(**fields | ({"where": where} if where is not None else {}))
    if not steps.kept:
        raise Invalid("There is nothing to copy.", code="NOTHING")
    return Step(tuple(steps.kept))


def step_undo(*, step: Step, actor: Staff | None, now: datetime) -> None:
    """Take a step back.  Raises `Conflict` if somebody changed one of its entries since."""
    with transaction.atomic():
        for kept in reversed(step.kept):
            entry = Entry.objects.filter(pk=kept.entry).first()
            if (entry.version if entry else 0) != kept.after:
                raise Conflict(
                    "This was changed again meanwhile, so it cannot be undone: look at it first.",
                    code="CHANGED_SINCE",
                )
            _take_back(kept, entry, actor, now)


class _Part(NamedTuple):
    """Which part of a series is changed, and when it will be due."""

    at: str
    scope: Scope
    window: WindowDraft


def _apply(steps: _Steps, entry: Entry, version: int, part: _Part, fields: dict[str, Any]) -> None:
    at, scope, window = part
    draft = window_of(entry)
    if scope == "all" or not is_series(draft):
        steps.change(entry, version, window=window, **fields)
        return
    if scope == "one":
        alone(draft, at)
        head: WindowDraft | None = without(draft, at)
    else:
        head, _tail = split(draft, at)
    if head is None:
        steps.change(entry, version, window=window, **fields)
        return
    copy = _fields(entry) | fields | {"window": window}
    steps.change(entry, version, window=head)
    steps.create(**copy)


def _take_back(kept: Kept, entry: Entry | None, actor: Staff | None, now: datetime) -> None:
    if entry is not None and kept.before is None:
        entry_delete(entry=entry, actor=actor, now=now)
        return
    assert kept.before is not None  # what was not there before and is not now was never a step
    fields = _from_state(kept.before)
    if entry is not None:
        fields.pop("department")
        entry_change(entry=entry, version=entry.version, actor=actor, now=now, **fields)
        return
    require(actor, Act.ARRANGE, fields["department"])
    made = entry_create(actor=actor, now=now, **fields)
    _rename(made, kept.entry, actor, now)


def _rename(made: Entry, pk: int, actor: Staff | None, now: datetime) -> None:
    """Give an entry that is back the number that it had: what was published names it so."""
    screens, groups = list(made.screens.all()), list(made.groups.all())
    made.delete()
    made.pk = pk
    made.save(force_insert=True)
    made.screens.set(screens)
    made.groups.set(groups)
    audit.record(actor=actor, action="entry.restore", subject=made, detail={}, now=now)


def _fields(entry: Entry) -> dict[str, Any]:
    """What `entry_create` takes to make one like it."""
    where = Where(
        screens=tuple(entry.screens.values_list("pk", flat=True)),
        groups=tuple(entry.groups.values_list("pk", flat=True)),
    )
    return {
        "name": entry.name, "department": entry.department, "layout": entry.layout,
        "where": where, "window": window_of(entry), "priority": entry.priority,
        "turn_ms": entry.turn_ms, "enabled": entry.enabled,
    }  # fmt: skip


def _state(entry: Entry) -> dict[str, Any]:
    """An entry as JSON holds it."""
    fields = _fields(entry)
    return fields | {
        "department": entry.department_id, "layout": entry.layout_id,
        "where": structs.asdict(fields["where"]), "window": structs.asdict(fields["window"]),
    }  # fmt: skip


def _from_state(state: dict[str, Any]) -> dict[str, Any]:
    window = dict(state["window"])
    window |= {name: tuple(window[name]) for name in ("rdates", "exdates")}
    layout = Layout.objects.filter(pk=state["layout"]).first()
    department = Department.objects.filter(pk=state["department"]).first()
    if layout is None or department is None:
        raise Conflict(
            "The layout of this entry is gone, so it cannot be undone: make a new entry.",
            code="LAYOUT_GONE",
        )
    return state | {
        "layout": layout, "department": department,
        "where": Where(**state["where"]), "window": WindowDraft(**window),
    }  # fmt: skip


def _require_version(entry: Entry, version: int) -> None:
    if entry.version != version:
        raise Conflict(
            "Somebody else saved “%(name)s” while you were looking at it: look at it again first.",
            values={"name": entry.name},
            details={"version": entry.version},
        )
