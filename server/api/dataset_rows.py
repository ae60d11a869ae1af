"""The rows of data sets, for scripts: told, put, added to, imported; their versions."""

from typing import Annotated

from msgspec import Meta, Struct

from server.accounts.policy import Act, require
from server.api.datasets import dataset_row
from server.api.interface import Call, Operation
from server.api.once import PARAMETER
from server.api.reading import Version
from server.datasets import versions
from server.datasets.columns import Column, columns_of
from server.datasets.importing import FILE_BYTES_LIMIT, read_table
from server.datasets.models import DatasetVersion
from server.datasets.places import places_read
from server.datasets.tables import rows_typed, typed
from server.errors import TooLarge

__all__ = ["OPERATIONS"]

Cell = str | int | float | bool | None


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


class NewRows(Struct, forbid_unknown_fields=True):
    """All rows; without `version`, whatever there is now."""

    rows: list[dict[str, Cell]]
    version: Annotated[int, Meta(ge=0, le=(1 << 31) - 1)] | None = None


class Restored(Struct, forbid_unknown_fields=True):
    """The version whose rows come back."""

    version: Version


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


def _put(made: DatasetVersion) -> Put:
    return Put(made.dataset_id, made.number, made.row_count)


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
)  # fmt: skip
