"""A short name for what nobody gave one: 大厅屏 1 becomes `dtp-1`.  Pure.

Short names go into every signed document, so they hold ASCII only and never change.
"""

import re
import unicodedata
from collections.abc import Container

__all__ = ["SHORT_NAME_LIMIT", "short_name"]

#: As the manifest takes them (docs/manifest.md, section 2), with room for a number behind.
SHORT_NAME_LIMIT = 64
_ROOM = 6

#: What a name without a letter or digit that can be written is called.
_NAMELESS = "screen"


def short_name(name: str, taken: Container[str] = ()) -> str:
    """Return letters, digits and hyphens for a name: 拼音 by its initials, the rest as it is.

    If it is taken, the first free one with a number behind: `dtp`, `dtp-2`, `dtp-3`.
    """
    plain = unicodedata.normalize("NFKC", name).casefold()
    words = re.findall(r"[a-z0-9]+", _initials(plain))
    stem = "-".join(words)[: SHORT_NAME_LIMIT - _ROOM].rstrip("-") or _NAMELESS
    found, number = stem, 1
    while found in taken:
        number += 1
        found = f"{stem}-{number}"
    return found


def _initials(plain: str) -> str:
    """The text with the first letter of each 汉字 in its place, accents taken off."""
    if not plain.isascii():
        from pypinyin import Style, lazy_pinyin  # late: its dictionary takes a while

        plain = "".join(lazy_pinyin(plain, style=Style.FIRST_LETTER, errors=_kept))
    decomposed = unicodedata.normalize("NFKD", plain)
    return "".join(each for each in decomposed if not unicodedata.combining(each))


def _kept(rest: str) -> str:
    return rest
