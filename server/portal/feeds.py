"""Atom (RFC 4287) and JSON Feed 1.1 of a playlist.  Pure: values in, bytes out."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree as ET

import msgspec
from msgspec import Struct

__all__ = ["Entry", "Feed", "atom", "json_feed"]

_ATOM = "http://www.w3.org/2005/Atom"


class Entry(Struct, frozen=True):
    """One item: HTML of our own, and its file (address, MIME type, bytes) if it has one."""

    id: str
    title: str
    at: datetime
    html: str
    image: str = ""
    file: tuple[str, str, int] | None = None


class Feed(Struct, frozen=True):
    """A playlist: `page` and `address` are where it is read, `id` stays the same for ever."""

    id: str
    title: str
    language: str
    page: str
    address: str
    at: datetime
    entries: Sequence[Entry]


def atom(feed: Feed) -> bytes:
    """The document; dates in UTC."""
    ET.register_namespace("", _ATOM)
    root = ET.Element(f"{{{_ATOM}}}feed", {"xml:lang": feed.language})
    _say(root, "id", feed.id)
    _say(root, "title", feed.title)
    _say(root, "updated", _moment(feed.at))
    _say(_say(root, "author"), "name", feed.title)
    _say(root, "link", rel="self", href=feed.address, type="application/atom+xml")
    _say(root, "link", rel="alternate", href=feed.page, type="text/html")
    for each in feed.entries:
        _atom_entry(root, each, feed.page)
    document: bytes = ET.tostring(root, "utf-8", xml_declaration=True)
    return document


def _atom_entry(root: ET.Element, entry: Entry, page: str) -> None:
    told = _say(root, "entry")
    _say(told, "id", entry.id)
    _say(told, "title", entry.title)
    _say(told, "updated", _moment(entry.at))
    _say(told, "link", rel="alternate", href=page, type="text/html")
    if entry.file:
        address, mime, size = entry.file
        _say(told, "link", rel="enclosure", href=address, type=mime, length=str(size))
    _say(told, "content", entry.html, type="html")


def _say(above: ET.Element, name: str, text: str = "", **attributes: str) -> ET.Element:
    made = ET.SubElement(above, f"{{{_ATOM}}}{name}", attributes)
    made.text = _legal(text) or None
    return made


def _legal(text: str) -> str:
    """XML has no control characters, however a title came by one."""
    return "".join(sign for sign in text if sign >= " " or sign in "\t\n")


def json_feed(feed: Feed) -> bytes:
    """The document (version 1.1)."""
    told: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.page,
        "feed_url": feed.address,
        "language": feed.language,
        "items": [_json_item(each, feed.page) for each in feed.entries],
    }
    return msgspec.json.encode(told)


def _json_item(entry: Entry, page: str) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": entry.id, "url": page, "title": entry.title, "content_html": entry.html,
        "date_modified": _moment(entry.at),
    }  # fmt: skip
    if entry.image:
        told["image"] = entry.image
    if entry.file:
        address, mime, size = entry.file
        told["attachments"] = [{"url": address, "mime_type": mime, "size_in_bytes": size}]
    return told


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
