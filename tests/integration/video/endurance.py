"""Start clips again and again in a process of its own; print what it holds, a JSON line a round.

    python -m tests.integration.video.endurance ROUNDS STARTS_A_ROUND [--leak] CLIP...

`--leak` keeps every frame pool: the negative control, which must be seen.
"""

import gc
import json
import os
import sys
import threading
from pathlib import Path

from player.stage.media.heap import tune_heap

tune_heap()

from PySide6.QtCore import QEventLoop, QTimer  # noqa: E402  (the heap comes first)
from PySide6.QtGui import QGuiApplication  # noqa: E402
from PySide6.QtQuick import QQuickWindow  # noqa: E402

from player.stage.media.frame_item import FrameItem  # noqa: E402
from player.stage.media.port import MediaRequest  # noqa: E402
from player.stage.media.video import VideoEngine, VideoSlot  # noqa: E402

PLAYED_MS = 120
REST_MS = 800


class Patience:
    """One loop and one timer for every wait: what is connected anew each time would add up."""

    def __init__(self) -> None:
        self.loop = QEventLoop()
        self._timer = QTimer()
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.loop.quit)

    def wait(self, limit_ms: int) -> None:
        self._timer.start(limit_ms)
        self.loop.exec()
        self._timer.stop()


def holdings() -> dict[str, int]:
    gc.collect()
    rss = next(
        int(line.split()[1])
        for line in Path("/proc/self/status").read_text().splitlines()
        if line.startswith("VmRSS")
    )
    return {
        "rss_kib": rss,
        "fds": len(os.listdir("/proc/self/fd")),  # noqa: PTH208  (iterating a Path holds one open)
        "threads": len(os.listdir("/proc/self/task")),  # noqa: PTH208  (the same)
        "python_threads": threading.active_count(),
        "none": sys.getrefcount(None),
    }


def main() -> None:
    rounds, starts = int(sys.argv[1]), int(sys.argv[2])
    leak = "--leak" in sys.argv
    clips = [Path(name) for name in sys.argv[3:] if name != "--leak"]
    app = QGuiApplication(["endurance"])
    window = QQuickWindow()
    window.resize(640, 360)
    window.show()
    engine = VideoEngine.with_libvlc("adummy")
    slots: list[VideoSlot] = []
    for _ in range(2):
        item = FrameItem(window.contentItem())
        item.setSize(window.size())
        slots.append(engine.slot(item))
    kept: list[object] = []
    failed: list[str] = []
    patience = Patience()
    for slot in slots:
        slot.signals.ready.connect(patience.loop.quit)
        slot.signals.failed.connect(lambda _ticket, reason: failed.append(reason))
    ticket = 0
    for _ in range(rounds):
        for _ in range(starts):
            ticket += 1
            slot, other = slots[ticket % 2], slots[(ticket + 1) % 2]
            clip = clips[ticket % len(clips)]
            slot.prepare(ticket, MediaRequest("video", clip, 640, 360, "contain", 0, 60_000))
            patience.wait(10_000)
            slot.start(ticket)
            if leak:
                kept.append(slot._showing._current._pool)  # type: ignore[union-attr]  # on purpose
            other.release()
            patience.wait(PLAYED_MS)
        for slot in slots:
            slot.release()
        patience.wait(REST_MS)
        print(json.dumps({**holdings(), "failed": len(failed)}), flush=True)
    clean = engine.shutdown(10.0)
    del app
    os._exit(0 if clean else 1)


if __name__ == "__main__":
    main()
