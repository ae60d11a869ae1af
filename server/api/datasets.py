"""Data sets, for scripts: made, filled, imported; the cards that they fill."""

from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType

from server.accounts.policy import Act, require
from server.api.assets import AssetValue, asset_value
from server.api.interface import Call, Operation
from server.api.once import PARAMETER
from server.api.reading import (
    BEFORE,
    Key,
    Name,
    Version,
    department,
    found,
    page_of,
    visible,
)
from server.datasets import fed_cards, services, versions
from server.datasets.collecting import Parts
from server.datasets.columns import Column, columns_of
from server.datasets.importing import FILE_BYTES_LIMIT, read_table
from server.datasets.models import Dataset, DatasetVersion, FedCard
from server.datasets.parts import parts_of
from server.datasets.picture_fetching import missing_of
from server.datasets.places import JsonPlaces, places_of, places_read
from server.datasets.tables import rows_typed, typed
from server.datasets.troubles import trouble_of_rows
from server.errors import TooLarge
from server.library.models import Asset
from server.library.names import TITLE_LIMIT

__all__ = ["OPERATIONS", "DatasetValue", "dataset_row", "dataset_value"]

Cell = str | int | float | bool | None


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


class Rows(Struct):
    """The rows of a version, in the columns of the data set, by their keys."""

    dataset: int
    version: int
    origin: str
    at: str
    columns: list[Column]
    rows: list[dict[str, Cell]]


class VersionValue(Struct):
    """A version: who made it, when and from where."""

    version: int
    origin: str
    source: str
    by: str | None
    at: str
    rows: int


class VersionList(Struct):
    """The versions that are kept, the newest first."""

    versions: list[VersionValue]


class Put(Struct):
    """What came of it: the version that holds these rows."""

    dataset: int
    version: int
    rows: int


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


class NewRows(Struct, forbid_unknown_fields=True):
    """All rows; without `version`, whatever there is now."""

    rows: list[dict[str, Cell]]
    version: Annotated[int, Meta(ge=0, le=(1 << 31) - 1)] | None = None


class Restored(Struct, forbid_unknown_fields=True):
    """The version whose rows come back."""

    version: Version


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


def _put(made: DatasetVersion) -> Put:
    return Put(made.dataset_id, made.number, made.row_count)


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


def dataset_rows(call: Call, dataset: int) -> Rows:
    """Tell the newest rows."""
    row = dataset_row(call, dataset)
    newest = row.versions.first()
    if newest is None:
        return Rows(row.pk, 0, "", "", list(columns_of(row.columns)), [])
    return Rows(
        row.pk, newest.number, newest.origin, newest.at.isoformat(),
        list(columns_of(newest.columns)), newest.rows,
    )  # fmt: skip


def dataset_put(call: Call, dataset: int) -> Put:
    """Put all rows anew."""
    row = dataset_row(call, dataset)
    made = versions.rows_put(
        dataset=row, rows=rows_typed(call.body.rows, columns_of(row.columns)),
        version=call.body.version, origin=DatasetVersion.Origin.REST, actor=call.actor,
        now=call.now,
    )  # fmt: skip
    return _put(made)


def dataset_append(call: Call, dataset: int) -> Put:
    """Put rows behind those that are there."""
    row = dataset_row(call, dataset)
    newest = row.versions.first()
    rows = [*(newest.rows if newest else []), *call.body.rows]
    made = versions.rows_put(
        dataset=row, rows=rows_typed(rows, columns_of(row.columns)), version=row.version,
        origin=DatasetVersion.Origin.REST, actor=call.actor, now=call.now,
    )  # fmt: skip
    return _put(made)


def dataset_import(call: Call, dataset: int) -> Put:
    """Take the rows of a workbook, CSV or JSON; its columns are found by their names."""
    row = dataset_row(call, dataset)
    data = b""
    for chunk in call.chunks():
        data += chunk
        if len(data) > FILE_BYTES_LIMIT:
            raise TooLarge("The file is larger than %(most)d MB: leave out what is not shown.",
                           values={"most": FILE_BYTES_LIMIT // 1_000_000})  # fmt: skip
    require(call.actor, Act.UPLOAD, row.department)  # before a child is started for it
    table = read_table(data, sheet=call.query("sheet") or "", now=call.now,
                       places=places_read(row)).table  # fmt: skip
    made = versions.rows_put(
        dataset=row, rows=typed(table, columns_of(row.columns)), source=call.query("name") or "",
        origin=DatasetVersion.Origin.FILE, actor=call.actor, now=call.now,
    )  # fmt: skip
    return _put(made)


def dataset_versions(call: Call, dataset: int) -> VersionList:
    """Tell the history."""
    rows = dataset_row(call, dataset).versions.select_related("by").defer("rows", "columns")
    return VersionList([
        VersionValue(
            each.number, each.origin, each.source, str(each.by) if each.by else None,
            each.at.isoformat(), each.row_count,
        )
        for each in rows
    ])  # fmt: skip


def dataset_restore(call: Call, dataset: int) -> Put:
    """Bring the rows of an old version back."""
    made = versions.version_restore(
        dataset=dataset_row(call, dataset), number=call.body.version, actor=call.actor, now=call.now
    )
    return _put(made)


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


_SHEET = {
    "name": "sheet",
    "in": "query",
    "description": "The sheet of a workbook; the first visible one without it.",
    "schema": {"type": "string"},
}
_FILE = {
    "name": "name",
    "in": "query",
    "description": "The name of the file, for the history.",
    "schema": {"type": "string"},
}
_ONE, _ROWS = "datasets/<int:dataset>/", "datasets/<int:dataset>/rows/"
_UPLOAD = Act.UPLOAD

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
    Operation("GET", _ROWS, "dataset_rows", dataset_rows, "The newest rows", answer=Rows),
    Operation("PUT", _ROWS, "dataset_put", dataset_put, "Put all rows anew", NewRows, Put,
              act=_UPLOAD, parameters=(PARAMETER,), is_once=True),
    Operation("POST", _ROWS, "dataset_append", dataset_append, "Put rows behind those there",
              NewRows, Put, act=_UPLOAD, parameters=(PARAMETER,), is_once=True),
    Operation("POST", f"{_ONE}import/", "dataset_import", dataset_import,
              "Take the rows of an XLSX, CSV or JSON file", answer=Put, raw=True, act=_UPLOAD,
              parameters=(_SHEET, _FILE)),
    Operation("GET", f"{_ONE}versions/", "dataset_versions", dataset_versions, "The history",
              answer=VersionList),
    Operation("POST", f"{_ONE}restore/", "dataset_restore", dataset_restore,
              "Bring the rows of an old version back", Restored, Put, act=_UPLOAD),
    Operation("POST", f"{_ONE}cards/", "dataset_card", dataset_card,
              "Make a card that the data set fills", NewFedCard, AssetValue, 201, act=_UPLOAD),
    Operation("PUT", "datasets/cards/<int:asset>/", "dataset_mapping", dataset_mapping,
              "Let other columns fill a card", Mapping, AssetValue, act=_UPLOAD),
)  # fmt: skip
