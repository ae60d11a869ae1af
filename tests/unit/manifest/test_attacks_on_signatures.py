"""Attacks with signatures, on every type of document; the names follow docs/trust.md, section 6."""

import json

import pytest

from manifest.documents import ManifestReference
from manifest.envelope import DocumentType, seal
from manifest.errors import (
    BadSignature,
    DigestMismatch,
    ManifestFormatError,
    TooLarge,
    WrongDocument,
)
from manifest.times import unix_ms
from manifest.trust import Trust
from manifest.trust_state import TrustState
from tests.simulators.player import fresh_pass, later, refused
from tests.simulators.publisher import Publisher, a_signer


def _before(name: str, state: TrustState, publisher: Publisher) -> Trust:
    if name == "manifest":
        publisher.publish()
        return fresh_pass(state, publisher)
    return Trust(state, publisher.now)


@pytest.mark.parametrize("name", ["root", "freshness", "manifest", "bundle"])
class TestEveryDocument:
    """Signatures count the same for all four types."""

    def test_unsigned(self, name: str, state: TrustState, publisher: Publisher) -> None:
        trust = _before(name, state, later(publisher))
        with refused(trust, BadSignature, "none that is valid"):
            getattr(trust, name)(publisher.signed_by(name, []))

    def test_signed_with_an_unknown_key(
        self, name: str, state: TrustState, publisher: Publisher
    ) -> None:
        trust = _before(name, state, later(publisher))
        with refused(trust, BadSignature):
            getattr(trust, name)(publisher.signed_by(name, [a_signer("somebody")]))

    def test_signed_by_the_keys_of_every_other_role(
        self, name: str, state: TrustState, publisher: Publisher
    ) -> None:
        role = "publisher" if name == "manifest" else name
        others = [key for other, keys in publisher.signers.items() if other != role for key in keys]
        trust = _before(name, state, later(publisher))
        with refused(trust, BadSignature):
            getattr(trust, name)(publisher.signed_by(name, others))

    def test_signed_as_another_type_of_document(
        self, name: str, state: TrustState, publisher: Publisher
    ) -> None:
        role = "publisher" if name == "manifest" else name
        trust = _before(name, state, later(publisher))
        other = DocumentType.FRESHNESS if name != "freshness" else DocumentType.MANIFEST
        with refused(trust, WrongDocument):
            getattr(trust, name)(seal(other, b"{}", publisher.signers[role]))

    def test_a_true_signature_under_another_type_does_not_count(
        self, name: str, state: TrustState, publisher: Publisher
    ) -> None:
        """The type is part of what is signed: relabelling an envelope breaks it."""
        role = "publisher" if name == "manifest" else name
        other = DocumentType.FRESHNESS if name != "freshness" else DocumentType.MANIFEST
        sealed = json.loads(seal(other, b"{}", publisher.signers[role]))
        sealed["payloadType"] = DocumentType[name.upper()].payload_type
        trust = _before(name, state, later(publisher))
        if name == "manifest":  # there the digest is looked at first
            with refused(trust, DigestMismatch):
                trust.manifest(json.dumps(sealed).encode())
        else:
            with refused(trust, BadSignature):
                getattr(trust, name)(json.dumps(sealed).encode())

    def test_one_bit_of_the_signature_changed(
        self, name: str, state: TrustState, publisher: Publisher
    ) -> None:
        trust = _before(name, state, later(publisher))
        sealed = json.loads(getattr(publisher, f"{name}_bytes")())
        for signature in sealed["signatures"]:
            first = signature["sig"][0]
            signature["sig"] = ("B" if first == "A" else "A") + signature["sig"][1:]
        with refused(trust, BadSignature):
            getattr(trust, name)(json.dumps(sealed).encode())

    def test_more_bytes_than_the_cap(
        self, name: str, state: TrustState, publisher: Publisher
    ) -> None:
        trust = _before(name, state, later(publisher))
        kind = DocumentType[name.upper()]
        with refused(trust, TooLarge):
            getattr(trust, name)(b" " * (kind.max_envelope_bytes + 1))
        role = "publisher" if name == "manifest" else name
        with refused(trust, TooLarge):
            getattr(trust, name)(seal(kind, b" " * (kind.max_bytes + 1), publisher.signers[role]))

    def test_a_malformed_document_with_a_true_signature(
        self, name: str, state: TrustState, publisher: Publisher
    ) -> None:
        role = "publisher" if name == "manifest" else name
        publisher.payload = b'{"format": "yingbi/1", "version": 9' + b"[" * 1000
        later(publisher)
        trust = _before_malformed(name, state, publisher)
        with refused(trust, ManifestFormatError):
            getattr(trust, name)(
                seal(DocumentType[name.upper()], publisher.payload, publisher.signers[role])
            )


def _before_malformed(name: str, state: TrustState, publisher: Publisher) -> Trust:
    trust = Trust(state, publisher.now)
    if name == "manifest":
        trust.freshness(publisher.freshness_bytes(manifest=_announcing(publisher)))
    return trust


def _announcing(publisher: Publisher) -> ManifestReference:
    publisher.document["version"] = unix_ms(publisher.now)
    return publisher.reference
