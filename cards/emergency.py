"""The template `emergency`: few words, as large as they go, on one page; real or a drill.

The mark of a drill is part of the card's data and has no default: a card that does not say which of
the two it is, is refused, and a player that does not know this template shows nothing of it
(docs/cards.md).
"""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from cards.lines import headline, line, required, text
from cards.plain_text import ems, joined, spaced
from cards.template import CardData, CardRefusedError, Face, Template

__all__ = ["EMERGENCY", "MAX_ISSUER", "MOST_BODY_EMS", "MOST_LINES", "MOST_TITLE_EMS", "Emergency"]

#: What is legible from 8 m and fits onto one page of every screen, upright ones too, in widths of a
#: Chinese letter; a Latin one is 0.62 of it.
MOST_TITLE_EMS = 24
MOST_BODY_EMS = 120
#: How many lines there may be.
MOST_LINES = 6
#: In characters.
MAX_TITLE, MAX_BODY, MAX_ISSUER = 80, 400, 40

Hazard = Literal["general", "fire", "gas", "power", "water", "weather", "quake", "evacuate"]


class Emergency(CardData, frozen=True, kw_only=True):
    """`emergency`: what happened, what to do, who says so, since when; and is it a drill?"""

    drill: bool
    title: Annotated[str, Meta(max_length=MAX_TITLE)]
    issuer: Annotated[str, Meta(max_length=MAX_ISSUER)]
    #: On the clock of the wall.
    since: Annotated[datetime, Meta(tz=False)]
    body: Annotated[str, Meta(max_length=MAX_BODY)] = ""
    hazard: Hazard = "general"
    language: Literal["zh", "en"] = "zh"


_HAZARDS = {
    "general": ("紧急通知", "Emergency"),
    "fire": ("火警", "Fire"),
    "gas": ("瓦斯超限", "Gas alarm"),
    "power": ("停电", "Power cut"),
    "water": ("停水", "No water"),
    "weather": ("恶劣天气", "Severe weather"),
    "quake": ("地震", "Earthquake"),
    "evacuate": ("紧急疏散", "Evacuate"),
}

#: In both languages, whatever the card's: a drill is no alarm to anybody.
DRILL_MARK = "演练 DRILL"
DRILL_LINES = ("演练 DRILL", "请勿惊慌", "THIS IS A DRILL")


def _face(told: Emergency, _now: datetime) -> Face:
    title = headline(required(told.title, "title"))
    body = text(told.body)
    _require_room("title", title, MOST_TITLE_EMS)
    _require_room("body", body, MOST_BODY_EMS)
    lines = [each.strip() for each in body.split("\n") if each.strip()]
    return Face(
        {
            "family": "safety",
            "drill": told.drill,
            "mark": DRILL_MARK if told.drill else "",
            "band": list(DRILL_LINES) if told.drill else [],
            "label": _HAZARDS[told.hazard][0 if told.language == "zh" else 1],
            "title": title,
            "body": "\n".join(joined(spaced(each)) for each in lines),
            "issuer": line(required(told.issuer, "issuer")),
            "since": f"{told.since:%Y-%m-%d %H:%M}",
        }
    )


def _require_room(field: str, said: str, most: int) -> None:
    if (length := ems(said)) > most:
        raise CardRefusedError(
            f"data.{field}: as long as {length:,} letters, at most {most}; what is read in passing "
            "is short"
        )
    if said.count("\n") >= MOST_LINES:
        raise CardRefusedError(f"data.{field}: more than {MOST_LINES} lines; join some")


EMERGENCY = Template("emergency", "Emergency.qml", Emergency, _face, frozenset({"picture"}))
