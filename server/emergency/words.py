"""What an emergency's card says: blanks filled, short enough to be read in passing.  Pure.

The limits are those of the template `emergency` (docs/cards.md); what it would refuse is refused
here in the words of who has to shorten it.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_noop as _
from msgspec import Struct

from cards.emergency import (
    MAX_BODY,
    MAX_ISSUER,
    MAX_TITLE,
    MOST_BODY_EMS,
    MOST_LINES,
    MOST_TITLE_EMS,
)
from cards.plain_text import ems
from server.emergency.errors import NotLegible
from server.sentences import Sentence

__all__ = [
    "CONFIRMING",
    "Words",
    "blanks_in",
    "card_data",
    "filled",
    "is_confirmed",
]

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
    _require_room(Sentence("headline"), title, MOST_TITLE_EMS, MAX_TITLE)
    _require_room(Sentence("text"), body, MOST_BODY_EMS, MAX_BODY)
    return {
        "drill": is_drill,
        "hazard": words.hazard,
        "title": title,
        "body": body,
        "issuer": words.issuer.strip()[:MAX_ISSUER],
        "since": f"{since:%Y-%m-%dT%H:%M:%S}",
        "language": "zh" if _CHINESE.search(title + body) else "en",
    }


def _lines(text: str) -> str:
    """Line ends of one kind, and no empty lines."""
    return "\n".join(each.strip() for each in text.splitlines() if each.strip())


def _require_room(field: Sentence, said: str, most: int, letters: int) -> None:
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
