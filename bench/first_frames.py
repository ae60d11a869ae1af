"""How soon the first frame of a card stands after it was prepared, for each template.

`python -m bench.first_frames` prints milliseconds as JSON, by template: of a *fresh* engine, whose
QML has been neither loaded nor kept on the disk, and *warm*, when the card has stood before; each
the median of some runs, of whichever of the template's golden pictures takes longest; and the same
(*fullest*) of data that is as much as the template takes.

Drawn offscreen at 1920 x 1080 by the slot and the host of the stage: what follows `prepare` until
the picture is there.  The process has drawn another card before, as a stage has: fonts are there.
`make bench` holds the slowest against its goals.
"""

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Sequence

__all__ = ["FIRST_FRAMES", "first_frames"]

#: What these figures are called among the scenarios.
FIRST_FRAMES = "card first frames"

RUNS = 3

#: No QML kept on the disk, no display, no GPU.
_BARE = {"QML_DISABLE_DISK_CACHE": "1", "QT_QPA_PLATFORM": "offscreen"}


def first_frames() -> dict[str, float]:
    """The slowest template, fresh and warm, in milliseconds; measured in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.first_frames"],
        env=os.environ | _BARE,
        stdout=subprocess.PIPE,
        check=True,
    )
    told: dict[str, dict[str, float]] = json.loads(done.stdout)
    print(f"{FIRST_FRAMES}: {told}", file=sys.stderr)
    return {
        f"slowest {kind} ms": max(each.get(kind, 0.0) for each in told.values()) for kind in _KINDS
    }


_KINDS = ("fresh", "warm", "fullest fresh", "fullest warm")


def main(_arguments: Sequence[str]) -> int:
    """Measure all templates and print the figures."""
    os.environ |= _BARE
    from tests.golden.case import Case
    from tests.golden.cases import CASES
    from tests.golden.fullest import FULLEST
    from tests.golden.rendering import Renderer

    def once(case: Case) -> tuple[float, float]:
        renderer = Renderer()
        took = renderer.draw(case).first_frame_ms, renderer.draw(case).first_frame_ms
        renderer.close()
        return took

    once(CASES[0])
    found: dict[str, dict[str, float]] = {}
    for kinds, cases in ((_KINDS[:2], CASES), (_KINDS[2:], FULLEST)):
        for case in cases:
            medians = map(statistics.median, zip(*(once(case) for _ in range(RUNS)), strict=True))
            slowest = found.setdefault(case.template, {})
            for kind, median in zip(kinds, medians, strict=True):
                slowest[kind] = max(slowest.get(kind, 0.0), round(median, 1))
    print(json.dumps(found, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
