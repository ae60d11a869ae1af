"""A decoder that never lets go does not stop the wall (reliability D09).

libVLC's own `stop` cannot be made to hang on demand, so behind our `Decoder` port stands a real
one whose `close` waits on a lock: a blocking call in a thread, as a hung plugin would be.
"""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtQuick import QQuickWindow
from pytestqt.qtbot import QtBot

from player.stage.media.decoder import Decoder, FrameSink, PlayOptions
from player.stage.media.frame_item import FrameItem
from player.stage.media.libvlc import LibVlc, arguments
from player.stage.media.port import MediaRequest
from player.stage.media.video import Limits, VideoEngine, VideoSlot
from tests.integration.video.zone import WAIT_MS, run_ffmpeg

#: A busy machine takes its time for a first picture, and that is no fault.
LIMITS = Limits(close_s=0.3, abandoned=3, first_frame_s=4.0, stall_s=2.0, silence_s=2.0)


class Mud:
    """Where hung calls sink until the end of the test."""

    def __init__(self) -> None:
        self.library = LibVlc(arguments("adummy"))
        self.drained = threading.Event()
        self.sunk = 0
        self.hangs_in: set[str] = set()
        self.engines: list[VideoEngine] = []

    def decoder(self, sink: FrameSink) -> Decoder:
        return MuddyDecoder(self, self.library.decoder(sink))

    def swallow(self, call: str) -> None:
        if call in self.hangs_in:
            self.sunk += 1
            self.drained.wait()


class MuddyDecoder:
    """A real decoder that sinks in the calls that the test names."""

    def __init__(self, mud: Mud, real: Decoder) -> None:
        self._mud, self._real = mud, real

    def open(self, source: Path | str, options: PlayOptions) -> int:
        self._mud.swallow("open")
        return self._real.open(source, options)

    def pause(self) -> None:
        self._mud.swallow("pause")
        self._real.pause()

    def resume(self) -> None:
        self._mud.swallow("resume")
        self._real.resume()

    def length_ms(self) -> int:
        return self._real.length_ms()

    def progress(self) -> tuple[int, ...]:
        return self._real.progress()

    def reason(self) -> str:
        return self._real.reason()

    def close(self) -> None:
        self._mud.swallow("close")
        self._real.close()


@pytest.fixture
def mud() -> Iterator[Mud]:
    mud = Mud()
    yield mud
    mud.library.close()


@pytest.fixture
def engine(mud: Mud, qtbot: QtBot) -> Iterator[VideoEngine]:
    engine = VideoEngine(mud.decoder, LIMITS)
    mud.engines.append(engine)
    yield engine
    mud.drained.set()
    for playback in engine.abandoned:
        playback.join(10.0)
    assert engine.shutdown(10.0)


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[QQuickWindow]:
    window = QQuickWindow()
    window.resize(64, 64)
    window.show()
    yield window
    window.close()
    window.deleteLater()


@pytest.fixture
def slot(engine: VideoEngine, window: QQuickWindow) -> Iterator[VideoSlot]:
    item = FrameItem(window.contentItem())
    item.setSize(window.size())
    slot = engine.slot(item)
    yield slot
    slot.release()


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("hung") / "clip.mp4"
    run_ffmpeg("-f", "lavfi", "-i", "testsrc=s=64x64:r=25:d=2", "-pix_fmt", "yuv420p", path)
    return path


def show(qtbot: QtBot, slot: VideoSlot, ticket: int, clip: Path) -> None:
    with qtbot.waitSignal(slot.signals.ready, timeout=WAIT_MS):
        slot.prepare(ticket, MediaRequest("video", clip, 64, 64, "contain", 0, 60_000))
    slot.start(ticket)


@pytest.mark.expects_log("did not stop within 0.3 s and was left behind (1 so far)")
def test_a_stop_that_never_returns_does_not_keep_the_next_clip_away(
    qtbot: QtBot, mud: Mud, engine: VideoEngine, slot: VideoSlot, clip: Path
) -> None:
    mud.hangs_in = {"close"}
    show(qtbot, slot, 1, clip)
    show(qtbot, slot, 2, clip)
    qtbot.waitUntil(lambda: len(engine.abandoned) == 1, timeout=WAIT_MS)
    mud.hangs_in = set()
    show(qtbot, slot, 3, clip)
    assert mud.sunk == 1
    assert not engine.shutdown(0.1), "with a hung decoder the program must leave by os._exit"


@pytest.mark.expects_log("(3 so far)")
@pytest.mark.expects_log("(2 so far)")
@pytest.mark.expects_log("(1 so far)")
def test_after_the_third_hung_decoder_the_engine_asks_for_a_restart_once(
    qtbot: QtBot, mud: Mud, engine: VideoEngine, slot: VideoSlot, clip: Path
) -> None:
    asked: list[str] = []
    engine.worn_out.connect(asked.append)
    mud.hangs_in = {"close"}
    for ticket in range(1, 5):
        show(qtbot, slot, ticket, clip)
    qtbot.waitUntil(lambda: len(engine.abandoned) == 3, timeout=WAIT_MS)
    mud.hangs_in = set()
    assert asked == ["3 video decoders hang and hold their memory: restart the player"]


@pytest.mark.expects_log("(1 so far)")
def test_a_decoder_that_hangs_before_its_first_picture_has_failed(
    qtbot: QtBot, mud: Mud, slot: VideoSlot, clip: Path
) -> None:
    mud.hangs_in = {"open"}
    with qtbot.waitSignal(slot.signals.failed, timeout=WAIT_MS) as failure:
        slot.prepare(1, MediaRequest("video", clip, 64, 64, "contain", 0, 60_000))
    assert failure.args == [1, "'clip.mp4': no picture came within 4 s"]
    qtbot.waitUntil(lambda: len(mud.engines[0].abandoned) == 1, timeout=WAIT_MS)
    mud.hangs_in = set()
    show(qtbot, slot, 2, clip)


@pytest.mark.parametrize("call", ["pause", "resume"])
@pytest.mark.expects_log("(1 so far)")
def test_a_decoder_that_hangs_when_it_is_held_or_goes_on_fails_once_it_is_due(
    qtbot: QtBot, mud: Mud, slot: VideoSlot, clip: Path, call: str
) -> None:
    """Its first picture stands by then, and is shown; nothing waits for the order to pause.

    It fills its span, so that no next pass comes to its help.
    """
    mud.hangs_in = {call}
    with qtbot.waitSignal(slot.signals.ready, timeout=WAIT_MS):
        slot.prepare(1, MediaRequest("video", clip, 64, 64, "contain", 0, 2_000))
    if call == "pause":
        qtbot.waitUntil(lambda: mud.sunk == 1, timeout=WAIT_MS)
    with qtbot.waitSignal(slot.signals.failed, timeout=WAIT_MS) as failure:
        slot.start(1)
    assert failure.args == [1, "'clip.mp4': nothing more of it could be read for 2 s"]
    mud.hangs_in = set()
    show(qtbot, slot, 2, clip)
    qtbot.waitUntil(lambda: len(mud.engines[0].abandoned) == 1, timeout=WAIT_MS)


def test_without_the_fault_nothing_is_abandoned(
    qtbot: QtBot, mud: Mud, engine: VideoEngine, slot: VideoSlot, clip: Path
) -> None:
    """The negative control of the tests above."""
    for ticket in range(1, 5):
        show(qtbot, slot, ticket, clip)
    slot.release()
    qtbot.waitUntil(lambda: not engine._closing, timeout=WAIT_MS)
    assert (engine.abandoned, mud.sunk) == ([], 0)
