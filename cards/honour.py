"""The template `honour` 先锋模范: portrait, name, deeds, a quotation (docs/cards.md).  Pure."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from cards.lines import Headline, line, required
from cards.pictures import NAME_LIMIT, file_names, require_file
from cards.plain_text import joined
from cards.sheet import SheetData, sheet
from cards.template import Face, Template

__all__ = ["HONOUR", "PORTRAITS", "Honour", "Model"]

#: Limits: people, and characters.
MAX_PEOPLE = 50
MAX_NAME, MAX_POST, MAX_DEEDS, MAX_QUOTE = 30, 40, 400, 80
#: A post that is no longer stands like a headline, in characters.
SHORT = 20
#: The names under which portraits come.
PORTRAITS = file_names("portrait")


class Model(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A row: a person, or a brand; post and unit, deeds, own words, and which file shows it."""

    name: Annotated[str, Meta(max_length=MAX_NAME)]
    post: Annotated[str, Meta(max_length=MAX_POST)] = ""
    deeds: Annotated[str, Meta(max_length=MAX_DEEDS)] = ""
    quote: Annotated[str, Meta(max_length=MAX_QUOTE)] = ""
    portrait: Annotated[str, Meta(max_length=NAME_LIMIT)] = ""


class Honour(SheetData, frozen=True, kw_only=True):
    """`honour`: the people, one after another."""

    people: Annotated[tuple[Model, ...], Meta(max_length=MAX_PEOPLE)] = ()
    family: Literal["service", "party"] = "party"


def _face(told: Honour, _now: datetime) -> Face:
    zh = told.language == "zh"
    for n, person in enumerate(told.people):
        required(person.name, f"people[{n}].name")
        require_file(person.portrait, PORTRAITS, f"people[{n}].portrait")
    data = sheet(told, ("先锋模范", "Role models"), ("先锋", "Honour"))
    data["empty"] = "向先锋模范学习" if zh else "In honour of our role models"
    data["people"] = [_person(person) for person in told.people]
    return Face(data)


def _person(person: Model) -> dict[str, str]:
    quote = joined(line(person.quote))
    return {
        "name": _called(person.name),
        "post": _called(person.post),
        "deeds": joined(line(person.deeds)),
        "quote": quote and f"“{quote}”",
        "portrait": person.portrait,
    }


def _called(text: str) -> str:
    """A name or a post: a short one breaks between words, a long one fills its lines."""
    told = joined(line(text))
    return Headline(told) if len(told) <= SHORT else told


HONOUR = Template("honour", "Honour.qml", Honour, _face, frozenset(PORTRAITS))
