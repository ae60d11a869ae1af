"""A pass without news is one small request; a challenge goes along only where it is needed."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from content_cache.fetcher import Document, DocumentName
from content_cache.outcome import Ending, SyncOutcome
from content_cache.sync import PassOptions, run_pass
from tests.simulators.manifests import an_image, an_item
from tests.simulators.publisher import NOW
from tests.simulators.site import Site, SiteFetcher, Wall, digest_of

CHALLENGE = "a-challenge-of-some-length"
NIGHT_ONLY = timedelta(hours=8)


class Server(SiteFetcher):
    """A site whose freshness has an ETag, and is signed on demand for a challenge.

    `newest_root` is what it says of its roots; None: nothing, as servers of old.
    """

    newest_root: int | None = None

    def document(self, name: DocumentName, etag: str | None = None) -> Document:
        path, _, query = name.path.partition("?challenge=")
        if path != "freshness":
            return super().document(name, etag)
        self._called("freshness?" if query else "freshness")
        if query:
            return Document(self.site.publisher.freshness_bytes(challenge=query), None)
        mine = f'"{digest_of(self.site.freshness)}"'
        return Document(None if etag == mine else self.site.freshness, mine, self.newest_root)


@pytest.fixture
def site() -> Site:
    return Site(b"one", b"two")


@pytest.fixture
def wall(tmp_path: Path, site: Site) -> Wall:
    return Wall(tmp_path, site.paired)


def a_pass(
    wall: Wall, server: Server, before: SyncOutcome | None = None, clock: datetime = NOW, **more
) -> SyncOutcome:
    server.calls.clear()
    known = before.known if before else None
    options = PassOptions(challenge=CHALLENGE, known=known, parallel=1, **more)
    return run_pass(wall.cache, server, wall.paired, clock, options)


def settled(wall: Wall, server: Server) -> SyncOutcome:
    """The first pass, and the one that learns the ETag of the server's ready word."""
    first = a_pass(wall, server)
    server.site.sign()
    return a_pass(wall, server, first)


def test_the_first_pass_sends_a_challenge(wall: Wall, site: Site) -> None:
    server = Server(site)
    outcome = a_pass(wall, server)
    assert "freshness?" in server.calls
    assert outcome.answered is not None
    assert outcome.answered.offset == timedelta(0)


def test_without_news_there_is_one_conditional_request(wall: Wall, site: Site) -> None:
    server = Server(site)
    outcome = a_pass(wall, server, settled(wall, server))
    assert server.calls == ["freshness"]
    assert outcome.ending is Ending.UNCHANGED
    assert outcome.version == site.version
    assert outcome.known is not None, "the next pass may go by it, too"


def test_a_word_that_is_older_than_the_one_signed_for_us_costs_one_challenge(
    wall: Wall, site: Site
) -> None:
    server = Server(site)
    first = a_pass(wall, server)
    second = a_pass(wall, server, first)  # the server's ready word is older than our answer
    assert server.calls == ["freshness", "root/2", "freshness?"]
    third = a_pass(wall, server, second)
    assert server.calls == ["freshness"]
    assert third.ending is Ending.UNCHANGED


def test_news_is_taken_from_the_word_that_was_heard(wall: Wall, site: Site) -> None:
    server = Server(site)
    before = settled(wall, server)
    version = site.publish(b"three")
    outcome = a_pass(wall, server, before)
    assert (outcome.ending, wall.shows()) == (Ending.ACTIVATED, version)
    assert "freshness?" not in server.calls


def test_a_new_root_is_followed_with_the_next_word(wall: Wall, site: Site) -> None:
    server = Server(site)
    before = settled(wall, server)
    site.publisher.rotate("freshness")
    site.sign()
    assert a_pass(wall, server, before).ending is Ending.UNCHANGED
    assert "root/2" in server.calls


def test_where_the_server_says_that_no_root_is_newer_none_is_asked_for(
    wall: Wall, site: Site
) -> None:
    server = Server(site)
    before = settled(wall, server)
    server.newest_root = 1
    version = site.publish(b"three")
    outcome = a_pass(wall, server, before)
    assert (outcome.ending, wall.shows()) == (Ending.ACTIVATED, version)
    assert server.calls == ["freshness", "manifest", f"blobs/{digest_of(b'three')}"]


@pytest.mark.parametrize("said", [1, 2], ids=["a number of yesterday", "the right number"])
def test_a_new_root_is_followed_whatever_the_server_says_of_it(
    wall: Wall, site: Site, said: int
) -> None:
    server = Server(site)
    before = settled(wall, server)
    server.newest_root = said
    site.publisher.rotate("freshness")
    site.sign()
    outcome = a_pass(wall, server, before)
    assert outcome.ending is Ending.UNCHANGED
    assert "root/2" in server.calls
    assert "freshness?" not in server.calls, "the word that was heard does, under the new root"


@pytest.mark.parametrize(
    "clock",
    [datetime(1970, 1, 1, tzinfo=NOW.tzinfo), NOW + timedelta(days=3650)],
    ids=["1970", "ten years on"],
)
def test_a_wrong_clock_asks_for_a_challenge_but_not_with_every_poll(
    wall: Wall, site: Site, clock: datetime
) -> None:
    server = Server(site)
    before = settled(wall, server)
    outcome = a_pass(wall, server, before, clock)
    assert "freshness?" in server.calls
    assert outcome.is_good
    assert outcome.known is not None
    vouched = replace(outcome, known=replace(outcome.known, vouched=True))
    assert a_pass(wall, server, vouched, clock).is_good
    assert "freshness?" not in server.calls


def test_a_recording_that_has_expired_is_asked_for_anew(wall: Wall, site: Site) -> None:
    server = Server(site)
    before = settled(wall, server)
    site.publisher.now += timedelta(days=2)
    a_pass(wall, server, before, NOW + timedelta(days=2))
    assert "freshness?" in server.calls


def test_a_cache_that_changed_under_us_is_looked_at_anew(wall: Wall, site: Site) -> None:
    server = Server(site)
    before = settled(wall, server)
    wall.generations.remember_trust(b"somebody imported a package")
    outcome = a_pass(wall, server, before)
    assert len(server.calls) > 1
    assert outcome.is_good


def test_a_pass_that_failed_hands_nothing_on(wall: Wall, site: Site) -> None:
    server = Server(site)
    before = settled(wall, server)
    site.publish(b"three")
    site.blobs.clear()
    assert a_pass(wall, server, before).known is None


# --- the download window ---------------------------------------------------------------


def closed(_now: datetime) -> bool:
    return False


def later_programme(site: Site, content: bytes, starts: timedelta) -> int:
    """A programme in which `content` is shown from `starts` on; what is shown now stays."""
    site.blobs[digest_of(content)] = content
    assets = {f"a{n}": an_image(each) for n, each in enumerate((b"one", b"two"))}
    items = [an_item(f"i-{name}", name) for name in assets]
    begin = (NOW + starts).isoformat().replace("+00:00", "Z")
    items.append(an_item("i-late", "late", valid_from=begin))
    version = site.publisher.publish(assets=assets | {"late": an_image(content)}, items=items)
    site.sign()
    return version


def test_what_is_not_needed_within_the_hour_waits_for_the_window(wall: Wall, site: Site) -> None:
    server = Server(site)
    before = settled(wall, server)
    shown = wall.shows()
    version = later_programme(site, b"tomorrow", NIGHT_ONLY)
    outcome = a_pass(wall, server, before, may_download=closed)
    assert outcome.ending is Ending.DEFERRED
    assert (outcome.version, outcome.blobs_left) == (version, 1)
    assert wall.shows() == shown
    assert not [call for call in server.calls if call.startswith("blobs/")]
    again = a_pass(wall, server, outcome, may_download=closed)
    assert (again.ending, server.calls) == (Ending.DEFERRED, ["freshness"])
    opened = a_pass(wall, server, replace(again, known=None))
    assert (opened.ending, wall.shows()) == (Ending.ACTIVATED, version)


def test_what_is_needed_within_the_hour_comes_at_any_time(wall: Wall, site: Site) -> None:
    server = Server(site)
    before = settled(wall, server)
    version = later_programme(site, b"soon", timedelta(minutes=50))
    outcome = a_pass(wall, server, before, may_download=closed)
    assert (outcome.ending, wall.shows()) == (Ending.ACTIVATED, version)


def test_a_takeover_comes_at_any_time(wall: Wall, site: Site) -> None:
    server = Server(site)
    before = settled(wall, server)
    later_programme(site, b"tomorrow", NIGHT_ONLY)
    document = site.publisher.document
    begin, end = (NOW + timedelta(minutes=n) for n in (5, 60))
    takeover = {
        "id": "t1",
        "layout": "l0",
        "from": begin.isoformat().replace("+00:00", "Z"),
        "until": end.isoformat().replace("+00:00", "Z"),
        "priority": 0,
    }
    version = site.publisher.publish(
        assets=document["assets"], items=_items(document), takeovers=[takeover]
    )
    site.sign()
    outcome = a_pass(wall, server, before, may_download=closed)
    assert (outcome.ending, wall.shows()) == (Ending.ACTIVATED, version)


def test_a_take_down_does_not_wait_for_what_else_is_new(wall: Wall, site: Site) -> None:
    server = Server(site)
    before = settled(wall, server)
    later_programme(site, b"tomorrow", NIGHT_ONLY)
    document = site.publisher.document
    kept = {name: asset for name, asset in document["assets"].items() if name != "a0"}
    items = [item for item in _items(document) if item["asset"] != "a0"]
    version = site.publisher.publish(assets=kept, items=items)
    site.sign()
    outcome = a_pass(wall, server, before, may_download=closed)
    assert (outcome.ending, wall.shows()) == (Ending.ACTIVATED, version)


def test_a_release_with_nothing_to_fetch_does_not_wait(wall: Wall, site: Site) -> None:
    server = Server(site)
    before = settled(wall, server)
    version = site.publish(b"two", b"one")
    outcome = a_pass(wall, server, before, may_download=closed)
    assert (outcome.ending, wall.shows()) == (Ending.ACTIVATED, version)


def test_the_first_release_of_all_comes_at_any_time(wall: Wall, site: Site) -> None:
    outcome = a_pass(wall, Server(site), may_download=closed)
    assert outcome.ending is Ending.ACTIVATED


def _items(document: dict[str, object]) -> list[dict[str, object]]:
    return document["playlists"]["p0"]["items"]  # type: ignore[index]
