"""Bodies with a cap, zipped or not; one shape for errors."""

import asyncio
import gzip
import json

import pytest

from server.errors import TooLarge, TooManyRequests
from server.players.errors import Malformed, TokenRefused, WrongEncoding
from server.players.exchange import Exchange, error_answer
from server.players.pairing import PairingRequest


def an_exchange(*pieces: bytes, **headers: str) -> Exchange:
    messages = [
        {"type": "http.request", "body": piece, "more_body": number + 1 < len(pieces)}
        for number, piece in enumerate(pieces or (b"",))
    ]

    async def receive():
        return messages.pop(0) if messages else {"type": "http.disconnect"}

    named = [(key.replace("_", "-").encode(), value.encode()) for key, value in headers.items()]
    return Exchange({"headers": named, "method": "POST", "query_string": b""}, receive, None)


def body(exchange: Exchange, cap: int = 100) -> bytes:
    return asyncio.run(exchange.body(cap))


def test_a_body_comes_in_pieces():
    assert body(an_exchange(b"one ", b"two")) == b"one two"


def test_a_body_beyond_its_cap_is_refused_announced_or_not():
    with pytest.raises(TooLarge):
        body(an_exchange(b"", content_length="101"))
    with pytest.raises(TooLarge):
        body(an_exchange(*[b"x" * 60] * 2))


def test_a_zipped_body_is_unzipped_and_a_bomb_is_not():
    assert (
        body(an_exchange(gzip.compress(b"report" * 10), content_encoding="gzip")) == b"report" * 10
    )
    bomb = gzip.compress(b"\0" * 10_000_000)
    with pytest.raises(TooLarge):
        body(an_exchange(bomb, content_encoding="gzip"), cap=20_000)


@pytest.mark.parametrize(
    ("sent", "encoding", "error"),
    [
        (b"no gzip", "gzip", Malformed),
        (gzip.compress(b"whole", mtime=0)[:-4], "gzip", Malformed),
        (b"x", "br", WrongEncoding),
    ],
)
def test_a_body_that_cannot_be_unzipped_is_refused(sent, encoding, error):
    with pytest.raises(error):
        body(an_exchange(sent, content_encoding=encoding))


def test_a_body_that_breaks_off_is_refused():
    exchange = an_exchange(b"half")
    first = asyncio.run(exchange.receive())

    async def receive():
        return (
            first | {"more_body": True} if first.pop("body", None) else {"type": "http.disconnect"}
        )

    exchange.receive = receive
    with pytest.raises(Malformed):
        body(exchange)


@pytest.mark.parametrize(
    "sent",
    [b"", b"[]", b"{", b'{"device": 7}', b'{"device": {}, "enrolment_key": ""}', b"\xff",
     b'{"device": {"x": ' + b"[" * 100_000],
)  # fmt: skip
def test_json_that_is_not_as_described_says_where(sent):
    with pytest.raises(Malformed, match="not as described"):
        asyncio.run(an_exchange(sent).json(PairingRequest, 200_000))


def test_every_refusal_has_the_one_shape():
    answer = error_answer(TooManyRequests("Too many: try again in 7 s.", retry_after_s=7))
    shape = {"code": "TOO_MANY_REQUESTS", "message": "Too many: try again in 7 s.", "details": {}}
    assert json.loads(answer.body) == {"error": shape}
    assert (b"retry-after", b"7") in answer.headers
    assert (b"www-authenticate", b"Bearer") in error_answer(TokenRefused()).headers
