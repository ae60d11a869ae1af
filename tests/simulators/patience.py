"""Waits for what must come to pass, with a bound that only a hang reaches."""

import threading
from collections.abc import Callable

__all__ = ["until"]

#: Far more than anything takes, also on a busy machine.
PATIENCE_S = 60.0
LOOK_S = 0.05


def until(condition: Callable[[], bool], complaint: str) -> None:
    """Return once `condition` holds; fail with `complaint` when it does not come to hold."""
    pause = threading.Event()
    for _look in range(int(PATIENCE_S / LOOK_S)):
        if condition():
            return
        pause.wait(LOOK_S)
    raise AssertionError(complaint)
