"""What a child that gives no answer hangs in: for the log, before it is killed.

For `child` alone; reads Linux's /proc (proc(5)) and never fails: a process may end while it is
looked at.
"""

import os
from pathlib import Path
from typing import NamedTuple

__all__ = ["what_hangs"]

_PROC = Path("/proc")
_TICKS_PER_S = os.sysconf("SC_CLK_TCK")
#: Where the fields after the name stand in /proc/PID/stat: state, parent, own seconds.
_STATE, _PARENT, _USER, _SYSTEM = 0, 1, 11, 12


class _Process(NamedTuple):
    pid: int
    parent: int
    said: str


def what_hangs(pid: int) -> str:
    """Each process at and below `pid`: its name, state, processor time, and where it waits."""
    all_of_them = [seen for path in _PROC.glob("[0-9]*") if (seen := _look(path)) is not None]
    below = [each for each in all_of_them if each.pid == pid]
    for parent in below:  # it grows while it is walked
        below += [each for each in all_of_them if each.parent == parent.pid]
    return ", ".join(each.said for each in below)


def _look(path: Path) -> _Process | None:
    try:
        head, _bracket, rest = (path / "stat").read_text("utf-8", "replace").rpartition(")")
        where = (path / "wchan").read_text("utf-8", "replace")
    except OSError:
        return None
    fields = rest.split()
    name = head.partition("(")[2]
    cpu_s = (int(fields[_USER]) + int(fields[_SYSTEM])) / _TICKS_PER_S
    said = f"{name} {fields[_STATE]} after {cpu_s:.1f} s in {where or '?'}"
    return _Process(int(path.name), int(fields[_PARENT]), said)
