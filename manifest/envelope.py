"""The DSSE envelope around every document: raw bytes, their type, and signatures over both.

Verify first, parse after (docs/manifest.md, 1.2).  `open_envelope` says only that an envelope is
well formed and of the type asked for; whose signatures count is `manifest.trust`'s to decide, with
`signed_by`.  Nothing is ever serialised again to be verified.

A strict profile of DSSE 1.0: standard base64 with padding, at most 16 signatures, no other keys.
"""

from collections.abc import Iterable, Mapping
from enum import Enum

from msgspec import Struct, field

from manifest.codec import MAX_MANIFEST_BYTES
from manifest.errors import ManifestFormatError, TooLarge, WrongDocument, quoted
from manifest.keys import Signer, key_id, verify
from manifest.parsing import load
from manifest.shapes import KEY_ID, Reader, base64_bytes, listing, record, text
from manifest.writing import to_json

__all__ = [
    "MAX_SIGNATURES",
    "DocumentType",
    "Envelope",
    "open_envelope",
    "pae",
    "seal",
    "signed_by",
]

MAX_SIGNATURES = 16

#: Commas that an envelope with all its signatures has.  Every JSON value but the first of its
#: container follows a comma, so this bounds what an unverified envelope can make the parser build.
_MAX_COMMAS = 2 + (MAX_SIGNATURES - 1) + MAX_SIGNATURES

#: What an envelope may have beside its base64: type, signatures, keys, white space.
_FRAME_BYTES = 8192


class DocumentType(Enum):
    """The document types; each value is the name in the payload type and the cap in bytes."""

    ROOT = ("root", 64 * 2**10)
    FRESHNESS = ("freshness", 4 * 2**10)
    MANIFEST = ("manifest", MAX_MANIFEST_BYTES)
    BUNDLE = ("bundle", 2**20)

    @property
    def payload_type(self) -> str:
        """What DSSE calls it; signed together with the bytes."""
        return f"application/vnd.yingbi.{self.value[0]}+json"

    @property
    def max_bytes(self) -> int:
        """The most bytes that the document itself may have."""
        return self.value[1]

    @property
    def max_envelope_bytes(self) -> int:
        """The most bytes that its envelope may have: where a download is cut."""
        return (self.max_bytes + 2) // 3 * 4 + _FRAME_BYTES


class Signature(Struct, frozen=True):
    """One signature; `keyid` is only a hint at the key."""

    keyid: str
    sig: bytes


class Envelope(Struct, frozen=True):
    """A document's raw bytes as sent, not yet trusted."""

    payload_type: str = field(name="payloadType")
    payload: bytes
    signatures: tuple[Signature, ...]


_ENVELOPE: Reader[Envelope] = record(
    Envelope,
    payload_type=text,
    payload=base64_bytes,
    signatures=listing(record(Signature, keyid=KEY_ID, sig=base64_bytes), MAX_SIGNATURES),
)


def pae(payload_type: str, payload: bytes) -> bytes:
    """DSSE's pre-authentication encoding: what is signed."""
    type_bytes = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(type_bytes), type_bytes, len(payload), payload)


def open_envelope(data: bytes, expected: DocumentType) -> Envelope:
    """The envelope that these bytes are.  Nothing in it has been verified.

    Raises `TooLarge`, `ManifestFormatError` (paths are those of the envelope, such as
    `$.signatures[0].sig`) or `WrongDocument`.
    """
    _check_size(len(data), expected.max_envelope_bytes, f"a {expected.value[0]}'s envelope")
    if data.count(b",") > _MAX_COMMAS:
        raise ManifestFormatError(
            f"an envelope with at most {MAX_SIGNATURES} signatures and nothing else",
            f"one with {data.count(b',')} commas",
        )
    envelope = _ENVELOPE(load(data, expected.max_envelope_bytes))
    if envelope.payload_type != expected.payload_type:
        raise WrongDocument(
            f"the envelope holds {quoted(envelope.payload_type)}, "
            f"not the {expected.payload_type} that was asked for"
        )
    _check_size(len(envelope.payload), expected.max_bytes, f"a {expected.value[0]}")
    return envelope


def _check_size(size: int, most: int, what: str) -> None:
    if size > most:
        raise TooLarge(f"{what} may have {most} bytes, and this one has {size}")


def seal(kind: DocumentType, payload: bytes, signers: Iterable[Signer]) -> bytes:
    """The envelope of `payload`, signed by each of the signers."""
    message = pae(kind.payload_type, payload)
    signatures = tuple(
        Signature(key_id(signer.public_key), signer.sign(message)) for signer in signers
    )
    return to_json(Envelope(kind.payload_type, payload, signatures))


def signed_by(envelope: Envelope, public_keys: Mapping[str, bytes]) -> frozenset[str]:
    """The ids of those of the keys (by id) that signed; one that signed twice is there once."""
    message = pae(envelope.payload_type, envelope.payload)
    return frozenset(
        each.keyid
        for each in envelope.signatures
        if each.keyid in public_keys and verify(public_keys[each.keyid], each.sig, message)
    )
