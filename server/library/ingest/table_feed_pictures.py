"""The picture of a feed's entry: where it says that one is, in each of the ways that feeds have.

Media RSS (`media:content`, `media:thumbnail`), an enclosure (RSS 2.0, Atom), or the first image of
its text; the larger ones first.  In the child; nothing is asked for here.
"""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import quote, urldefrag, urljoin
from xml.etree.ElementTree import Element

__all__ = ["ADDRESS_CHARACTERS", "is_address", "picture_of"]

#: The longest address of a picture, in characters.
ADDRESS_CHARACTERS = 800

_ADDRESS = re.compile(r"https?://[!-~]+")
_MEDIA = frozenset({"{http://search.yahoo.com/mrss/}", "{http://search.yahoo.com/mrss}"})
#: What an address may hold as it stands; all else is written with per cent signs.
_PLAIN = "%/:=&?~#+!$,;'@()*[]"
#: An image smaller than this, in pixels, counts readers and shows nothing.
_LEAST_PIXELS = 16
_IMAGES_READ = 20


def is_address(text: str) -> bool:
    """Is it an address of http or https, in ASCII and not too long?"""
    return len(text) <= ADDRESS_CHARACTERS and _ADDRESS.fullmatch(text) is not None


def picture_of(entry: Element, link: str | None) -> str | None:
    """The address of the entry's picture; `link` is where the entry stands, for relative ones."""
    for each in filter(str.strip, _named(entry)):
        try:
            found = quote(urldefrag(urljoin(link or "", each.strip())).url, safe=_PLAIN)
        except ValueError:  # half an IPv6 address
            continue
        if is_address(found) and found != urldefrag(link or "").url:
            return found
    return None


def _named(entry: Element) -> Iterator[str]:
    yield from _widest(entry, "content")
    for each in entry:
        kind = each.get("type", "")
        name = each.tag.rpartition("}")[2]
        if kind.startswith("image/") and name == "enclosure":
            yield each.get("url", "")
        elif kind.startswith("image/") and name == "link" and each.get("rel") == "enclosure":
            yield each.get("href", "")
    yield from _widest(entry, "thumbnail")
    for each in entry:
        yield from _images(each)


def _widest(entry: Element, name: str) -> list[str]:
    """Addresses of the Media RSS elements of this name that are pictures, the widest first."""
    found = [each for each in entry.iter() if _is_media(each, name) and each.get("url")]
    return [each.get("url", "") for each in sorted(found, key=_width, reverse=True)]


def _is_media(element: Element, name: str) -> bool:
    space, _, local = element.tag.rpartition("}")
    if f"{space}}}" not in _MEDIA or local != name:
        return False
    medium, kind = element.get("medium", ""), element.get("type", "")
    return name == "thumbnail" or medium == "image" or kind.startswith("image/")


def _width(element: Element) -> int:
    text = element.get("width", "")
    return int(text) if text.isdecimal() and len(text) < 6 else 0


def _images(element: Element) -> Iterator[str]:
    """Those of its text, whether it stands there as markup or as text."""
    for each in element.iter():
        if each.tag.rpartition("}")[2] == "img" and _is_seen(each.get("width"), each.get("height")):
            yield each.get("src", "")
    text = "".join(element.itertext())
    if "<img" in text.lower():
        reader = _Images()
        reader.feed(text)
        reader.close()
        yield from reader.found


class _Images(HTMLParser):
    """Addresses of the first images of HTML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        is_due = tag == "img" and len(self.found) < _IMAGES_READ
        if is_due and _is_seen(told.get("width"), told.get("height")):
            self.found.append(told.get("src") or "")


def _is_seen(*sides: str | None) -> bool:
    return all(
        not side or not side.isdecimal() or len(side) > 5 or int(side) >= _LEAST_PIXELS
        for side in sides
    )
