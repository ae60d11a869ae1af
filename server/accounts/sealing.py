"""Seals what must be read again and must not lie open in the database: secrets of second factors.

AES-256-GCM with a key of its own (docs/adr/0022): a copy of the database opens nothing.  What is
sealed for one account opens for that account alone.  For `accounts.second_factor` only.
"""

import base64
import hashlib
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from server import secret_key
from server.secret_key import SECOND_FACTOR_KEY_FILE

__all__ = ["Unsealable", "seal", "unseal"]

#: Random bytes before each sealed text (NIST SP 800-38D, 8.2.2).
NONCE_BYTES = 12


class Unsealable(Exception):  # noqa: N818
    """The key is another one (a backup without keys was restored), or the text was changed."""


def seal(text: str, owner: int) -> str:
    """Return `text`, sealed for the account of this key; the key is made if there is none."""
    secret_key.make(settings.DATA, SECOND_FACTOR_KEY_FILE)
    nonce = os.urandom(NONCE_BYTES)
    return base64.b64encode(nonce + _cipher().encrypt(nonce, text.encode(), _bound(owner))).decode()


def unseal(sealed: str, owner: int) -> str:
    """Return what was sealed for this account.  Raises `Unsealable`."""
    try:
        raw = base64.b64decode(sealed)
        return _cipher().decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], _bound(owner)).decode()
    except (InvalidTag, ValueError) as error:
        raise Unsealable("the key does not open this") from error


def _cipher() -> AESGCM:
    key = secret_key.read(settings.DATA, SECOND_FACTOR_KEY_FILE)
    if not key:
        raise Unsealable("there is no key")
    return AESGCM(hashlib.sha256(key.encode()).digest())


def _bound(owner: int) -> bytes:
    return f"second factor of {owner}".encode()
