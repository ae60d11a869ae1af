"""Server-sent events out of the bytes of a stream (WHATWG HTML, section 9.2).

Pure but for the chunks that it is given; used by `http_client`.  What a server sends is bounded:
a line or an event that grows beyond its limit ends the stream.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from content_cache.fetch_errors import TooLarge

__all__ = ["EVENT_BYTES_LIMIT", "ServerEvent", "server_events"]

#: One event with all its lines.
EVENT_BYTES_LIMIT = 64 * 1024


@dataclass(frozen=True, slots=True)
class ServerEvent:
    """An event, its data, and the id to resume with (the latest sent).  `name` is None for a
    comment: a ping.
    """

    name: str | None
    data: str
    last_id: str | None


def server_events(chunks: Iterator[bytes], where: str) -> Iterator[ServerEvent]:
    """The events as they come, pings among them.  Raises `TooLarge`, and what `chunks` raises."""
    name, data, last_id, size = "message", list[str](), None, 0
    for line in _lines(chunks, where):
        size += len(line) + 1
        if size > EVENT_BYTES_LIMIT:
            raise TooLarge(where, EVENT_BYTES_LIMIT)
        if line.startswith(":"):
            yield ServerEvent(None, line[1:].strip(), last_id)
        elif line == "":
            if data:
                yield ServerEvent(name, "\n".join(data), last_id)
            name, data, size = "message", [], 0
        else:
            field, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if field == "event":
                name = value
            elif field == "data":
                data.append(value)
            elif field == "id" and "\0" not in value:
                last_id = value


def _lines(chunks: Iterator[bytes], where: str) -> Iterator[str]:
    """Whole lines; they end with LF, CR LF or CR."""
    rest = b""
    for chunk in chunks:
        rest += chunk
        kept = rest[-1:] == b"\r"  # a line feed may follow, in the next chunk
        whole = rest[:-1] if kept else rest
        *lines, rest = whole.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        rest += b"\r" if kept else b""
        for line in lines:
            yield line.decode("utf-8", "replace")
        if len(rest) > EVENT_BYTES_LIMIT:
            raise TooLarge(where, EVENT_BYTES_LIMIT)
