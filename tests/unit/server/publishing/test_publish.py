"""What `publish` promises: one release, all of it, once, and nobody else is touched."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from manifest.errors import ManifestError
from server.audit.models import AuditRow
from server.library.models import Blob
from server.programme.drafts import Where
from server.programme.models import Takeover
from server.publishing.errors import (
    BlobMissing,
    ClockBehind,
    NoSigner,
    NotConfirmed,
    NotCurrent,
    ProgrammeInvalid,
)
from server.publishing.models import Publication, Release
from server.publishing.selectors import manifest_in, told
from server.publishing.services import plan, publish, start_takeover
from server.publishing.signing import forget_signer
from server.screens.models import Screen
from tests.simulators.enterprise import Enterprise
from tests.simulators.wall import PairedWall


def edit(enterprise: Enterprise, screen: Screen, title: str = "New") -> None:
    assert screen.default_layout is not None
    enterprise.add(screen.default_layout.zones.get().playlist, enterprise.picture(title))


def test_a_published_screen_is_told_what_its_layout_shows(enterprise: Enterprise) -> None:
    first, second = enterprise.picture("First"), enterprise.picture("Second")
    screen = enterprise.lobby(first, second)
    release = publish(
        screens=[screen], actor=enterprise.administrator, reason="Opening", now=enterprise.now
    )
    assert release is not None
    manifest = manifest_in(release.publications.get().envelope)
    assert (manifest.site, manifest.screen) == ("hq", screen.slug)
    assert [asset.title for asset in manifest.assets.values()] == ["First", "Second"]
    assert manifest.assets.keys() == {f"a{first.pk}", f"a{second.pk}"}


def test_publishing_twice_is_publishing_once(enterprise: Enterprise) -> None:
    screen = enterprise.lobby()
    now = enterprise.now
    assert publish(screens=[screen], actor=None, reason="", now=now)
    assert publish(screens=[screen], actor=None, reason="", now=enterprise.later()) is None
    assert Publication.objects.count() == 1


def test_a_change_elsewhere_does_not_touch_a_screen(enterprise: Enterprise) -> None:
    changed, untouched = enterprise.lobby(), enterprise.lobby()
    publish(screens=[changed, untouched], actor=None, reason="", now=enterprise.now)
    before = PairedWall(enterprise, untouched).newest_envelope()
    edit(enterprise, changed)
    release = publish(screens=[changed, untouched], actor=None, reason="", now=enterprise.later())
    assert release is not None
    assert [each.screen for each in release.publications.all()] == [changed]
    assert PairedWall(enterprise, untouched).newest_envelope() == before


def test_versions_rise_however_the_clock_stands(enterprise: Enterprise) -> None:
    screen = enterprise.lobby()
    versions = []
    for _release in range(5):
        edit(enterprise, screen)
        publish(screens=[screen], actor=None, reason="", now=enterprise.now)
        versions.append(told([screen.pk])[screen.pk].version)
    assert versions == sorted(set(versions)), "at the same instant"
    assert versions[0] == int(enterprise.now.timestamp() * 1000)


def test_a_retired_screen_is_told_nothing(enterprise: Enterprise) -> None:
    screen = enterprise.lobby()
    screen.retired_at = enterprise.now
    screen.save()
    assert publish(screens=[screen], actor=None, reason="", now=enterprise.now) is None


# --- refused ------------------------------------------------------------------------------------


def test_a_server_whose_clock_was_put_back_publishes_nothing(enterprise: Enterprise) -> None:
    screen = enterprise.lobby()
    publish(screens=[screen], actor=None, reason="", now=enterprise.now)
    edit(enterprise, screen)
    slewed = enterprise.now - timedelta(seconds=30)
    assert publish(screens=[screen], actor=None, reason="", now=slewed)
    edit(enterprise, screen)
    with pytest.raises(ClockBehind) as refused:
        publish(screens=[screen], actor=None, reason="", now=enterprise.now - timedelta(hours=1))
    assert "2026-12-24T07:00:00Z" in str(refused.value)
    assert refused.value.reason_code == "SERVER_CLOCK"
    assert Publication.objects.count() == 2


def test_without_its_keys_nothing_is_published_and_walls_go_on(enterprise: Enterprise) -> None:
    screen = enterprise.lobby()
    publish(screens=[screen], actor=None, reason="", now=enterprise.now)
    wall = PairedWall(enterprise, screen)
    shown = wall.sync()
    edit(enterprise, screen)
    (path,) = enterprise.keyring.folder.glob("publisher-*.key")
    kept = path.rename(path.with_name("away"))
    forget_signer()
    with pytest.raises(NoSigner, match="put the key files back"):
        publish(screens=[screen], actor=None, reason="", now=enterprise.later())
    assert Release.objects.count() == 1
    assert not AuditRow.objects.filter(subject_id="2", action="publishing.publish").exists()
    assert wall.shown == shown
    kept.rename(path)
    assert publish(screens=[screen], actor=None, reason="", now=enterprise.later())


@pytest.mark.parametrize("fault", ["missing", "short", "damaged"])
def test_a_file_that_is_not_there_is_not_published(enterprise: Enterprise, fault: str) -> None:
    picture = enterprise.picture("Poster")
    screen = enterprise.lobby(picture)
    sha256 = picture.renditions.get().blob_id
    path = enterprise.blob_file(sha256)
    if fault == "missing":
        path.unlink()
    elif fault == "short":
        path.write_bytes(b"")
    else:
        Blob.objects.filter(pk=sha256).update(damaged_at=enterprise.now)
    with pytest.raises(BlobMissing, match="“Poster” is missing or damaged"):
        publish(screens=[screen], actor=None, reason="", now=enterprise.now)
    assert not Publication.objects.exists()


def test_more_items_than_a_manifest_holds_are_refused_with_the_limit(
    enterprise: Enterprise,
) -> None:
    asset = enterprise.picture()
    playlists = [enterprise.playlist(), enterprise.playlist()]
    model = type(enterprise.add(playlists[0], asset, position=9_999))
    for playlist in playlists:
        rows = [
            model(playlist=playlist, asset=asset, position=n, transition="cut")
            for n in range(5_001)
        ]
        model.objects.bulk_create(rows)
    screen = enterprise.screen(enterprise.layout(*playlists))
    with pytest.raises(ProgrammeInvalid, match="at most 10000 items in all playlists together"):
        publish(screens=[screen], actor=None, reason="", now=enterprise.now)


# --- all of it or nothing -----------------------------------------------------------------------


def test_a_takeover_that_cannot_be_published_is_not_made(enterprise: Enterprise) -> None:
    screen = enterprise.lobby()
    layout = enterprise.layout(enterprise.playlist(enterprise.picture()))
    for path in enterprise.keyring.folder.glob("publisher-*.key"):
        path.unlink()
    forget_signer()
    with pytest.raises(NoSigner):
        start_takeover(
            name="Fire drill",
            department=enterprise.department,
            shows=layout,
            where=Where(screens=[screen.pk]),
            starts_at=enterprise.now,
            ends_at=enterprise.now + timedelta(hours=1),
            actor=enterprise.administrator,
            reason="Drill",
            now=enterprise.now,
        )
    assert not Takeover.objects.exists()


def test_one_bare_screen_of_a_group_keeps_the_others_waiting_for_a_yes(
    enterprise: Enterprise,
) -> None:
    lobby, canteen, bare = enterprise.lobby(), enterprise.lobby(), enterprise.screen(name="Bare")
    group = enterprise.group(lobby, canteen, bare)
    with pytest.raises(NotConfirmed, match=r"the slate will stand there\. \(Bare\)") as refused:
        publish(screens=group.screens.all(), actor=None, reason="", now=enterprise.now)
    assert list(refused.value.details["cautions"].values()) == [["Bare"]]
    assert not Release.objects.exists(), "nobody is told anything"
    release = publish(
        screens=group.screens.all(), actor=None, reason="", now=enterprise.now, confirmed=True
    )
    assert release is not None
    assert {each.screen for each in release.publications.all()} == {lobby, canteen, bare}
    assert manifest_in(release.publications.get(screen=bare).envelope).layouts["l0"].zones == ()


def test_of_two_editors_who_looked_at_the_same_the_second_publishes_nothing_unseen(
    enterprise: Enterprise,
) -> None:
    """S26: the second is told that the wall has it already, or to look again; never overwrites."""
    screen = enterprise.lobby()
    seen = plan([screen], enterprise.now).digest

    def go(expected: str) -> Release | None:
        return publish(
            screens=[screen], actor=enterprise.administrator, reason="", now=enterprise.later(),
            expected=expected,
        )  # fmt: skip

    assert go(seen) is not None
    stale = plan([screen], enterprise.now).digest
    edit(enterprise, screen, "Of the first")
    with pytest.raises(NotCurrent):
        go(stale)
    looked = plan([screen], enterprise.now).digest
    assert go(looked) is not None
    assert Release.objects.count() == 2
    wall = PairedWall(enterprise, screen)
    wall.sync()
    assert "Of the first" in wall.titles()


@pytest.mark.django_db(transaction=True)
def test_a_double_click_is_one_release(enterprise: Enterprise) -> None:
    screens = [enterprise.lobby(), enterprise.lobby()]
    outcomes: list[Release | None] = []
    start = threading.Barrier(4)

    def click() -> None:
        start.wait()
        try:
            outcomes.append(publish(screens=screens, actor=None, reason="", now=enterprise.now))
        finally:
            connection.close()

    threads = [threading.Thread(target=click, name=f"click-{n}") for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == 4
    assert [each for each in outcomes if each is not None] == list(Release.objects.all())
    assert Release.objects.count() == 1
    assert Publication.objects.count() == 2


def test_after_a_restored_backup_versions_go_on_rising(enterprise: Enterprise) -> None:
    """M24: a week of releases is lost; walls keep what they have, and take the next one."""
    screen = enterprise.lobby(enterprise.picture("Last week"))
    publish(screens=[screen], actor=None, reason="", now=enterprise.now)
    wall = PairedWall(enterprise, screen)
    wall.sync()
    with transaction.atomic():
        edit(enterprise, screen, "This week")
        publish(screens=[screen], actor=None, reason="", now=enterprise.later(timedelta(days=5)))
        lost = wall.sync()
        transaction.set_rollback(True)  # the database of before, as a backup brings it back
    assert lost is not None
    enterprise.later(timedelta(days=2))
    with pytest.raises(ManifestError):
        wall.sync()
    assert wall.shown == lost, "the wall goes on with what it has"
    edit(enterprise, screen, "After the restore")
    publish(screens=[screen], actor=None, reason="", now=enterprise.now)
    wall.sync()
    assert wall.titles() == ["Last week", "After the restore"]
    assert wall.shown is not None
    assert wall.shown.version > lost.version
