"""Text from outside, made fit for the glass: nothing invisible, nothing that turns a line around.

Pure: strings in, strings out.  Used by `cards`; the QML side sets what comes out of here as
plain text and must never read it as markup.
"""

import re
import unicodedata
from math import ceil

__all__ = ["clean", "ems", "joined", "phrases", "spaced", "unbroken"]

#: What no eye sees: control characters, halves of letters (surrogates), code points that stand for
#: no letter (the last two of each plane among them), and signs that reorder the letters around
#: them: right-to-left words need none.
_INVISIBLE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufdd0-\ufdef"
    + "".join(f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(17))
    + "]"
)

_NEWLINES = re.compile(r"\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_CJK = (
    r"[\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"
)
_NUMBER_BEFORE_CJK = re.compile(rf"(?<=[0-9%‰℃°]) ?(?={_CJK})")
_WORD_BEFORE_CJK = re.compile(rf"(?<=[A-Za-z]) ?(?={_CJK})")
_CJK_BEFORE_WORD = re.compile(rf"(?<={_CJK}) ?(?=[A-Za-z0-9+\-−][A-Za-z0-9.]|[A-Za-z0-9])")
_RANGE = re.compile(r"(?<=[0-9日时点分月%])([—–~～-])(?=[0-9])")
#: A unit of two stays in one piece: `62 km/h`.
_PER_UNIT = re.compile(r"(?<=[A-Za-z²³])/(?=(?:h|s|min|d|t|kg|km|m[²³]?|L)(?![A-Za-z]))")
#: A text without any of these is set as it stands.
_TO_SPACE = re.compile(r"[A-Za-z0-9%‰℃°+\-−“‘”’]")
#: Where a line may break at curly quotes: before an opening one, after a closing one.
_AT_QUOTES = re.compile(
    rf"(?<={_CJK})(?=[“‘])|(?<=[”’）》〉」』】〕，。、；：！？])(?=[“‘])"
    rf"|(?<=[”’])(?={_CJK})|(?<=[”’])(?=[（《〈「『【〔])"
)
_LAST_LETTERS = re.compile(rf"({_CJK})({_CJK})([。！？；：，、…”’）》」』】]*)$")
_LAST_FIGURE = re.compile(rf"({_CJK}) ([0-9][0-9.,]{{0,4}}[%‰℃°]?)$")

_PAUSE = re.compile(r"(?<=[，。；！？])(?![”’）》」』】，。；！？])|(?<=[。！？][”’）》」』】])")

_WORD_JOINER = "\u2060"
_MAY_BREAK = "\u200b"
_NO_BREAK_SPACE = "\u00a0"


def clean(text: str) -> str:
    """Return `text` with one kind of newline, no tabs, and no control or bidi-control characters.

    Surrogates and noncharacters, which stand for no letter, go too.
    """
    return _INVISIBLE.sub("", _NEWLINES.sub("\n", text).replace("\t", " "))


def spaced(text: str) -> str:
    """Set a quarter space between Chinese and Latin letters or figures, as print does.

    A figure keeps its unit on its line (`10 月`): that space does not break.  Noto's space is a
    quarter of an em wide, so the plain one serves.  A range (`9:00—17:00`) stays on one line.

    Curly quotes are told from which side a line may break: to Unicode before 15.1 (UAX 14, LB19)
    they look the same on both, and a chain of them that no line holds would break anywhere.
    """
    if not _TO_SPACE.search(text):
        return text
    text = _NUMBER_BEFORE_CJK.sub(_NO_BREAK_SPACE, text)
    text = _WORD_BEFORE_CJK.sub(" ", text)
    text = _CJK_BEFORE_WORD.sub(" ", text)
    text = _RANGE.sub(rf"{_WORD_JOINER}\1{_WORD_JOINER}", text)
    text = _PER_UNIT.sub(f"/{_WORD_JOINER}", text)
    return _AT_QUOTES.sub(_MAY_BREAK, text)


def joined(text: str) -> str:
    """Keep the last two letters of a paragraph on one line: no line holds a single letter.

    Nor does the last line hold nothing but a short figure: `提高 30%`.
    """
    text = _LAST_FIGURE.sub(rf"\1{_NO_BREAK_SPACE}\2", text)
    return _LAST_LETTERS.sub(rf"\1{_WORD_JOINER}\2\3", text)


def unbroken(text: str, most: int = 16) -> str:
    """Let no line break inside of `text`, unless it has more than `most` letters."""
    if len(text) > most:
        return text
    return _WORD_JOINER.join(text.replace(_WORD_JOINER, "").replace(" ", _NO_BREAK_SPACE))


def phrases(text: str) -> tuple[str, int]:
    """Return `text` so that it breaks at pauses only, and the length of its longest phrase in ems.

    For Chinese; ("", 0) for anything else, where a break between two words is good enough.
    """
    if not re.search(_CJK, text):
        return "", 0
    text = text.replace(" ", _NO_BREAK_SPACE).replace(_MAY_BREAK, "")
    parts = [part for part in _PAUSE.split(text) if part]
    return "".join(_WORD_JOINER.join(part) for part in parts), max(map(ems, parts))


def ems(text: str) -> int:
    """Return about how long `text` is in one line, in ems, rounded up."""
    text = text.replace(_WORD_JOINER, "").replace(_MAY_BREAK, "")
    wide = sum(unicodedata.east_asian_width(sign) in "WFA" for sign in text)
    return wide + ceil((len(text) - wide) * 0.62)
