"""The template `notice`: a headline, a body, who says it, since when (docs/cards.md)."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from msgspec import Meta

from cards.dates import dateline
from cards.lines import headline, line, required, text
from cards.passages import Block, blocks_of
from cards.plain_text import ems, joined, phrases, spaced
from cards.template import CardData, CardRefusedError, Face, Template

__all__ = [
    "MAX_BODY",
    "MAX_ISSUER",
    "MAX_TITLE",
    "NOTICE",
    "PAGE_S",
    "Notice",
    "set_block",
    "set_body",
]

#: Limits, in characters.
MAX_TITLE = 80
MAX_BODY = 4000
MAX_ISSUER = 40
#: Paragraphs: each is an item of its own, measured at several sizes.
MAX_PARAGRAPHS = 80
#: A paragraph longer than this fills its lines instead of breaking them at pauses.
MAX_PHRASED = 120
#: How long a page may stand, in seconds.
PAGE_S = (3.0, 120.0)


class Notice(CardData, frozen=True, kw_only=True):
    """`notice`: who says what, since when.  The date is that of the notice, not of today."""

    title: Annotated[str, Meta(max_length=MAX_TITLE)]
    body: Annotated[str, Meta(max_length=MAX_BODY)]
    issuer: Annotated[str, Meta(max_length=MAX_ISSUER)]
    date: date
    level: Literal["notice", "announcement", "urgent"] = "notice"
    family: Literal["service", "party"] = "service"
    language: Literal["zh", "en"] = "zh"
    page_s: Annotated[float, Meta(ge=PAGE_S[0], le=PAGE_S[1])] | None = None


_LEVELS = {
    ("notice", "zh"): "通知",
    ("notice", "en"): "Notice",
    ("announcement", "zh"): "公告",
    ("announcement", "en"): "Announcement",
    ("urgent", "zh"): "紧急",
    ("urgent", "en"): "Urgent",
}


def _face(notice: Notice, _now: datetime) -> Face:
    data: dict[str, Any] = {
        "title": headline(required(notice.title, "title")),
        "blocks": set_body(notice.body),
        "issuer": line(required(notice.issuer, "issuer")),
        "dateline": dateline(notice.date, notice.language),
        "label": _LEVELS[notice.level, notice.language],
        "family": "safety" if notice.level == "urgent" else notice.family,
        "page_s": notice.page_s,
    }
    return Face(data)


def set_body(body: str) -> list[dict[str, str | int]]:
    """The paragraphs of a body as `Passages.qml` sets them.  Raises `CardRefusedError`."""
    blocks = blocks_of(text(body))
    if not blocks:
        raise CardRefusedError("data.body: nothing to read; write at least one sentence")
    if len(blocks) > MAX_PARAGRAPHS:
        raise CardRefusedError(
            f"data.body: {len(blocks):,} paragraphs, at most {MAX_PARAGRAPHS}; join some"
        )
    return [set_block(block) for block in blocks]


def set_block(block: Block) -> dict[str, str | int]:
    """One paragraph, and where its lines may break."""
    text = spaced(block.text)
    whole, longest = phrases(text) if len(text) <= MAX_PHRASED else ("", 0)
    return {
        "kind": block.kind,
        "label": spaced(block.label),
        "text": joined(text),
        "phrases": whole,
        "longest": longest,
        "ems": ems(text),
    }


NOTICE = Template("notice", "Notice.qml", Notice, _face, frozenset({"photo"}))
