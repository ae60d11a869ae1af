"""Mutants of signed documents: none is believed, and only two kinds of error come out.

`YINGBI_FUZZ_SEED` repeats a run; without it every run tries other mutants and prints its seed.
`make deep` tries twenty times as many.  The negative control runs the same loop against a verifier
that believes every signature, and must see what that lets in.
"""

import hashlib
import json
import os
import secrets
from collections import Counter
from collections.abc import Callable
from random import Random
from typing import NamedTuple

import pytest

from manifest.codec import decode, encode
from manifest.documents import (
    ManifestReference,
    decode_bundle,
    decode_freshness,
    decode_root,
    encode_bundle,
    encode_freshness,
    encode_root,
)
from manifest.envelope import DocumentType, open_envelope
from manifest.errors import ManifestFormatError, TrustError
from manifest.trust import Trust
from manifest.trust_state import decode_state, encode_state
from tests.conftest import DEEP, long_when_deep
from tests.simulators.manifests import a_card, a_document, a_stream, a_video, an_image, an_item
from tests.simulators.mutants import mutated_bytes, mutated_envelope, mutated_json
from tests.simulators.publisher import Publisher

MUTANTS = 1_000_000 if DEEP else 50_000

Outcomes = Counter[str]


def a_seed() -> int:
    return int(os.environ.get("YINGBI_FUZZ_SEED") or secrets.randbits(32))


@pytest.fixture
def publisher() -> Publisher:
    """A publisher whose manifest has something of everything."""
    window = {
        "start": "2026-11-22T11:00:00", "duration_s": 7200,
        "rrule": "FREQ=WEEKLY;BYDAY=MO,TU;UNTIL=20271231T000000Z",
        "rdates": ["2026-11-28T11:00:00"], "exdates": ["2026-11-23T11:00:00"], "days": "work",
    }  # fmt: skip
    entry = {"id": "e1", "layout": "l0", "priority": 1, "turn_ms": 60_000, "window": window}
    changes = a_document(
        items=[an_item("i1", "a1", weight=2, transition={"kind": "fade", "ms": 600}),
               an_item("i2", "a4", valid_from="2026-11-22T03:00:00Z")],
        assets={"a1": an_image(), "a2": a_video(), "a3": a_stream("a1"), "a4": a_card()},
        entries=[entry],
        panel={"on": [window]},
    )  # fmt: skip
    publisher = Publisher()
    publisher.require_approvers(1)
    publisher.publish(**{key: changes[key] for key in ("assets", "playlists", "entries", "panel")})
    return publisher


# --- the loop ------------------------------------------------------------------------------------


class Offer(NamedTuple):
    """Something that is offered to whoever believes it: `accept` returns the payload it took."""

    original: bytes
    payload: bytes
    accept: Callable[[bytes], bytes]

    def outcome(self, mutant: bytes) -> str:
        """What comes of a mutant; an error that is not documented fails the test."""
        try:
            believed = self.accept(mutant)
        except ManifestFormatError:
            return "malformed"
        except TrustError as error:
            return type(error).__name__
        return "the same document" if believed == self.payload else "another document"

    def fuzz(self, times: int, mutate: Callable[[bytes, Random], bytes], draw: Random) -> Outcomes:
        """Offer `times` mutants and count what comes of them."""
        return Counter(self.outcome(mutate(self.original, draw)) for _ in range(times))


class Screen:
    """A screen before each kind of document; a refusal changes nothing, so it serves again."""

    def __init__(self, publisher: Publisher) -> None:
        self.publisher = publisher
        self.state = publisher.pair()
        self.announced = self.before()
        self.announced.freshness(publisher.freshness_bytes())
        self.pass_ = {kind: self.before() for kind in DocumentType}

    def before(self) -> Trust:
        return Trust(self.state, self.publisher.now)

    def root(self, data: bytes) -> bytes:
        return self._accept(DocumentType.ROOT, data)

    def freshness(self, data: bytes) -> bytes:
        return self._accept(DocumentType.FRESHNESS, data)

    def bundle(self, data: bytes) -> bytes:
        return self._accept(DocumentType.BUNDLE, data)

    def _accept(self, kind: DocumentType, data: bytes) -> bytes:
        getattr(self.pass_[kind], kind.value[0])(data)
        self.pass_[kind] = self.before()
        return open_envelope(data, kind).payload

    def manifest(self, data: bytes) -> bytes:
        """Offer a manifest where the freshness names the true one."""
        self.announced.manifest(data)
        return open_envelope(data, DocumentType.MANIFEST).payload

    def manifest_as_announced(self, data: bytes) -> bytes:
        """As if the thief of the freshness key helped: only the signature stands in the way."""
        payload = open_envelope(data, DocumentType.MANIFEST).payload
        version = self.publisher.version
        digest = hashlib.sha256(payload).hexdigest()
        self.announced._newest = ManifestReference(version, digest, len(payload))
        self.announced.manifest(data)
        return payload


def fuzz_a_screen(publisher: Publisher, mutants: int, draw: Random) -> Outcomes:
    """Mutants of all envelopes, in shares of `mutants`."""
    screen = Screen(publisher)
    total: Outcomes = Counter()
    for kind, share, data, accept in (
        (DocumentType.MANIFEST, 40, publisher.manifest_bytes(), screen.manifest_as_announced),
        (DocumentType.MANIFEST, 15, publisher.manifest_bytes(), screen.manifest),
        (DocumentType.ROOT, 15, publisher.root_bytes(), screen.root),
        (DocumentType.FRESHNESS, 15, publisher.freshness_bytes(), screen.freshness),
        (DocumentType.BUNDLE, 15, publisher.bundle_bytes(), screen.bundle),
    ):
        offer = Offer(data, open_envelope(data, kind).payload, accept)
        total += offer.fuzz(mutants * share // 100, mutated_envelope, draw)
    return total


def reread(data: bytes) -> bytes:
    """What a decoded document is written as; a manifest that decodes survives its encoding."""
    return encode(decode(data))


def unsigned_documents(publisher: Publisher) -> list[tuple[int, bytes, Callable[[bytes], bytes]]]:
    """Share, bytes and decoder of each kind of document; a decoded one survives its encoding."""

    def payload(data: bytes, kind: DocumentType) -> bytes:
        return open_envelope(data, kind).payload

    return [
        (24, encode(decode(publisher.payload)), reread),
        (
            2,
            payload(publisher.root_bytes(), DocumentType.ROOT),
            lambda data: encode_root(decode_root(data)),
        ),
        (
            2,
            payload(publisher.freshness_bytes(), DocumentType.FRESHNESS),
            lambda data: encode_freshness(decode_freshness(data)),
        ),
        (
            1,
            payload(publisher.bundle_bytes(), DocumentType.BUNDLE),
            lambda data: encode_bundle(decode_bundle(data)),
        ),
        (1, encode_state(publisher.pair()), lambda data: encode_state(decode_state(data))),
    ]


# --- the tests -----------------------------------------------------------------------------------


def report(what: str, seed: int, outcomes: Outcomes, capsys: pytest.CaptureFixture[str]) -> None:
    found = ", ".join(f"{number} {name}" for name, number in outcomes.most_common())
    with capsys.disabled():
        print(f"\n{outcomes.total()} {what}, YINGBI_FUZZ_SEED={seed}: {found}")


@long_when_deep
def test_no_mutant_of_an_envelope_is_believed(
    publisher: Publisher, capsys: pytest.CaptureFixture[str]
) -> None:
    seed = a_seed()
    outcomes = fuzz_a_screen(publisher, MUTANTS * 7 // 10, Random(seed))
    report("mutants of envelopes", seed, outcomes, capsys)
    assert outcomes["another document"] == 0, f"YINGBI_FUZZ_SEED={seed}"
    assert outcomes.total() == MUTANTS * 7 // 10
    assert {"malformed", "BadSignature", "DigestMismatch"} < outcomes.keys()


def test_a_mutant_of_an_unsigned_document_is_refused_in_one_way_or_is_a_whole_document(
    publisher: Publisher, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is signed here, so another title is another manifest; nothing else may happen."""
    seed = a_seed()
    draw = Random(seed)
    outcomes: Outcomes = Counter()
    for share, payload, decoder in unsigned_documents(publisher):
        for mutate in (mutated_bytes, mutated_json):
            offer = Offer(payload, payload, decoder)
            outcomes += offer.fuzz(MUTANTS * share // 200, mutate, draw)
    report("mutants of unsigned documents", seed, outcomes, capsys)
    assert set(outcomes) == {"malformed", "the same document", "another document"}
    assert outcomes["malformed"] > outcomes.total() // 2, f"YINGBI_FUZZ_SEED={seed}"


def test_control_a_verifier_that_believes_every_signature_is_seen(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("manifest.envelope.verify", lambda *_: True)
    outcomes = fuzz_a_screen(publisher, 2000, Random(1))
    assert outcomes["another document"] > 10


def test_control_an_error_that_is_not_documented_is_seen() -> None:
    """A parser that forgets one of its errors fails the loop within a few mutants."""
    original = json.dumps(a_document()).encode()
    forgetful = Offer(original, original, lambda data: json.loads(data) and data)
    with pytest.raises((ValueError, RecursionError)):
        forgetful.fuzz(500, mutated_bytes, Random(1))
