"""What key files hold: PEM as OpenSSL reads and writes it (PKCS #8 and SubjectPublicKeyInfo).

For commands and for the server's signer; the bytes of the files are arguments here.
"""

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from manifest.errors import KeyUnusable
from manifest.keys import LocalSigner, is_sound

__all__ = ["private_key_pem", "public_key_pem", "read_public_key", "read_signer"]


def private_key_pem(private_key: bytes, passphrase: bytes | None = None) -> bytes:
    """The file of a private key (raw 32 bytes), encrypted if there is a passphrase."""
    protection: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if passphrase is not None:
        protection = serialization.BestAvailableEncryption(passphrase)
    return Ed25519PrivateKey.from_private_bytes(private_key).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, protection
    )


def public_key_pem(public_key: bytes) -> bytes:
    """The file of a public key (raw 32 bytes)."""
    return Ed25519PublicKey.from_public_bytes(public_key).public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def read_signer(pem: bytes, passphrase: bytes | None = None) -> LocalSigner:
    """The signer whose private key is in this file; raises `KeyUnusable`."""
    try:
        key = serialization.load_pem_private_key(pem, passphrase)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        # TypeError: a passphrase is missing, or there is one and none is needed.
        raise KeyUnusable(f"the private key cannot be read: {error}") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyUnusable("the private key is not an Ed25519 key: make one with keygen")
    return LocalSigner(key.private_bytes_raw())


def read_public_key(pem: bytes) -> bytes:
    """The raw public key in this file; raises `KeyUnusable`."""
    try:
        key = serialization.load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise KeyUnusable(f"the public key cannot be read: {error}") from error
    if not isinstance(key, Ed25519PublicKey) or not is_sound(key.public_bytes_raw()):
        raise KeyUnusable("the public key is not a sound Ed25519 key: make one with keygen")
    return key.public_bytes_raw()
