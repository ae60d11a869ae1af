"""Which letters of a card the screens can draw, and where those stand that they cannot.  Pure.

A letter without a shape is an empty box on the glass, without any error.  So the server asks here
when a card is written, long before its review; the fonts that count are those that every screen
has (`drawable`), not what is installed where this runs.  Emoji are not drawn: among sober type
they look like a mistake, and each system has other ones.
"""

import unicodedata
import zlib
from base64 import b85decode
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from typing import Any

from msgspec import Struct

from cards.drawable import PACKED
from cards.plain_text import clean

__all__ = ["Undrawable", "drawable_runs", "is_drawable", "texts_of", "undrawable_in"]

#: Blocks of Unicode that hold emoji; of the others, what asks for its coloured form (U+FE0F).
_EMOJI = ((0x1F000, 0x1FAFF), (0x2600, 0x27BF), (0x1F1E6, 0x1F1FF))

#: Marks that have no shape of their own: joiners, and what chooses among forms of a letter.
_SHAPELESS = frozenset({"Cf", "Cc", "Cs"})
_VARIATIONS = ((0xFE00, 0xFE0F), (0xE0100, 0xE01EF))


class Undrawable(Struct, frozen=True):
    """A letter that the screens cannot draw, and the field in which it stands (`data.title`)."""

    field: str
    letter: str

    @property
    def is_emoji(self) -> bool:
        """Is it one of those little pictures?"""
        return _within(ord(self.letter), _EMOJI)

    @property
    def code(self) -> str:
        """Its number in Unicode: U+1F600."""
        return f"U+{ord(self.letter):04X}"


def undrawable_in(value: Any) -> Iterator[Undrawable]:
    """What the screens cannot draw in a card's data; each letter once for each field."""
    for field, text in texts_of(value).items():
        letters = dict.fromkeys(unicodedata.normalize("NFC", clean(text)))
        yield from (Undrawable(field, each) for each in letters if not is_drawable(each))


def is_drawable(letter: str) -> bool:
    """Can the screens draw this letter, or has it no shape at all?"""
    code = ord(letter)
    if letter == "\n" or unicodedata.category(letter) in _SHAPELESS or _within(code, _VARIATIONS):
        return True
    starts, ends = drawable_runs()
    at = bisect_right(starts, code) - 1
    return at >= 0 and code <= ends[at]


@cache
def drawable_runs() -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The first and the last code points of all runs of letters that can be drawn, in order."""
    starts, ends, at = list[int](), list[int](), 0
    numbers = _numbers(zlib.decompress(b85decode(PACKED)))
    for gap, length in zip(numbers, numbers, strict=True):
        starts.append(at + gap)
        at += gap + length
        ends.append(at)
    return tuple(starts), tuple(ends)


def _numbers(packed: bytes) -> Iterator[int]:
    number = shift = 0
    for each in packed:
        number |= (each & 127) << shift
        shift += 7
        if each < 128:
            yield number
            number = shift = 0


def _within(code: int, spans: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= code <= last for first, last in spans)


def texts_of(value: Any, field: str = "data") -> dict[str, str]:
    """Return every string inside `value` (a card's data), by the path of its field."""
    if isinstance(value, str):
        return {field: value}
    if isinstance(value, dict):
        inner = [texts_of(each, f"{field}.{key}") for key, each in value.items()]
    elif isinstance(value, list):
        inner = [texts_of(each, f"{field}[{n}]") for n, each in enumerate(value)]
    else:
        inner = []
    return {path: text for part in inner for path, text in part.items()}
