"""CPU time and memory of a process tree, read from /proc (Linux).

CPU is the sum of user and system seconds that the tree's processes used in a window, divided by
its length: 1.0 is one core busy.  What a child used before it ended counts as long as its parent
waited for it.  Memory is PSS: pages shared by several processes are divided among them.
"""

import contextlib
import ctypes
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Memory", "TreeCost", "become_subreaper", "end_tree", "memory_of", "process_tree"]

TICKS_PER_S = os.sysconf("SC_CLK_TCK")
PR_SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True, slots=True)
class Usage:
    """Clock ticks that a process used itself, and that its ended children had used."""

    own: int
    reaped: int


@dataclass(frozen=True, slots=True)
class Memory:
    """Memory of a process tree, in MiB."""

    pss_mib: float
    rss_mib: float
    processes: int


def become_subreaper() -> None:
    """Keep children that put themselves into the background in this process's tree."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _all_processes() -> dict[int, tuple[int, Usage]]:
    """Every process: its parent and what it used."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            stat = (entry / "stat").read_text()
        except OSError:  # it ended while we looked
            continue
        # The name in brackets may hold spaces and brackets itself: count from the last one.
        fields = stat[stat.rindex(")") + 2 :].split()
        own = int(fields[11]) + int(fields[12])
        reaped = int(fields[13]) + int(fields[14])
        found[int(entry.name)] = (int(fields[1]), Usage(own, reaped))
    return found


def process_tree(root: int) -> dict[int, Usage]:
    """`root` and all its descendants."""
    everything = _all_processes()
    children: dict[int, list[int]] = {}
    for pid, (parent, _usage) in everything.items():
        children.setdefault(parent, []).append(pid)
    tree: dict[int, Usage] = {}
    waiting = [root]
    while waiting:
        pid = waiting.pop()
        if pid in everything:
            tree[pid] = everything[pid][1]
            waiting += children.get(pid, [])
    return tree


class TreeCost:
    """CPU of a tree from now on, tolerant of processes that come and go."""

    def __init__(self, root: int) -> None:
        self._root = root
        self._started = time.monotonic()
        self._first = process_tree(root)
        self._last = dict(self._first)

    def update(self) -> dict[int, Usage]:
        """Take note of the processes that are there now; call it twice a second or so."""
        alive = process_tree(self._root)
        for pid, usage in alive.items():
            # One that came later is ours from its first tick.
            self._first.setdefault(pid, Usage(0, 0))
            self._last[pid] = usage
        return alive

    def seconds(self) -> float:
        """CPU seconds since the beginning."""
        alive = self.update()
        own = sum(self._last[pid].own - self._first[pid].own for pid in self._last)
        # Children reaped by members of the tree that we never saw ourselves are in `reaped`;
        # those we did see are in both views, so the larger of the two is right.
        own_alive = sum(self._last[pid].own - self._first[pid].own for pid in alive)
        reaped = sum(self._last[pid].reaped - self._first[pid].reaped for pid in alive)
        return max(own, own_alive + reaped) / TICKS_PER_S

    def rate(self) -> float:
        """CPU seconds per second since the beginning."""
        return self.seconds() / (time.monotonic() - self._started)


def memory_of(root: int) -> Memory:
    """Memory of the tree below `root`."""
    pss_kib = rss_kib = processes = 0
    for pid in process_tree(root):
        with contextlib.suppress(OSError):
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
            for line in rollup.splitlines():
                if line.startswith("Pss:"):
                    pss_kib += int(line.split()[1])
                elif line.startswith("Rss:"):
                    rss_kib += int(line.split()[1])
            processes += 1
    return Memory(round(pss_kib / 1024, 1), round(rss_kib / 1024, 1), processes)


def end_tree(root: int, grace_s: float = 3.0) -> None:
    """Ask every process of the tree to stop, wait, then make it; collects those that are ours."""
    for kind, patience_s in ((signal.SIGTERM, grace_s), (signal.SIGKILL, 2.0)):
        pids = list(process_tree(root))
        for pid in pids:
            with contextlib.suppress(OSError):
                os.kill(pid, kind)
        give_up = time.monotonic() + patience_s
        while any(Path(f"/proc/{pid}").exists() for pid in pids):
            _reap()
            if time.monotonic() > give_up:
                break
            time.sleep(0.05)
        else:
            return


def _reap() -> None:
    """Collect children that ended."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
