"""Every server process says the same of what is newest, and never something older than before."""

from datetime import timedelta

import pytest

from manifest.documents import Freshness, ManifestReference, decode_freshness
from manifest.envelope import DocumentType, open_envelope
from manifest.errors import ManifestFormatError
from server.publishing.freshness import (
    ROUND,
    answers,
    freshness_for,
    plain_words,
    signed_freshness,
)
from server.publishing.services import publish
from server.screens.models import Screen
from tests.simulators.enterprise import Enterprise
from tests.simulators.wall import PairedWall

CHALLENGE = "0123456789abcdef"


def said(envelope: bytes | None) -> Freshness:
    assert envelope is not None
    return decode_freshness(open_envelope(envelope, DocumentType.FRESHNESS).payload)


@pytest.fixture
def lobby(enterprise: Enterprise) -> Screen:
    screen = enterprise.lobby()
    publish(screens=[screen], actor=None, reason="Opening", now=enterprise.now)
    return screen


def test_a_screen_without_a_publication_has_no_freshness(enterprise: Enterprise) -> None:
    screen = enterprise.lobby()
    assert freshness_for(screen.pk, None, enterprise.now) is None
    assert freshness_for(screen.pk, CHALLENGE, enterprise.now) is None


def test_the_same_bytes_are_said_until_the_round_is_over(
    enterprise: Enterprise, lobby: Screen
) -> None:
    first = signed_freshness(lobby.pk, None, enterprise.now)
    assert first is not None
    last_moment = first.until - timedelta(milliseconds=1)
    assert signed_freshness(lobby.pk, None, last_moment) == first
    second = signed_freshness(lobby.pk, None, first.until)
    assert second is not None
    assert said(second.envelope).version > said(first.envelope).version
    assert said(second.envelope).server_time == first.until


def test_the_versions_grow_over_rounds_publications_and_challenges(
    enterprise: Enterprise, lobby: Screen
) -> None:
    heard = [freshness_for(lobby.pk, None, enterprise.now)]
    for step in range(12):
        now = enterprise.later((timedelta(0), timedelta(seconds=1), ROUND)[step % 3])
        if step % 2:
            lobby.default_layout = enterprise.layout(enterprise.playlist(enterprise.picture()))
            lobby.save()
            assert publish(screens=[lobby], actor=None, reason="", now=now)
        challenge = CHALLENGE if step % 4 == 2 else None
        heard.append(freshness_for(lobby.pk, challenge, now))
        heard.append(freshness_for(lobby.pk, None, now))
    versions = [said(each).version for each in heard]
    assert versions == sorted(versions)
    assert len(set(heard)) == len(set(versions)) > 12, "one version is one document"


def test_a_clock_that_was_put_back_takes_no_version_back(
    enterprise: Enterprise, lobby: Screen
) -> None:
    before = said(freshness_for(lobby.pk, None, enterprise.now)).version
    enterprise.now -= timedelta(hours=3)
    after = said(freshness_for(lobby.pk, None, enterprise.now))
    assert after.version > before
    assert after.server_time == enterprise.now


def test_an_answer_to_a_challenge_echoes_it_and_the_next_plain_one_is_newer(
    enterprise: Enterprise, lobby: Screen
) -> None:
    wall = PairedWall(enterprise, lobby)
    wall.sync()
    wall.sync(challenge=CHALLENGE)
    answer = said(freshness_for(lobby.pk, CHALLENGE, enterprise.now))
    assert answer.challenge == CHALLENGE
    wall.sync()
    assert wall.shown is not None


def test_a_challenge_that_is_none_is_refused(enterprise: Enterprise, lobby: Screen) -> None:
    with pytest.raises(ManifestFormatError, match="challenge"):
        freshness_for(lobby.pk, "short", enterprise.now)


def test_an_answer_for_one_screen_changes_nothing_for_another(
    enterprise: Enterprise, lobby: Screen
) -> None:
    other = enterprise.lobby()
    publish(screens=[other], actor=None, reason="", now=enterprise.now)
    before = freshness_for(other.pk, None, enterprise.now)
    freshness_for(lobby.pk, CHALLENGE, enterprise.now)
    assert freshness_for(other.pk, None, enterprise.now) == before


def test_whoever_answers_from_memory_says_the_same_bytes_before_and_after_a_challenge(
    enterprise: Enterprise, lobby: Screen
) -> None:
    newest = lobby.publications.get()
    reference = ManifestReference(newest.version, newest.payload_sha256, newest.payload_bytes)

    def from_memory() -> bytes:
        words = plain_words(enterprise.now)
        return words.say(lobby.pk, lobby.site.slug, lobby.slug, reference)

    assert from_memory() == freshness_for(lobby.pk, None, enterprise.now)
    assert freshness_for(lobby.pk, CHALLENGE, enterprise.now)
    assert from_memory() == freshness_for(lobby.pk, None, enterprise.now)
    enterprise.later(ROUND)
    assert plain_words(enterprise.now).floors == {}, "the round is above what was heard before"
    assert from_memory() == freshness_for(lobby.pk, None, enterprise.now)


def test_challenges_that_come_together_are_answered_each_with_a_version_of_its_own(
    enterprise: Enterprise, lobby: Screen
) -> None:
    other, silent = enterprise.lobby(), enterprise.lobby()
    publish(screens=[other], actor=None, reason="", now=enterprise.now)
    asks = [(lobby.pk, "a" * 16), (silent.pk, "b" * 16), (other.pk, "c" * 16), (lobby.pk, "d" * 16)]
    first, none, elsewhere, second = answers(asks, enterprise.now)
    assert none is None
    assert [said(each).challenge for each in (first, elsewhere, second)] == [
        "a" * 16, "c" * 16, "d" * 16
    ]  # fmt: skip
    assert said(first).version < said(second).version
    assert said(freshness_for(lobby.pk, None, enterprise.now)).version > said(second).version
