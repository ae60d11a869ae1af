"""Ed25519 as RFC 8032 has it, and the keys and signatures that must not count."""

import hashlib
import random

import pytest

from manifest.errors import KeyUnusable
from manifest.key_files import private_key_pem, public_key_pem, read_public_key, read_signer
from manifest.keys import LocalSigner, is_sound, key_id, verify
from tests.simulators.publisher import a_signer

#: RFC 8032, 7.1: private key, public key, message, signature.
VECTORS = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
            "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
            "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        ),
    ),
    (
        "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        hashlib.sha512(b"abc").hexdigest(),
        (
            "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589"
            "09351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704"
        ),
    ),
]

#: The order of the group (RFC 8032, 5.1), the field's prime and the curve's constant.
L = 2**252 + 27742317777372353535851937790883648493
P = 2**255 - 19
D = -121665 * pow(121666, -1, P) % P

Point = tuple[int, int]


def add(one: Point, other: Point) -> Point:
    (x1, y1), (x2, y2) = one, other
    k = D * x1 * x2 * y1 * y2
    return (
        (x1 * y2 + x2 * y1) * pow(1 + k, -1, P) % P,
        (y1 * y2 + x1 * x2) * pow(1 - k, -1, P) % P,
    )


def times(scalar: int, point: Point) -> Point:
    result = (0, 1)
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point, scalar = add(point, point), scalar >> 1
    return result


def points_of_small_order() -> set[Point]:
    """All eight, made from any points of the curve by multiplying away the large order."""
    found: set[Point] = set()
    y = 2
    while len(found) < 8:
        square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
        x = pow(square, (P + 3) // 8, P)
        x = x if x * x % P == square else x * pow(2, (P - 1) // 4, P) % P
        if x * x % P == square:
            found |= {times(L, (x, y)), times(L, (P - x, y))}
        y += 1
    return found


def encoded(point: Point) -> bytes:
    x, y = point
    return (y | (x & 1) << 255).to_bytes(32, "little")


@pytest.mark.parametrize(("private", "public", "message", "signature"), VECTORS)
def test_the_vectors_of_rfc_8032(private: str, public: str, message: str, signature: str) -> None:
    signer = LocalSigner(bytes.fromhex(private))
    assert signer.public_key.hex() == public
    assert signer.sign(bytes.fromhex(message)).hex() == signature
    assert verify(signer.public_key, bytes.fromhex(signature), bytes.fromhex(message))


def test_no_other_message_and_no_changed_signature_verifies() -> None:
    signer = a_signer("anybody")
    signature = signer.sign(b"message")
    assert verify(signer.public_key, signature, b"message")
    assert not verify(signer.public_key, signature, b"massage")
    for bit in range(512):
        changed = bytearray(signature)
        changed[bit // 8] ^= 1 << bit % 8
        assert not verify(signer.public_key, bytes(changed), b"message")


def test_a_malleable_signature_does_not_count() -> None:
    """S + L is S to the curve; were it accepted, every signature could be written twice."""
    signer = a_signer("anybody")
    signature = signer.sign(b"message")
    s = int.from_bytes(signature[32:], "little")
    for twin in (s + L, s + 2 * L):
        forged = signature[:32] + twin.to_bytes(32, "little")
        assert not verify(signer.public_key, forged, b"message")


@pytest.mark.parametrize("length", [0, 1, 63, 65, 128])
def test_a_signature_of_another_length_does_not_count(length: int) -> None:
    signer = a_signer("anybody")
    assert not verify(signer.public_key, (signer.sign(b"") * 2)[:length], b"")


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_a_key_of_another_length_is_unsound(length: int) -> None:
    key = (a_signer("anybody").public_key * 2)[:length]
    assert not is_sound(key)
    assert not verify(key, b"\0" * 64, b"")


def test_keys_of_small_order_are_unsound() -> None:
    """With the neutral point as the key, R = neutral and S = 0 fit every message there is."""
    small = points_of_small_order()
    assert len(small) == 8
    for point in small:
        assert times(8, point) == (0, 1)
        assert not is_sound(encoded(point))
    neutral = encoded((0, 1))
    assert not verify(neutral, neutral + b"\0" * 32, b"any message at all")


def test_keys_that_are_not_written_canonically_are_unsound() -> None:
    for y in range(P, 2**255):
        for sign in (0, 1):
            assert not is_sound((y | sign << 255).to_bytes(32, "little"))


def test_a_key_that_is_no_point_verifies_nothing() -> None:
    signature = a_signer("anybody").sign(b"")
    draw = random.Random(8032)
    for _ in range(50):
        assert not verify(draw.randbytes(32), signature, b"")


def test_honest_keys_are_sound_and_have_an_id_of_16_hex_digits() -> None:
    for number in range(50):
        public_key = a_signer(str(number)).public_key
        assert is_sound(public_key)
        assert key_id(public_key) == hashlib.sha256(public_key).hexdigest()[:16]


# --- key files ---------------------------------------------------------------------------------


def test_key_files_survive_their_encoding() -> None:
    private_key = b"\x07" * 32
    signer = read_signer(private_key_pem(private_key))
    assert signer.public_key == LocalSigner(private_key).public_key
    assert read_public_key(public_key_pem(signer.public_key)) == signer.public_key


def test_an_encrypted_key_opens_with_its_passphrase_only() -> None:
    pem = private_key_pem(b"\x07" * 32, b"wall")
    assert read_signer(pem, b"wall").public_key == LocalSigner(b"\x07" * 32).public_key
    for passphrase in (None, b"well"):
        with pytest.raises(KeyUnusable, match="cannot be read"):
            read_signer(pem, passphrase)


def test_a_key_of_another_kind_is_refused() -> None:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    other = X25519PrivateKey.from_private_bytes(b"\x07" * 32)
    pem = other.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    with pytest.raises(KeyUnusable, match="not an Ed25519 key"):
        read_signer(pem)
    public = other.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    with pytest.raises(KeyUnusable, match="not a sound Ed25519 key"):
        read_public_key(public)
