"""Level 2: what the approvers did not sign is not on the wall, whatever the server signs."""

from datetime import timedelta

import pytest

from manifest.envelope import DocumentType, open_envelope, seal
from manifest.errors import ManifestError
from server.publishing.approvals import approve, pending
from server.publishing.errors import NotApproved
from server.publishing.kept import KeptRows
from server.publishing.models import Publication
from server.publishing.renewal import install_and_renew, renew_what_expires
from server.publishing.services import publish, take_down
from server.screens.models import Screen
from tests.simulators.enterprise import Enterprise
from tests.simulators.publisher import a_signer
from tests.simulators.wall import PairedWall


@pytest.fixture
def enterprise(enterprise_without_keys: Enterprise) -> Enterprise:
    """Level 2: two of three approvers."""
    enterprise_without_keys.install_keys(approvers=2)
    return enterprise_without_keys


def waiting(enterprise: Enterprise, screen: Screen) -> Publication:
    release = publish(screens=[screen], actor=None, reason="", now=enterprise.later())
    assert release is not None
    return release.publications.get()


def signed(publication: Publication, *signers: object) -> bytes:
    payload = open_envelope(bytes(publication.envelope), DocumentType.MANIFEST).payload
    return seal(DocumentType.MANIFEST, payload, signers)  # type: ignore[arg-type]


def approved(enterprise: Enterprise, publication: Publication) -> None:
    approve(envelope=signed(publication, *enterprise.approvers), actor=None, now=enterprise.now)


def test_a_publication_counts_when_enough_approvers_have_signed(enterprise: Enterprise) -> None:
    screen = enterprise.lobby()
    publication = waiting(enterprise, screen)
    one, two = enterprise.approvers
    assert approve(envelope=signed(publication, one), actor=None, now=enterprise.now).missing == 1
    assert list(pending()) == [publication]
    assert approve(envelope=signed(publication, two), actor=None, now=enterprise.now).missing == 0
    assert list(pending()) == []
    assert PairedWall(enterprise, screen).sync() is not None


def test_what_waits_is_not_asked_for_twice(enterprise: Enterprise) -> None:
    screen = enterprise.lobby()
    waiting(enterprise, screen)
    assert publish(screens=[screen], actor=None, reason="", now=enterprise.later()) is None


def test_a_signature_that_does_not_count_is_refused(enterprise: Enterprise) -> None:
    publication = waiting(enterprise, enterprise.lobby())
    with pytest.raises(NotApproved, match="No approver"):
        approve(envelope=signed(publication, a_signer("me")), actor=None, now=enterprise.now)
    with pytest.raises(NotApproved, match="No approver"):
        approve(
            envelope=signed(publication, enterprise.signer("publisher")),
            actor=None,
            now=enterprise.now,
        )
    approve(envelope=signed(publication, enterprise.approvers[0]), actor=None, now=enterprise.now)
    with pytest.raises(NotApproved, match="had not signed it before"):
        approve(
            envelope=signed(publication, enterprise.approvers[0]), actor=None, now=enterprise.now
        )
    with pytest.raises(NotApproved, match="no signed manifest"):
        approve(envelope=b"hello", actor=None, now=enterprise.now)
    foreign = seal(DocumentType.MANIFEST, b"{}", enterprise.approvers)
    with pytest.raises(NotApproved, match="never published"):
        approve(envelope=foreign, actor=None, now=enterprise.now)


def test_an_older_one_is_not_approved_after_a_newer_one(enterprise: Enterprise) -> None:
    screen = enterprise.lobby()
    older = waiting(enterprise, screen)
    assert screen.default_layout is not None
    enterprise.add(screen.default_layout.zones.get().playlist, enterprise.picture())
    newer = waiting(enterprise, screen)
    assert list(pending()) == [newer]
    approved(enterprise, newer)
    with pytest.raises(NotApproved, match="publish again"):
        approved(enterprise, older)


def test_what_was_taken_down_meanwhile_is_not_approved(enterprise: Enterprise) -> None:
    gone = enterprise.picture("Gone")
    publication = waiting(enterprise, enterprise.lobby(gone))
    take_down(asset=gone, actor=None, reason="", now=enterprise.later())
    with pytest.raises(NotApproved, match="“Gone” was taken down"):
        approved(enterprise, publication)


def test_a_new_publishers_key_needs_no_new_approval(enterprise: Enterprise) -> None:
    screen = enterprise.lobby()
    approved(enterprise, waiting(enterprise, screen))
    wall = PairedWall(enterprise, screen)
    shown = wall.sync()
    enterprise.rotate("publisher")
    install_and_renew(
        enterprise.roots[-1], organisation="group", actor=None, now=enterprise.later()
    )
    assert Publication.objects.count() == 1, "the bytes stay as they are"
    assert PairedWall(enterprise, screen).sync() == shown
    assert wall.sync() == shown


def test_a_renewal_is_asked_for_once_and_said_every_night(
    enterprise: Enterprise, caplog: pytest.LogCaptureFixture
) -> None:
    screen = enterprise.lobby()
    approved(enterprise, waiting(enterprise, screen))
    enterprise.later(timedelta(days=200))
    assert renew_what_expires(enterprise.now) == 0, "an approval lasts for a year"
    caplog.clear()
    enterprise.later(timedelta(days=60))
    with caplog.at_level("CRITICAL"):
        assert renew_what_expires(enterprise.now) == 1
        assert renew_what_expires(enterprise.later(timedelta(days=1))) == 0
    approved(enterprise, next(pending()))
    assert PairedWall(enterprise, screen).sync() is not None


def test_the_server_alone_cannot_make_a_publication_count(enterprise: Enterprise) -> None:
    screen = enterprise.lobby()
    approved(enterprise, waiting(enterprise, screen))
    wall = PairedWall(enterprise, screen)
    shown = wall.sync()
    assert screen.default_layout is not None
    enterprise.add(screen.default_layout.zones.get().playlist, enterprise.picture())
    waiting(enterprise, screen)
    row = Publication.objects.get(complete=False)
    KeptRows(Publication).sign(row.pk, bytes(row.envelope), complete=True)
    with pytest.raises(ManifestError, match="approvals"):
        wall.sync()
    assert wall.shown == shown
