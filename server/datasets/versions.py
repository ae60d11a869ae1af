"""Versions of data sets: rows put, brought back or collected, and the cards that follow them.

A version holds all rows at one time and is never changed.  Bad cells change nothing.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from django.db import transaction
from msgspec import Struct

from server.accounts.models import Staff
from server.accounts.policy import Act, in_reach, require
from server.audit.services import record
from server.datasets.collecting import Part, collected
from server.datasets.columns import Kind, columns_of
from server.datasets.errors import CellsRefused
from server.datasets.fed_cards import feed_cards
from server.datasets.models import Dataset, DatasetPart, DatasetVersion, FedCard
from server.datasets.picture_fetching import fetch_pictures, wants_pictures
from server.datasets.tables import Row, Typed, rows_typed
from server.datasets.troubles import trouble_begins, trouble_ends
from server.errors import ApplicationError, Conflict, Invalid
from server.library.models import Asset, AssetKind
from server.sentences import Sentence, listed

__all__ = [
    "VERSIONS_KEPT",
    "From",
    "held",
    "part_of",
    "require_newest",
    "require_own_rows",
    "require_unused",
    "rows_collect",
    "rows_put",
    "sound",
    "version_restore",
    "written",
]

#: Versions of a data set that are kept; the oldest goes when another comes.
VERSIONS_KEPT = 500

#: A data set as JSON, in bytes.
ROWS_BYTES_LIMIT = 4 << 20


def rows_put(
    *,
    dataset: Dataset,
    rows: Typed,
    origin: DatasetVersion.Origin,
    actor: Staff | None,
    now: datetime,
    version: int | None = None,
    source: str = "",
) -> DatasetVersion:
    """Put new rows in the place of the old: a new version; the cards that it feeds follow.

    `version` is the one that was read (None: whatever there is).  `actor` is None when the server
    fetched them itself.  Rows that are the same make no version.  Raises `CellsRefused` with every
    bad cell and `Conflict`; then everything stays as it was.
    """
    with transaction.atomic():
        kept = held(dataset, actor)
        require_own_rows(kept)
        if version is not None:
            require_newest(kept, version)
        return written(kept, sound(rows, kept, actor), From(origin, source, actor, now))


def rows_collect(*, dataset: Dataset, actor: Staff | None, now: datetime) -> DatasetVersion:
    """Put the rows of its parts in the place of its own.  Raises `CellsRefused`, `Invalid`."""
    with transaction.atomic():
        return _collected(held(dataset, actor), actor, now)


def require_own_rows(dataset: Dataset) -> None:
    """Raise `Conflict` if its rows are those of others."""
    if names := [each.part.name for each in dataset.parts.select_related("part")]:
        raise Conflict(
            "“%(name)s” collects its rows from %(parts)s: change them there.",
            values={"name": dataset.name, "parts": listed(names)},
        )


def require_unused(kept: Dataset, gone: set[str]) -> None:
    """Raise `Invalid` if a card needs such a column, or a data set that collects from this one."""
    for whole in kept.wholes.select_related("whole"):
        if used := sorted(gone & set(whole.columns.values())):
            raise Invalid(
                "“%(name)s” collects the column %(column)s: change that first.",
                values={"name": whole.whole.name, "column": used[0]},
            )
    for fed in FedCard.objects.filter(dataset=kept).select_related("asset"):
        if used := sorted(gone & set(fed.mapping.values())):
            raise Invalid(
                "The card “%(card)s” shows the column %(name)s: change the card first.",
                values={"card": fed.asset.title, "name": used[0]},
            )


@transaction.atomic
def version_restore(
    *, dataset: Dataset, number: int, actor: Staff, now: datetime
) -> DatasetVersion:
    """Put the rows of an old version back, as a new one.

    Raises `Invalid` if it has not all columns that are in use, and for pictures that are gone.
    """
    kept = held(dataset, actor)
    require_own_rows(kept)
    old = kept.versions.filter(number=number).first()
    if old is None:
        raise Invalid("There is no version %(n)d.", values={"n": number})
    require_unused(
        kept, {each["key"] for each in kept.columns} - {each["key"] for each in old.columns}
    )
    kept.columns = old.columns
    kept.save(update_fields=["columns"])
    told = sound(rows_typed(old.rows, columns_of(old.columns)), kept, actor)
    origin = DatasetVersion.Origin.RESTORED
    return written(kept, told, From(origin, str(number), actor, now), anew=True)


def held(dataset: Dataset, actor: Staff | None) -> Dataset:
    """The row, held for this transaction, if `actor` may change it."""
    if actor is not None:
        require(actor, Act.UPLOAD, dataset.department)
    return Dataset.objects.select_for_update().get(pk=dataset.pk, deleted_at=None)


def require_newest(kept: Dataset, version: int) -> None:
    """Raise `Conflict` if somebody has changed it since `version` was read."""
    if kept.version != version:
        last = kept.versions.select_related("by").first()
        raise Conflict(
            "Somebody else has changed this data set (%(who)s); look at it again.",
            values={"who": (last.by if last and last.by else "yingbi-server")},
            details={"version": kept.version},
        )


def sound(told: Typed, dataset: Dataset, actor: Staff | None) -> list[Row]:
    """The rows, if every cell is.  Raises `CellsRefused`, `Invalid`."""
    if told.faults_count:
        raise CellsRefused(told.faults, told.faults_count)
    _require_pictures(told.rows, dataset, actor)
    if len(msgspec.json.encode(told.rows)) > ROWS_BYTES_LIMIT:
        raise Invalid(
            "The data set is larger than %(most)d bytes; leave out what is not shown.",
            values={"most": ROWS_BYTES_LIMIT},
        )
    return told.rows


def _require_pictures(rows: Sequence[Row], dataset: Dataset, actor: Staff | None) -> None:
    keys = [each.key for each in columns_of(dataset.columns) if each.kind is Kind.PICTURE]
    wanted = {value for row in rows for key in keys if isinstance(value := row.get(key), int)}
    if not wanted:
        return
    there = Asset.objects.filter(pk__in=wanted, kind=AssetKind.IMAGE)
    if actor is None:
        there = there.filter(department=dataset.department)
    else:
        there = there.filter(in_reach(actor, Act.VIEW))
    if missing := sorted(wanted - set(there.values_list("pk", flat=True))):
        raise Invalid(
            "There is no picture %(key)d in the library: choose one that is there.",
            values={"key": missing[0]},
        )


class From(Struct, frozen=True):
    """Where rows come from, who brings them, and when."""

    origin: DatasetVersion.Origin
    source: str
    actor: Staff | None
    now: datetime


def written(kept: Dataset, rows: list[Row], by: From, *, anew: bool = False) -> DatasetVersion:
    """Write sound rows as the newest version (the same ones make none, unless `anew`).

    The cards follow, and the data sets that collect from this one.
    """
    body = msgspec.json.encode((kept.columns, rows), order="sorted")
    digest = hashlib.sha256(body).hexdigest()
    newest = kept.versions.first()
    if newest is not None and newest.sha256 == digest and not anew:
        return newest
    kept.version += 1
    kept.save(update_fields=["version"])
    made = DatasetVersion(
        dataset=kept, number=kept.version, columns=kept.columns, rows=rows, row_count=len(rows),
        sha256=digest, origin=by.origin, source=by.source[:500], by=by.actor, at=by.now,
    )  # fmt: skip
    made.save()
    surplus = kept.versions.order_by("-number").values("pk")[VERSIONS_KEPT:]
    DatasetVersion.objects.filter(pk__in=[each["pk"] for each in surplus]).delete()
    feed_cards(dataset=kept, version=made, actor=by.actor, now=by.now)
    if by.origin != DatasetVersion.Origin.URL and wants_pictures(kept):
        fetch_pictures.enqueue(kept.pk)  # of fetched rows they are there already
    detail: dict[str, Any] = {"version": made.number, "rows": len(rows), "origin": str(by.origin)}
    record(actor=by.actor, action="dataset.version", subject=kept, detail=detail, now=by.now)
    for each in kept.wholes.select_related("whole").order_by("whole"):
        _followed(each.whole, by)
    return made


def _followed(whole: Dataset, by: From) -> None:
    """Collect anew; what cannot be collected stays as it was, is told, and fails no part."""
    try:
        with transaction.atomic():
            _collected(held(whole, None), by.actor, by.now)
    except ApplicationError as refused:
        told = Sentence(
            "“%(dataset)s” could not be collected and stays as it was: %(why)s",
            {"dataset": whole.name, "why": refused.message},
        )
        trouble_begins(dataset=whole, why=refused.message, told=told, now=by.now)


def part_of(row: DatasetPart) -> Part:
    """A part as it is stored; what it is called is never empty."""
    return Part(row.part_id, row.columns, row.called or row.part.name, row.at_most)


def _collected(whole: Dataset, actor: Staff | None, now: datetime) -> DatasetVersion:
    parts = [
        (part_of(each), newest.rows if (newest := each.part.versions.first()) else [])
        for each in whole.parts.select_related("part")
    ]
    columns = columns_of(whole.columns)
    rows = sound(rows_typed(collected(parts, in_turn=whole.in_turn), columns), whole, None)
    names = ", ".join(part.called for part, _rows in parts)
    made = written(whole, rows, From(DatasetVersion.Origin.COLLECTED, names, actor, now))
    trouble_ends(whole)
    return made
