"""What a screen remembers of whom it trusts and what it has accepted, as one value to be persisted.

Whoever holds the disk (`content_cache`) writes `encode_state` durably after every change and gives
`decode_state` the bytes back; the file carries its own digest, because one flipped bit in a floor
could lock a screen out of every honest version.  Nothing here is secret, and somebody who may write
this file may also replace the player: that attacker is out of scope (docs/trust.md, section 7).
"""

import hashlib
from datetime import datetime
from typing import Literal

from manifest import times
from manifest.codec import MAX_VERSION, check_format
from manifest.documents import Root, decode_root
from manifest.envelope import DocumentType, open_envelope
from manifest.errors import DigestMismatch, ManifestFormatError, quoted
from manifest.model import Model
from manifest.parsing import load
from manifest.roles import require_role
from manifest.shapes import (
    IDENTIFIER,
    SHA256,
    Reader,
    base64_bytes,
    integer,
    listing,
    one_of,
    record,
)
from manifest.writing import to_json

__all__ = [
    "FreshnessMark",
    "Mark",
    "TrustState",
    "decode_state",
    "encode_state",
    "fingerprint",
    "pair",
    "root_of",
]

#: Activated manifests whose digests are remembered: the current generation, the previous one, and
#: two more for a generation that is kept because it was the last to be confirmed.
KEPT_ACTIVATIONS = 4

#: A state holds one root's envelope (in base64 again) and little else.
MAX_STATE_BYTES = 2 * DocumentType.ROOT.max_envelope_bytes

_FORMAT = "yingbi-trust/1"


class Mark(Model, frozen=True):
    """The floor of a document: its version, and which bytes had it."""

    version: int
    sha256: str


class FreshnessMark(Model, frozen=True):
    """The newest freshness seen; its times tell how long a screen has heard nothing."""

    version: int
    sha256: str
    server_time: datetime
    expires_at: datetime


class TrustState(Model, frozen=True, kw_only=True):
    """All that outlives a pass.

    `root` is the envelope of the newest trusted root; the floors (`manifest`, `bundle`,
    `freshness`) are of its epoch.  `time_floor` is the latest instant that a signature has proved
    to be past.  `activated` are the SHA-256 of the manifests last activated, newest first, of
    any epoch.
    """

    format: Literal["yingbi-trust/1"] = "yingbi-trust/1"
    site: str
    screen: str
    root: bytes
    time_floor: datetime | None = None
    freshness: FreshnessMark | None = None
    manifest: Mark | None = None
    bundle: Mark | None = None
    activated: tuple[str, ...] = ()


class _Kept(Model, frozen=True):
    """The file: a state, and the SHA-256 of the bytes that it encodes to."""

    state: TrustState
    sha256: str


_VERSION = integer(1, MAX_VERSION)
_MARK = record(Mark, version=_VERSION, sha256=SHA256)

_KEPT: Reader[_Kept] = record(
    _Kept,
    state=record(
        TrustState,
        format=one_of(_FORMAT),
        site=IDENTIFIER,
        screen=IDENTIFIER,
        root=base64_bytes,
        time_floor=times.instant,
        freshness=record(
            FreshnessMark,
            version=_VERSION,
            sha256=SHA256,
            server_time=times.instant,
            expires_at=times.instant,
        ),
        manifest=_MARK,
        bundle=_MARK,
        activated=listing(SHA256, KEPT_ACTIVATIONS),
    ),
    sha256=SHA256,
)


def encode_state(state: TrustState) -> bytes:
    """The bytes to keep; `decode_state` turns them back into an equal value."""
    return to_json(_Kept(state, hashlib.sha256(to_json(state)).hexdigest()))


def decode_state(data: bytes) -> TrustState:
    """The state that was kept, or a `ManifestFormatError` if one bit of it is not as it was."""
    value = load(data, MAX_STATE_BYTES)
    if isinstance(value, dict):
        check_format(value.get("state"), _FORMAT)
    kept = _KEPT(value)
    found = hashlib.sha256(to_json(kept.state)).hexdigest()
    if found != kept.sha256:
        raise ManifestFormatError(f"the digest of the state, {found}", kept.sha256).inside("sha256")
    return kept.state


def fingerprint(root: bytes) -> str:
    """What a person compares when a screen is paired: SHA-256 of the root in this envelope."""
    return hashlib.sha256(open_envelope(root, DocumentType.ROOT).payload).hexdigest()


def pair(root: bytes, expected_fingerprint: str, site: str, screen: str) -> TrustState:
    """The first state of a screen: it trusts this root because its fingerprint was given.

    The fingerprint (64 hex digits) comes to the screen another way than the root's envelope does.
    Raises `DigestMismatch`, `BadSignature` (the root is not signed by its own threshold), or what
    `open_envelope` raises.
    """
    envelope = open_envelope(root, DocumentType.ROOT)
    found = hashlib.sha256(envelope.payload).hexdigest()
    if found != expected_fingerprint.lower():
        raise DigestMismatch(
            f"the root's fingerprint is {found}, "
            f"and {quoted(expected_fingerprint)} was expected: ask who gave you the fingerprint"
        )
    state = TrustState(site=IDENTIFIER(site), screen=IDENTIFIER(screen), root=root)
    root_of(state)
    return state


def root_of(state: TrustState) -> Root:
    """The root that a state trusts, checked again: it must still carry its own signatures."""
    envelope = open_envelope(state.root, DocumentType.ROOT)
    root = decode_root(envelope.payload)
    require_role(envelope, root, "root")
    return root
