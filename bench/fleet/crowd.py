"""Many boxes in a process of their own; `bench.fleet.screens` starts it and talks to it by lines.

`python -m bench.fleet.crowd FILE URL POLL_S`, where FILE holds the identities.  It says `ready`
when every box has had its first pass and listens; then it answers each line that it is told:

- `tally`: what happened since the last `tally`;
- `activated VERSIONS…`: for each box the instant (monotonic) at which it had one of these versions;
- `verify`: whether every document that came verifies, and what one took;
- `end`.
"""

import asyncio
import gc
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec
import uvloop

from bench.fleet.box import Box, Identity, Tally
from bench.fleet.wire import Address
from manifest.errors import ManifestError
from player.clock import SystemClock

__all__ = ["main"]

#: Boxes that make their first pass at the same time.
STARTING = 50


class _Crowd:
    def __init__(self, identities: Sequence[Identity], address: Address, poll_s: float) -> None:
        self.tally = Tally()
        self.boxes = [Box(each, address, poll_s, self.tally) for each in identities]
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        gate = asyncio.Semaphore(STARTING)

        async def begin(box: Box) -> None:
            async with gate:
                await box.start()

        await asyncio.gather(*map(begin, self.boxes))
        self._tasks = [asyncio.create_task(box.live()) for box in self.boxes]

    async def end(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def tallied(self) -> Tally:
        """What happened since the last time."""
        found = self.tally
        copy = msgspec.structs.replace(found)
        for name, empty in msgspec.structs.asdict(Tally()).items():
            setattr(found, name, empty)
        return copy

    def activated(self, versions: frozenset[int]) -> list[float]:
        return [
            at
            for box in self.boxes
            for version, at in box.activated_at.items()
            if version in versions
        ]

    def verify(self) -> dict[str, object]:
        refused = []
        begun = time.process_time()
        now = SystemClock().now()
        for box in self.boxes:
            try:
                box.verify(now)
            except ManifestError as error:
                refused.append(str(error))
        return {"refused": refused[:5], "cpu_s": time.process_time() - begun}


async def _run(identities: Sequence[Identity], url: str, poll_s: float) -> None:
    crowd = _Crowd(identities, Address.of(url), poll_s)
    await crowd.start()
    gc.freeze()
    _say("ready")
    loop = asyncio.get_running_loop()
    while True:
        words = (await loop.run_in_executor(None, sys.stdin.readline)).split()
        if not words or words[0] == "end":
            break
        if words[0] == "tally":
            _say(crowd.tallied())
        elif words[0] == "activated":
            _say(crowd.activated(frozenset(map(int, words[1:]))))
        elif words[0] == "verify":
            _say(crowd.verify())
    await crowd.end()


def _say(value: object) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(value) + b"\n")
    sys.stdout.buffer.flush()


def main(arguments: Sequence[str]) -> None:
    """See the module."""
    file, url, poll_s = arguments
    identities = msgspec.json.decode(Path(file).read_bytes(), type=list[Identity])
    uvloop.run(_run(identities, url, float(poll_s)))


if __name__ == "__main__":
    main(sys.argv[1:])
