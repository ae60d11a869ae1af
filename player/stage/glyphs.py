"""Which letters of a text the screens' fonts cannot draw.

A letter without a shape is an empty box on the glass, without any error.  The self-test asks here
with a sentence of its own; the server asks `cards.letters`, whose table is checked against this.
Only the fonts that every screen has count, not what else happens to be installed here.  Needs a
`QGuiApplication`.
"""

import unicodedata
from collections.abc import Iterator, Mapping

from msgspec import Struct
from PySide6.QtGui import QFont, QTextLayout

__all__ = ["SANS", "SERIF", "MissingGlyph", "missing_glyphs"]

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
