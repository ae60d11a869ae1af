"""Key files are the server's alone, or nothing is signed with them."""

import stat
from pathlib import Path

import pytest

from manifest.envelope import DocumentType, open_envelope, signed_by
from manifest.keys import key_id
from server.publishing.errors import NoSigner
from server.publishing.keyring import Keyring, write_new_file
from server.publishing.roots import first_root
from server.publishing.signer import OnlineSigner
from tests.simulators.enterprise import NOW


@pytest.fixture
def keyring(tmp_path: Path) -> Keyring:
    return Keyring(tmp_path / "keys")


def test_a_key_is_made_for_its_owner_alone(keyring: Keyring) -> None:
    keyid = key_id(keyring.make("publisher"))
    path = keyring.folder / f"publisher-{keyid}.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(keyring.folder.stat().st_mode) == 0o700
    signer = keyring.signer("publisher", keyid)
    assert signer is not None
    assert keyring.public_keys("publisher") == {keyid: signer.public_key}
    assert keyring.signer("freshness", keyid) is None


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o601])
def test_a_key_that_others_may_touch_signs_nothing(keyring: Keyring, mode: int) -> None:
    keyid = key_id(keyring.make("publisher"))
    path = keyring.folder / f"publisher-{keyid}.key"
    path.chmod(mode)
    with pytest.raises(NoSigner, match=f"mode {mode:04o}.*chmod 600 {path}"):
        keyring.signer("publisher", keyid)


def test_a_key_that_is_damaged_another_or_no_file_signs_nothing(keyring: Keyring) -> None:
    keyid, other = key_id(keyring.make("publisher")), key_id(keyring.make("publisher"))
    path = keyring.folder / f"publisher-{keyid}.key"
    foreign = (keyring.folder / f"publisher-{other}.key").read_bytes()
    path.write_bytes(foreign)
    with pytest.raises(NoSigner, match=f"holds another key, {other}"):
        keyring.signer("publisher", keyid)
    path.write_bytes(foreign[: len(foreign) // 2])
    with pytest.raises(NoSigner, match="cannot be used"):
        keyring.signer("publisher", keyid)
    path.unlink()
    path.symlink_to(keyring.folder / f"publisher-{other}.key")
    with pytest.raises(NoSigner, match="cannot be used"):
        keyring.signer("publisher", keyid)
    path.unlink()
    path.mkdir(0o700)
    with pytest.raises(NoSigner):
        keyring.signer("publisher", keyid)


def test_a_file_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "root.1"
    write_new_file(path, b"first", 0o600)
    with pytest.raises(FileExistsError):
        write_new_file(path, b"second", 0o600)
    assert path.read_bytes() == b"first"


def test_as_many_keys_sign_as_the_root_asks_for(keyring: Keyring) -> None:
    made = [keyring.make("publisher") for _key in range(3)]
    roles = {
        "root": ([keyring.make("freshness")], 1),
        "publisher": (made, 2),
        "freshness": ([keyring.make("freshness")], 1),
    }
    root = first_root(org="group", roles=roles, now=NOW)
    envelope = open_envelope(
        OnlineSigner(keyring, root).sign_manifest(b"{}"), DocumentType.MANIFEST
    )
    assert len(signed_by(envelope, root.public_keys(root.roles.publisher))) == 2
    for path in list(keyring.folder.glob("publisher-*.key"))[:2]:
        path.unlink()
    with pytest.raises(NoSigner, match="asks for 2 publisher signature"):
        OnlineSigner(keyring, root)
