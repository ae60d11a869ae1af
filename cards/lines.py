"""What every template does to the text of its data before QML draws it.  Pure.

Control characters go, Chinese and Latin stand apart, nothing is markup.
"""

from cards.plain_text import clean, joined, spaced
from cards.template import CardRefusedError

__all__ = ["headline", "line", "required", "text"]


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
    return spaced("　".join(clean(text).split("\n")).strip())


def headline(text: str) -> str:
    """A headline; its line breaks are kept."""
    lines = [line.strip() for line in clean(text).split("\n")]
    return joined(spaced("\n".join(filter(None, lines))))
