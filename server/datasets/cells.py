"""One cell: what was typed or read, made the value of its column, or a sentence why not.  Pure.

Values as they are stored: text; whole numbers; decimals and money as text with all their digits
("3.50"), so that nothing is rounded in between; "2026-11-22"; "07:30"; true or false; the number of
an asset; None for an empty cell.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation

from server.datasets.columns import Column, Kind
from server.library.ingest.table_cells import CHARACTERS_LIMIT, Cell, Odd
from server.library.ingest.table_feed_pictures import is_address
from server.sentences import Sentence

__all__ = ["Value", "Wrong", "read_cell", "shown"]

Value = str | int | bool | None

#: The largest whole number, either way: what every reader of JSON keeps exactly.
LARGEST = (1 << 53) - 1

#: Numbers in a column of dates that are taken as days of a workbook: 1954 to 2119.
_SERIALS = range(20_000, 80_001)
_EPOCH, _EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)

_DATE = re.compile(
    r"(?P<y>\d{4})\s*[-/.年]\s*(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})\s*日?"
    r"(?:[T ]00:00(?::00(?:\.0+)?)?)?"
)
_TIME = re.compile(r"(?P<h>\d{1,2})\s*[:：时点]\s*(?P<m>\d{1,2})?\s*分?(?::\d{2})?")
_NUMBER = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d*)?")
_YES = frozenset({"是", "有", "对", "√", "✓", "y", "yes", "true", "1"})
_NO = frozenset({"否", "无", "不", "×", "✗", "n", "no", "false", "0"})
_WIDE = str.maketrans("０１２３４５６７８９．，－＋：／％", "0123456789.,-+:/%")


class Wrong(ValueError):  # noqa: N818  (reads as a sentence: raise Wrong)
    """The cell is not what its column holds; `said` is the rest of a sentence after its address."""

    def __init__(self, said: Sentence) -> None:
        super().__init__(said)
        self.said = said


def read_cell(cell: Cell, column: Column, *, epoch_1904: bool = False) -> Value:
    """The value of a cell.  Raises `Wrong`."""
    if isinstance(cell, Odd) and cell.kind in _ODD:
        raise Wrong(_ODD[cell.kind](cell.text))
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        if column.is_required:
            raise Wrong(Sentence("is empty, and must not be"))
        return None
    return _READERS[column.kind](cell, column, epoch_1904)


_ODD: Mapping[str, Callable[[str], Sentence]] = {
    "error": lambda text: Sentence("is an error of its formula (%(text)s)", {"text": text}),
    "formula": lambda _text: Sentence(
        "is a formula without a stored value: open the file in Excel, save it, import it again"
    ),
    "nested": lambda text: Sentence("is %(text)s, not one value", {"text": text}),
}


def shown(cell: Cell) -> str:
    """What somebody wrote, as it is quoted to them: not more than twenty letters."""
    text = cell.text if isinstance(cell, Odd) else str(cell)
    return text if len(text) <= 20 else text[:19] + "…"


def _text(cell: Cell, _column: Column, _mac: bool) -> Value:
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) <= LARGEST:
        return str(int(cell))
    if isinstance(cell, Odd):
        return cell.text[:10] if cell.kind == "date" else cell.text[:5]
    text = str(cell).strip()
    if len(text) > CHARACTERS_LIMIT:
        raise Wrong(Sentence("is longer than %(most)d characters", {"most": CHARACTERS_LIMIT}))
    if "\x00" in text or any(0xD800 <= ord(sign) < 0xE000 for sign in text):
        raise Wrong(Sentence("holds a character that is none"))
    return text


def _decimal(cell: Cell) -> Decimal:
    if isinstance(cell, bool | Odd):
        raise _no_number(cell)
    text = str(cell).translate(_WIDE).strip().removeprefix("￥").removeprefix("¥").strip()
    if isinstance(cell, float):
        text = format(Decimal(repr(cell)), "f")
        if "." in text and len(text.partition(".")[2]) > 9:  # what 0.1 + 0.2 leaves behind
            text = format(round(Decimal(text), 9).normalize(), "f")
    text = text.removesuffix("元").removesuffix("%").strip() if isinstance(cell, str) else text
    if not _NUMBER.fullmatch(text) or len(text) > 30:
        raise _no_number(cell)
    try:
        return Decimal(text.replace(",", ""))
    except InvalidOperation as error:
        raise _no_number(cell) from error


def _no_number(cell: Cell) -> Wrong:
    return Wrong(Sentence("is no number: “%(text)s”", {"text": shown(cell)}))


def _whole(cell: Cell, _column: Column, _mac: bool) -> Value:
    found = _decimal(cell)
    if found != found.to_integral_value():
        raise Wrong(Sentence("is no whole number: “%(text)s”", {"text": shown(cell)}))
    return _in_range(int(found), cell)


def _in_range(number: int, cell: Cell) -> int:
    if abs(number) > LARGEST:
        raise Wrong(Sentence("is too large a number: “%(text)s”", {"text": shown(cell)}))
    return number


def _digits(cell: Cell, column: Column, _mac: bool) -> Value:
    found = _decimal(cell)
    _in_range(int(found), cell)
    exact = round(found, column.places)
    if exact != found:
        raise Wrong(
            Sentence(
                "has more than %(digits)d digits behind the point: “%(text)s”",
                {"text": shown(cell), "digits": column.places},
            )
        )
    return format(exact, f".{column.places}f")


def _date(cell: Cell, _column: Column, mac: bool) -> Value:
    if isinstance(cell, Odd) and cell.kind == "date":
        found = datetime.fromisoformat(cell.text)
        return found.date().isoformat()
    if isinstance(cell, int | float) and not isinstance(cell, bool) and int(cell) in _SERIALS:
        return ((_EPOCH_1904 if mac else _EPOCH) + timedelta(days=int(cell))).isoformat()
    match = _DATE.fullmatch(str(cell).translate(_WIDE).strip()) if isinstance(cell, str) else None
    try:
        if match:
            return date(int(match["y"]), int(match["m"]), int(match["d"])).isoformat()
    except ValueError:
        pass
    raise Wrong(Sentence("is no date such as 2026-11-22: “%(text)s”", {"text": shown(cell)}))


def _time(cell: Cell, _column: Column, _mac: bool) -> Value:
    if isinstance(cell, Odd):
        text = cell.text[:5] if cell.kind == "time" else cell.text[11:16]
    elif isinstance(cell, float) and 0 <= cell < 1:
        minutes = round(cell * 1440) % 1440
        text = f"{minutes // 60}:{minutes % 60:02d}"
    else:
        text = str(cell).translate(_WIDE).strip()
    match = _TIME.fullmatch(text)
    if match and int(match["h"]) < 24 and int(match["m"] or 0) < 60:
        return f"{int(match['h']):02d}:{int(match['m'] or 0):02d}"
    raise Wrong(Sentence("is no time such as 07:30: “%(text)s”", {"text": shown(cell)}))


def _yes_no(cell: Cell, _column: Column, _mac: bool) -> Value:
    text = str(int(cell) if isinstance(cell, float) else cell).strip().casefold()
    if text in _YES or text in _NO:
        return text in _YES
    raise Wrong(Sentence("is neither yes nor no: “%(text)s”", {"text": shown(cell)}))


def _picture(cell: Cell, _column: Column, _mac: bool) -> Value:
    text = str(int(cell) if isinstance(cell, float) else cell).strip().removeprefix("#")
    if isinstance(cell, bool | Odd) or not text.isascii() or not text.isdigit() or len(text) > 15:
        raise Wrong(
            Sentence("is no number of a picture in the library: “%(text)s”", {"text": shown(cell)})
        )
    return int(text)


def _address(cell: Cell, _column: Column, _mac: bool) -> Value:
    text = cell.strip() if isinstance(cell, str) else ""
    if not is_address(text):
        raise Wrong(
            Sentence(
                "is no address of a picture such as https://host/picture.jpg: “%(text)s”",
                {"text": shown(cell)},
            )
        )
    return text


_READERS: Mapping[Kind, Callable[[Cell, Column, bool], Value]] = {
    Kind.TEXT: _text,
    Kind.WHOLE: _whole,
    Kind.DECIMAL: _digits,
    Kind.MONEY: _digits,
    Kind.DATE: _date,
    Kind.TIME: _time,
    Kind.YES_NO: _yes_no,
    Kind.PICTURE: _picture,
    Kind.PICTURE_ADDRESS: _address,
}
