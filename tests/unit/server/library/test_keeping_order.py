"""Blobs nobody needs go, damaged ones are found and set aside, and nothing else is touched."""

import os
from pathlib import Path

import pytest

from server.library import blobs as blobs_module
from server.library import services, uses
from server.library.blobs import store
from server.library.chores import nightly
from server.library.models import Asset, Blob
from server.library.orphans import orphans_collect
from server.library.scrub import scrub
from tests.simulators import server_objects
from tests.simulators.library import Library


def path_of(asset: Asset) -> Path:
    assert asset.original_id is not None
    path = store().local_path(asset.original_id)
    assert path is not None
    return path


def damage(asset: Asset) -> None:
    """One bit of the medium flips."""
    path = path_of(asset)
    with path.open("r+b") as file:
        first = file.read(1)[0]
        file.seek(0)
        file.write(bytes([first ^ 1]))


def test_blobs_of_a_deleted_asset_go_after_a_day_and_shared_ones_stay(library: Library) -> None:
    gone, kept = library.upload(b"GIF89a gone"), library.upload(b"GIF89a kept")
    shared = library.upload(b"GIF89a kept")
    for asset in (gone, shared):
        library.delete_for_good(asset)
    assert orphans_collect(now=library.now) == 0, "a fresh blob was collected"
    library.clock.move(hours=25)
    assert orphans_collect(now=library.now) == 1
    assert [blob.pk for blob in Blob.objects.all()] == [kept.original_id]
    assert list(store().digests()) == [kept.original_id]


def test_what_an_app_above_claims_stays(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    asset = library.upload(b"GIF89a")
    digest = asset.original_id
    library.delete_for_good(asset)
    library.clock.move(hours=25)
    monkeypatch.setitem(uses._claims, "above", lambda digests: {*digests})
    assert orphans_collect(now=library.now) == 0
    monkeypatch.delitem(uses._claims, "above")
    assert orphans_collect(now=library.now) == 1
    assert store().size(str(digest)) is None


def test_blobs_of_cards_stay(library: Library) -> None:
    photo = library.upload(b"GIF89a photo")
    content = {"template": "notice", "blobs": {"photo": {"sha256": photo.original_id}}}
    server_objects.asset(library.department, kind="card", original=None, content=content)
    library.delete_for_good(photo)
    library.clock.move(hours=25)
    orphans_collect(now=library.now)
    assert store().verify(str(photo.original_id)) == "good"


def test_a_file_without_a_row_goes_when_it_is_old(library: Library) -> None:
    asset = library.upload(b"GIF89a")
    path = path_of(asset)
    digest = asset.original_id
    library.delete_for_good(asset)
    Blob.objects.all().delete()
    young = library.now.timestamp() - 3600
    os.utime(path, (young, young))
    assert orphans_collect(now=library.now) == 0
    old = library.now.timestamp() - 25 * 3600
    os.utime(path, (old, old))
    assert orphans_collect(now=library.now) == 1
    assert store().size(str(digest)) is None


def test_a_healthy_blob_is_good_and_read_only_once(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    asset = library.upload(b"GIF89a healthy")
    digests = [str(asset.original_id)]
    assert services.blobs_wanting(digests, now=library.now) == []

    def read(*_arguments: object) -> str:
        raise AssertionError("it was read again")

    monkeypatch.setattr(blobs_module.Blobs, "verify", read)
    assert services.blobs_wanting(digests, now=library.now) == []


@pytest.mark.expects_log("BLOB_BAD")
def test_a_damaged_blob_is_found_before_publishing_and_never_served(library: Library) -> None:
    asset = library.upload(b"GIF89a damaged")
    digest = str(asset.original_id)
    assert services.blobs_wanting([digest], now=library.now) == []
    damage(asset)
    assert services.blobs_wanting([digest], now=library.now) == [digest]
    assert Blob.objects.get().damaged_at == library.now
    assert store().size(digest) is None
    with pytest.raises(FileNotFoundError):
        next(store().chunks(digest))
    assert len(list((library.data / "blobs" / "damaged").iterdir())) == 1


@pytest.mark.expects_log("BLOB_BAD")
def test_the_nightly_scrub_finds_damage_and_uploading_again_heals_it(library: Library) -> None:
    asset, other = library.upload(b"GIF89a one"), library.upload(b"GIF89a two")
    assert scrub(now=library.now) == []
    damage(asset)
    library.clock.move(days=1)
    assert scrub(now=library.now) == [asset.original_id]
    assert scrub(now=library.now) == [], "it was reported twice"
    again = library.upload(b"GIF89a one")
    assert again.original_id == asset.original_id
    assert Blob.objects.filter(damaged_at=None).count() == 2
    assert services.blobs_wanting([str(asset.original_id)], now=library.now) == []
    assert other.original is not None


@pytest.mark.expects_log("BLOB_BAD")
def test_a_file_that_vanished_is_missing(library: Library) -> None:
    asset = library.upload(b"GIF89a")
    path_of(asset).unlink()
    assert scrub(now=library.now) == [asset.original_id]


def test_a_pass_of_the_scrub_is_bounded_and_the_next_goes_on(library: Library) -> None:
    for number in range(4):
        library.upload(b"GIF89a %d" % number)
    for hour in range(4):
        library.clock.move(hours=1)
        scrub(now=library.now, limit_bytes=1)
        assert Blob.objects.filter(checked_at=library.now).count() == 1, hour
    assert Blob.objects.filter(checked_at=server_objects.NOW).count() == 0


def test_the_nightly_work_runs_as_a_whole_and_removes_what_jobs_left(library: Library) -> None:
    left = library.data / "ingest" / "7-killed"
    left.mkdir(parents=True)
    os.utime(left, (0, 0))
    from server.configuration import Configuration

    nightly(Configuration(), library.now)
    assert not left.exists()
