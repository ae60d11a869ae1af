"""Are the fonts of the design installed, with Chinese glyphs in them?

A missing font raises no error anywhere: Qt draws boxes, and passers-by see them.
"""

from collections.abc import Sequence

from PySide6.QtGui import QFont, QFontInfo

from player.stage.checks.finding import Finding
from player.stage.glyphs import SANS, SERIF, missing_glyphs

__all__ = ["FAMILIES", "SAMPLE", "check_fonts"]

#: The families that the cards and the slate name (player/stage/qml/theme/Theme.qml).
FAMILIES = (SANS, SERIF)

#: Words of everyday notices, full-width punctuation, and a rare character from a person's name.
SAMPLE = "影壁党建公告食堂午餐会议室安全生产，。《》“”：；！？　０１２３％℃镕"

_INSTALL = "install the package fonts-noto-cjk, then start the player anew"


def check_fonts(families: Sequence[str] = FAMILIES, sample: str = SAMPLE) -> list[Finding]:
    """Look each family up in Qt's own font database; needs the application object."""
    return [_check_family(family, sample) for family in families]


def _check_family(family: str, sample: str) -> Finding:
    stand_in = QFontInfo(QFont(family)).family()
    if stand_in != family:
        return Finding(
            "fonts", "failed", f"{family} is not installed ({stand_in} stands in)", _INSTALL
        )
    if missing := missing_glyphs({"the sample": sample}, family):
        letters = " ".join(f"U+{ord(one.character):04X}" for one in missing)
        return Finding("fonts", "failed", f"{family} has no glyph for {letters}", _INSTALL)
    return Finding("fonts", "ok", f"{family} has every glyph of the sample")
