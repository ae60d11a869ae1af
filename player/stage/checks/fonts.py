"""Are the fonts of the design installed, with Chinese glyphs in them?

A missing font raises no error anywhere: Qt draws boxes, and passers-by see them.
"""

from collections.abc import Sequence

from PySide6.QtGui import QFont, QFontDatabase, QFontInfo, QRawFont

from player.stage.checks.finding import Finding

__all__ = ["FAMILIES", "SAMPLE", "check_fonts", "missing_glyphs"]

#: The families that the cards and the slate name (player/stage/qml/theme/Theme.qml).
FAMILIES = ("Noto Sans CJK SC", "Noto Serif CJK SC")

#: Words of everyday notices, full-width punctuation, and a rare character from a person's name.
SAMPLE = "影壁党建公告食堂午餐会议室安全生产，。《》“”：；！？　０１２３％℃镕"

_INSTALL = "install the package fonts-noto-cjk, then start the player anew"


def missing_glyphs(family: str, sample: str = SAMPLE) -> str:
    """Return the characters of `sample` for which `family` itself has no glyph."""
    font = QRawFont.fromFont(QFont(family), QFontDatabase.WritingSystem.SimplifiedChinese)
    return "".join(
        letter
        for letter in sample
        if not letter.isspace() and not all(font.glyphIndexesForString(letter) or [0])
    )


def check_fonts(families: Sequence[str] = FAMILIES) -> list[Finding]:
    """Look each family up in Qt's own font database; needs the application object."""
    return [_check_family(family) for family in families]


def _check_family(family: str) -> Finding:
    stand_in = QFontInfo(QFont(family)).family()
    if stand_in != family:
        return Finding(
            "fonts", "failed", f"{family} is not installed ({stand_in} stands in)", _INSTALL
        )
    if missing := missing_glyphs(family):
        return Finding("fonts", "failed", f"{family} has no glyph for {missing}", _INSTALL)
    return Finding("fonts", "ok", f"{family} has every glyph of the sample")
