"""What operations share in reading: rows in the actor's reach, by key and page by page.

What the actor may not see is not found: the answer is that of a key that nobody has.
"""

from collections.abc import Collection
from datetime import date, datetime
from typing import Annotated, TypeVar

from django.db.models import Model, QuerySet
from django.utils.dateparse import parse_datetime
from msgspec import Meta, Struct

from server.accounts.models import Department
from server.accounts.policy import Act, in_reach, require
from server.api.interface import Call
from server.errors import Invalid, NotFound

__all__ = [
    "BEFORE",
    "LARGEST_KEY",
    "PAGE_SIZE",
    "Colour",
    "Instant",
    "Key",
    "Keys",
    "Name",
    "Reason",
    "Version",
    "day",
    "department",
    "found",
    "found_all",
    "instant",
    "page_of",
    "visible",
]

#: How many rows one answer lists.
PAGE_SIZE = 100

#: The largest key: what a column of the database holds.
LARGEST_KEY = (1 << 63) - 1

Key = Annotated[int, Meta(ge=1, le=LARGEST_KEY)]
Keys = Annotated[list[Key], Meta(max_length=10_000)]
Version = Annotated[int, Meta(ge=1, le=(1 << 31) - 1)]
Name = Annotated[str, Meta(min_length=1, max_length=100)]
Colour = Annotated[str, Meta(pattern="^#[0-9a-fA-F]{6}$")]
Instant = Annotated[datetime, Meta(tz=True)]

#: The query of lists: rows with smaller keys than this.
BEFORE = {
    "name": "before",
    "in": "query",
    "description": "The `next` of the page before.",
    "schema": {"type": "integer", "minimum": 1, "maximum": LARGEST_KEY},
}

M = TypeVar("M", bound=Model)


class Reason(Struct, forbid_unknown_fields=True):
    """Why something is done, for the audit."""

    reason: Annotated[str, Meta(max_length=500)]


def visible(
    call: Call, model: type[M], field: str = "department", act: Act = Act.VIEW
) -> QuerySet[M]:
    """Return the rows of `model` in the actor's reach; `field` leads to their department."""
    rows: QuerySet[M] = model._default_manager.filter(in_reach(call.actor, act, field))  # noqa: SLF001  (Django's own name)
    return rows


def found(rows: QuerySet[M], pk: int, what: str) -> M:
    """Return the row of this key; `NotFound` otherwise."""
    row = rows.filter(pk=pk).first()
    if row is None:
        raise NotFound("There is no such %(what)s.", values={"what": what})
    return row


def found_all(rows: QuerySet[M], pks: Collection[int], what: str) -> list[M]:
    """Return the rows of these keys, all of them; `NotFound` otherwise."""
    wanted = set(pks)
    kept = list(rows.filter(pk__in=wanted))
    if missing := sorted(wanted - {each.pk for each in kept}):
        raise NotFound(
            "There is no such %(what)s: %(key)d.",
            values={"what": what, "key": missing[0]},
            details={"missing": missing},
        )
    return kept


def department(call: Call, pk: int | None, act: Act) -> Department:
    """Return the department to which something new will belong (None: the actor's own)."""
    wanted = call.actor.department_id if pk is None else pk
    if wanted is None:
        raise Invalid("Say which department it belongs to: department.")
    require(call.actor, act, wanted)
    return found(Department.objects.all(), wanted, "department")


def instant(call: Call, name: str) -> datetime:
    """Return what the query says under `name`, which must be an instant."""
    try:
        found = parse_datetime(call.query(name) or "")
    except ValueError:
        found = None
    if found is None or found.utcoffset() is None or not 2000 <= found.year <= 2200:
        raise Invalid(
            "%(name)s must be an instant with its offset, such as 2026-11-22T00:00:00Z.",
            values={"name": name},
        )
    return found


def day(call: Call, name: str) -> date:
    """Return what the query says under `name`, which must be a day."""
    try:
        found = date.fromisoformat(call.query(name) or "")
    except ValueError:
        found = None
    if found is None or not 2000 <= found.year <= 2200:
        raise Invalid("%(name)s must be a day, such as 2026-11-22.", values={"name": name})
    return found


def page_of(call: Call, rows: QuerySet[M]) -> tuple[list[M], int | None]:
    """Return a page of rows, the newest first, and the `before` of the next one (None: none)."""
    before = call.query("before")
    if before is not None:
        rows = rows.filter(pk__lt=_key(before))
    page = list(rows.order_by("-pk")[: PAGE_SIZE + 1])
    more = len(page) > PAGE_SIZE
    page = page[:PAGE_SIZE]
    return page, page[-1].pk if more else None


def _key(text: str) -> int:
    if text.isascii() and text.isdigit() and 1 <= int(text[:20]) <= LARGEST_KEY:
        return int(text[:20])
    raise Invalid("before is the next of the page before: a number.")
