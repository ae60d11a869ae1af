"""Is this answer what we asked for?  Judged by its status and headers alone, before any body.

Pure: values in, a value or one `FetchError` out.  Used by `http_fetcher`, which never follows a
redirect, never takes a web page for content, and never takes a range that it did not ask for.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from content_cache.fetch_errors import (
    CaptivePortal,
    ProxyRefused,
    Redirected,
    ServerRefused,
    TokenRefused,
    WrongContent,
)

__all__ = [
    "Answer",
    "BlobStart",
    "any_etag",
    "check_blob",
    "check_document",
    "check_reply",
    "check_stream",
    "printable",
    "retry_after_s",
    "strong_etag",
    "whole_number",
]

_CONTENT_RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18}|\*)")
_NUMBER = re.compile(r"[0-9]{1,9}")
_ETAG = re.compile(r'"[\x21\x23-\x7e]{1,200}"')


@dataclass(frozen=True, slots=True)
class Answer:
    """The head of an answer; the names of `headers` are looked up whatever their case."""

    where: str
    status: int
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class BlobStart:
    """Where a blob's bytes begin, and the validator to go on with."""

    start: int
    etag: str | None


def check_document(answer: Answer, *, conditional: bool) -> bool:
    """Does a body follow (True), or is our copy still the right one (False)?

    Raises `FetchError`.  304 is an answer only to a conditional request.
    """
    if answer.status == 304 and conditional:
        return False
    _refuse_what_is_no_content(answer)
    if answer.status != 200:
        raise ServerRefused(answer.where, answer.status)
    if _encoding(answer) not in ("", "identity", "gzip"):
        raise WrongContent(answer.where, f"it is encoded as {_encoding(answer)[:40]!r}")
    return True


def check_blob(answer: Answer, size: int, start: int, etag: str | None) -> BlobStart:
    """Where the body of this answer to a request from byte `start` on begins.

    200 means that the whole blob comes (RFC 9110, 14.2: a server may ignore Range; 13.1.5: it must
    when If-Range does not hold).  Raises `FetchError`.
    """
    if answer.status == 416 and start:
        raise WrongContent(answer.where, f"the server has nothing from byte {start} on")
    _refuse_what_is_no_content(answer)
    if _encoding(answer) not in ("", "identity"):
        raise WrongContent(answer.where, f"it is encoded as {_encoding(answer)[:40]!r}")
    found = strong_etag(answer.headers.get("ETag"))
    if answer.status == 200:
        _check_length(answer, size)
        return BlobStart(0, found)
    if answer.status != 206 or start == 0:
        raise ServerRefused(answer.where, answer.status)
    _check_range(answer, size, start)
    if etag is not None and found is not None and found != etag:
        raise WrongContent(answer.where, f"the range is from {found}, not from {etag}")
    _check_length(answer, size - start)
    return BlobStart(start, found or etag)


def check_reply(answer: Answer) -> None:
    """Was what we sent taken (200, 201, 204)?  Raises `FetchError`."""
    _refuse_what_is_no_content(answer)
    if answer.status not in (200, 201, 204):
        raise ServerRefused(answer.where, answer.status)


def check_stream(answer: Answer) -> None:
    """Is this a stream of server-sent events, sent as it is?  Raises `FetchError`."""
    _refuse_what_is_no_content(answer)
    if answer.status != 200:
        raise ServerRefused(answer.where, answer.status)
    if _media_type(answer) != "text/event-stream" or _encoding(answer) not in ("", "identity"):
        raise WrongContent(answer.where, f"it is {_media_type(answer)[:60]!r}, no event stream")


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """The seconds that `Retry-After` asks for (RFC 9110, 10.2.3); None without a usable one.

    A date is measured against the answer's own `Date`: the clock of this box may be wrong.
    """
    text = headers.get("Retry-After", "").strip()
    if _NUMBER.fullmatch(text):
        return float(text)
    try:
        until = parsedate_to_datetime(text)
        seconds = (until - parsedate_to_datetime(headers.get("Date", ""))).total_seconds()
    except (TypeError, ValueError, OverflowError):
        return None
    return max(seconds, 0.0)


def strong_etag(text: str | None) -> str | None:
    """The entity tag if it can be used with If-Range (RFC 9110, 13.1.5: strong ones only)."""
    return text if text is not None and _ETAG.fullmatch(text) else None


def any_etag(text: str | None) -> str | None:
    """The entity tag if it can be sent back with If-None-Match (weak ones will do there)."""
    return text if text is not None and strong_etag(text.removeprefix("W/")) else None


def whole_number(text: str | None) -> int | None:
    """A number of at most nine digits in a header; None for anything else."""
    return int(text) if text is not None and _NUMBER.fullmatch(text) else None


def printable(text: str, limit: int) -> str:
    """What a server said, cut and safe to print on any terminal and in any log."""
    return "".join(char if char.isprintable() else "·" for char in text[:limit])


def _refuse_what_is_no_content(answer: Answer) -> None:
    status = answer.status
    if status == 407:
        raise ProxyRefused(answer.where, "it wants a name and password (HTTP status 407)")
    if status == 511:  # RFC 6585, section 6: made for captive portals
        raise CaptivePortal(answer.where)
    if 300 <= status < 400 and status != 304:
        raise Redirected(answer.where, answer.headers.get("Location", "")[:200])
    if status == 401:
        raise TokenRefused(answer.where, status)
    if status >= 400 or status < 200:
        raise ServerRefused(answer.where, status, retry_after_s(answer.headers))
    if _media_type(answer) in ("text/html", "application/xhtml+xml"):
        raise CaptivePortal(answer.where)


def _check_range(answer: Answer, size: int, start: int) -> None:
    text = answer.headers.get("Content-Range", "")
    found = _CONTENT_RANGE.fullmatch(text.strip())
    if not found or int(found[1]) != start or int(found[2]) != size - 1:
        raise WrongContent(answer.where, f"the range is {text[:80]!r}, not from byte {start}")
    if found[3] not in ("*", str(size)):
        raise WrongContent(answer.where, f"it has {found[3]} bytes there and {size} here")


def _check_length(answer: Answer, due: int) -> None:
    text = answer.headers.get("Content-Length")
    if text is not None and "Transfer-Encoding" not in answer.headers and text.strip() != str(due):
        announced = printable(text, 20)
        raise WrongContent(answer.where, f"{announced} bytes are announced where {due} are due")


def _encoding(answer: Answer) -> str:
    return answer.headers.get("Content-Encoding", "").strip().lower()


def _media_type(answer: Answer) -> str:
    return answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
