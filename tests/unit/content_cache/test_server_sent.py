"""Server-sent events come out as they went in, however the network cuts the stream."""

import itertools

import pytest

from content_cache.fetch_errors import TooLarge
from content_cache.server_sent import EVENT_BYTES_LIMIT, ServerEvent, server_events

STREAM = b': ping\n\nid: 7\nevent: look\ndata: {"a":1}\ndata: two\n\nevent: wanted\ndata:x\n\n'
DUE = [
    ServerEvent(None, "ping", None),
    ServerEvent("look", '{"a":1}\ntwo', "7"),
    ServerEvent("wanted", "x", "7"),
]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_events_come_whole_whatever_the_chunks_and_line_ends(end: bytes, size: int) -> None:
    stream = STREAM.replace(b"\n", end)
    chunks = [stream[at : at + size] for at in range(0, len(stream), size)]
    if end == b"\r":
        chunks.append(b"\r")  # only what follows tells that no line feed does
    assert list(server_events(iter(chunks), "there")) == DUE


def test_an_event_without_data_is_none() -> None:
    assert list(server_events(iter([b"event: look\n\n"]), "there")) == []


def test_what_breaks_off_is_not_taken_for_an_event() -> None:
    assert list(server_events(iter([b"event: look\ndata: x\n"]), "there")) == []


@pytest.mark.parametrize("endless", [b"x" * 1000, b"data: x\n" * 100])
def test_an_endless_line_or_event_ends_the_stream(endless: bytes) -> None:
    chunks = itertools.repeat(endless, EVENT_BYTES_LIMIT // len(endless) + 10)
    with pytest.raises(TooLarge):
        list(server_events(chunks, "there"))
