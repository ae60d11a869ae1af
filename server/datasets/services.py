"""Writes data sets, their names, columns and end; each act asks the policy, and is audited."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from server.accounts.models import Department, Staff
from server.accounts.policy import Act, require
from server.audit.services import record
from server.datasets.collecting import check_part
from server.datasets.columns import Column, checked, columns_of, stored
from server.datasets.models import Dataset, DatasetVersion, FedCard
from server.datasets.tables import rows_typed
from server.datasets.versions import (
    From,
    held,
    part_of,
    require_newest,
    require_unused,
    rows_collect,
    sound,
    written,
)
from server.errors import Conflict
from server.validation import cleaned

__all__ = ["columns_change", "dataset_create", "dataset_delete", "dataset_rename"]


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
    kept = held(dataset, actor)
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
    kept = held(dataset, actor)
    require_newest(kept, version)
    asked = checked(columns)
    gone = {each["key"] for each in kept.columns} - {each.key for each in asked}
    require_unused(kept, gone)
    newest = kept.versions.first()
    kept.columns = stored(asked)
    kept.save(update_fields=["columns"])
    if kept.parts.exists():
        _fit_parts(kept, asked)
        rows_collect(dataset=kept, actor=actor, now=now)
    elif newest is not None:
        rows = [{key: row[key] for key in row.keys() - gone} for row in newest.rows]
        told = sound(rows_typed(rows, asked), kept, actor)
        written(kept, told, From(DatasetVersion.Origin.GRID, "", actor, now), anew=True)
    record(actor=actor, action="dataset.columns", subject=kept, now=now)
    return kept


@transaction.atomic
def dataset_delete(*, dataset: Dataset, actor: Staff, now: datetime) -> None:
    """Put it away; refused while a card shows it."""
    kept = held(dataset, actor)
    fed = FedCard.objects.filter(dataset=kept, asset__deleted_at=None).select_related("asset")
    if first := fed.first():
        raise Conflict(
            "The card “%(card)s” shows this data set: delete the card first.",
            values={"card": first.asset.title},
        )
    if whole := kept.wholes.select_related("whole").first():
        raise Conflict(
            "“%(name)s” collects rows from this data set: take it out there first.",
            values={"name": whole.whole.name},
        )
    kept.parts.all().delete()
    kept.deleted_at, kept.url, kept.fetch_due_at = now, "", None
    kept.save(update_fields=["deleted_at", "url", "fetch_due_at"])
    kept.pictures.all().delete()
    record(actor=actor, action="dataset.delete", subject=kept, now=now)


def _fit_parts(kept: Dataset, columns: Sequence[Column]) -> None:
    """Leave out what fills columns that are gone.  Raises `Invalid` for what fits no more."""
    keys = {each.key for each in columns}
    for row in kept.parts.select_related("part"):
        row.columns = {key: name for key, name in row.columns.items() if key in keys}
        check_part(part_of(row), row.part.name, columns, columns_of(row.part.columns))
        row.save(update_fields=["columns"])
