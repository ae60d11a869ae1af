"""What is known by heart is never older than what a box was told another way."""

import asyncio

from server.players.board import Board
from server.players.entry import Entry
from server.players.records import Edition, Standing
from tests.simulators.moved_clock import MovedClock


class Desk:
    """The port to the database, with nothing between."""

    async def ask(self, work, *args):
        return work(*args)


class Records:
    """One screen, for which a version was published."""

    version = 1

    def standing(self, screen):
        newest = Edition(self.version, self.version, "0" * 64, 100, f"{self.version:064x}")
        return Standing(screen, "hq", "lobby", newest, None), b"envelope %d" % self.version


def version_of_the_manifest(board, entry):
    return asyncio.run(board.newest(entry)).version


def test_after_a_challenge_the_manifest_is_the_one_that_its_answer_named():
    records, entry = Records(), Entry(7)
    board = Board(records, None, Desk(), MovedClock())
    assert version_of_the_manifest(board, entry) == 1
    records.version = 2  # published, and the news of it have not come yet
    assert version_of_the_manifest(board, entry) == 1, "that is what memory is for"
    board.forget_words(entry)  # the answer was signed from what the database has
    assert version_of_the_manifest(board, entry) == 2


def test_a_freshness_is_signed_again_only_if_it_would_say_something_else():
    signed, entry = [], Entry(7)

    def sign():
        signed.append(1)
        return b"envelope %d" % len(signed)

    for sources in ("one", "one", "two", "two"):
        entry.hear(sources, sign, 10.0)
    assert (len(signed), entry.freshness) == (2, b"envelope 2")
