"""The two stores keep the same promises: this machine's disk, and S3 (a real server process)."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from server.configuration import StorageSettings
from server.errors import Unavailable
from server.library import fetched
from server.library.blobs import Blobs, blob_path
from server.library.storage import DurableFileSystemStorage, storage_for
from tests.simulators.s3 import s3_server, settings_for

CONTENT = bytes(range(251)) * 20_000


@pytest.fixture(scope="module", autouse=True)
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StorageSettings]:
    with s3_server() as address:
        yield settings_for(address, tmp_path_factory.mktemp("s3"))


@pytest.fixture(params=["file", "s3"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path, settings: Settings) -> Blobs:
    settings.DATA = tmp_path / "data"
    chosen = StorageSettings() if request.param == "file" else request.getfixturevalue("s3")
    return Blobs(storage_for(chosen, tmp_path / "data" / "blobs"))


def file_of(folder: Path, content: bytes) -> tuple[Path, str]:
    digest = hashlib.sha256(content).hexdigest()
    path = folder / digest[:8]
    path.write_bytes(content)
    return path, digest


def test_a_blob_is_kept_whole_and_in_part_and_can_be_put_again(
    blobs: Blobs, tmp_path: Path
) -> None:
    content = os.urandom(16) + CONTENT
    path, digest = file_of(tmp_path, content)
    assert blobs.size(digest) is None
    for _time in range(2):
        blobs.put(path, digest)
    assert path.exists()
    assert (blobs.size(digest), blobs.verify(digest)) == (len(content), "good")
    assert b"".join(blobs.chunks(digest)) == content
    assert b"".join(blobs.chunks(digest, 100_000, 7)) == content[100_000:100_007]
    assert b"".join(blobs.chunks(digest, len(content) - 9)) == content[-9:]
    assert b"".join(blobs.chunks(digest, 5, 0)) == b""
    assert digest in set(blobs.digests())
    blobs.copy_to(digest, tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == content


def test_a_blob_is_opened_for_serving_wherever_it_lies(blobs: Blobs, tmp_path: Path) -> None:
    path, digest = file_of(tmp_path, CONTENT)
    blobs.put(path, digest)
    for _time in range(2):
        descriptor = blobs.open(digest)
        assert os.pread(descriptor, 10, 300) == CONTENT[300:310]
        os.close(descriptor)


def test_what_is_not_there_is_missing_and_can_be_deleted(blobs: Blobs) -> None:
    nothing = "0" * 64
    assert (blobs.size(nothing), blobs.verify(nothing)) == (None, "missing")
    blobs.delete(nothing)
    with pytest.raises(FileNotFoundError):
        next(blobs.chunks(nothing))
    with pytest.raises(FileNotFoundError):
        blobs.open(nothing)


def test_wrong_bytes_are_found_and_not_there_any_more(blobs: Blobs, tmp_path: Path) -> None:
    path, _digest = file_of(tmp_path, b"other bytes")
    wrong = hashlib.sha256(b"these bytes").hexdigest()
    blobs.put(path, wrong)
    assert blobs.verify(wrong) == "wrong"
    assert blobs.size(wrong) is None


@pytest.mark.parametrize("name", ["", "../" * 20, "A" * 64, "0" * 63, "0" * 63 + "\n"])
def test_only_digests_are_names(blobs: Blobs, name: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        blobs.size(name)


def test_a_copy_of_a_distant_blob_that_differs_is_not_served(tmp_path: Path) -> None:
    digest = hashlib.sha256(b"good").hexdigest()
    with pytest.raises(OSError, match="other bytes"):
        fetched.open_fetched(tmp_path, digest, lambda _name: iter([b"bad"]))
    assert list(tmp_path.iterdir()) == []


def test_copies_used_longest_ago_make_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetched, "FETCHED_BYTES", 25)
    names = []
    for number in range(4):
        content = b"0123456789" + bytes([number])
        names.append(hashlib.sha256(content).hexdigest())
        os.close(fetched.open_fetched(tmp_path, names[-1], lambda _name, c=content: iter([c])))
        os.utime(tmp_path / names[-1], (number, number))
    assert {path.name for path in tmp_path.iterdir()} == {names[2], names[3]}


def test_credentials_that_cannot_be_read_say_what_to_write(tmp_path: Path) -> None:
    broken = StorageSettings(
        kind="s3",
        s3_endpoint="http://127.0.0.1:9",
        s3_bucket="b",
        s3_credentials_file=tmp_path / "missing",
    )
    with pytest.raises(Unavailable, match="access_key and secret_key"):
        storage_for(broken, tmp_path)


def test_a_file_on_the_same_disk_is_taken_over_without_a_copy(tmp_path: Path) -> None:
    path, digest = file_of(tmp_path, CONTENT)
    blobs = Blobs(DurableFileSystemStorage(location=tmp_path / "blobs"))
    blobs.put(path, digest)
    stored = tmp_path / "blobs" / blob_path(digest)
    assert stored.stat().st_ino == path.stat().st_ino
    assert stored.stat().st_mode & 0o777 == 0o644


def test_a_failed_write_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, digest = file_of(tmp_path, CONTENT)
    blobs = Blobs(DurableFileSystemStorage(location=tmp_path / "blobs"))

    def broken(_descriptor: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(OSError, match="Input/output"):
        blobs.put(path, digest)
    assert [each for each in (tmp_path / "blobs").rglob("*") if each.is_file()] == []
