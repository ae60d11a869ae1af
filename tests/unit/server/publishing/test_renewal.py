"""Manifests live for thirty days, and nobody has to remember it."""

from datetime import timedelta

import pytest

from server.publishing.errors import NoSigner
from server.publishing.models import Publication
from server.publishing.renewal import install_and_renew, renew_what_expires
from server.publishing.services import publish
from server.publishing.signing import forget_signer
from tests.simulators.enterprise import Enterprise
from tests.simulators.wall import PairedWall


def test_a_year_of_nights_keeps_every_manifest_fresh(enterprise: Enterprise) -> None:
    screens = [enterprise.lobby(), enterprise.lobby()]
    publish(screens=screens, actor=None, reason="", now=enterprise.now)
    wall = PairedWall(enterprise, screens[0])
    wall.sync()
    renewals = 0
    for _night in range(365):
        now = enterprise.later(timedelta(days=1))
        renewals += renew_what_expires(now)
        shown = wall.sync()
        assert shown is not None
        assert shown.expires_at - now >= timedelta(days=10), "ten nights to notice a fault"
    assert renewals == 2 * (365 // 21), "a renewal every three weeks, and not more"


def test_a_renewal_without_a_signer_fails_and_comes_again(enterprise: Enterprise) -> None:
    publish(screens=[enterprise.lobby()], actor=None, reason="", now=enterprise.now)
    enterprise.later(timedelta(days=25))
    hidden = enterprise.keyring.folder.rename(enterprise.keyring.folder.with_name("away"))
    forget_signer()
    with pytest.raises(NoSigner):
        renew_what_expires(enterprise.now)
    assert Publication.objects.count() == 1
    hidden.rename(enterprise.keyring.folder)
    assert renew_what_expires(enterprise.later(timedelta(days=1))) == 1


def test_a_server_without_keys_has_nothing_to_renew(
    enterprise_without_keys: Enterprise,
) -> None:
    enterprise_without_keys.lobby()
    assert renew_what_expires(enterprise_without_keys.now) == 0


def test_after_a_rotation_the_new_key_signs_and_the_old_one_counts_no_more(
    enterprise: Enterprise,
) -> None:
    screen = enterprise.lobby()
    publish(screens=[screen], actor=None, reason="", now=enterprise.now)
    wall = PairedWall(enterprise, screen)
    old = wall.newest_envelope()
    assert wall.sync()
    before = wall.shown
    enterprise.later()
    enterprise.rotate("publisher", "freshness")
    install_and_renew(
        enterprise.roots[-1], organisation="group", actor=None, now=enterprise.later()
    )
    assert wall.newest_envelope() != old
    wall.sync()
    assert wall.shown is not None
    assert before is not None
    assert wall.shown.playlists == before.playlists
    new_wall = PairedWall(enterprise, screen)
    assert new_wall.sync() == wall.shown
