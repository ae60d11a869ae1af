"""Bytes that are no manifest at all, numbers that are none, keys twice, and how errors look."""

import json

import pytest

from manifest.codec import decode
from manifest.errors import ManifestFormatError
from tests.simulators.manifests import a_full_document, refusal_of, with_change


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "$: expected JSON, got a syntax error at line 1 column 1 (Expecting value)"),
        (b"null", "$: expected an object, got null"),
        (b"[]", "$: expected an object, got an array"),
        (b"{} {}", "$: expected JSON, got a syntax error"),
        (b'{"format": 1,}', "$: expected JSON, got a syntax error"),
        (b"\xef\xbb\xbf{}", "$: expected JSON, got a syntax error"),
        (b"\xff\xfe{\0}\0", "$: expected UTF-8, got byte 0xff at offset 0"),
        (b'{"a": "\xed\xa0\x80"}', "$: expected UTF-8, got byte 0xed at offset 7"),
        (b'{"a": "\xc0\xaf"}', "$: expected UTF-8"),
        (b'{"a": "\n"}', "$: expected JSON, got a syntax error"),
        (b'{"a": ' + b"9" * 5000 + b"}", "$: expected integers up to ±9007199254740991"),
        (b"[" * 100_000, "$: expected nesting of at most 32 levels, got more"),
        (b'{"a":' * 100_000, "$: expected nesting of at most 32 levels, got more"),
        (b'{"format": "yingbi/1", "format": "yingbi/1"}', "$.format: expected each key once"),
    ],
    ids=lambda value: repr(value[:20]) if isinstance(value, bytes) else "",
)  # fmt: skip
def test_bytes_that_are_no_manifest(data: bytes, message: str) -> None:
    assert message in refusal_of(data)


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity", b"1e999", b"-1e999"])
def test_numbers_that_are_none(number: bytes) -> None:
    whole = json.dumps(a_full_document()).encode()
    in_a_field = whole.replace(b'"duration_ms": 10000', b'"duration_ms": ' + number)
    assert "duration_ms: expected an integer ≥ 100, got " in refusal_of(in_a_field)
    in_card_data = whole.replace(b'"headline": ', b'"n": ' + number + b', "headline": ')
    assert "$.assets.a4.data.n: expected a finite number, got " in refusal_of(in_card_data)


@pytest.mark.parametrize(
    ("before", "path"),
    [
        (b'"id": "i1"', "$.playlists.p0.items[0].id"),
        (b'"a1": {', "$.assets.a1"),
        (b'"headline": ', "$.assets.a4.data.headline"),
    ],
)
def test_a_key_that_is_there_twice_is_named(before: bytes, path: str) -> None:
    key = before.partition(b":")[0]
    twice = json.dumps(a_full_document()).encode().replace(before, key + b": 1, " + before, 1)
    assert refusal_of(twice) == f"{path}: expected each key once, got it twice"


def test_a_newer_format_is_refused_for_that_and_for_nothing_else() -> None:
    """M13: the agent reads `path` and asks for an upgrade of the player."""
    newer = a_full_document() | {"format": "yingbi/2", "holograms": {}}
    with pytest.raises(ManifestFormatError) as refused:
        decode(json.dumps(newer).encode())
    assert refused.value.path == "$.format"


def test_what_an_error_shows_of_a_value_is_short_and_safe_on_a_terminal() -> None:
    for nasty in ("\x1b[2J" * 1000, "\u202e\u2028\x7f\x9b", "x" * 10_000):
        message = refusal_of(with_change("site", nasty))
        assert message.isprintable()
        assert len(message) < 500
        message.encode()
    strange_key = json.dumps(a_full_document() | {"\ud800\x1b\n": 1}).encode()
    refusal_of(strange_key).encode()
