"""What comes at the same time is done in one piece; nobody waits for what fails, or for ever."""

import asyncio

import pytest

from server.errors import Unavailable
from server.players.together import Limits, Together


class Work:
    """Doubles numbers, and notes what it was asked in one piece; refuses what is poisoned."""

    def __init__(self):
        self.pieces, self.poisoned, self.is_down = [], set(), False
        self.may_go, self.is_busy = asyncio.Event(), asyncio.Event()
        self.may_go.set()

    async def __call__(self, asks):
        self.is_busy.set()
        await self.may_go.wait()
        if self.is_down:
            raise Unavailable("down")
        if self.poisoned & set(asks):
            raise ValueError("this one is refused")
        self.pieces.append(asks)
        return [each * 2 for each in asks]


FEW = Limits(10, 30)


def run(story, limits=FEW, weight=lambda _ask: 1):
    async def play():
        work = Work()
        together = Together(work, limits, "There is no room.", weight)
        together.start()
        try:
            await story(together, work)
        finally:
            await together.close()

    asyncio.run(play())


def test_what_comes_while_others_are_served_goes_in_one_piece_and_each_is_told_its_own():
    async def story(together, work):
        work.may_go.clear()
        first = asyncio.create_task(together.ask(0))
        await work.is_busy.wait()
        others = [asyncio.create_task(together.ask(n)) for n in range(1, 8)]
        await asyncio.sleep(0)
        work.may_go.set()
        assert await asyncio.gather(first, *others) == [n * 2 for n in range(8)]
        assert work.pieces == [[0], [1, 2, 3, 4, 5, 6, 7]]

    run(story)


def test_a_piece_is_never_larger_than_it_may_be_unless_it_is_one_ask():
    async def story(together, work):
        asks = [asyncio.create_task(together.ask(n)) for n in (4, 4, 4, 25, 1)]
        await asyncio.gather(*asks)
        assert work.pieces == [[4, 4], [4], [25], [1]]

    run(story, Limits(10, 1000), weight=lambda ask: ask)


def test_who_finds_no_room_is_told_to_come_again_and_there_is_room_afterwards():
    async def story(together, work):
        work.may_go.clear()
        asks = [asyncio.create_task(together.ask(n)) for n in range(40)]
        await asyncio.sleep(0)
        with pytest.raises(Unavailable, match="no room") as refused:
            await together.ask(41)
        assert refused.value.retry_after_s
        work.may_go.set()
        await asyncio.gather(*asks, return_exceptions=True)
        assert await together.ask(7) == 14

    run(story)


def test_what_is_refused_fails_alone():
    async def story(together, work):
        work.poisoned = {1}
        told = await asyncio.gather(*(together.ask(n) for n in range(3)), return_exceptions=True)
        assert [told[0], type(told[1]), told[2]] == [0, ValueError, 4]

    run(story)


def test_while_the_work_cannot_be_done_everybody_is_told_so_at_once():
    async def story(together, work):
        work.is_down = True
        told = await asyncio.gather(*(together.ask(n) for n in range(3)), return_exceptions=True)
        assert [type(each) for each in told] == [Unavailable] * 3
        assert work.pieces == []

    run(story)


def test_at_the_end_nobody_waits_for_ever():
    async def story(together, work):
        work.may_go.clear()
        asks = [asyncio.create_task(together.ask(n)) for n in range(15)]
        await asyncio.sleep(0)
        await together.close()
        told = await asyncio.gather(*asks, return_exceptions=True)
        assert [type(each) for each in told] == [Unavailable] * 15

    run(story)
