"""What the slate says, and when it says something else."""

import itertools
from datetime import UTC, datetime, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from msgspec import structs

from player.bulletin import PairingCard
from player.stage.slate import DRIFT_MINUTES, SlateState, next_minute, slate_face

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 22, 4, 0, 30, tzinfo=UTC)

ALARMING = ("错误", "失败", "异常", "error", "fail", "missing", "exception", "not found")


def test_the_time_is_that_of_the_site() -> None:
    face = slate_face("大厅", "waiting", NOON, SHANGHAI)
    assert (face.time, face.date) == ("12:00", "2026 年 11 月 22 日　星期日")


@pytest.mark.parametrize("state", get_args(SlateState))
def test_every_state_is_said_calmly_in_both_languages(state: SlateState) -> None:
    face = slate_face("大厅", state, NOON, SHANGHAI)
    words = f"{face.line} {face.secondLine}".lower()
    assert face.line
    assert face.secondLine
    assert not any(word in words for word in ALARMING)


CODE = PairingCard(
    code="482913",
    server="https://signage.example/pair",
    qr=("1101", "0010", "1000", "1111"),
    box="lobby-box   10.0.0.7",
)


def test_a_code_is_shown_in_two_groups_with_where_to_enter_it() -> None:
    face = slate_face("大厅", "waiting", NOON, SHANGHAI, CODE)
    assert (face.code, face.address) == ("482 913", "signage.example/pair")
    assert face.properties()["qr"] == [[0, 0, 2], [3, 0, 1], [2, 1, 1], [0, 2, 1], [0, 3, 4]]
    assert face.properties()["qrSide"] == 4


def test_before_the_server_was_reached_it_says_so_calmly() -> None:
    face = slate_face("大厅", "waiting", NOON, SHANGHAI, PairingCard(box="lobby-box"))
    assert "Connecting" in face.secondLine
    assert not any(word in f"{face.line} {face.secondLine}".lower() for word in ALARMING)


def test_once_paired_the_fingerprint_stands_there_in_groups_until_content_comes() -> None:
    paired = PairingCard(fingerprint="0123456789abcdef" * 4, box="lobby-box", is_paired=True)
    face = slate_face("大厅", "waiting", NOON, SHANGHAI, paired)
    assert face.fingerprint.endswith("0123 4567 89ab cdef 0123 4567 89ab cdef")
    assert face.code == ""
    off_hours = slate_face("大厅", "off_hours", NOON, SHANGHAI, paired)
    assert (off_hours.fingerprint, off_hours.box) == ("", ""), "nothing for passers-by"


def test_a_box_that_must_be_paired_again_shows_the_code_wherever_nothing_else_is_due() -> None:
    assert slate_face("大厅", "off_hours", NOON, SHANGHAI, CODE).code == "482 913"


def test_the_face_changes_with_the_minute_and_never_within() -> None:
    change = next_minute(NOON)
    before = [slate_face("大厅", "waiting", NOON + timedelta(seconds=n), SHANGHAI) for n in (0, 29)]
    after = slate_face("大厅", "waiting", change, SHANGHAI)
    assert change == NOON.replace(minute=1, second=0)
    assert before[0] == before[1] != after


def test_the_face_wanders_over_all_its_room_and_never_out_of_it() -> None:
    faces = [
        slate_face("大厅", "waiting", NOON + timedelta(minutes=n), SHANGHAI)
        for n in range(DRIFT_MINUTES)
    ]
    for drift in ([face.driftX for face in faces], [face.driftY for face in faces]):
        assert 0 <= min(drift) < 0.02
        assert 0.98 < max(drift) <= 1
        steps = [abs(a - b) for a, b in itertools.pairwise(drift)]
        assert max(steps) < 0.08


def test_a_code_that_is_there_because_the_key_was_refused_says_so():
    refused = structs.replace(CODE, key_refused=True)
    face = slate_face("大厅", "waiting", NOON, SHANGHAI, refused)
    assert face.code == slate_face("大厅", "waiting", NOON, SHANGHAI, CODE).code
    assert "注册密钥" in face.line
    assert "enrolment key is refused" in face.secondLine
