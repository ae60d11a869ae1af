"""From a table as a file holds it to the rows of a data set: names found, cells typed.  Pure.

All that is wrong is found at once, each with its address as people know it from their sheet (`C7`).
"""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from server.datasets.cells import Value, Wrong, read_cell
from server.datasets.columns import Column, Kind, from_titles, normal
from server.errors import Invalid
from server.library.ingest.table_cells import ROWS_LIMIT, Cell, Odd, RawTable
from server.sentences import Sentence, listed

__all__ = ["FAULTS_LIMIT", "Fault", "Row", "Typed", "columns_guessed", "letters", "rows_typed",
           "typed"]  # fmt: skip

Row = dict[str, Value]

#: Bad cells that are told one by one; beyond that there is only their number.
FAULTS_LIMIT = 100

#: In which rows the names of the columns are looked for.
_HEAD_ROWS = 10


class Fault(Struct, frozen=True):
    """A cell that is not what its column holds: which row of data (from 0) and column, and why.

    `address` is how people find it: "C7" in a sheet, "5 · price" in records.
    """

    row: int
    column: str
    address: str
    said: Sentence


class Typed(Struct, frozen=True):
    """Rows as they are stored; what is wrong (at most `FAULTS_LIMIT`), and how much in all.

    `ignored` are the names of columns in the file that the data set has not.
    """

    rows: list[Row]
    faults: list[Fault] = []
    faults_count: int = 0
    ignored: tuple[str, ...] = ()


def letters(column: int) -> str:
    """The letters of a column of a sheet, counted from 0."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def columns_guessed(table: RawTable) -> tuple[Column, ...]:
    """Columns for a table that nobody has described: names of its head, kinds of its cells."""
    head = _widest(table.rows)
    titles = [_title(cell) or letters(at) for at, cell in enumerate(table.rows[head])]
    body = [] if table.is_text else table.rows[head + 1 :]
    kinds = [
        Kind.PICTURE_ADDRESS
        if at in table.pictures
        else _guessed([row[at] for row in body if at < len(row)], table.epoch_1904)
        for at in range(len(titles))
    ]
    return from_titles(titles, kinds)


def _widest(rows: Sequence[Sequence[Cell]]) -> int:
    """The first of the rows at the top that has the most texts."""
    counts = [
        sum(isinstance(cell, str) and bool(cell) for cell in row) for row in rows[:_HEAD_ROWS]
    ]
    return counts.index(max(counts))


def _title(cell: Cell) -> str:
    return cell.text if isinstance(cell, Odd) else "" if cell is None else str(cell).strip()


def _guessed(cells: Iterable[Cell], mac: bool) -> Kind:
    """The narrowest kind that takes every cell."""
    given = [each for each in cells if each is not None and not _is_faulty(each)]
    if not given:
        return Kind.TEXT
    if any(isinstance(each, str) and each[:1] == "0" and each[1:2].isdigit() for each in given):
        return Kind.TEXT  # numbers of rooms and telephones
    for kind in (Kind.YES_NO, Kind.WHOLE, Kind.DECIMAL, Kind.DATE, Kind.TIME):
        probe = Column("probe", "probe", kind)
        if kind is Kind.YES_NO and not all(isinstance(each, bool) or each in {"是", "否"}
                                           for each in given):  # fmt: skip
            continue
        if kind is Kind.DATE and not all(isinstance(each, str | Odd) for each in given):
            continue
        if all(_takes(each, probe, mac) for each in given):
            return kind
    return Kind.TEXT


def _is_faulty(cell: Cell) -> bool:
    return isinstance(cell, Odd) and cell.kind in {"error", "formula", "nested"}


def _takes(cell: Cell, column: Column, mac: bool) -> bool:
    try:
        read_cell(cell, column, epoch_1904=mac)
    except Wrong:
        return False
    return True


def typed(table: RawTable, columns: Sequence[Column]) -> Typed:
    """The rows of `table` in the columns of the data set, found by their names.

    Raises `Invalid` if a name is missing, or there twice.
    """
    by_name = {normal(each.title): each for each in columns}
    by_name |= {each.key: each for each in columns if each.key not in by_name}
    head, places = _head(table, by_name)
    missing = [each.title for each in columns if each.key not in places.values()]
    if missing:
        raise Invalid(
            "The table has no column “%(name)s”: name the columns above the data as the data set"
            " does (%(names)s).",
            values={"name": missing[0], "names": listed([each.title for each in columns])},
            details={"missing": missing},
        )
    by_key = {each.key: each for each in columns}
    ignored = tuple(
        _title(cell)
        for at, cell in enumerate(table.rows[head])
        if at not in places and _title(cell)
    )
    body = table.rows[head + 1 :]
    numbered = [
        (number, {by_key[key]: (at, row[at] if at < len(row) else None)
                  for at, key in places.items()})
        for number, row in enumerate(body, start=head + 2)
    ]  # fmt: skip
    return _typed(table, numbered, ignored)


def _head(table: RawTable, names: Mapping[str, Column]) -> tuple[int, dict[int, str]]:
    """The row that names the most columns, and which place is which column (its key)."""
    best: tuple[int, dict[int, str]] = (0, {})
    for number, row in enumerate(table.rows[:_HEAD_ROWS]):
        places: dict[int, str] = {}
        for at, cell in enumerate(row):
            column = names.get(normal(_title(cell)))
            if column is None:
                continue
            if column.key in places.values():
                raise Invalid(
                    "The table has two columns “%(name)s”: name one of them otherwise.",
                    values={"name": column.title},
                )
            places[at] = column.key
        if len(places) > len(best[1]):
            best = (number, places)
    return best


_Numbered = list[tuple[int, dict[Column, tuple[int, Cell]]]]


def _typed(table: RawTable, numbered: _Numbered, ignored: tuple[str, ...]) -> Typed:
    rows: list[Row] = []
    faults: list[Fault] = []
    count = 0
    for number, cells in numbered:
        if all(cell in (None, "") for _at, cell in cells.values()):
            continue
        row: Row = {}
        for column, (at, cell) in cells.items():
            try:
                row[column.key] = read_cell(cell, column, epoch_1904=table.epoch_1904)
            except Wrong as wrong:
                row[column.key] = None
                count += 1
                if len(faults) < FAULTS_LIMIT:
                    where = _address(table, number, at, column)
                    faults.append(_fault(len(rows), column, where, wrong))
        rows.append(row)
    _require_few(len(rows))
    return Typed(rows, faults, count, ignored)


def _address(table: RawTable, number: int, at: int, column: Column) -> str:
    if table.places:
        before, behind = table.places[at]
        return f"{column.title} {before if behind is None else f'{before}{number - 2}{behind}'}"
    if table.style == "records":
        return f"{number - 1} · {column.title}"
    return f"{letters(at)}{number}"


def _fault(row: int, column: Column, address: str, wrong: Wrong) -> Fault:
    said = Sentence("%(at)s %(why)s.", {"at": address, "why": wrong.said})
    return Fault(row, column.key, address, said)


def rows_typed(rows: Sequence[Mapping[str, Cell]], columns: Sequence[Column]) -> Typed:
    """Rows of the grid or of another system, by keys of columns; addresses are those of the grid.

    The grid numbers its rows from 1 and its columns from A.  Unknown keys are refused.
    """
    _require_few(len(rows))
    known = {each.key for each in columns}
    faults: list[Fault] = []
    made: list[Row] = []
    count = 0
    for number, given in enumerate(rows):
        if unknown := sorted(given.keys() - known):
            raise Invalid(
                "Row %(row)d has “%(name)s”, which is no column; there are %(names)s.",
                values={"row": number + 1, "name": unknown[0], "names": listed(sorted(known))},
            )
        row: Row = {}
        for at, column in enumerate(columns):
            try:
                row[column.key] = read_cell(given.get(column.key), column)
            except Wrong as wrong:
                row[column.key] = None
                count += 1
                if len(faults) < FAULTS_LIMIT:
                    faults.append(_fault(number, column, f"{letters(at)}{number + 1}", wrong))
        made.append(row)
    return Typed(made, faults, count)


def _require_few(rows: int) -> None:
    if rows > ROWS_LIMIT:
        raise Invalid("At most %(most)d rows.", values={"most": ROWS_LIMIT})
