"""What every template does to the text of its data before QML draws it.  Pure.

Control characters go, Chinese and Latin stand apart, nothing is markup.
"""

from functools import lru_cache

from cards.plain_text import clean, joined, spaced
from cards.template import CardRefusedError

__all__ = ["Headline", "headline", "line", "required", "text"]

#: How many lines are kept as they were set, and the longest of them, in characters: 2 MB at most.
KEPT_LINES, KEPT_CHARACTERS = 4_096, 100


def required(text: str, field: str) -> str:
    """`text`, or `CardRefusedError` if nothing of it can be seen."""
    if not clean(text).strip():
        raise CardRefusedError(f"data.{field}: empty; it is always shown")
    return text


def text(text: str) -> str:
    """Text of several lines."""
    return clean(text).strip()


def line(text: str) -> str:
    """One line: what stood on several is told apart by a wide space."""
    return _kept_line(text) if len(text) <= KEPT_CHARACTERS else _line(text)


def _line(text: str) -> str:
    return spaced("　".join(clean(text).split("\n")).strip())


#: A card is asked again whenever its words may have changed, and most of them have not.
_kept_line = lru_cache(KEPT_LINES)(_line)


class Headline(str):
    """A text that may break between words only: whoever draws it knows where those end."""

    __slots__ = ()


def headline(text: str) -> Headline:
    """A headline; its line breaks are kept."""
    lines = [line.strip() for line in clean(text).split("\n")]
    return Headline(joined(spaced("\n".join(filter(None, lines)))))
