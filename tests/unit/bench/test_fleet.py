"""The measuring of a fleet: its goals can be missed, and its client reads what HTTP has."""

import asyncio

import pytest

from bench.fleet.goals import Goal
from bench.fleet.wire import Address, BrokenOffError, Line, PushLine, Reply, request


async def _ask(answer: bytes) -> Reply:
    """What the client makes of an answer, in two pieces."""

    async def say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer[:20])
        await writer.drain()
        writer.write(answer[20:])
        writer.close()

    async with await asyncio.start_server(say, "127.0.0.1", 0) as server:
        line = Line()
        await line.connect(Address("127.0.0.1", server.sockets[0].getsockname()[1]))
        try:
            return await line.ask(request("GET", "/", {}))
        finally:
            line.close()


def test_an_answer_with_a_length_one_in_chunks_and_one_without_a_body_are_read_whole() -> None:
    whole = asyncio.run(_ask(b"HTTP/1.1 200 OK\r\nETag: x\r\nContent-Length: 3\r\n\r\nabc"))
    assert (whole.status, whole.headers[b"etag"], whole.body) == (200, b"x", b"abc")
    chunks = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"
    assert asyncio.run(_ask(chunks)).body == b"abc"
    assert asyncio.run(_ask(b"HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n")).status == 304


def test_an_answer_that_breaks_off_is_an_error() -> None:
    with pytest.raises(BrokenOffError):
        asyncio.run(_ask(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\na"))


def test_a_push_is_heard_though_it_comes_in_pieces_and_a_ping_is_none() -> None:
    looks: list[int] = []
    push = PushLine(lambda: looks.append(1), lambda: None)
    for piece in (b": ping\n\n", b"event: lo", b"ok\nid: 7\ndata: 7\n\nevent: wanted\n", b"\n"):
        push.on_body(piece)
    assert looks == [1]


def test_only_this_machine_is_measured() -> None:
    with pytest.raises(ValueError, match="not on this machine"):
        Address.of("http://signage.example:80")


@pytest.mark.parametrize(
    ("goal", "met"),
    [
        (Goal("poll", "ms", 0.15), True),
        (Goal("poll", "ms", 0.09), False),
        (Goal("poll", "ms", 0.2, at_least=True), False),
        (Goal("poll", "another", 1), None),
    ],
)
def test_a_goal_can_be_met_missed_and_left_open(goal: Goal, met: bool | None) -> None:
    assert goal.judge({"poll": {"ms": 0.1}}).met is met
