"""Data sets, for scripts: made, changed, put away; the cards that they fill."""

from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType

from server.accounts.policy import Act
from server.api.assets import AssetValue, asset_value
from server.api.interface import Call, Operation
from server.api.reading import (
    BEFORE,
    Key,
    Name,
    department,
    found,
    page_of,
    visible,
)
from server.datasets import fed_cards, services
from server.datasets.collecting import Parts
from server.datasets.columns import Column, columns_of
from server.datasets.models import Dataset, FedCard
from server.datasets.parts import parts_of
from server.datasets.picture_fetching import missing_of
from server.datasets.places import JsonPlaces, places_of
from server.datasets.troubles import trouble_of_rows
from server.library.models import Asset
from server.library.names import TITLE_LIMIT

__all__ = ["OPERATIONS", "DatasetValue", "dataset_row", "dataset_value"]


class DatasetValue(Struct):
    """A data set; its rows are asked for by themselves."""

    id: int
    name: str
    department: int
    version: int
    columns: list[Column]
    is_unreviewed: bool
    url: str
    every_min: int
    places: JsonPlaces
    collects: Parts
    fetch_trouble: str
    pictures_trouble: str
    cards: list[int]


class DatasetList(Struct):
    """A page of data sets, the newest first."""

    datasets: list[DatasetValue]
    next: int | None


class NewDataset(Struct, forbid_unknown_fields=True):
    """A data set and its columns."""

    name: Name
    columns: Annotated[list[Column], Meta(min_length=1, max_length=50)]
    department: Key | None = None


class DatasetChange(Struct, forbid_unknown_fields=True):
    """Another name, other columns; `version` is the one that was read."""

    version: Annotated[int, Meta(ge=0, le=(1 << 31) - 1)]
    name: Name | UnsetType = UNSET
    columns: Annotated[list[Column], Meta(min_length=1, max_length=50)] | UnsetType = UNSET


class NewFedCard(Struct, forbid_unknown_fields=True):
    """A card: which column (key) fills which field (path) of its template; the rest is fixed."""

    title: Annotated[str, Meta(min_length=1, max_length=TITLE_LIMIT)]
    template: Annotated[str, Meta(pattern="^[A-Za-z0-9._-]{1,64}$")]
    mapping: dict[str, str]
    fixed: dict[str, Any] = {}
    department: Key | None = None


class Mapping(Struct, forbid_unknown_fields=True):
    """Other columns for the fields of a card."""

    mapping: dict[str, str]
    fixed: dict[str, Any] = {}


def dataset_value(row: Dataset) -> DatasetValue:
    """A data set as scripts see it."""
    cards = list(row.cards.filter(asset__deleted_at=None).values_list("asset_id", flat=True))
    return DatasetValue(
        row.pk, row.name, row.department_id, row.version, list(columns_of(row.columns)),
        row.unreviewed_since is not None, row.url, row.every_min, places_of(row),
        parts_of(row),
        trouble_of_rows(row) or "", missing_of(row) or "", cards,
    )  # fmt: skip


def dataset_row(call: Call, pk: int) -> Dataset:
    """The data set of an address, in reach of whoever calls.  Raises `Missing`."""
    return found(visible(call, Dataset).filter(deleted_at=None), pk, "data set")


def dataset_list(call: Call) -> DatasetList:
    """List those in reach."""
    rows, following = page_of(call, visible(call, Dataset).filter(deleted_at=None))
    return DatasetList([dataset_value(each) for each in rows], following)


def dataset_create(call: Call) -> DatasetValue:
    """Make one."""
    made = services.dataset_create(
        name=call.body.name,
        columns=call.body.columns,
        department=department(call, call.body.department, Act.UPLOAD),
        actor=call.actor,
        now=call.now,
    )
    return dataset_value(made)


def dataset_look(call: Call, dataset: int) -> DatasetValue:
    """Tell one."""
    return dataset_value(dataset_row(call, dataset))


def dataset_change(call: Call, dataset: int) -> DatasetValue:
    """Change its name or columns."""
    row, body = dataset_row(call, dataset), call.body
    who: dict[str, Any] = {"actor": call.actor, "now": call.now}
    if body.columns is not UNSET:
        row = services.columns_change(
            dataset=row, version=body.version, columns=body.columns, **who
        )
    if body.name is not UNSET:
        row = services.dataset_rename(dataset=row, name=body.name, **who)
    return dataset_value(row)


def dataset_delete(call: Call, dataset: int) -> None:
    """Put one away."""
    services.dataset_delete(dataset=dataset_row(call, dataset), actor=call.actor, now=call.now)


def dataset_card(call: Call, dataset: int) -> AssetValue:
    """Make a card that this data set fills."""
    made = fed_cards.card_bind(
        dataset=dataset_row(call, dataset),
        title=call.body.title,
        template=call.body.template,
        mapping=call.body.mapping,
        fixed=call.body.fixed,
        department=department(call, call.body.department, Act.UPLOAD),
        actor=call.actor,
        now=call.now,
    )
    return asset_value(made)


def dataset_mapping(call: Call, asset: int) -> AssetValue:
    """Let other columns fill a card."""
    fed = FedCard.objects.values("asset")
    changed = fed_cards.mapping_change(
        asset=found(visible(call, Asset).filter(pk__in=fed), asset, "card"),
        mapping=call.body.mapping,
        fixed=call.body.fixed,
        actor=call.actor,
        now=call.now,
    )
    return asset_value(changed)


_ONE, _UPLOAD = "datasets/<int:dataset>/", Act.UPLOAD

OPERATIONS = (
    Operation("GET", "datasets/", "dataset_list", dataset_list, "List data sets",
              answer=DatasetList, parameters=(BEFORE,)),
    Operation("POST", "datasets/", "dataset_create", dataset_create, "Make a data set",
              NewDataset, DatasetValue, 201, act=_UPLOAD),
    Operation("GET", _ONE, "dataset_look", dataset_look, "A data set", answer=DatasetValue),
    Operation("PATCH", _ONE, "dataset_change", dataset_change, "Change its name or columns",
              DatasetChange, DatasetValue, act=_UPLOAD),
    Operation("DELETE", _ONE, "dataset_delete", dataset_delete, "Put a data set away",
              act=_UPLOAD),
    Operation("POST", f"{_ONE}cards/", "dataset_card", dataset_card,
              "Make a card that the data set fills", NewFedCard, AssetValue, 201, act=_UPLOAD),
    Operation("PUT", "datasets/cards/<int:asset>/", "dataset_mapping", dataset_mapping,
              "Let other columns fill a card", Mapping, AssetValue, act=_UPLOAD),
)  # fmt: skip
