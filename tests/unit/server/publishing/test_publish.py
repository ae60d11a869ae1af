"""What `publish` promises: one release, all of it, once, and nobody else is touched."""

from server.publishing.models import Publication
from server.publishing.selectors import manifest_in
from server.publishing.services import publish
from tests.simulators.enterprise import Enterprise


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
