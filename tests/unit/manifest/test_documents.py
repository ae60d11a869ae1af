"""Roots, freshness and bundles: well formed or refused with a path."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from manifest.documents import (
    decode_bundle,
    decode_freshness,
    decode_root,
    encode_bundle,
    encode_freshness,
    encode_root,
)
from manifest.envelope import DocumentType, open_envelope
from manifest.errors import ManifestFormatError
from manifest.keys import key_id
from tests.simulators.publisher import Publisher, a_signer

Decode = Callable[[bytes], Any]


def payload(name: str) -> bytes:
    publisher = Publisher()
    sealed = {
        "root": publisher.roots[0],
        "freshness": publisher.freshness_bytes(challenge="0123456789abcdef"),
        "bundle": publisher.bundle_bytes(),
    }[name]
    return open_envelope(sealed, DocumentType[name.upper()]).payload


CODECS: dict[str, tuple[Decode, Callable[[Any], bytes]]] = {
    "root": (decode_root, encode_root),
    "freshness": (decode_freshness, encode_freshness),
    "bundle": (decode_bundle, encode_bundle),
}


@pytest.mark.parametrize("name", CODECS)
def test_what_is_published_survives_being_read_and_written(name: str) -> None:
    decode, encode = CODECS[name]
    assert encode(decode(payload(name))) == payload(name)


@pytest.mark.parametrize("name", CODECS)
def test_every_key_is_required_and_none_may_be_added(name: str) -> None:
    decode, _ = CODECS[name]
    document = json.loads(payload(name))
    for key in document.keys() - {"challenge"}:
        without = {each: value for each, value in document.items() if each != key}
        with pytest.raises(ManifestFormatError, match=rf"^\$\.{key}: expected .*, got nothing"):
            decode(json.dumps(without).encode())
    with pytest.raises(ManifestFormatError, match=r"^\$\.new: expected only the keys"):
        decode(json.dumps(document | {"new": 1}).encode())
    with pytest.raises(ManifestFormatError, match=r"^\$\.format: expected"):
        decode(json.dumps(document | {"format": "yingbi/1"}).encode())


@pytest.mark.parametrize("name", CODECS)
def test_more_bytes_than_the_cap_are_not_parsed(name: str) -> None:
    decode, _ = CODECS[name]
    cap = DocumentType[name.upper()].max_bytes
    assert decode(payload(name).ljust(cap))
    with pytest.raises(ManifestFormatError, match=f"expected at most {cap} bytes"):
        decode(payload(name).ljust(cap + 1))


@pytest.mark.parametrize("challenge", ["", "short", "x" * 65, "0123456789abcde ", 1, None])
def test_a_challenge_of_another_shape(challenge: object) -> None:
    document = json.loads(payload("freshness")) | {"challenge": challenge}
    with pytest.raises(ManifestFormatError, match=r"^\$\.challenge: "):
        decode_freshness(json.dumps(document).encode())


# --- roots ---------------------------------------------------------------------------------------


def changed_root(change: Callable[[dict[str, Any], Publisher], None]) -> bytes:
    publisher = Publisher()
    document = json.loads(encode_root(publisher.root()))
    change(document, publisher)
    return json.dumps(document).encode()


def _share(role: str, with_role: str) -> Callable[[dict[str, Any], Publisher], None]:
    def change(document: dict[str, Any], _publisher: Publisher) -> None:
        roles = document["roles"]
        roles[role] = {"keyids": roles[with_role]["keyids"][:1], "threshold": 1}

    return change


def _set(path: str, value: object) -> Callable[[dict[str, Any], Publisher], None]:
    def change(document: dict[str, Any], _publisher: Publisher) -> None:
        *steps, last = path.split(".")
        for step in steps:
            document = document[step]
        document[last] = value

    return change


def _key(public_key: bytes) -> Callable[[dict[str, Any], Publisher], None]:
    def change(document: dict[str, Any], _publisher: Publisher) -> None:
        document["keys"][key_id(public_key)] = {"alg": "ed25519", "public": public_key.hex()}

    return change


def _misnamed_key(document: dict[str, Any], publisher: Publisher) -> None:
    other = a_signer("other").public_key.hex()
    document["keys"][key_id(publisher.signers["bundle"][0].public_key)]["public"] = other


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (_set("roles.root.threshold", 4), r"\$\.roles\.root\.threshold: expected an integer"),
        (_set("roles.root.threshold", 0), r"\$\.roles\.root\.threshold: expected an integer"),
        (_set("roles.publisher.threshold", 0), r"\$\.roles\.publisher\.threshold: expected"),
        (_set("roles.publisher", {}), r"\$\.roles\.publisher\.threshold: expected an integer"),
        (_set("roles.freshness", {}), r"\$\.roles\.freshness\.threshold: expected an integer"),
        (_set("roles.bundle.threshold", 0), r"\$\.roles\.bundle\.threshold: expected .* from 1"),
        (_set("roles.approver", {"keyids": [], "threshold": 1}), r"\$\.roles\.approver\.threshold"),
        (_set("roles.bundle.keyids", ["0" * 16]), r"\$\.roles\.bundle\.keyids\[0\]: expected an"),
        (_set("epoch", 0), r"\$\.epoch: expected an integer ≥ 1, got 0"),
        (_share("publisher", "root"), r"\$\.roles\.publisher\.keyids\[0\]: expected a key that is"),
        (_share("bundle", "root"), r"\$\.roles\.bundle\.keyids\[0\]: expected a key that is not"),
        (_share("approver", "publisher"), r"\$\.roles\.approver\.keyids\[0\]: expected a key that"),
        (_misnamed_key, r"\$\.keys\.[0-9a-f]{16}: expected the id of this key"),
        (_key(bytes(32)), r"\.public: expected a canonical Ed25519 public key"),
        (_key((1).to_bytes(32, "little")), r"\.public: expected a canonical Ed25519 public key"),
        (_key(b"\xff" * 32), r"\.public: expected a canonical Ed25519 public key"),
    ],
)
def test_a_root_that_nobody_should_trust(
    change: Callable[[dict[str, Any], Publisher], None], message: str
) -> None:
    with pytest.raises(ManifestFormatError, match=message):
        decode_root(changed_root(change))


def test_a_key_that_is_listed_twice_in_a_role_does_not_count_twice() -> None:
    def repeat(document: dict[str, Any], _publisher: Publisher) -> None:
        role = document["roles"]["root"]
        role["keyids"] = [role["keyids"][0]] * 2

    with pytest.raises(ManifestFormatError, match=r"^\$\.roles\.root\.keyids\[1\]: expected each"):
        decode_root(changed_root(repeat))


def test_another_algorithm_is_not_known_yet() -> None:
    def change(document: dict[str, Any], _publisher: Publisher) -> None:
        next(iter(document["keys"].values()))["alg"] = "sm2"

    with pytest.raises(ManifestFormatError, match=r'\.alg: expected "ed25519", got "sm2"'):
        decode_root(changed_root(change))


def test_one_online_key_may_publish_and_say_what_is_fresh() -> None:
    """Level 1 on a small site: one key in the server, three offline."""
    assert decode_root(changed_root(_share("freshness", "publisher")))


def test_a_small_site_may_have_one_of_two_root_keys() -> None:
    def change(document: dict[str, Any], _publisher: Publisher) -> None:
        document["roles"]["root"]["threshold"] = 1

    assert decode_root(changed_root(change))
