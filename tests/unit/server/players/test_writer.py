"""The one writer: commits together what comes together, and lets nothing keep the rest back."""

import asyncio
from datetime import UTC, datetime

import pytest

from server.errors import Unavailable
from server.players.rush import Rush
from server.players.writer import KEEP_S, WAITING, Writer
from server.telemetry.values import Beat, Segment
from tests.simulators.moved_clock import MovedClock

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


class Desk:
    """The port to the database: notes what it is asked, and fails for what is poisoned."""

    def __init__(self):
        self.asked, self.down, self.poisoned = [], False, set()

    async def ask(self, work, **values):
        if self.down:
            raise Unavailable("down")
        rows = values.get("beats") or values.get("segments") or values.get("notes") or ()
        screens = [getattr(row, "screen", row) for row in rows]
        if self.poisoned & set(screens):
            raise ValueError("the database refuses this row")
        self.asked.append((work.__name__, screens))
        return {}


def a_beat(screen, boot="boot-one"):
    return Beat(screen, NOW, boot, "10.0.0.1", 1, {})


def written(desk, what):
    return [screens for name, screens in desk.asked if name == what]


def run(story):
    async def play():
        desk, clock = Desk(), MovedClock(NOW)
        writer = Writer(desk, clock, Rush(clock))
        await story(writer, desk, clock)
        await writer.close()

    asyncio.run(play())


def test_segments_that_come_together_are_committed_together():
    async def story(writer, desk, clock):
        waiting = [asyncio.create_task(writer.take(Segment(n, "s"))) for n in range(20)]
        await asyncio.sleep(0)
        writer.start()
        await asyncio.gather(*waiting)
        assert written(desk, "segments_take") == [list(range(20))]

    run(story)


def test_a_segment_that_the_database_refuses_fails_alone():
    async def story(writer, desk, clock):
        desk.poisoned = {1}
        writer.start()
        done = await asyncio.gather(
            *(writer.take(Segment(n, "s")) for n in range(3)), return_exceptions=True
        )
        assert [type(each) for each in done] == [type(None), ValueError, type(None)]

    run(story)


def test_nobody_is_told_that_reports_are_kept_while_they_are_not():
    async def story(writer, desk, clock):
        desk.down = True
        writer.start()
        with pytest.raises(Unavailable):
            await writer.take(Segment(1, "s"))

    run(story)


def test_only_so_many_segments_wait():
    async def story(writer, desk, clock):
        waiting = [asyncio.create_task(writer.take(Segment(n, "s"))) for n in range(WAITING)]
        await asyncio.sleep(0)
        with pytest.raises(Unavailable):
            await writer.take(Segment(0, "s"))
        await writer.close()
        assert all(isinstance(each, Unavailable) for each in await asyncio.gather(
            *waiting, return_exceptions=True))  # fmt: skip

    run(story)


def test_a_screen_s_row_is_written_once_in_half_a_minute_with_what_came_last():
    async def story(writer, desk, clock):
        for _second in range(65):
            writer.beat(a_beat(7))
            await writer._flush()
            clock.advance(1)
        assert len(written(desk, "heartbeats_save")) == 3
        assert KEEP_S < 30

    run(story)


@pytest.mark.expects_log("a heartbeat of screen 2 cannot be kept")
def test_a_heartbeat_that_the_database_refuses_keeps_no_other_back():
    async def story(writer, desk, clock):
        desk.poisoned = {2}
        for screen in (1, 2, 3):
            writer.beat(a_beat(screen))
        await writer._flush()
        assert written(desk, "heartbeats_save") == [[1], [3]]
        await writer._flush()
        assert written(desk, "heartbeats_save") == [[1], [3]], "and it is not tried for ever"

    run(story)


def test_heartbeats_wait_while_the_database_is_down():
    async def story(writer, desk, clock):
        desk.down = True
        writer.beat(a_beat(1))
        with pytest.raises(Unavailable):
            await writer._flush()
        desk.down = False
        await writer._flush()
        assert written(desk, "heartbeats_save") == [[1]]

    run(story)


def test_clones_are_noted_as_a_fault():
    async def story(writer, desk, clock):
        for boot in ("a", "b", "a"):
            writer.beat(a_beat(1, boot))
        await writer._flush()
        (notes,) = written(desk, "faults_note")
        assert [(screen, note.code) for screen, note in notes] == [(1, "DUP_IDENTITY")]

    run(story)
