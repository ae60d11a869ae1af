"""What many boxes ask at the same time, done in one piece: one transaction instead of hundreds.

Whoever comes alone is served at once; what comes while others are served waits, and goes together.
One event loop only; the work itself is done elsewhere (`Desk`).
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, NamedTuple, TypeVar

from server.errors import Unavailable

__all__ = ["Limits", "Together"]

Ask = TypeVar("Ask")
Told = TypeVar("Told")


class Limits(NamedTuple):
    """How much is done in one piece, and how much may wait; what one ask counts is `weight`'s.

    After a piece for several, others are waited for so long, in seconds: they are on their way.
    """

    at_once: int
    waiting: int
    gather_s: float = 0.0


class _Waiting(NamedTuple, Generic[Ask, Told]):
    ask: Ask
    weight: int
    told: asyncio.Future[Told]


class Together(Generic[Ask, Told]):
    """Does `work` with several asks at once; it tells of each in its order, or of none.

    `full` is the sentence for whom there is no room.
    """

    def __init__(
        self,
        work: Callable[[list[Ask]], Awaitable[Sequence[Told]]],
        limits: Limits,
        full: str,
        weight: Callable[[Ask], int] = lambda _ask: 1,
    ) -> None:
        self._work, self._limits, self._full, self._weigh = work, limits, full, weight
        self._queue: deque[_Waiting[Ask, Told]] = deque()
        self._weight = 0
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin, in the event loop."""
        self._task = asyncio.create_task(self._go_on())

    async def close(self) -> None:
        """End; whoever waits is told so."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        while self._queue:
            _fail(self._queue.popleft(), Unavailable("The server ends.", retry_after_s=5))

    async def ask(self, ask: Ask) -> Told:
        """What is told to this ask.  Raises `Unavailable`, or what the work raises."""
        if self._weight >= self._limits.waiting:
            raise Unavailable(self._full, retry_after_s=30)
        told = asyncio.get_running_loop().create_future()
        waiting = _Waiting[Ask, Told](ask, max(1, self._weigh(ask)), told)
        self._queue.append(waiting)
        self._weight += waiting.weight
        self._wake.set()
        return await waiting.told

    async def _go_on(self) -> None:
        while True:
            await self._wake.wait()
            batch = self._batch()
            if not self._queue:
                self._wake.clear()
            await self._serve(batch)
            if len(batch) > 1:
                await asyncio.sleep(self._limits.gather_s)

    def _batch(self) -> list[_Waiting[Ask, Told]]:
        """What is done next, in the order in which it came: one at least."""
        batch: list[_Waiting[Ask, Told]] = []
        room = self._limits.at_once
        while self._queue and (not batch or self._queue[0].weight <= room):
            batch.append(self._queue.popleft())
            room -= batch[-1].weight
        self._weight -= self._limits.at_once - room
        return batch

    async def _serve(self, batch: list[_Waiting[Ask, Told]]) -> None:
        """Do a batch; if something in it is refused, each by itself: one fails alone."""
        try:
            told = await self._work([each.ask for each in batch])
        except asyncio.CancelledError:
            for each in batch:
                _fail(each, Unavailable("The server ends.", retry_after_s=5))
            raise
        except Exception as error:  # noqa: BLE001  (whoever waits is told)
            if len(batch) > 1 and not isinstance(error, Unavailable):
                for each in batch:
                    await self._serve([each])
                return
            for each in batch:
                _fail(each, error)
            return
        for each, one in zip(batch, told, strict=True):
            if not each.told.done():
                each.told.set_result(one)


def _fail(waiting: _Waiting[Ask, Told], error: Exception) -> None:
    if not waiting.told.done():
        waiting.told.set_exception(error)
