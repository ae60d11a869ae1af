"""A box that listens is told at once, whichever process of the server the news came from."""

from collections.abc import Iterator

from content_cache.server_sent import ServerEvent, server_events
from tests.simulators.server_acts import act


def events(box, **headers: str) -> Iterator[ServerEvent]:
    """What a box hears, its pings left out."""
    headers = {"Authorization": f"Bearer {box.token}", **headers}
    with box.session.get(box.url("push"), headers=headers, stream=True, timeout=60) as answer:
        assert answer.status_code == 200, answer.text
        yield from server_events(answer.iter_content(None), "push")


def test_a_publication_of_another_process_is_heard(box):
    heard = events(box)
    assert next(heard).name is None  # the welcome: it is connected
    version = act(box.server.home, "publish", box.screen)
    told = next(event for event in heard if event.name)
    assert (told.name, told.last_id) == ("look", str(version))
    heard.close()


def test_whoever_comes_back_is_told_what_it_missed(box):
    heard = events(box, **{"Last-Event-ID": "1"})
    assert next(event for event in heard if event.name).name == "look"
    heard.close()


def test_what_is_wanted_is_said_and_stands_in_the_next_heartbeat(box):
    heard = events(box)
    next(heard)
    act(box.server.home, "want", box.screen, "screenshot")
    told = next(event for event in heard if event.name)
    assert (told.name, told.data) == ("wanted", '["screenshot"]')
    answer = box.post("heartbeat", {"boot": "boot-of-a-test"})
    assert answer.json()["wanted"] == ["screenshot"]
    heard.close()


def test_what_is_asked_for_while_something_else_is_open_is_said_again(box):
    heard = events(box)
    next(heard)
    for kind in ("identify", "resync"):
        act(box.server.home, "command", box.screen, kind)
        told = next(event for event in heard if event.name)
        assert (told.name, told.data) == ("wanted", '["commands"]')
    heard.close()


def test_a_revoked_token_ends_its_connection_and_is_refused(box):
    heard = events(box)
    next(heard)
    act(box.server.home, "revoke", box.screen)
    assert [event for event in heard if event.name] == []
    assert box.get("freshness").status_code == 401
