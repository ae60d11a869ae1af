"""Ed25519 keys: verifying, and the seam behind which a private key signs.

The one module that touches a cryptographic library.  Keys are raw 32 bytes here; files and
passphrases are the business of commands.  One algorithm, on purpose: `ALGORITHM` is written in
every root so that a second one can be added without a new format.
"""

import hashlib
from functools import lru_cache
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

__all__ = ["ALGORITHM", "LocalSigner", "Signer", "is_sound", "key_id", "verify"]

ALGORITHM = "ed25519"
PUBLIC_KEY_BYTES = 32
SIGNATURE_BYTES = 64

#: The prime of the curve's field (RFC 8032, 5.1).
_P = 2**255 - 19

#: The y of all eight points of small order.  With such a public key one signature fits many
#: messages, so that it proves nothing: y = 1, -1, 0, and the two of order eight.
_ORDER_EIGHT_Y = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
_SMALL_ORDER_Y = frozenset({0, 1, _P - 1, _ORDER_EIGHT_Y, _P - _ORDER_EIGHT_Y})


@lru_cache(maxsize=64)
def key_id(public_key: bytes) -> str:
    """The first 16 hex digits of SHA-256 of the raw public key (docs/manifest.md, 1.2)."""
    return hashlib.sha256(public_key).hexdigest()[:16]


def is_sound(public_key: bytes) -> bool:
    """Are these 32 bytes a canonical encoding of a point that is not of small order?

    Whether the y has an x at all is left to the library: a key without one verifies nothing.
    """
    if len(public_key) != PUBLIC_KEY_BYTES:
        return False
    y = int.from_bytes(public_key, "little") & (2**255 - 1)
    return y < _P and y not in _SMALL_ORDER_Y


def verify(public_key: bytes, signature: bytes, message: bytes) -> bool:
    """Did the holder of the key sign this message?  False for any malformed key or signature.

    The library refuses a malleable S (≥ the group's order) and a non-canonical R itself;
    tests/unit/manifest/test_keys.py holds it to that.
    """
    if not is_sound(public_key) or len(signature) != SIGNATURE_BYTES:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):  # ValueError: not a point
        return False
    return True


class Signer(Protocol):
    """Somebody who holds a private key: this process, another one, or a device."""

    @property
    def public_key(self) -> bytes:
        """The raw public key."""

    def sign(self, message: bytes) -> bytes:
        """The 64 bytes of the Ed25519 signature of `message`."""


class LocalSigner:
    """A signer with its private key (the raw 32 bytes) in the memory of this process."""

    def __init__(self, private_key: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(private_key)
        self._public_key = self._key.public_key().public_bytes_raw()

    @property
    def public_key(self) -> bytes:
        """The raw public key."""
        return self._public_key

    def sign(self, message: bytes) -> bytes:
        """The 64 bytes of the Ed25519 signature of `message`."""
        return self._key.sign(message)
