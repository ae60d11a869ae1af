"""The words of an alert on the glass: short enough to be read in passing.  Pure."""

import html
import re
from collections.abc import Mapping

from cards.emergency import MAX_BODY, MAX_ISSUER, MAX_TITLE, MOST_BODY_EMS, MOST_TITLE_EMS
from cards.plain_text import ems
from server.cap.document import Info
from server.emergency.words import Words

__all__ = ["words_of"]

#: What an event is about, by what its name holds; then by its category.
_EVENTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("quake", ("地震", "earthquake", "seismic")),
    ("gas", ("瓦斯", "燃气", "煤气", "gas leak", "methane")),
    ("power", ("停电", "power outage", "power cut", "blackout")),
    ("water", ("停水", "断水", "water outage", "boil water")),
    ("fire", ("火灾", "火警", "fire")),
)
_CATEGORIES: Mapping[str, str] = {"Met": "weather", "Fire": "fire"}

_TAG = re.compile(r"<[^<>]{0,200}>")
_SENTENCE_ENDS = "。！？!?；;\n"


def words_of(info: Info, issuer: str) -> Words:
    """Headline, what to do (or what it is), who says so; cut where a sentence ends."""
    title = info.headline if info.headline and ems(info.headline) <= MOST_TITLE_EMS else info.event
    return Words(
        title=_cut(_plain(title or info.headline), MOST_TITLE_EMS, MAX_TITLE),
        body=_cut(_plain(info.instruction or info.description), MOST_BODY_EMS, MAX_BODY),
        issuer=_plain(info.sender_name or issuer)[:MAX_ISSUER],
        hazard=_hazard(info),
    )


def _hazard(info: Info) -> str:
    if "Evacuate" in info.responses:
        return "evacuate"
    event = f"{info.event} {info.headline}".casefold()
    for hazard, signs in _EVENTS:
        if any(sign in event for sign in signs):
            return hazard
    return next((_CATEGORIES[each] for each in info.categories if each in _CATEGORIES), "general")


def _plain(text: str) -> str:
    """One line, without the tags that some senders write, and without what asks for blanks."""
    said = html.unescape(_TAG.sub(" ", text))
    return " ".join(said.replace("{", "（").replace("}", "）").split())


def _cut(text: str, most: int, letters: int) -> str:
    if ems(text) <= most and len(text) <= letters:
        return text
    kept = text[:letters]
    while ems(kept) > most - 1:
        kept = kept[: len(kept) - max(1, (ems(kept) - most) // 2)]
    ends = max(kept.rfind(sign) for sign in _SENTENCE_ENDS)
    if ends >= len(kept) // 2:
        return kept[: ends + 1]
    return f"{kept.rstrip()[: letters - 1]}…"
