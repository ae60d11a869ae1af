"""What the slate says, and when it says something else."""

import itertools
from datetime import UTC, datetime, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

import pytest

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
