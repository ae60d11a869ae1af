"""Keeps the garbage collector from walking through all that thousands of boxes hold.

A push connection is some two hundred objects that live for an hour.  A full collection looks at
each of them while everybody waits: half a second with 5,000 boxes, and mostly just when there are
news, for that is when objects are made.  So what has lived for a while is set aside (`gc.freeze`),
and the full collection comes seldom, at a quiet moment.
"""

import asyncio
import gc
from collections.abc import Awaitable, Callable

__all__ = ["COLLECT_S", "FREEZE_S", "tidy"]

#: How often what is there is set aside, and how often all of it is looked through, in seconds.
FREEZE_S, COLLECT_S = 10.0, 900.0

#: The collector looks at what is new after so many objects, and so many such looks (gc module).
THRESHOLDS = 20_000, 50, 50


async def tidy(
    is_rush: Callable[[], bool], sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
) -> None:
    """Do it, for ever; the full collection waits while there `is_rush`."""
    gc.set_threshold(*THRESHOLDS)
    waited_s = 0.0
    while True:
        await sleep(FREEZE_S)
        waited_s += FREEZE_S
        if waited_s >= COLLECT_S and not is_rush():
            waited_s = 0.0
            gc.unfreeze()
            gc.collect()
        gc.freeze()
