"""`yingbi-cache`: what it says, what it changes, and how it ends."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from content_cache.__main__ import main
from content_cache.blobs import BlobStore
from content_cache.disk import RealDisk
from content_cache.generations import Generations
from content_cache.lock import exclusive
from manifest.trust_state import fingerprint
from tests.simulators.manifests import an_image, an_item
from tests.simulators.publisher import NOW, Publisher
from tests.simulators.release import digest_of, publish, release

PICTURES = (b"first picture", b"second picture")


@pytest.fixture
def publisher() -> Publisher:
    publisher = Publisher()
    assets = {f"a{number}": an_image(picture) for number, picture in enumerate(PICTURES)}
    items = [an_item(f"i{name}", name) for name in assets]
    publisher.publish(assets=assets, items=items)
    return publisher


@pytest.fixture
def stick(tmp_path: Path, publisher: Publisher) -> Path:
    """An offline package of the publisher's newest manifest."""
    return write_package(tmp_path / "stick", publisher)


def write_package(folder: Path, publisher: Publisher) -> Path:
    for name in ("roots", "manifests", "blobs"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for number, root in enumerate(publisher.roots, 1):
        (folder / "roots" / f"{number}.json").write_bytes(root)
    (folder / "bundle.json").write_bytes(publisher.bundle_bytes())
    (folder / "manifests" / f"{publisher.screen}.json").write_bytes(publisher.manifest_bytes())
    for picture in PICTURES:
        (folder / "blobs" / digest_of(picture)).write_bytes(picture)
    return folder


def cache(root: Path, *arguments: str) -> int:
    settings = root.parent / "no-such-settings.toml"
    given = [*arguments, "--cache", str(root), "--settings", str(settings)]
    return main(given, clock=lambda: NOW)


def pairing(publisher: Publisher) -> list[str]:
    return ["--root", fingerprint(publisher.roots[0])]


def version_of(root: Path) -> int | None:
    current = Generations(root, RealDisk()).current()
    return current.manifest.version if current else None


def test_status_of_a_sound_cache(
    root: Path,
    store: BlobStore,
    generations: Generations,
    capsys: pytest.CaptureFixture[str],
) -> None:
    publish(store, generations, release(7, b"one"))
    assert cache(root, "status") == os.EX_OK
    out = capsys.readouterr().out
    assert "hq/lobby-1 version 7" in out
    assert "1 with 3 bytes" in out


def test_status_as_json_names_the_writer_and_the_faults(
    root: Path,
    store: BlobStore,
    generations: Generations,
    capsys: pytest.CaptureFixture[str],
) -> None:
    publish(store, generations, release(7, b"one", b"two"))
    (root / "blobs" / digest_of(b"two")).unlink()
    with exclusive(root, RealDisk(), "the agent"):
        assert cache(root, "status", "--json") == os.EX_IOERR
    found = json.loads(capsys.readouterr().out)
    assert found["current"]["version"] == 7
    assert found["missing"] == [digest_of(b"two")]
    assert found["writer"] == f"the agent, process {os.getpid()}"
    assert [fault["code"] for fault in found["faults"]] == ["BLOB_MISSING"]


def test_a_cache_that_is_not_there_is_one_sentence(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in ("status", "verify", "gc"):
        assert cache(root, command) == os.EX_IOERR
        assert (
            capsys.readouterr().err
            == f"yingbi-cache: there is no cache at {root}: say --cache DIR\n"
        )


def test_verify_names_a_flipped_bit_and_sets_it_aside_when_told(
    root: Path,
    store: BlobStore,
    generations: Generations,
    capsys: pytest.CaptureFixture[str],
) -> None:
    publish(store, generations, release(7, b"one", b"two"))
    (root / "blobs" / digest_of(b"two")).write_bytes(b"twp")
    assert cache(root, "verify") == os.EX_IOERR
    assert f"blob {digest_of(b'two')} is damaged (left in place)" in capsys.readouterr().err
    assert cache(root, "verify", "--quarantine") == os.EX_IOERR
    assert store.path(digest_of(b"two")) is None
    assert version_of(root) == 7, "the wall goes on without that item"
    assert cache(root, "verify") == os.EX_IOERR, "a blob is missing now"
    store.take(digest_of(b"two"), 3, [b"two"])
    assert cache(root, "verify") == os.EX_OK


def test_gc_deletes_what_no_kept_generation_names(
    root: Path,
    store: BlobStore,
    generations: Generations,
    capsys: pytest.CaptureFixture[str],
) -> None:
    publish(store, generations, release(1, b"one"))
    publish(store, generations, release(2, b"two"))
    publish(store, generations, release(3, b"three"))
    assert cache(root, "gc") == os.EX_OK
    assert "1 blobs deleted (3 bytes)" in capsys.readouterr().out
    assert store.digests() == sorted([digest_of(b"two"), digest_of(b"three")])


def test_gc_does_not_disturb_another_writer(
    root: Path,
    store: BlobStore,
    generations: Generations,
    capsys: pytest.CaptureFixture[str],
) -> None:
    publish(store, generations, release(1, b"one"))
    with exclusive(root, RealDisk(), "yingbi-agent"):
        assert cache(root, "gc") == os.EX_TEMPFAIL
    assert "is in use by yingbi-agent, process" in capsys.readouterr().err


def test_a_package_is_taken_in_and_the_second_time_there_is_nothing_to_do(
    root: Path, stick: Path, publisher: Publisher, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cache(root, "import", str(stick), *pairing(publisher)) == os.EX_OK
    assert version_of(root) == publisher.version
    assert BlobStore(root, RealDisk()).digests() == sorted(map(digest_of, PICTURES))
    assert cache(root, "import", str(stick)) == os.EX_OK
    assert "nothing to do" in capsys.readouterr().out


def test_an_unpaired_screen_takes_nothing_in_without_a_fingerprint(
    root: Path, stick: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cache(root, "import", str(stick)) == os.EX_UNAVAILABLE
    assert "not paired" in capsys.readouterr().err
    assert version_of(root) is None


def test_a_package_heals_what_is_damaged(root: Path, stick: Path, publisher: Publisher) -> None:
    cache(root, "import", str(stick), *pairing(publisher))
    (root / "blobs" / digest_of(PICTURES[0])).write_bytes(b"first pictvre")
    (root / "blobs" / digest_of(PICTURES[1])).unlink()
    assert cache(root, "import", str(stick)) == os.EX_OK
    assert cache(root, "verify") == os.EX_OK


def test_a_missed_root_travels_with_the_package(
    root: Path, tmp_path: Path, stick: Path, publisher: Publisher
) -> None:
    cache(root, "import", str(stick), *pairing(publisher))
    publisher.rotate("publisher")
    publisher.rotate("bundle")
    version = publisher.publish()
    newer = write_package(tmp_path / "newer", publisher)
    for picture in (b"first", b"second"):  # what `publish` shows when nothing is said
        (newer / "blobs" / digest_of(picture)).write_bytes(picture)
    assert cache(root, "import", str(newer)) == os.EX_OK
    assert version_of(root) == version


@pytest.mark.parametrize(
    "spoil",
    [
        "signature",
        "manifest",
        "blob",
        "blob missing",
        "blob linked",
        "empty",
        "other screen",
        "old",
    ],
)
def test_a_spoilt_package_changes_nothing(
    root: Path,
    stick: Path,
    publisher: Publisher,
    spoil: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    cache(root, "import", str(stick), *pairing(publisher))
    before = version_of(root)
    target = stick if spoil == "old" else write_package(stick.parent / "next", publisher)
    if spoil == "old":
        publisher.publish(
            assets=publisher.document["assets"],
            items=publisher.document["playlists"]["p0"]["items"],
        )
        cache(root, "import", str(write_package(stick.parent / "newest", publisher)))
        before = version_of(root)
    else:
        new = b"a third picture"
        publisher.publish(assets={"a": an_image(new)}, items=[an_item("i", "a")])
        write_package(target, publisher)
        (target / "blobs" / digest_of(new)).write_bytes(new)
        do_spoil(target, spoil, target / "blobs" / digest_of(new), publisher)
    assert cache(root, "import", str(target)) == os.EX_DATAERR
    assert capsys.readouterr().err.startswith("yingbi-cache: ")
    assert version_of(root) == before


def do_spoil(package: Path, spoil: str, blob: Path, publisher: Publisher) -> None:
    if spoil == "signature":
        other = Publisher(org="other")
        other.document, other.payload = publisher.document, publisher.payload
        (package / "bundle.json").write_bytes(
            publisher.bundle_bytes(signers=other.signers["bundle"])
        )
    elif spoil == "manifest":
        path = package / "manifests" / "lobby-1.json"
        path.write_bytes(path.read_bytes().replace(b"A", b"B", 1))
    elif spoil == "blob":
        blob.write_bytes(b"a th1rd picture")
    elif spoil == "blob missing":
        blob.unlink()
    elif spoil == "blob linked":
        blob.rename(package / "elsewhere")
        blob.symlink_to(package / "elsewhere")
    elif spoil == "empty":
        (package / "bundle.json").unlink()
    elif spoil == "other screen":
        bundle = publisher.bundle_bytes(manifests={"lobby-2": publisher.reference})
        (package / "bundle.json").write_bytes(bundle)


def test_what_was_exported_and_signed_can_be_taken_in_elsewhere(
    root: Path,
    tmp_path: Path,
    stick: Path,
    publisher: Publisher,
    capsys: pytest.CaptureFixture[str],
) -> None:
    cache(root, "import", str(stick), *pairing(publisher))
    copy = tmp_path / "copy"
    assert cache(root, "export", str(copy)) == os.EX_OK
    assert "sign" in capsys.readouterr().out
    assert not (copy / "bundle.json").exists(), "a screen has no key to sign with"
    (copy / "bundle.json").write_bytes(
        sign((copy / "bundle.unsigned.json").read_bytes(), publisher)
    )
    other = tmp_path / "other box"
    assert cache(other, "import", str(copy), *pairing(publisher)) == os.EX_OK
    assert version_of(other) == publisher.version


def sign(payload: bytes, publisher: Publisher) -> bytes:
    from manifest.envelope import DocumentType, seal

    return seal(DocumentType.BUNDLE, payload, publisher.signers["bundle"])


def test_there_is_nothing_to_export_from_an_empty_cache(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root.mkdir()
    assert cache(root, "export", str(tmp_path / "copy")) == os.EX_DATAERR
    assert "nothing to export" in capsys.readouterr().err


def test_the_command_runs_from_a_shell(root: Path) -> None:
    root.mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "content_cache", "status", "--cache", str(root)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == os.EX_OK, done.stderr
    assert "current   none" in done.stdout


@pytest.mark.parametrize("command", ["status", "verify", "gc", "import", "export"])
def test_every_command_has_help_with_an_example(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == os.EX_OK
    assert f"example: yingbi-cache {command}" in capsys.readouterr().out
