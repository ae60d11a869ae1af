"""Runs whole sync passes in forked children and kills each at a counted system call; prints JSON.

    LD_PRELOAD=killshim.so python -m tests.faults.pass_server ROOT KILLS SEED

The pass is the real one: signatures, floors, three downloads at a time, activation; only the
network is in memory.  Like kill_server.py, which says more; started by test_kills.py.
"""

import json
import mmap
import os
import random
import signal
import sys
from collections import Counter
from pathlib import Path

from content_cache.disk import RealDisk
from content_cache.eviction import Room
from content_cache.outcome import Ending
from tests.faults.cycle import corrupt_blobs
from tests.faults.kill_server import arm
from tests.simulators.site import Site, SiteFetcher, Wall

#: A pass that fetches two pictures makes hardly more calls than this.
CALLS = 42

ROOM = Room(quota_bytes=30_000, min_free_bytes=0)
COMMON = b"common" * 500


def pictures(version: int) -> tuple[bytes, ...]:
    return (COMMON, *(f"picture {one} ".encode() * 200 for one in (version - 1, version)))


class Passes:
    """One screen, its site, and what it was promised."""

    def __init__(self, root: Path, seed: int) -> None:
        self._root, self._chance = root, random.Random(seed)
        self._number = 1
        self._site = Site(*pictures(1))
        self._activated = mmap.mmap(-1, 1)
        self._sync()
        self._promised = self._site.version
        self.wrong: list[str] = []
        self.passes = 0

    def step(self, call: int) -> bool:
        """Run a pass and kill it at `call` (0: let it through), then judge; was it killed?"""
        if self._chance.random() < 0.6:
            self._publish()
        self._activated[0] = 0
        pid = os.fork()
        if pid == 0:
            self._be_killed(call)
        ended = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        if self._activated[0]:
            self._promised = self._site.version
        if ended not in (0, -signal.SIGKILL):
            self.wrong.append(f"call {call}: the pass ended with {ended}")
        self._judge(call)
        return ended == -signal.SIGKILL

    def let_through(self) -> None:
        """With nothing in the way, a pass brings the newest release."""
        self.step(0)
        self.passes += 1
        if self._wall().shows() != self._site.version:
            self.wrong.append(f"stuck below version {self._site.version}")

    def _publish(self) -> None:
        if self._chance.random() < 0.2:
            self._site.publisher.rotate(self._chance.choice(["publisher", "freshness"]))
        self._number += 1
        self._site.publish(*pictures(self._number))

    def _be_killed(self, call: int) -> None:
        status = 1
        try:
            arm(call)
            outcome = self._sync()
            arm(0)
            self._activated[0] = outcome in (Ending.ACTIVATED, Ending.UNCHANGED)
            status = 0
        finally:
            os._exit(status)

    def _sync(self) -> Ending:
        return self._wall().sync(SiteFetcher(self._site)).ending

    def _wall(self) -> Wall:
        return Wall(self._root, self._site.paired, RealDisk(), ROOM)

    def _judge(self, call: int) -> None:
        wall = self._wall()
        try:
            shown = wall.shows()
        except AssertionError as error:
            self.wrong.append(f"call {call}: {error}")
            return
        if shown is None or not self._promised <= shown <= self._site.version:
            self.wrong.append(f"call {call}: {self._promised} was promised, {shown} is shown")
        if wall.floor() != shown:
            self.wrong.append(f"call {call}: the floor is {wall.floor()}, {shown} is shown")
        self.wrong += [f"call {call}: corrupt: {sha}" for sha in corrupt_blobs(self._root)]


def run(root: Path, kills: int, seed: int) -> dict[str, object]:
    """Kill passes until `kills` is reached; every 20 steps one must come through."""
    loop, points, step = Passes(root, seed), Counter[int](), 0
    while points.total() < kills and len(loop.wrong) < 20:
        step += 1
        if step % 20 == 0:
            loop.let_through()
        elif loop.step(step % CALLS + 1):
            points[step % CALLS + 1] += 1
    return {
        "kills": points.total(),
        "points": len(points),
        "passes": loop.passes,
        "wrong": loop.wrong,
    }


if __name__ == "__main__":
    print(json.dumps(run(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))
