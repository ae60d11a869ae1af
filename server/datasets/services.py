"""Writes data sets and their versions; every act asks the policy and writes the audit."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from django.db import transaction
from msgspec import Struct

from server.accounts.models import Department, Staff
from server.accounts.policy import Act, in_reach, require
from server.audit.services import record
from server.datasets.columns import Column, Kind, checked, columns_of, stored
from server.datasets.errors import CellsRefused
from server.datasets.fed_cards import feed_cards
from server.datasets.models import Dataset, DatasetVersion, FedCard
from server.datasets.picture_fetching import fetch_pictures, wants_pictures
from server.datasets.tables import Row, Typed, rows_typed
from server.errors import Conflict, Invalid
from server.library.models import Asset, AssetKind
from server.validation import cleaned

__all__ = [
    "VERSIONS_KEPT",
    "columns_change",
    "dataset_create",
    "dataset_delete",
    "dataset_rename",
    "rows_put",
    "version_restore",
]

#: Versions of a data set that are kept; the oldest goes when another comes.
VERSIONS_KEPT = 500

#: A data set as JSON, in bytes.
ROWS_BYTES_LIMIT = 4 << 20


@transaction.atomic
def dataset_create(
    *,
    name: str,
    columns: Sequence[Column],
    department: Department,
    actor: Staff,
    now: datetime,
) -> Dataset:
    """Make a data set without rows.  Raises `Invalid`."""
    require(actor, Act.UPLOAD, department)
    row = Dataset(
        name=name.strip(),
        department=department,
        columns=stored(checked(columns)),
        created_by=actor,
        created_at=now,
    )
    cleaned(row).save()
    record(actor=actor, action="dataset.create", subject=row, now=now)
    return row


@transaction.atomic
def dataset_rename(*, dataset: Dataset, name: str, actor: Staff, now: datetime) -> Dataset:
    """Give it another name."""
    kept = _held(dataset, actor)
    kept.name = name.strip()
    cleaned(kept).save(update_fields=["name"])
    record(actor=actor, action="dataset.change", subject=kept, now=now)
    return kept


@transaction.atomic
def columns_change(
    *,
    dataset: Dataset,
    version: int,
    columns: Sequence[Column],
    actor: Staff,
    now: datetime,
) -> Dataset:
    """Change the columns; the rows go along, by their keys.

    Raises `CellsRefused` if a cell is none of the new kind, `Conflict` if somebody was faster, and
    `Invalid` if a column goes that a card needs.
    """
    kept = _held(dataset, actor)
    _require_newest(kept, version)
    asked = checked(columns)
    gone = {each["key"] for each in kept.columns} - {each.key for each in asked}
    for fed in FedCard.objects.filter(dataset=kept).select_related("asset"):
        if used := sorted(gone & set(fed.mapping.values())):
            raise Invalid(
                "The card “%(card)s” shows the column %(name)s: change the card first.",
                values={"card": fed.asset.title, "name": used[0]},
            )
    newest = kept.versions.first()
    keys = {each.key for each in asked}
    rows = [
        {key: value for key, value in row.items() if key in keys}
        for row in (newest.rows if newest else [])
    ]
    kept.columns = stored(asked)
    kept.save(update_fields=["columns"])
    told = sound(rows_typed(rows, asked), kept, actor)
    if newest is not None:
        _written(kept, told, _From(DatasetVersion.Origin.GRID, "", actor, now), anew=True)
    record(actor=actor, action="dataset.columns", subject=kept, now=now)
    return kept


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
        kept = _held(dataset, actor)
        if version is not None:
            _require_newest(kept, version)
        return _written(kept, sound(rows, kept, actor), _From(origin, source, actor, now))


@transaction.atomic
def version_restore(
    *, dataset: Dataset, number: int, actor: Staff, now: datetime
) -> DatasetVersion:
    """Put the rows of an old version back, as a new one."""
    kept = _held(dataset, actor)
    old = kept.versions.filter(number=number).first()
    if old is None:
        raise Invalid("There is no version %(n)d.", values={"n": number})
    kept.columns = old.columns
    kept.save(update_fields=["columns"])
    told = sound(rows_typed(old.rows, columns_of(old.columns)), kept, actor)
    origin = DatasetVersion.Origin.RESTORED
    return _written(kept, told, _From(origin, str(number), actor, now), anew=True)


@transaction.atomic
def dataset_delete(*, dataset: Dataset, actor: Staff, now: datetime) -> None:
    """Put it away; refused while a card shows it."""
    kept = _held(dataset, actor)
    fed = FedCard.objects.filter(dataset=kept, asset__deleted_at=None).select_related("asset")
    if first := fed.first():
        raise Conflict(
            "The card “%(card)s” shows this data set: delete the card first.",
            values={"card": first.asset.title},
        )
    kept.deleted_at, kept.url, kept.fetch_due_at = now, "", None
    kept.save(update_fields=["deleted_at", "url", "fetch_due_at"])
    kept.pictures.all().delete()
    record(actor=actor, action="dataset.delete", subject=kept, now=now)


def _held(dataset: Dataset, actor: Staff | None) -> Dataset:
    """The row, held for this transaction, if `actor` may change it."""
    if actor is not None:
        require(actor, Act.UPLOAD, dataset.department)
    return Dataset.objects.select_for_update().get(pk=dataset.pk, deleted_at=None)


def _require_newest(kept: Dataset, version: int) -> None:
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


class _From(Struct, frozen=True):
    """Where rows come from, who brings them, and when."""

    origin: DatasetVersion.Origin
    source: str
    actor: Staff | None
    now: datetime


def _written(kept: Dataset, rows: list[Row], by: _From, *, anew: bool = False) -> DatasetVersion:
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
    return made
