"""Rows of a card's form as they were typed: one more, one less, one further up.  Pure.

For the form, and for the pages that take its buttons (`do`).  Nothing is checked and nothing is
stored: what was typed comes back with its rows in another place.
"""

from collections.abc import Mapping

from django.http import QueryDict
from msgspec import Struct

__all__ = ["ROWS_LIMIT", "Arranged", "arranged", "rows_typed"]

#: Rows that a list has on a page at most; more come from a data set.
ROWS_LIMIT = 150


class Arranged(Struct, frozen=True):
    """What was typed, with its rows as they are now, and the part of the page to go on at.

    `focus` is `dishes.3` (the first field of that row), `up:dishes:3` (a button) or "".
    """

    typed: QueryDict
    focus: str = ""


def rows_typed(typed: Mapping[str, object], name: str) -> int:
    """How many rows of a list the page had."""
    told = str(typed.get(f"{name}.rows", ""))
    return min(int(told), ROWS_LIMIT) if told.isdecimal() and len(told) < 6 else 0


def arranged(typed: QueryDict, do: str) -> Arranged:
    """What was typed after `add:dishes`, `drop:dishes:3`, `up:dishes:3` or `down:dishes:3`.

    Anything else, and a row that there is not, leaves all as it is.
    """
    act, _colon, rest = do.partition(":")
    name, _colon, told = rest.partition(":")
    count = rows_typed(typed, name)
    row = int(told) if told.isdecimal() and len(told) < 6 else -1
    if act == "add" and count < ROWS_LIMIT:
        return Arranged(_with_count(typed, name, count + 1), f"{name}.{count}")
    if not 0 <= row < count:
        return Arranged(typed.copy())
    if act == "drop":
        order = [each for each in range(count) if each != row]
        made = _with_count(_ordered(typed, name, order), name, count - 1)
        return Arranged(made, f"drop:{name}:{min(row, count - 2)}" if order else f"add:{name}")
    other = row + {"up": -1, "down": 1}.get(act, 0)
    if other == row or not 0 <= other < count:
        return Arranged(typed.copy())
    order = list(range(count))
    order[row], order[other] = other, row
    there = act if 0 < other < count - 1 else "up" if other else "down"
    return Arranged(_ordered(typed, name, order), f"{there}:{name}:{other}")


def _with_count(typed: QueryDict, name: str, count: int) -> QueryDict:
    changed = typed.copy()
    changed[f"{name}.rows"] = str(count)
    return changed


def _ordered(typed: QueryDict, name: str, order: list[int]) -> QueryDict:
    """The rows in this order, by the numbers that they had."""
    changed = typed.copy()
    place = {str(was): number for number, was in enumerate(order)}
    for key in [each for each in typed if each.startswith(f"{name}.") and each.count(".") == 2]:
        del changed[key]
    for key in typed:
        parts = key.split(".")
        if len(parts) == 3 and parts[0] == name and parts[1] in place:
            changed.setlist(f"{name}.{place[parts[1]]}.{parts[2]}", typed.getlist(key))
    return changed
