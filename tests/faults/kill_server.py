"""Runs cycles in forked children, each with a fault at a counted system call; prints JSON.

    LD_PRELOAD=killshim.so python -m tests.faults.kill_server kills ROOT KILLS SEED NAIVE
    LD_PRELOAD=killshim.so python -m tests.faults.kill_server errors ROOT ERRNO TIMES

Started by test_kills.py and test_failing_operations.py.  The interpreter is started once and forked
for every kill, which takes milliseconds where a fresh one takes a tenth of a second; the judge is
the parent, which keeps nothing of the cache in memory.
"""

import ctypes
import gc
import json
import mmap
import os
import random
import signal
import sys
from collections import Counter
from pathlib import Path

from content_cache.disk import RealDisk
from tests.faults.cycle import DOCUMENTED, NAIVE, begin, judge, release_of, reported, run_cycle

KILL = -1

#: The status of a cycle that gave up with a documented error.
REFUSED = 3

_SHIM = ctypes.CDLL(None)


def arm(call: int, mode: int = KILL, times: int = 1) -> None:
    _SHIM.fault_arm(ctypes.c_long(call), ctypes.c_int(mode), ctypes.c_long(times))


class Loop:
    """Cycles, one after the other on one cache, each in a child that may not live to its end."""

    def __init__(self, root: Path, naive: str = "") -> None:
        self.root = root
        self.version = self.acknowledged = 2
        self.passes = 0
        self.wrong: list[str] = []
        self._cycle = NAIVE[naive] if naive else run_cycle
        self._naive = bool(naive)
        self._flags = mmap.mmap(-1, 2)  # shared with the child: activated? was a call hit?

    def step(self, call: int, mode: int = KILL, times: int = 1) -> bool:
        """Run a cycle with a fault at `call` (0: none), then judge; did it meet the fault?"""
        self._flags[0:2] = b"\0\0"
        ended = self._fork(call, mode, times)
        if self._flags[0]:
            self.acknowledged = self.version
        found = judge(self.root, self.version, self.acknowledged)
        came_through = ended == 0
        self.passes += came_through
        if ended not in (0, REFUSED, -signal.SIGKILL):
            found.append(f"the cycle ended with {ended}")
        if self.version not in reported(self.root) and came_through and mode == KILL:
            found += ["a report was lost"] * (not self._naive)
        self.wrong += [f"version {self.version}, call {call}: {what}" for what in found]
        return ended == -signal.SIGKILL or bool(self._flags[1])

    def let_through(self) -> None:
        """With nothing in the way, the next cycle must come to its end."""
        self.step(0)
        if self.acknowledged != self.version:
            self.wrong.append(f"version {self.version}: stuck, though nothing stands in the way")

    def _fork(self, call: int, mode: int, times: int) -> int:
        pid = os.fork()
        if pid == 0:
            status = 1
            try:
                arm(call, mode, times)
                self._cycle(self.root, RealDisk(), release_of(self.version), self._acknowledge)
                status = 0
            except DOCUMENTED:
                status = REFUSED
            finally:
                self._flags[1] = int(0 < call <= _SHIM.fault_count())
                arm(0)
                os._exit(status)
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

    def _acknowledge(self) -> None:
        self._flags[0] = 1


def calls_of_a_cycle(root: Path) -> int:
    """How many calls one undisturbed cycle makes, counted in this process."""
    arm(1 << 30)
    run_cycle(root, RealDisk(), release_of(2))
    count: int = _SHIM.fault_count()
    arm(0)
    return count


def run_kills(root: Path, kills: int, seed: int, naive: str) -> dict[str, object]:
    """Kill until `kills` is reached; judge each; every 50 steps a cycle must come through."""
    chance = random.Random(seed)
    begin(root)
    length = calls_of_a_cycle(root) + 6  # cycles that heal make a few calls more
    loop, points, step = Loop(root, naive), Counter[int](), 0
    gc.freeze()
    while points.total() < kills and len(loop.wrong) < 20:
        step += 1
        # After a kill the same release comes again, or the next one has overtaken it.
        if loop.version == loop.acknowledged or chance.random() < 0.5:
            loop.version += 1
        if step % 50 == 0:
            loop.let_through()
        elif loop.step(step % length + 1):
            points[step % length + 1] += 1
    return {
        "kills": points.total(),
        "points": len(points),
        "passes": loop.passes,
        "wrong": loop.wrong,
    }


def run_errors(root: Path, mode: int, times: int) -> dict[str, object]:
    """Fail call 1, 2, 3, ... until a cycle meets no fault; after each, one cycle without any."""
    begin(root)
    calls_of_a_cycle(root)
    loop, call = Loop(root), 0
    met = True
    gc.freeze()
    while met and len(loop.wrong) < 20:
        call += 1
        loop.version += 1
        met = loop.step(call, mode, times)
        loop.let_through()
    return {"calls": call - 1, "passes": loop.passes, "wrong": loop.wrong}


if __name__ == "__main__":
    what, folder, *rest = sys.argv[1:]
    if what == "kills":
        outcome = run_kills(Path(folder), int(rest[0]), int(rest[1]), rest[2])
    else:
        outcome = run_errors(Path(folder), int(rest[0]), int(rest[1]))
    print(json.dumps(outcome))
