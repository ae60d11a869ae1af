"""Polls in a process of their own: as many as come through, or a hundred a second on time.

`python -m bench.fleet.load`, told what to do on its standard input (`Order`); prints an `Outcome`.
With a rate, polls are due at fixed times and a poll's time counts from when it was due, so that a
server which falls behind cannot hide it.  How much of that this process itself has slept too long,
on a busy machine, is told by itself.
"""

import asyncio
import sys
import time
from collections import Counter

import msgspec
import uvloop

from bench.fleet.wire import Address, Line, request

__all__ = ["Order", "Outcome"]


class Order(msgspec.Struct, frozen=True):
    """What to ask: the path with the headers of each connection, for so long.

    `rate_s`: polls a second of all connections together; None is one after the other.
    """

    url: str
    path: str
    connections: list[dict[str, str]]
    seconds: float
    rate_s: float | None = None


class Outcome(msgspec.Struct, frozen=True):
    """What came: answers by status, how long they took, and how long it all lasted.

    `overslept_p99_ms` is how late this process woke for polls that were due.
    """

    answers: dict[str, int]
    p50_ms: float
    p99_ms: float
    overslept_p99_ms: float
    lasted_s: float

    @property
    def polls(self) -> int:
        """Answers of any kind."""
        return sum(self.answers.values())


class _Load:
    def __init__(self, order: Order) -> None:
        self._order, self._address = order, Address.of(order.url)
        self._answers: Counter[str] = Counter()
        self._ms: list[float] = []
        self._overslept_ms: list[float] = []

    async def run(self) -> Outcome:
        begun = time.perf_counter()
        headers = enumerate(self._order.connections)
        await asyncio.gather(*(self._poll(n, begun, each) for n, each in headers))
        lasted = time.perf_counter() - begun
        return Outcome(
            dict(self._answers),
            _at(self._ms, 0.5),
            _at(self._ms, 0.99),
            _at(self._overslept_ms, 0.99),
            lasted,
        )

    async def _poll(self, number: int, begun: float, headers: dict[str, str]) -> None:
        line = Line()
        await line.connect(self._address)
        first = await line.ask(request("GET", self._order.path, headers))
        if tag := first.headers.get(b"etag"):
            headers = headers | {"If-None-Match": tag.decode()}
        wanted = request("GET", self._order.path, headers)
        rate_s, many = self._order.rate_s, len(self._order.connections)
        due = begun + (number / rate_s if rate_s else 0.0)
        while (now := time.perf_counter()) - begun < self._order.seconds:
            if rate_s is None:
                due = now
            elif due > now:
                await asyncio.sleep(due - now)
                self._overslept_ms.append((time.perf_counter() - due) * 1000)
            reply = await line.ask(wanted)
            self._ms.append((time.perf_counter() - due) * 1000)
            self._answers[str(reply.status)] += 1
            due += many / rate_s if rate_s else 0.0
        line.close()


def _at(values: list[float], share: float) -> float:
    """The value that this share is below; 0.0 of none."""
    values.sort()
    return values[min(len(values) - 1, int(share * len(values)))] if values else 0.0


if __name__ == "__main__":
    told = msgspec.json.decode(sys.stdin.buffer.read(), type=Order)
    sys.stdout.buffer.write(msgspec.json.encode(uvloop.run(_Load(told).run())))
