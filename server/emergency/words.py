"""What an emergency's card says: blanks filled, short enough to be read in passing.  Pure.

The limits are those of the stage's template `emergency` (docs/cards.md), so that what is refused
is refused here, where somebody can still shorten it; a test compares the two.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from math import ceil
from typing import Any

from django.utils.translation import gettext_noop as _
from msgspec import Struct

from server.emergency.errors import NotLegible

__all__ = [
    "CONFIRMING",
    "MOST_BODY_EMS",
    "MOST_ISSUER",
    "MOST_TITLE_EMS",
    "Words",
    "blanks_in",
    "card_data",
    "ems",
    "filled",
    "is_confirmed",
]

#: In widths of a Chinese letter; a Latin one is 0.62 of it.
MOST_TITLE_EMS = 24
MOST_BODY_EMS = 120
MOST_LINES = 6
#: In letters.
MOST_TITLE, MOST_BODY, MOST_ISSUER = 80, 400, 40

#: What has to be typed, in either language: for the real thing, and for a drill.
CONFIRMING: Mapping[bool, tuple[str, str]] = {
    False: ("插播", "TAKE OVER"),
    True: ("演练", "DRILL"),
}

_BLANK = re.compile(r"\{([^{}\n]{1,20})\}")
_CHINESE = re.compile(r"[\u3400-\u9fff]")


class Words(Struct, frozen=True):
    """What somebody has written, or a prepared card with its blanks filled."""

    title: str
    body: str = ""
    issuer: str = ""
    hazard: str = "general"


def blanks_in(*texts: str) -> tuple[str, ...]:
    """The names of the blanks (`{地点}`), each once, in their order."""
    return tuple(dict.fromkeys(name for text in texts for name in _BLANK.findall(text)))


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with what was written into its blanks; a blank without a value stays."""
    return _BLANK.sub(lambda blank: values.get(blank[1], "").strip() or blank[0], text)


def is_confirmed(typed: str, *, is_drill: bool) -> bool:
    """Was the word typed that this kind asks for?"""
    return typed.strip().casefold() in {each.casefold() for each in CONFIRMING[is_drill]}


def ems(text: str) -> int:
    """About how long `text` is in one line, in widths of a Chinese letter, rounded up."""
    wide = sum(unicodedata.east_asian_width(sign) in "WFA" for sign in text)
    return wide + ceil((len(text) - wide) * 0.62)


def card_data(words: Words, *, is_drill: bool, since: datetime) -> dict[str, Any]:
    """The data of the stage's card; `since` on the clock of the wall.  Raises `NotLegible`."""
    title, body = _lines(words.title), _lines(words.body)
    left = blanks_in(title, body)
    if left:
        raise NotLegible(_("Fill in “%(blank)s” first."), values={"blank": left[0]})
    if not title:
        raise NotLegible(_("Write what has happened: the headline is empty."))
    if not words.issuer.strip():
        raise NotLegible(_("Say who speaks: the name at the foot is empty."))
    _require_room(_("headline"), title, MOST_TITLE_EMS, MOST_TITLE)
    _require_room(_("text"), body, MOST_BODY_EMS, MOST_BODY)
    return {
        "drill": is_drill,
        "hazard": words.hazard,
        "title": title,
        "body": body,
        "issuer": words.issuer.strip()[:MOST_ISSUER],
        "since": f"{since:%Y-%m-%dT%H:%M:%S}",
        "language": "zh" if _CHINESE.search(title + body) else "en",
    }


def _lines(text: str) -> str:
    """Line ends of one kind, and no empty lines."""
    return "\n".join(each.strip() for each in text.splitlines() if each.strip())


def _require_room(field: str, said: str, most: int, letters: int) -> None:
    if ems(said) > most or len(said) > letters:
        raise NotLegible(
            _(
                "The %(field)s is as long as %(length)d letters, and %(most)d can be read in "
                "passing: shorten it."
            ),
            values={"field": field, "length": max(ems(said), len(said)), "most": most},
        )
    if said.count("\n") >= MOST_LINES:
        raise NotLegible(
            _("The %(field)s has more than %(most)d lines: join some."),
            values={"field": field, "most": MOST_LINES},
        )
