"""The DSSE envelope: what is signed, and every way to write one wrong."""

import base64
import json
from typing import Any

import pytest

from manifest.envelope import (
    MAX_SIGNATURES,
    DocumentType,
    Envelope,
    open_envelope,
    pae,
    seal,
    signed_by,
)
from manifest.errors import ManifestFormatError, TooLarge, WrongDocument
from manifest.keys import key_id
from tests.simulators.publisher import a_signer

SIGNER = a_signer("publisher")
KEYS = {key_id(SIGNER.public_key): SIGNER.public_key}
KIND = DocumentType.FRESHNESS


def sealed(payload: bytes = b"{}", /, **changes: Any) -> dict[str, Any]:
    envelope: dict[str, Any] = json.loads(seal(KIND, payload, [SIGNER]))
    return envelope | changes


def opened(envelope: object) -> Envelope:
    return open_envelope(json.dumps(envelope).encode(), KIND)


def test_the_pre_authentication_encoding_is_that_of_the_dsse_specification() -> None:
    assert (
        pae("http://example.com/HelloWorld", b"hello world")
        == b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    )


def test_what_is_sealed_opens_and_counts() -> None:
    envelope = opened(sealed(b'{"a": 1}'))
    assert envelope.payload == b'{"a": 1}'
    assert signed_by(envelope, KEYS) == set(KEYS)


def test_the_order_of_keys_and_white_space_do_not_matter() -> None:
    envelope = dict(reversed(sealed().items()))
    assert open_envelope(json.dumps(envelope, indent=4).encode(), KIND) == opened(sealed())


def test_a_signature_of_a_key_that_is_not_asked_for_does_not_count() -> None:
    assert signed_by(opened(sealed()), {}) == frozenset()


def test_two_signatures_of_one_key_count_once() -> None:
    twice = sealed()
    twice["signatures"] *= 2
    assert len(signed_by(opened(twice), KEYS)) == 1


def test_one_true_signature_among_false_ones_of_the_same_key_counts() -> None:
    envelope = sealed()
    false = {**envelope["signatures"][0], "sig": base64.b64encode(b"\0" * 64).decode()}
    envelope["signatures"] = [false, *envelope["signatures"]]
    assert signed_by(opened(envelope), KEYS) == set(KEYS)


def test_a_signature_under_the_id_of_another_key_does_not_count() -> None:
    """The key id is a hint that nobody signed; it only says which key to try."""
    other = a_signer("other").public_key
    envelope = sealed()
    envelope["signatures"][0]["keyid"] = key_id(other)
    assert signed_by(opened(envelope), {**KEYS, key_id(other): other}) == frozenset()


@pytest.mark.parametrize(
    ("payload", "why"),
    [
        ("e30", "no padding"),
        ("e30=\n", "a line break"),
        ("e3 0=", "a blank"),
        ("e30==", "too much padding"),
        ("e31=", "bits that no byte holds"),
        ("e3-_", "the alphabet of URLs"),
        ("e30=e30=", "two in one"),
        ("é", "not ASCII"),
        ("=", "padding only"),
    ],
)
def test_base64_that_is_not_strict(payload: str, why: str) -> None:
    with pytest.raises(ManifestFormatError, match=r"^\$\.payload: expected standard base64"):
        opened(sealed(payload=payload))
    envelope = sealed()
    envelope["signatures"][0]["sig"] = payload
    with pytest.raises(ManifestFormatError, match=r"^\$\.signatures\[0\]\.sig: expected standard"):
        opened(envelope)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"payload": None}, r"\$\.payload: expected standard base64 with padding, got null"),
        ({"signatures": {}}, r"\$\.signatures: expected an array, got an object"),
        ({"signatures": [{}]}, r"\$\.signatures\[0\]\.keyid: expected a key id .*, got nothing"),
        ({"signatures": [1]}, r"\$\.signatures\[0\]: expected an object, got 1"),
        ({"signatures": [{"keyid": "A" * 16, "sig": ""}]}, r"\$\.signatures\[0\]\.keyid: "),
        ({"more": 1}, r"\$\.more: expected only the keys payload, payloadType, signatures"),
        ({"payloadType": 1}, r"\$\.payloadType: expected a string, got 1"),
    ],
)
def test_envelopes_of_another_shape(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ManifestFormatError, match=message):
        opened(sealed(**changes))


def test_a_key_that_is_there_twice() -> None:
    text = json.dumps(sealed())[:-1] + ', "payload": "e30="}'
    with pytest.raises(ManifestFormatError, match=r"^\$\.payload: expected each key once"):
        open_envelope(text.encode(), KIND)


@pytest.mark.parametrize("payload_type", ["", "application/json", "x" * 5000, "\ud800"])
def test_another_type(payload_type: str) -> None:
    with pytest.raises((WrongDocument, ManifestFormatError)):
        opened(sealed(payloadType=payload_type))


def test_more_signatures_than_may_be() -> None:
    envelope = sealed()
    envelope["signatures"] *= MAX_SIGNATURES
    assert signed_by(opened(envelope), KEYS)
    envelope["signatures"].append(envelope["signatures"][0])
    with pytest.raises(ManifestFormatError, match="at most 16"):
        opened(envelope)


@pytest.mark.parametrize(
    "filler", [b"[],", b"{},", b'"a":[],', b"1,", b'"",'], ids=lambda filler: filler.decode()
)
def test_a_flood_of_values_is_refused_before_it_is_parsed(filler: bytes) -> None:
    """Twelve megabytes of `[],` would be four million lists, from somebody who signed nothing."""
    flood = b'{"signatures":[' + filler * (2**20 // len(filler))
    with pytest.raises(ManifestFormatError, match="nothing else, got one with"):
        open_envelope(flood, DocumentType.MANIFEST)


def test_100000_levels_of_nesting() -> None:
    for deep in (b"[" * 100_000, b'{"signatures":' * 100_000, b'{"a":[' * 50_000):
        with pytest.raises(ManifestFormatError, match="nesting of at most 32 levels"):
            open_envelope(deep, DocumentType.MANIFEST)


@pytest.mark.parametrize("kind", DocumentType)
def test_every_type_has_a_cap_for_document_and_envelope(kind: DocumentType) -> None:
    largest = seal(kind, b" " * kind.max_bytes, [SIGNER] * MAX_SIGNATURES)
    assert len(largest) <= kind.max_envelope_bytes
    assert len(open_envelope(largest, kind).payload) == kind.max_bytes
    with pytest.raises(TooLarge, match=f"may have {kind.max_bytes} bytes"):
        open_envelope(seal(kind, b" " * (kind.max_bytes + 1), [SIGNER]), kind)


def test_the_caps_are_those_of_the_documentation() -> None:
    caps = {kind.name: kind.max_bytes for kind in DocumentType}
    assert caps == {"ROOT": 65536, "FRESHNESS": 4096, "MANIFEST": 8388608, "BUNDLE": 1048576}
