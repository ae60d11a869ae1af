"""Which letters of a text the screens' fonts cannot draw.

A letter without a shape is an empty box on the glass, without any error.  The review asks here
before a card is published; the self-test asks with a sentence of its own.  Only the fonts that
every screen has count, not what else happens to be installed here.  Needs a `QGuiApplication`.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct
from PySide6.QtGui import QFont, QTextLayout

__all__ = ["SANS", "SERIF", "MissingGlyph", "missing_glyphs", "texts_of"]

SANS = "Noto Sans CJK SC"
SERIF = "Noto Serif CJK SC"


class MissingGlyph(Struct, frozen=True):
    """A character that the screens' fonts cannot draw, and where it stands."""

    field: str
    character: str

    def __str__(self) -> str:
        """One sentence for the editor."""
        sign, name = self.character, unicodedata.name(self.character, "no name")
        return (
            f"{self.field}: {sign!r} (U+{ord(sign):04X}, {name}) cannot be drawn by the fonts of "
            "the screens; write it otherwise"
        )


def missing_glyphs(texts: Mapping[str, str], family: str = SANS) -> list[MissingGlyph]:
    """Shape every text of `texts` (by the name of its field) and return what has no glyph.

    Each character is named once per field, in the order of the text.
    """
    font = QFont(family)
    font.setPixelSize(40)
    font.setStyleStrategy(QFont.StyleStrategy.NoFontMerging)
    found: dict[MissingGlyph, None] = {}
    for field, text in texts.items():
        for character in _without_glyph(text, font):
            found[MissingGlyph(field, character)] = None
    return list(found)


def _without_glyph(text: str, font: QFont) -> Iterator[str]:
    for line in text.split("\n"):
        layout = QTextLayout(line, font)
        layout.beginLayout()
        layout.createLine()
        layout.endLayout()
        # Qt counts in UTF-16 units; so do we, to find the character again.
        units = line.encode("utf-16-le", "surrogatepass")
        for run in layout.glyphRuns(-1, -1, QTextLayout.GlyphRunRetrievalFlag.RetrieveAll):
            for glyph, at in zip(run.glyphIndexes(), run.stringIndexes(), strict=True):
                if glyph == 0:
                    yield units[2 * at : 2 * at + 4].decode("utf-16-le", "ignore")[0]


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
