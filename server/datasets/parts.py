"""From which data sets one collects its rows: chosen by somebody who may see them.

What collects has no rows of its own and no address, and nothing collects from it.  It follows each
new version of its parts in the same transaction (`versions.written`).
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from msgspec import structs

from server.accounts.models import Department, Staff
from server.accounts.policy import Act, in_reach, require
from server.audit.services import record
from server.datasets.collecting import CALLED, Part, Parts, check_part, matched, with_origin
from server.datasets.columns import columns_of
from server.datasets.models import Dataset, DatasetPart
from server.datasets.services import dataset_create
from server.datasets.troubles import trouble_ends
from server.datasets.versions import part_of, require_newest, rows_collect
from server.errors import Conflict, Invalid

__all__ = ["collectable", "collection_create", "parts_of", "parts_set"]


def collectable(actor: Staff, whole: Dataset | None = None) -> QuerySet[Dataset]:
    """The data sets that `whole` (None: a new one) may collect from: seen by `actor`, no circle."""
    rows = Dataset.objects.filter(in_reach(actor, Act.VIEW), deleted_at=None, parts=None)
    return rows if whole is None else rows.exclude(pk=whole.pk)


def parts_of(dataset: Dataset) -> Parts:
    """As they are stored, with the names under which their rows are told."""
    rows = dataset.parts.select_related("part")
    return Parts(tuple(map(part_of, rows)), dataset.in_turn)


@transaction.atomic
def collection_create(
    *,
    name: str,
    sources: Sequence[Dataset],
    department: Department,
    actor: Staff,
    now: datetime,
) -> Dataset:
    """Make one that collects from `sources`, with the columns of the first and one for the origin.

    Columns of one name belong together.  Raises `Invalid`.
    """
    if not sources:
        raise Invalid("Choose the data sets to collect from.")
    first = columns_of(sources[0].columns)
    columns = with_origin([structs.replace(each, is_required=False) for each in first])
    made = dataset_create(name=name, columns=columns, department=department, actor=actor, now=now)
    parts = list[Part]()
    for each in sources:
        found = matched(columns, columns_of(each.columns))
        if not set(found.values()) - {CALLED}:
            raise Invalid(
                "“%(name)s” has no column that fits one of “%(first)s”: leave it out, and add it"
                " afterwards with columns of your choice.",
                values={"name": each.name, "first": sources[0].name},
            )
        parts.append(Part(each.pk, found))
    return parts_set(dataset=made, version=0, parts=Parts(tuple(parts)), actor=actor, now=now)


@transaction.atomic
def parts_set(
    *,
    dataset: Dataset,
    version: int,
    parts: Parts,
    actor: Staff,
    now: datetime,
) -> Dataset:
    """Collect from these from now on (none: no more), and at once.

    Raises `Invalid` for what does not fit, `CellsRefused` for rows that do not, `Conflict` if
    somebody was faster.
    """
    require(actor, Act.UPLOAD, dataset.department)
    # Held before it, as by whoever writes one and then what collects from it: no version is missed.
    named = Dataset.objects.filter(pk__in=[each.dataset for each in parts.parts])
    list(named.select_for_update().order_by("pk"))
    kept = Dataset.objects.select_for_update().get(pk=dataset.pk, deleted_at=None)
    require_newest(kept, version)
    if parts.parts and kept.url:
        raise Conflict("It is fetched from an address: take that away first.")
    if parts.parts and (whole := kept.wholes.select_related("whole").first()):
        raise Conflict(
            "“%(name)s” collects rows from this data set, so this one cannot collect itself.",
            values={"name": whole.whole.name},
        )
    kept.in_turn = parts.in_turn
    kept.save(update_fields=["in_turn"])
    _stored(kept, parts.parts, actor)
    if parts.parts:
        rows_collect(dataset=kept, actor=actor, now=now)
    else:
        trouble_ends(kept)
    detail = {"parts": [each.dataset for each in parts.parts], "in_turn": parts.in_turn}
    record(actor=actor, action="dataset.parts", subject=kept, detail=detail, now=now)
    kept.refresh_from_db()
    return kept


def _stored(kept: Dataset, parts: Sequence[Part], actor: Staff) -> None:
    there = {each.pk: each for each in collectable(actor, kept)}
    before = {each.part_id: each.part for each in kept.parts.select_related("part")}
    columns, rows = columns_of(kept.columns), list[DatasetPart]()
    for position, each in enumerate(parts):
        # What somebody else chose stays, though this person may not see it.
        found = there.get(each.dataset) or before.get(each.dataset)
        if found is None:
            raise Invalid(
                "There is no data set %(id)d to collect from.", values={"id": each.dataset}
            )
        if any(row.part_id == found.pk for row in rows):
            raise Invalid("“%(name)s” stands there twice.", values={"name": found.name})
        check_part(each, found.name, columns, columns_of(found.columns))
        _require_trust(kept, found)
        called = "" if each.called.strip() == found.name else each.called.strip()
        rows.append(DatasetPart(whole=kept, part=found, position=position, called=called,
                                columns=each.columns, at_most=each.at_most))  # fmt: skip
    kept.parts.all().delete()
    DatasetPart.objects.bulk_create(rows)


def _require_trust(whole: Dataset, part: Dataset) -> None:
    """What goes out without review is collected only from what does (ADR 0024)."""
    if whole.unreviewed_since is not None and part.unreviewed_since is None:
        raise Conflict(
            "“%(whole)s” goes to the screens without review and “%(part)s” does not: have one of"
            " them changed by an administrator first.",
            values={"whole": whole.name, "part": part.name},
        )
