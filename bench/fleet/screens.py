"""Thousands of simulated screens on one server: what they cost, and how fast news reach them."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import msgspec

from bench.fleet.box import Tally
from bench.fleet.server import Home, Process, server
from bench.fleet.site import Change
from bench.process_cost import TreeCost, memory_of

__all__ = ["publishing", "screens"]

#: How often a screen polls, as boxes do unless they are told otherwise, in seconds.
POLL_S = 30.0

#: How long the idle server, and the steady state, are watched, in seconds.
IDLE_S, STEADY_S = 5.0, 60.0

#: How long the last screen is waited for, in seconds.
PATIENCE_S = 60.0

T = TypeVar("T")


class _Crowd:
    """The process with the boxes, by lines."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process
        self.pid = process.pid

    def ask(self, kind: type[T], *words: object) -> T:
        """What it says to a line."""
        assert self._process.stdin is not None
        self._process.stdin.write(" ".join(map(str, words)).encode() + b"\n")
        self._process.stdin.flush()
        return self.hear(kind)

    def hear(self, kind: type[T]) -> T:
        """What it says next."""
        assert self._process.stdout is not None
        return msgspec.json.decode(self._process.stdout.readline(), type=kind)


class _Verified(msgspec.Struct):
    refused: list[str]
    cpu_s: float


@contextmanager
def _crowd(identities: Path, url: str) -> Iterator[_Crowd]:
    words = [sys.executable, "-m", "bench.fleet.crowd", identities, url, POLL_S]
    process = subprocess.Popen(list(map(str, words)), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        crowd = _Crowd(process)
        crowd.hear(str)
        yield crowd
    finally:
        process.communicate(b"end\n", timeout=PATIENCE_S)


def screens(home: Home, identities: Path, count: int) -> dict[str, float]:
    """One run: idle, all connected, and a change published for all of them."""
    with server(home) as ours:
        time.sleep(IDLE_S)
        figures = {"idle PSS with worker, MiB": memory_of(ours.pid).pss_mib}
        begun = time.monotonic()
        with _crowd(identities, ours.url) as crowd:
            figures["all connected after, s"] = time.monotonic() - begun
            figures |= _steady(ours, crowd)
            figures |= _news(home, ours, crowd, count)
            verified = crowd.ask(_Verified, "verify")
    figures["documents that did not verify"] = len(verified.refused)
    for sentence in verified.refused:
        print(sentence, file=sys.stderr)
    return figures


def _steady(ours: Process, crowd: _Crowd) -> dict[str, float]:
    time.sleep(POLL_S)  # until the polls have spread
    crowd.ask(Tally, "tally")
    cost = TreeCost(ours.pid)
    time.sleep(STEADY_S)
    rate, tally = cost.rate(), crowd.ask(Tally, "tally")
    for sentence in tally.failures[:5]:
        print(sentence, file=sys.stderr)
    tally.poll_ms.sort()
    return {
        "CPU s/s, polls and push": rate,
        "PSS with all connected, MiB": memory_of(ours.pid).pss_mib,
        "polls/s": tally.polls / STEADY_S,
        "polls with news, %": 100 * (1 - tally.unchanged / tally.polls),
        "poll p99 ms": tally.poll_ms[int(0.99 * len(tally.poll_ms))],
        "requests that failed": len(tally.failures),
    }


def _news(home: Home, ours: Process, crowd: _Crowd, count: int) -> dict[str, float]:
    cost, of_boxes = TreeCost(ours.pid), TreeCost(crowd.pid)
    change = home.told(Change, "bench.fleet.site", "change", count)
    give_up = time.monotonic() + PATIENCE_S
    while True:
        found = crowd.ask(list[float], "activated", *change.versions)
        if len(found) >= count or time.monotonic() > give_up:
            break
        time.sleep(0.5)
    after = sorted(max(0.0, at - change.committed_at) for at in found)
    after += [PATIENCE_S] * (count - len(after))
    return {
        "published in, s": change.wall_s,
        "publication to activated, median s": after[len(after) // 2],
        "publication to activated, p95 s": after[int(0.95 * (len(after) - 1))],
        "publication to activated, p99 s": after[int(0.99 * (len(after) - 1))],
        "publication to activated, last s": after[-1],
        "CPU s of the server for it": cost.seconds(),
        "CPU s of the boxes for it": of_boxes.seconds(),
        "reports put off": crowd.ask(Tally, "tally").put_off,
        "PSS after a publication, MiB": memory_of(ours.pid).pss_mib,
    }


def publishing(home: Home, count: int) -> dict[str, float]:
    """One run of a change for `count` screens: compiled, signed and committed."""
    change = home.told(Change, "bench.fleet.site", "change", count)
    if change.screens != count:
        raise RuntimeError(f"{count} manifests were due, and {change.screens} were signed")
    return {"a change for 1,000 screens, s": change.wall_s, "CPU s": change.cpu_s}
