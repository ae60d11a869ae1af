"""Broken copies of a document: bits flipped, bytes moved, values swapped for nasty ones.

Every mutant comes from a `random.Random` of the caller's, so a seed tells the whole story.
"""

import base64
import json
from random import Random
from typing import Any

__all__ = ["mutated_bytes", "mutated_envelope", "mutated_json"]

#: What parsers and checks have stumbled over before.
NASTY_TOKENS = [
    b"NaN", b"-Infinity", b"1e999", b"-0", b"1.0", b"1e2", b"9" * 400, b"true", b"null", b'""',
    b"[", b"{", b"]", b"}", b'"', b",", b":", b"\\", b"\\u0000", b"\\ud800", b"\xed\xa0\x80",
    b"\xff", b"\0", b"\xef\xbb\xbf", b"[" * 2000, b'{"a":' * 2000, b" " * 100, b"\xe2\x80\xae",
    b"/*", b"//",
]  # fmt: skip

NASTY_VALUES: list[Any] = [
    None, True, False, 0, -1, 1, 1.5, -0.0, 1e308, 2**31, 2**53, 2**63, -(2**63), 10**40, 99, 100,
    "", " ", "\0", "\ud800", "é", "x" * 65, "../../x", "2026-02-30T00:00:00Z",
    "9999-12-31T23:59:59Z", "0001-01-01T00:00:00", "FREQ=SECONDLY", "FREQ=DAILY;COUNT=0",
    "yingbi/2", "Asia/Nowhere", "#GGGGGG",
    [], {}, [[]], [None], {"": 0}, {"kind": "image"},
]  # fmt: skip


def mutated_bytes(data: bytes, draw: Random) -> bytes:
    """`data` with one to three byte-level changes."""
    changed = bytearray(data)
    for _ in range(draw.choice((1, 1, 1, 2, 3))):
        start = draw.randrange(len(changed) + 1)
        end = min(len(changed), start + draw.choice((1, 1, 2, 8, 64)))
        match draw.randrange(6):
            case 0 if start < len(changed):
                changed[start] ^= 1 << draw.randrange(8)
            case 1 if start < len(changed):
                changed[start] = draw.randrange(256)
            case 2:
                del changed[start:end]
            case 3:
                changed[start:start] = changed[start:end] * draw.choice((1, 2))
            case 4:
                changed[start:start] = draw.choice(NASTY_TOKENS)
            case _:
                other = draw.randrange(len(changed) + 1)
                changed[other:other] = changed[start:end]
    return bytes(changed)


def mutated_json(data: bytes, draw: Random) -> bytes:
    """The JSON document `data` with one value swapped, dropped, repeated or renamed."""
    document = json.loads(data)
    place, key = _somewhere(document, draw)
    match draw.randrange(6):
        case 0:
            del place[key]
        case 1 if isinstance(place, dict):
            place[draw.choice(("", "new", "id", "kind", "\ud800"))] = place[key]
        case 1:
            place.append(place[key])
        case 2:
            other, other_key = _somewhere(document, draw)
            place[key], other[other_key] = other[other_key], place[key]
            return _dumped(document, data)
        case _:
            place[key] = draw.choice(NASTY_VALUES)
    return _dumped(document, data)


def _dumped(document: Any, data: bytes) -> bytes:
    try:
        return json.dumps(document, ensure_ascii=False).encode(errors="surrogatepass")
    except ValueError:  # a swap put a value inside itself
        return data[:-1]


def _somewhere(document: Any, draw: Random) -> tuple[Any, Any]:
    """A container in the document, and a key or position in it; leaves are likelier than roots."""
    place, key = document, draw.choice(list(document))
    while isinstance(place[key], dict | list) and place[key] and draw.random() < 0.8:
        place = place[key]
        key = draw.choice(list(place)) if isinstance(place, dict) else draw.randrange(len(place))
    return place, key


def mutated_envelope(data: bytes, draw: Random) -> bytes:
    """An envelope with its payload, its signatures or its bytes changed."""
    kind = draw.randrange(4)
    if kind == 0:
        return mutated_bytes(data, draw)
    if kind == 1:
        return mutated_json(data, draw)
    envelope = json.loads(data)
    if kind == 2:
        payload = base64.b64decode(envelope["payload"])
        change = draw.choice((mutated_bytes, mutated_json))
        envelope["payload"] = base64.b64encode(change(payload, draw)).decode()
    else:
        _mutate_signature(draw.choice(envelope["signatures"]), draw)
    return json.dumps(envelope).encode()


def _mutate_signature(signature: dict[str, str], draw: Random) -> None:
    raw = base64.b64decode(signature["sig"])
    if draw.random() < 0.3:
        signature["keyid"] = mutated_bytes(signature["keyid"].encode(), draw).decode("latin-1")
    else:
        signature["sig"] = base64.b64encode(mutated_bytes(raw, draw)).decode()
