"""A card as text for a page or a feed: headings, paragraphs, tables, figures.  Pure.

The words are those that the wall shows at that instant (`cards.catalogue.card_for`), so that the
phone and the lobby never differ; only the marks that the stage needs to break lines go.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from msgspec import Struct

from cards.catalogue import card_for
from cards.qr import QR
from cards.template import CardRefusedError
from manifest.model import CardAsset

__all__ = ["CardText", "Table", "card_text"]

#: Marks of the stage: where lines may and may not break.
_MARKS = {ord(sign): None for sign in "\u2060\u200b"} | {0xA0: " "}

#: What is for the wall alone.
_NOT_READ = frozenset({"clock", "emergency", "music"})


class Table(Struct, frozen=True):
    """Rows of cells under heads ("": the columns have no names)."""

    name: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class CardText(Struct, frozen=True):
    """What a card says.  `blocks` are (kind, text): text, bullet, number, heading."""

    label: str = ""
    title: str = ""
    dateline: str = ""
    issuer: str = ""
    figure: str = ""
    unit: str = ""
    link: str = ""
    blocks: tuple[tuple[str, str], ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    tables: tuple[Table, ...] = ()


def card_text(asset: CardAsset, now: datetime) -> CardText | None:
    """What it says at `now`, on the clock of the site; None: nothing to be read."""
    if asset.template in _NOT_READ:
        return None
    try:
        face = _plain(card_for(asset, now).face.data)
    except CardRefusedError:
        return None
    if asset.template == QR.name and not face["link"]:
        return None  # it is for those who stand before the wall
    seen = face.get("now") or {}
    boards = face.get("boards") or ([face] if face.get("rows") else [])
    return CardText(
        label=face.get("label", ""),
        title=face.get("title") or face.get("lead") or asset.title,
        dateline=face.get("dateline") or face.get("when", ""),
        issuer=face.get("issuer", ""),
        figure=face.get("figure") or seen.get("figure", ""),
        unit=face.get("unit", ""),
        link=face.get("link", ""),
        blocks=tuple(_blocks(face)),
        facts=tuple(_facts(face)),
        tables=(*(_table(each) for each in boards), *_forecast(face)),
    )


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return " ".join(value.translate(_MARKS).split(" "))
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value


def _blocks(face: dict[str, Any]) -> list[tuple[str, str]]:
    said = [(each["kind"], each["text"]) for each in face.get("blocks", ())]
    said += [("text", each) for each in _messages(face.get("pieces", ()))]
    said += [("text", f"{each['word']} {each['until']}") for each in [face.get("door")] if each]
    said += [("text", each) for each in (face.get("verdict"), face.get("planned")) if each]
    said += [("text", each) for each in face.get("lines", ())]
    said += [("text", face[each]) for each in ("text", "note") if face.get(each)]
    said += [("heading", each["text"]) for each in [face.get("warning")] if each]
    said += [("text", f"{each['word']} {each['range']}") for each in [face.get("now")] if each]
    for page in face.get("pages", ()):
        said += [("heading", page.get("lead", "")), ("text", page.get("guests", ""))]
    for person in face.get("people", ()):
        said += [("heading", person["name"])]
        said += [("text", person[part]) for part in ("post", "deeds", "quote")]
    aside = [face.get("aside", ""), face.get("slogan", ""), face.get("pledge", "")]
    if not any(face.get(each) for each in ("rows", "boards", "people", "now", "days")):
        aside.append(face.get("empty", ""))
    return [each for each in [*said, *(("text", each) for each in aside)] if each[1]]


def _messages(pieces: Iterable[dict[str, Any]]) -> list[str]:
    """What a ticker says: its pieces between two separators are one message."""
    told = [""]
    for each in pieces:
        if each["kind"] == "separator":
            told.append("")
        told[-1] += each["text"]
    return [each for each in told if each]


def _facts(face: dict[str, Any]) -> list[tuple[str, str]]:
    told = [*face.get("facts", ()), *(face.get("now") or {}).get("facts", ())]
    for page in face.get("pages", ()):
        told += page.get("facts", ())
    found = [(each["name"], each["value"]) for each in told]
    coming = face.get("next")  # the next meal, the next meeting
    return [*found, (coming["label"], coming["text"])] if coming else found


def _table(board: dict[str, Any]) -> Table:
    rows = tuple(
        (*map(str, row["cells"]), *([row["note"]] if row.get("note") else []))
        for row in board["rows"]
    )
    heads = tuple(each.get("label", "") for each in board.get("columns", ()))
    return Table(board.get("name", ""), heads if any(heads) else (), rows)


def _forecast(face: dict[str, Any]) -> tuple[Table, ...]:
    """The coming days of the weather."""
    parts = ("day", "word", "low", "high")
    rows = tuple(tuple(str(day[part]) for part in parts) for day in face.get("days", ()))
    return (Table("", (), rows),) if rows else ()
