"""What the data of all cards on a sheet has, and what `Sheet.qml` draws of it.  Pure."""

from datetime import date
from typing import Annotated, Any, Literal

from msgspec import Meta

from cards.dates import Language, dateline, short_date
from cards.lines import headline, line
from cards.template import CardData

__all__ = ["PAGE_S", "SheetData", "sheet"]

#: Limits, in characters.
MAX_TITLE = 60
MAX_ISSUER = 40
#: How long a page may stand, in seconds.
PAGE_S = (3.0, 120.0)


class SheetData(CardData, frozen=True, kw_only=True):
    """Headline, who says so, of which day the data is, family of colours, language."""

    title: Annotated[str, Meta(max_length=MAX_TITLE)] = ""
    issuer: Annotated[str, Meta(max_length=MAX_ISSUER)] = ""
    family: Literal["service", "party"] = "service"
    language: Language = "zh"
    page_s: Annotated[float, Meta(ge=PAGE_S[0], le=PAGE_S[1])] | None = None


def sheet(
    told: SheetData, title: tuple[str, str], label: tuple[str, str], as_of: date | None = None
) -> dict[str, Any]:
    """The part of a face that `Sheet.qml` draws.

    `title` (what stands there if the card says nothing) and `label` (the seal) are Chinese and
    English; `as_of` is the day of the data.
    """
    spoken = 0 if told.language == "zh" else 1
    return {
        "title": headline(told.title) or title[spoken],
        "label": label[spoken],
        "issuer": line(told.issuer),
        "dateline": "" if as_of is None else dateline(as_of, told.language, of_data=True),
        "short": "" if as_of is None else short_date(as_of, told.language),
        "family": told.family,
        "language": told.language,
        "page_s": told.page_s,
    }
