"""The card templates: what each takes, checked, and what its QML is given.

`card_for` is the only way from a manifest's card to the screen.  The stage calls it before it
prepares a card, and the review calls it before a card is published: what passes here can be shown.
Nothing here touches Qt, and no string leaves as anything but plain text.
"""

import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct

from manifest.model import CardAsset
from player.stage.card_refusal import refusal
from player.stage.passages import Block, blocks_of
from player.stage.plain_text import clean, ems, joined, phrases, spaced

__all__ = ["QML_FOLDER", "CardPlan", "CardRefusedError", "card_for", "templates"]

QML_FOLDER = Path(__file__).parent / "qml"

#: Limits of `notice`, in characters.
MAX_TITLE = 80
MAX_BODY = 4000
MAX_ISSUER = 40
#: Paragraphs of a notice: each is an item of its own, measured at several sizes.
MAX_PARAGRAPHS = 80

#: Limits of `ticker`, in characters; the messages together are at most `MAX_TICKER`.
MAX_MESSAGES = 50
MAX_MESSAGE = 5000
MAX_TICKER = 5000
MAX_LABEL = 16
#: A paragraph longer than this fills its lines instead of breaking them at pauses.
MAX_PHRASED = 120
#: The pieces a message is cut into, so that what is drawn does not grow with it.
PIECE = 24

#: How fast a ticker may run: slower looks broken, faster cannot be read.
SPEED = (1.0, 12.0)
#: How long a page of a notice may stand, in seconds.
PAGE_S = (3.0, 120.0)

Family = Literal["service", "party", "safety"]


#: A place where nothing joins two letters: both Chinese, or a space before any letter.
_WHOLE_LETTER = re.compile(r"[\u3400-\u9fff][\u3400-\u9fff]|[ 　][\w\u3400-\u9fff]")


class CardRefusedError(ValueError):
    """This card cannot be shown; the message is one sentence for the editor."""


class CardPlan(Struct, frozen=True):
    """A card ready to load: its QML file, and the `cardData` that it is given."""

    qml: Path
    data: dict[str, Any]


class _CardData(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of the typed data of every template: unknown fields are refused."""


_Data = TypeVar("_Data", bound=_CardData)


class Notice(_CardData, frozen=True, kw_only=True):
    """`notice`: who says what, since when.  The date is that of the notice, not of today."""

    title: Annotated[str, Meta(max_length=MAX_TITLE)]
    body: Annotated[str, Meta(max_length=MAX_BODY)]
    issuer: Annotated[str, Meta(max_length=MAX_ISSUER)]
    date: date
    level: Literal["notice", "announcement", "urgent"] = "notice"
    family: Literal["service", "party"] = "service"
    language: Literal["zh", "en"] = "zh"
    page_s: Annotated[float, Meta(ge=PAGE_S[0], le=PAGE_S[1])] | None = None


class Ticker(_CardData, frozen=True, kw_only=True):
    """`ticker`: messages that run without an end; `priority` ones lead each round, in amber."""

    messages: Annotated[
        list[Annotated[str, Meta(max_length=MAX_MESSAGE)]], Meta(max_length=MAX_MESSAGES)
    ] = []
    priority: Annotated[
        list[Annotated[str, Meta(max_length=MAX_MESSAGE)]], Meta(max_length=MAX_MESSAGES)
    ] = []
    label: Annotated[str, Meta(max_length=MAX_LABEL)] = ""
    characters_per_s: Annotated[float, Meta(ge=SPEED[0], le=SPEED[1])] = 4.0
    family: Family = "service"


_LEVELS = {
    ("notice", "zh"): "通知",
    ("notice", "en"): "Notice",
    ("announcement", "zh"): "公告",
    ("announcement", "en"): "Announcement",
    ("urgent", "zh"): "紧急",
    ("urgent", "en"): "Urgent",
}
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def card_for(asset: CardAsset) -> CardPlan:
    """Check `asset` against its template and return what to load, or raise `CardRefusedError`."""
    template = _TEMPLATES.get(asset.template)
    if template is None:
        known = " and ".join(sorted(_TEMPLATES))
        raise CardRefusedError(
            f"template: there is no {_quoted(asset.template)}; there are {known}"
        )
    unknown = sorted(asset.blobs.keys() - template.files)
    if unknown:
        takes = ", ".join(sorted(template.files)) or "no files"
        raise CardRefusedError(
            f"blobs: {asset.template} knows no {_quoted(unknown[0])}; it takes {takes}"
        )
    return CardPlan(QML_FOLDER / "cards" / template.qml, template.build(asset.data))


def templates() -> frozenset[str]:
    """Return the names that `CardAsset.template` may have."""
    return frozenset(_TEMPLATES)


def _notice(data: dict[str, Any]) -> dict[str, Any]:
    notice = _convert(data, Notice)
    blocks = blocks_of(_text(notice.body))
    if not blocks:
        raise CardRefusedError("data.body: nothing to read; write at least one sentence")
    if len(blocks) > MAX_PARAGRAPHS:
        raise CardRefusedError(
            f"data.body: {len(blocks):,} paragraphs, at most {MAX_PARAGRAPHS}; join some"
        )
    return {
        "title": _headline(_required(notice.title, "title")),
        "blocks": [_set(block) for block in blocks],
        "issuer": _line(_required(notice.issuer, "issuer")),
        "dateline": _dateline(notice.date, notice.language),
        "label": _LEVELS[notice.level, notice.language],
        "family": "safety" if notice.level == "urgent" else notice.family,
        "page_s": notice.page_s,
    }


def _ticker(data: dict[str, Any]) -> dict[str, Any]:
    ticker = _convert(data, Ticker)
    length = sum(map(len, ticker.priority + ticker.messages))
    if length > MAX_TICKER:
        raise CardRefusedError(
            f"data.messages: {length:,} characters together, at most {MAX_TICKER:,}; leave some out"
        )
    lead = list(filter(None, map(_line, ticker.priority)))
    rest = list(filter(None, map(_line, ticker.messages)))
    if not lead + rest:
        raise CardRefusedError("data.messages: nothing to read; write at least one message")
    pieces: list[dict[str, str]] = []
    for kind, texts in (("priority", lead), ("message", rest)):
        for text in texts:
            pieces += [{"kind": kind, "text": piece} for piece in _pieces(text)]
            pieces.append({"kind": "separator", "text": ""})
    return {
        "pieces": pieces,
        "label": _line(ticker.label),
        "characters_per_s": ticker.characters_per_s,
        "family": ticker.family,
    }


def _convert(data: dict[str, Any], shape: type[_Data]) -> _Data:
    try:
        return msgspec.convert(data, shape)
    except msgspec.ValidationError as error:
        raise CardRefusedError(refusal(error, data, shape)) from error


def _required(text: str, field: str) -> str:
    if not clean(text).strip():
        raise CardRefusedError(f"data.{field}: empty; it is always shown")
    return text


def _text(text: str) -> str:
    return clean(text).strip()


def _line(text: str) -> str:
    """One line: what stood on several is told apart by a wide space."""
    return spaced("　".join(clean(text).split("\n")).strip())


def _headline(text: str) -> str:
    lines = [line.strip() for line in clean(text).split("\n")]
    return joined(spaced("\n".join(filter(None, lines))))


def _set(block: Block) -> dict[str, str | int]:
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


def _dateline(day: date, language: str) -> str:
    if language == "zh":
        return spaced(f"{day.year}年{day.month}月{day.day}日")
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _pieces(text: str) -> Iterator[str]:
    """Cut `text` into pieces of about `PIECE` characters, never within a word or a cluster."""
    start = 0
    for end in range(1, len(text) + 1):
        long_enough = end - start >= PIECE and _may_cut(text, end)
        if long_enough or end - start >= 4 * PIECE or end == len(text):
            yield text[start:end]
            start = end


def _may_cut(text: str, at: int) -> bool:
    """Say whether a cut before `text[at]` leaves shapes and spacing as they were."""
    return at >= len(text) or bool(_WHOLE_LETTER.match(text[at - 1 : at + 1]))


def _quoted(word: str) -> str:
    return json.dumps(word[:40], ensure_ascii=False)


class _Template(Struct, frozen=True):
    """A template: its QML file, the files that its cards may bring, and how its data is made."""

    qml: str
    files: frozenset[str]
    build: Callable[[dict[str, Any]], dict[str, Any]]


_TEMPLATES = {
    "notice": _Template("Notice.qml", frozenset({"photo"}), _notice),
    "ticker": _Template("Ticker.qml", frozenset(), _ticker),
}
