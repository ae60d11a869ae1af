"""The template `welcome` 欢迎: whom the house expects at this hour (docs/cards.md).  Pure."""

from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta, Struct

from cards.lines import headline, line, required
from cards.sheet import SheetData, sheet
from cards.template import CardRefusedError, Face, Template

__all__ = ["WELCOME", "Visit", "Welcome"]

#: Limits: visits, and characters.
MAX_VISITS = 100
MAX_GUESTS, MAX_HOST, MAX_WORDS = 60, 40, 40


class Visit(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A row: who comes, from when till when on the clock of the wall, to whom, where."""

    guests: Annotated[str, Meta(max_length=MAX_GUESTS)]
    starts: Annotated[datetime, Meta(tz=False)]
    ends: Annotated[datetime, Meta(tz=False)]
    host: Annotated[str, Meta(max_length=MAX_HOST)] = ""
    place: Annotated[str, Meta(max_length=MAX_HOST)] = ""


class Welcome(SheetData, frozen=True, kw_only=True):
    """`welcome`: the visits, and what stands there while nobody is expected."""

    visits: Annotated[tuple[Visit, ...], Meta(max_length=MAX_VISITS)] = ()
    greeting: Annotated[str, Meta(max_length=MAX_WORDS)] = ""
    otherwise: Annotated[str, Meta(max_length=MAX_WORDS)] = ""


def _face(told: Welcome, now: datetime) -> Face:
    for n, visit in enumerate(told.visits):
        required(visit.guests, f"visits[{n}].guests")
        if visit.ends <= visit.starts:
            raise CardRefusedError(f"data.visits[{n}].ends: not after its start")
    zh, here = told.language == "zh", now.replace(tzinfo=None)
    present = sorted(
        (visit for visit in told.visits if visit.starts <= here < visit.ends),
        key=lambda visit: (visit.starts, visit.guests),
    )
    greeting = line(told.greeting) or ("热烈欢迎" if zh else "A warm welcome to")
    data = sheet(told, ("", ""), ("", ""))
    data["pages"] = [_page(visit, greeting, zh) for visit in present] or [
        {
            "lead": "",
            "guests": line(told.otherwise) or ("欢迎光临" if zh else "Welcome"),
            "facts": [],
        }
    ]
    edges = [edge for visit in told.visits for edge in (visit.starts, visit.ends) if edge > here]
    return Face(data, min(edges).replace(tzinfo=now.tzinfo) if edges else None)


def _page(visit: Visit, greeting: str, zh: bool) -> dict[str, Any]:
    facts = [(("时间", "Time")[not zh], f"{visit.starts:%H:%M}—{visit.ends:%H:%M}")]
    if visit.host:
        facts.append((("接待", "Host")[not zh], line(visit.host)))
    if visit.place:
        facts.append((("地点", "Place")[not zh], line(visit.place)))
    return {
        "lead": greeting,
        "guests": headline(visit.guests),
        "facts": [{"name": name, "value": value, "strong": False} for name, value in facts],
    }


WELCOME = Template("welcome", "Welcome.qml", Welcome, _face)
