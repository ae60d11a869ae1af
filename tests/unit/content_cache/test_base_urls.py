"""Several addresses of one server."""

import pytest

from content_cache.base_urls import FALL_BACK_S, BaseUrls, checked_base
from content_cache.fetch_errors import Cancelled, CutShort, ServerRefused, ServerUnreachable


class Clock:
    """Time that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Servers:
    """Which addresses are down; remembers who was asked."""

    def __init__(self, *down: str) -> None:
        self.down, self.asked = set(down), list[str]()

    def __call__(self, base: str) -> str:
        self.asked.append(base)
        if base in self.down:
            raise ServerUnreachable(base, "Connection refused")
        return f"answer of {base}"


def test_the_first_that_answers_is_taken() -> None:
    servers = Servers("a")
    assert BaseUrls(["a", "b", "c"]).first_that_answers(servers) == "answer of b"
    assert servers.asked == ["a", "b"]


def test_a_dead_address_is_not_tried_first_again_until_it_had_time_to_recover() -> None:
    clock, servers = Clock(), Servers("a")
    bases = BaseUrls(["a", "b"], clock)
    for _ in range(3):
        bases.first_that_answers(servers)
    assert servers.asked == ["a", "b", "b", "b"]
    servers.down.clear()
    clock.now = FALL_BACK_S
    assert bases.first_that_answers(servers) == "answer of a"


def test_when_all_are_down_the_configured_first_is_named() -> None:
    bases = BaseUrls(["a", "b"])
    for _ in range(2):
        with pytest.raises(ServerUnreachable) as raised:
            bases.first_that_answers(Servers("a", "b"))
    assert "reach a:" in str(raised.value)


def test_an_answer_about_one_thing_is_an_answer() -> None:
    asked = []

    def missing(base: str) -> str:
        asked.append(base)
        raise ServerRefused(f"{base}/root/2", 404)

    with pytest.raises(ServerRefused):
        BaseUrls(["a", "b"]).first_that_answers(missing)
    assert asked == ["a"]


def test_an_address_whose_transfers_break_off_goes_behind_the_others() -> None:
    bases, servers = BaseUrls(["a", "b"]), Servers()
    assert bases.blame("a", CutShort("a", 10, "reset"))
    assert not bases.blame("b", Cancelled())
    assert bases.first_that_answers(servers) == "answer of b"


def test_no_address_at_all_is_refused() -> None:
    with pytest.raises(ValueError, match="set at least one"):
        BaseUrls([])


@pytest.mark.parametrize(
    "url", ["https://signage.example", "http://127.0.0.1:8000", "http://[::1]", "http://localhost"]
)
def test_an_address_loses_the_slash_at_its_end(url: str) -> None:
    assert checked_base(url + "/", cleartext=False) == url


def test_clear_text_can_be_allowed() -> None:
    assert checked_base("http://signage.example/s/", cleartext=True) == "http://signage.example/s"
