"""A code to scan: what it says, when it changes, and which codes the server takes for good."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cards.catalogue import card_for
from cards.qr_code import qr_rows, qr_runs
from cards.signed_codes import CODE_LETTERS, GRACE, code_of, is_due, is_genuine, period_of
from cards.template import CardRefusedError, Face
from manifest.model import CardAsset

HERE = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=HERE)
SERVED = {"link": "https://signage.example/q/17/", "key": "k" * 32}


def face(at: datetime = NOON, screen: str = "hq/lobby", **data: Any) -> Face:
    return card_for(CardAsset("", "qr", data), at, screen).face


def drawn(address: str) -> list[list[int]]:
    return qr_runs(qr_rows(address))


def test_an_address_is_drawn_as_it_was_written_and_never_changes() -> None:
    told = face(address="https://forms.example.com/canteen?q=1")
    assert told.data["runs"] == drawn("https://forms.example.com/canteen?q=1")
    assert told.data["host"] == "forms.example.com"
    assert told.until is None


def test_an_address_holds_the_screen_the_period_and_a_code() -> None:
    told = face(address="https://a.example/{screen}?d={period}&c={code}", served=SERVED)
    code = code_of("k" * 32, "hq/lobby", "20261123")
    assert told.data["runs"] == drawn(f"https://a.example/hq%2Flobby?d=20261123&c={code}")
    assert told.until == datetime(2026, 11, 24, tzinfo=HERE)


def test_what_the_screen_shows_is_read_at_an_address_of_the_screen_and_the_day() -> None:
    today = face(opens="screen", served=SERVED)
    tomorrow = face(NOON + timedelta(days=1), opens="screen", served=SERVED)
    code = code_of("k" * 32, "hq/lobby", "20261123")
    assert today.data["runs"] == drawn(f"https://signage.example/q/17/hq/lobby/20261123/{code}")
    assert today.data["runs"] != tomorrow.data["runs"]
    assert today.data["host"] == "signage.example"
    other = face(opens="screen", served=SERVED, screen="hq/canteen")
    assert other.data["runs"] != today.data["runs"]


def test_before_it_is_published_there_is_no_code_and_a_word_on_it() -> None:
    told = face(opens="screen")
    assert (told.data["runs"], told.data["side"], told.data["host"]) == ([], 0, "")
    assert "发布" in told.data["empty"]


@pytest.mark.parametrize(
    "address",
    [
        "",
        "sign-in",
        "ftp://a.example/",
        "https://",
        "https://a b.example",
        "javascript:1",
        "https://bank.example@evil.example/",
    ],
)
def test_what_is_no_address_is_refused_in_a_sentence(address: str) -> None:
    with pytest.raises(CardRefusedError, match=r"data\.address: .* is no address"):
        face(address=address)


@pytest.mark.parametrize(
    ("changes", "at", "until"),
    [
        ("daily", NOON, datetime(2026, 11, 24, tzinfo=HERE)),
        ("weekly", NOON, datetime(2026, 11, 30, tzinfo=HERE)),
        ("weekly", NOON - timedelta(days=1), datetime(2026, 11, 23, tzinfo=HERE)),
        ("monthly", NOON, datetime(2026, 12, 1, tzinfo=HERE)),
        ("monthly", NOON + timedelta(days=38), datetime(2027, 1, 1, tzinfo=HERE)),
    ],
)
def test_a_code_stands_until_its_period_is_over(
    changes: str, at: datetime, until: datetime
) -> None:
    data = {"opens": "screen", "served": SERVED, "changes": changes}
    told = face(at, **data)
    assert told.until == until
    assert told == face(until - timedelta(seconds=1), **data)
    after = face(until, **data)
    assert after.data["runs"] != told.data["runs"]


def test_only_the_code_of_this_key_screen_and_period_is_genuine() -> None:
    code = code_of("key", "hq/lobby", "20261123")
    assert len(code) == CODE_LETTERS
    assert is_genuine(code, "key", "hq/lobby", "20261123")
    assert not is_genuine(code, "other", "hq/lobby", "20261123")
    assert not is_genuine(code, "key", "hq/lobby2", "20261123")
    assert not is_genuine(code, "key", "hq/lobby", "20261124")
    assert not is_genuine(code[:-1], "key", "hq/lobby", "20261123")
    assert not is_genuine("码", "key", "hq/lobby", "20261123")


@pytest.mark.parametrize("period", ["20261123", "2026W48", "202611"])
def test_a_period_is_due_while_it_is_and_a_little_around(period: str) -> None:
    assert is_due(period, NOON)
    assert not is_due(period, NOON + timedelta(days=40))
    assert not is_due(period, NOON - timedelta(days=40))


def test_the_grace_is_for_clocks_that_go_wrong_and_no_more() -> None:
    midnight = datetime(2026, 11, 24, tzinfo=HERE)
    assert is_due("20261123", midnight + GRACE - timedelta(minutes=1))
    assert not is_due("20261123", midnight + GRACE)
    assert is_due("20261124", midnight - GRACE)
    assert not is_due("20261124", midnight - GRACE - timedelta(minutes=1))


def test_weeks_are_those_of_iso_8601_at_the_turn_of_the_year() -> None:
    assert period_of(datetime(2027, 1, 2, tzinfo=HERE), "weekly") == "2026W53"
    assert period_of(datetime(2027, 1, 4, tzinfo=HERE), "weekly") == "2027W01"
