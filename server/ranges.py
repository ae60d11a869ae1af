"""Which part of a blob a request is for: RFC 9110, sections 13 and 14.  Pure.

For whoever sends blobs: to players, and videos to staff.  A blob never changes, so its digest is
its strong validator, and there is no date to compare.  Several ranges in one request are answered
with the whole (14.2 lets a server ignore Range): no player asks for them, and multipart answers are
what attacks are made of.
"""

import re
from typing import NamedTuple

__all__ = ["Part", "part_of", "same_tag"]

_RANGE = re.compile(r"bytes=[ \t]*(\d{0,18})-(\d{0,18})[ \t]*", re.ASCII | re.IGNORECASE)


class Part(NamedTuple):
    """The bytes `start … end` (`end` not among them) of a blob, and whether that is all of it.

    `start` = -1: what was asked for does not exist (416).
    """

    start: int
    end: int
    whole: bool


def part_of(size: int, etag: str, range_: str | None, if_range: str | None) -> Part:
    """What to send of a blob of `size` bytes whose strong entity tag is `etag`."""
    everything = Part(0, size, whole=True)
    if range_ is None or (if_range is not None and if_range.strip() != etag):
        return everything
    found = _RANGE.fullmatch(range_.strip())
    if found is None or found.group(1) == found.group(2) == "":
        return everything
    first, last = found.groups()
    if first == "":
        return _suffix(size, int(last))
    if last != "" and int(last) < int(first):
        return everything  # invalid (14.1.1), and so ignored
    if int(first) >= size:
        return Part(-1, -1, whole=False)
    return Part(int(first), size if last == "" else min(int(last) + 1, size), whole=False)


def _suffix(size: int, length: int) -> Part:
    if length == 0 or size == 0:
        return Part(-1, -1, whole=False)
    return Part(max(size - length, 0), size, whole=False)


def same_tag(header: str | None, etag: str) -> bool:
    """Is `etag` one of the tags of If-None-Match (13.1.2: compared weakly), or is it `*`?"""
    if header is None:
        return False
    if header.strip() == "*":
        return True
    return any(tag.strip().removeprefix("W/") == etag for tag in header.split(","))
