"""S21: a file that is damaged on the server's disk is found before anything is published."""

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection

from server.library.models import Asset, Blob
from server.library.services import blobs_wanting
from server.programme.drafts import Where
from server.programme.models import Takeover
from server.publishing import files
from server.publishing.errors import BlobMissing
from server.publishing.files import READ_WITHIN
from server.publishing.models import Publication, Release
from server.publishing.selectors import told
from server.publishing.services import publish, start_takeover, take_down, undo
from server.screens.models import Screen
from tests.simulators.enterprise import Enterprise
from tests.simulators.wall import PairedWall


def file_of(enterprise: Enterprise, asset: Asset) -> Path:
    return enterprise.blob_file(str(asset.renditions.get().blob_id))


def damage(path: Path, at: datetime | None = None) -> None:
    """Other bytes in a file of the same name and size, changed `at` (None: as it was before)."""
    before = path.stat()
    other = path.with_name("other")
    other.write_bytes(bytes(byte ^ 0x40 for byte in path.read_bytes()))
    changed = before.st_mtime if at is None else at.timestamp()
    os.utime(other, (changed, changed))
    other.replace(path)


def stored(enterprise: Enterprise, title: str, at: datetime) -> Asset:
    """A picture whose file was written `at`."""
    picture = enterprise.picture(title)
    os.utime(file_of(enterprise, picture), (at.timestamp(), at.timestamp()))
    return picture


def add(enterprise: Enterprise, screen: Screen, asset: Asset) -> None:
    assert screen.default_layout is not None
    enterprise.add(screen.default_layout.zones.get().playlist, asset)


def tell(enterprise: Enterprise, *screens: Screen) -> Release | None:
    return publish(screens=screens, actor=None, reason="", now=enterprise.later())


@pytest.mark.expects_log("BLOB_BAD")
def test_a_damaged_file_is_not_published_and_the_wall_goes_on(enterprise: Enterprise) -> None:
    screen = enterprise.lobby(enterprise.picture("Welcome"))
    tell(enterprise, screen)
    wall = PairedWall(enterprise, screen)
    shown = wall.sync()
    poster = enterprise.picture("Poster")
    add(enterprise, screen, poster)
    damage(file_of(enterprise, poster))
    with pytest.raises(BlobMissing) as refused:
        tell(enterprise, screen)
    assert str(refused.value) == (
        "The file of “Poster” is missing or damaged on the server, so nothing was published: "
        "upload it again, or take it out."
    )
    assert refused.value.details["titles"] == ["Poster"]
    assert Publication.objects.count() == 1
    assert wall.sync() == shown
    assert not file_of(enterprise, poster).exists(), "it was set aside, and is never served"


@pytest.mark.expects_log("BLOB_BAD")
def test_all_damaged_files_are_named_at_once(enterprise: Enterprise) -> None:
    posters = [enterprise.picture(f"Poster {name}") for name in "AB"]
    for poster in posters:
        damage(file_of(enterprise, poster))
    with pytest.raises(BlobMissing, match="“Poster A”, “Poster B” is missing or damaged"):
        tell(enterprise, enterprise.lobby(enterprise.picture(), *posters))


@pytest.mark.expects_log("BLOB_BAD")
def test_a_damaged_file_that_came_again_is_published(enterprise: Enterprise) -> None:
    poster = enterprise.picture("Poster")
    path = file_of(enterprise, poster)
    whole = path.read_bytes()
    damage(path)
    screen = enterprise.lobby(poster)
    with pytest.raises(BlobMissing):
        tell(enterprise, screen)
    path.write_bytes(whole)
    Blob.objects.update(damaged_at=None)
    assert tell(enterprise, screen) is not None


@pytest.mark.expects_log("BLOB_BAD")
def test_what_was_read_lately_is_not_read_again_and_after_a_week_it_is(
    enterprise: Enterprise,
) -> None:
    long_ago = enterprise.now - timedelta(days=1)
    poster = stored(enterprise, "Poster", long_ago)
    screen = enterprise.lobby(poster)
    tell(enterprise, screen)
    damage(file_of(enterprise, poster))
    add(enterprise, screen, enterprise.picture("Next"))
    assert tell(enterprise, screen) is not None, "the nightly scrub finds it"
    enterprise.later(READ_WITHIN)
    add(enterprise, screen, enterprise.picture("After a week"))
    with pytest.raises(BlobMissing, match="“Poster”"):
        tell(enterprise, screen)


@pytest.mark.expects_log("BLOB_BAD")
def test_a_file_that_was_changed_after_it_was_read_is_read_again(enterprise: Enterprise) -> None:
    poster = stored(enterprise, "Poster", enterprise.now - timedelta(days=1))
    screen = enterprise.lobby(poster)
    tell(enterprise, screen)
    damage(file_of(enterprise, poster), enterprise.later())
    add(enterprise, screen, enterprise.picture("Next"))
    with pytest.raises(BlobMissing, match="“Poster”"):
        tell(enterprise, screen)


@pytest.mark.django_db(transaction=True)
def test_files_are_read_while_nobody_is_kept_from_writing(
    enterprise: Enterprise, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = enterprise.lobby()
    seen = []

    def watched(digests: list[str], *, now: datetime) -> list[str]:
        seen.append((len(digests), connection.in_atomic_block))
        return blobs_wanting(digests, now=now)

    monkeypatch.setattr(files, "blobs_wanting", watched)
    assert tell(enterprise, screen) is not None
    assert seen == [(2, False)]


@pytest.mark.expects_log("BLOB_BAD")
def test_a_release_whose_files_rotted_is_not_brought_back(enterprise: Enterprise) -> None:
    old = enterprise.picture("Old")
    screen = enterprise.lobby(old)
    first = tell(enterprise, screen)
    assert first is not None
    assert screen.default_layout is not None
    screen.default_layout.zones.get().playlist.items.all().delete()
    add(enterprise, screen, enterprise.picture("New"))
    tell(enterprise, screen)
    before = told([screen.pk])
    damage(file_of(enterprise, old), enterprise.later())
    with pytest.raises(BlobMissing, match="“Old”"):
        undo(release=first, actor=None, reason="", now=enterprise.later())
    assert told([screen.pk]) == before


def alarm(enterprise: Enterprise, screen: Screen, asset: Asset) -> tuple[Takeover, Release | None]:
    return start_takeover(
        name="Alarm",
        department=enterprise.department,
        shows=enterprise.layout(enterprise.playlist(asset)),
        where=Where(screens=[screen.pk]),
        starts_at=enterprise.now,
        ends_at=enterprise.now + timedelta(hours=1),
        actor=enterprise.administrator,
        reason="Drill",
        now=enterprise.later(),
    )


@pytest.mark.expects_log("BLOB_BAD")
def test_a_takeover_that_no_wall_could_show_is_refused(enterprise: Enterprise) -> None:
    screen, sign = enterprise.lobby(), enterprise.picture("Leave the building")
    tell(enterprise, screen)
    damage(file_of(enterprise, sign))
    with pytest.raises(BlobMissing, match="“Leave the building”"):
        alarm(enterprise, screen, sign)
    assert not Takeover.objects.exists()
    assert Release.objects.count() == 1


def test_what_is_urgent_does_not_wait_for_the_file_of_something_else(
    enterprise: Enterprise,
) -> None:
    poster, other = enterprise.picture("Poster"), enterprise.picture("Other")
    screen = enterprise.lobby(poster, other)
    tell(enterprise, screen)
    file_of(enterprise, poster).unlink()
    takeover, release = alarm(enterprise, screen, enterprise.picture("Leave the building"))
    assert (takeover.pk, release is None) == (Takeover.objects.get().pk, False)
    assert take_down(asset=other, actor=None, reason="", now=enterprise.later()) is not None
