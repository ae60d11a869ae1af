"""Does PySide keep the reference counts of None, True and False?

PySide6 6.12.0 on Python 3.10 and 3.11 drops a reference to None with every call that returns it,
and the process aborts within minutes (docs/adr/0002-pyside-below-6.12.md).  No test shows that
but counting.
"""

import gc
import sys
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from player.stage.checks.finding import Finding

__all__ = ["CALLS", "check_runtime", "lost_references"]

#: PySide6 6.12.0 kills CPython 3.11 after about 5,300 calls: more than that must be survived.
CALLS = 6000

#: Other threads and caches move the counts a little; the bug loses one with each call.
_TOLERATED = 100

_CUSHIONS: list[object] = []


class _Bell(QObject):
    rung = Signal(bool)

    @Slot(bool)
    def hear(self, _flag: bool) -> None:
        return


def lost_references(call: Callable[[], object], calls: int = CALLS) -> dict[str, int]:
    """Return how many references to None, True and False `calls` of `call` lose, if any.

    What looks lost is counted a second time: something large that another part let go of
    meanwhile drops references too, but only once.  A cushion of extra references keeps the process
    alive while it is measured; where some were lost it stays for good, so that the process lives
    to tell.
    """
    cushion = [[None] * 20 * calls, [True] * 20 * calls, [False] * 20 * calls]
    found = _missing(call, calls)
    if found:
        _CUSHIONS.append(cushion)
        again = _missing(call, calls)
        found = {name: min(found[name], again[name]) for name in found.keys() & again.keys()}
    return found


def _missing(call: Callable[[], object], calls: int) -> dict[str, int]:
    singletons = {"None": None, "True": True, "False": False}
    call()
    gc.collect()
    before = {name: sys.getrefcount(value) for name, value in singletons.items()}
    for _ in range(calls):
        call()
    gc.collect()
    lost = {name: before[name] - sys.getrefcount(value) for name, value in singletons.items()}
    return {name: count for name, count in lost.items() if count > _TOLERATED}


def check_runtime() -> Finding:
    """Call into PySide `CALLS` times each way that the stage does all day."""
    import PySide6

    bell = _Bell()
    bell.rung.connect(bell.hear)
    timer = QTimer(bell)
    ways: dict[str, Callable[[], object]] = {
        "setObjectName": lambda: bell.setObjectName("x"),
        "emit": lambda: bell.rung.emit(True),
        "isActive": timer.isActive,
        "stop": timer.stop,
    }
    pair = f"PySide6 {PySide6.__version__} on Python {sys.version.split()[0]}"
    for name, call in ways.items():
        if lost := lost_references(call):
            told = ", ".join(f"{count} to {value}" for value, count in lost.items())
            return Finding(
                "runtime",
                "failed",
                f"{pair} loses references ({told} in {CALLS} calls of {name}): it will abort",
                "install the locked versions: PySide6-Essentials below 6.12 (docs/adr/0002)",
            )
    return Finding("runtime", "ok", f"{pair} keeps its references over {CALLS} calls")
