"""Headlines of a feed (RSS 0.9x, 1.0, 2.0, Atom) as a table, a row for each.  In the child.

Columns `title`, `summary`, `source`, `published` (UTC, ISO 8601), `link` and `picture` (both are
addresses), in the feed's order.
A document that declares anything of its own (an internal DTD: XML bombs) is refused where the
declaration begins, nothing outside is ever asked for, and markup in texts becomes plain text.
"""

import html
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from typing import Any
from xml.etree.ElementTree import Element, TreeBuilder

from server.library.ingest.failures import Refused
from server.library.ingest.table_cells import Cell, RawTable
from server.library.ingest.table_feed_pictures import picture_of
from server.strange_xml import XmlRefused, read_xml

__all__ = ["COLUMNS", "DEPTH_LIMIT", "SUMMARY_CHARACTERS", "TITLE_CHARACTERS", "read_feed"]

COLUMNS = ("title", "summary", "source", "published", "link", "picture")

_PICTURE = COLUMNS.index("picture")

#: The longest texts of a row, in characters: what is longer ends in "…", as in any reader of news.
TITLE_CHARACTERS, SUMMARY_CHARACTERS = 200, 500
#: How deep elements may lie in one another.
DEPTH_LIMIT = 100
_LINK_CHARACTERS = 2_000

_ATOM = ("http://www.w3.org/2005/Atom", "http://purl.org/atom/ns#")
#: Whose `title`, `item` and so on are the feed's own (`media:title` is a picture's).
_OWN = frozenset({"", "http://purl.org/rss/1.0/", "http://my.netscape.com/rdf/simple/0.9/",
                  "http://backend.userland.com/rss2", *_ATOM})  # fmt: skip
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
_DC_DATE = "{http://purl.org/dc/elements/1.1/}date"

_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]*);")
_XML_ENTITIES = frozenset({"amp", "lt", "gt", "quot", "apos"})


def read_feed(text: str) -> RawTable:
    """The entries of a feed.  Raises `Refused`: TABLE_UNKNOWN (no feed), TABLE_FEED_…."""
    root = _tree(_ENTITY.sub(_html_entity, text.lstrip()))
    channel = root if root.tag[-4:] == "feed" else _child(root, "channel")
    source = "" if channel is None else _words(channel, "title")
    entries = [each for each in root.iter() if _own(each) in {"item", "entry"}]
    home = None if channel is None else _link(channel)
    rows = [_row(each, source, home) for each in entries]
    rows = [row for row in rows if row[0]]
    if not rows:
        raise Refused("TABLE_FEED_EMPTY")
    return RawTable([list(COLUMNS), *rows], style="records", is_text=True, pictures=(_PICTURE,))


def _html_entity(found: re.Match[str]) -> str:
    """Feeds use HTML's names without declaring them; XML's own five stay."""
    if found[1] in _XML_ENTITIES:
        return found[0]
    return html.escape(html.unescape(found[0]))


class _Feed(TreeBuilder):
    """Makes the tree; stops where the document is no feed."""

    is_begun = False

    def start(self, tag: str, attrs: dict[Any, Any], /) -> Element:
        if not self.is_begun and tag.rpartition("}")[2] not in {"rss", "feed", "RDF"}:
            raise Refused("TABLE_UNKNOWN")
        self.is_begun = True
        return super().start(tag, attrs)


def _tree(text: str) -> Element:
    feed = _Feed()
    try:
        read_xml(text, feed, depth=DEPTH_LIMIT, may_name_dtd=True)  # that of RSS 0.91
    except XmlRefused as refused:
        code = "TABLE_FEED_DTD" if refused.why == "dtd" else "TABLE_FEED_DAMAGED"
        raise Refused(code) from refused
    return feed.close()


def _own(element: Element) -> str:
    """The name of an element that is the feed's own, else ""."""
    space, _, name = element.tag.rpartition("}")
    return name if space.removeprefix("{") in _OWN else ""


def _child(parent: Element, *names: str) -> Element | None:
    """The first child with the first of these names that there is."""
    for name in names:
        for each in parent:
            if name in (each.tag, _own(each)):
                return each
    return None


def _row(entry: Element, source: str, home: str | None) -> list[Cell]:
    origin = _child(entry, "source")
    named = "" if origin is None else _words(origin, "title") or _plain(origin)
    link = _link(entry)
    return [
        _cut(_words(entry, "title"), TITLE_CHARACTERS),
        _cut(_words(entry, "summary", "description", _CONTENT, "content"), SUMMARY_CHARACTERS),
        _cut(named or source, TITLE_CHARACTERS) or None,
        _moment(_text(entry, "pubDate", "published", "issued", "updated", "modified", _DC_DATE)),
        link,
        picture_of(entry, link or home),
    ]


def _text(parent: Element, *names: str) -> str:
    found = _child(parent, *names)
    return "" if found is None else "".join(found.itertext()).strip()


def _words(parent: Element, *names: str) -> str:
    found = _child(parent, *names)
    return "" if found is None else _plain(found)


def _plain(element: Element) -> str:
    """An element's text without markup (RFC 4287, 3.1: Atom says which of its texts have any)."""
    text = "".join(element.itertext())
    is_atom = element.tag.startswith(tuple(f"{{{each}" for each in _ATOM))
    is_markup = element.get("type", "text") in {"html", "text/html"} if is_atom else True
    return " ".join((_without_markup(text) if is_markup else text).split())


class _Stripper(HTMLParser):
    """Keeps the words of HTML; those of scripts and styles are none."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._hidden = ""

    def handle_starttag(self, tag: str, _attrs: object) -> None:
        if tag in {"script", "style"}:
            self._hidden = tag
        elif tag in {"p", "br", "div", "li", "tr", "td", "h1", "h2", "h3", "h4"}:
            self.words.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag == self._hidden:
            self._hidden = ""

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words.append(data)


def _without_markup(text: str) -> str:
    if "<" not in text and "&" not in text:
        return text
    stripper = _Stripper()
    stripper.feed(text)
    stripper.close()
    return "".join(stripper.words)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _moment(text: str) -> str | None:
    """RFC 822 or ISO 8601 as UTC (also where no zone is named); None for anything else."""
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(text)
            moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
        except (ValueError, OverflowError, TypeError, IndexError):
            continue
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    return None


def _link(entry: Element) -> str | None:
    """Where the entry stands in full: its `link`, of Atom's the one that is no other's."""
    for each in entry:
        if _own(each) == "link" and each.get("rel", "alternate") == "alternate":
            link = (each.get("href") or each.text or "").strip()
            if link.startswith(("https://", "http://")) and len(link) <= _LINK_CHARACTERS:
                return link
    return None
