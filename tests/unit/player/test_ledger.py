"""Each fault is reported once when it opens and once when it is over, across restarts too."""

from pathlib import Path
from typing import Any

import pytest

from content_cache.disk import RealDisk
from content_cache.faults import Fault
from player.ledger import FAULTS_OF_A_SOURCE, FaultLedger
from tests.simulators.faulty_disk import FaultyDisk
from tests.simulators.moved_clock import NOON

OFFLINE = Fault("OFFLINE", "W", "no route")
FULL = Fault("CACHE_FULL", "E", "the disk is full")


class Book:
    def __init__(self, path: Path) -> None:
        self.path, self.said = path, list[tuple[str, str, str]]()
        self.ledger = self.open()

    def open(self) -> FaultLedger:
        return FaultLedger(self.path, RealDisk(), self._append)

    def _append(self, kind: str, record: Any) -> None:
        assert kind == "fault"
        self.said.append((record["state"], record["subject"], record["code"]))


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return Book(tmp_path / "agent" / "faults.json")


def test_a_fault_that_lasts_is_told_once(book: Book) -> None:
    for _look in range(5):
        book.ledger.tell("sync", [OFFLINE], NOON)
    assert book.said == [("opened", "sync", "OFFLINE")]


def test_a_fault_that_is_over_is_told_once(book: Book) -> None:
    book.ledger.tell("sync", [OFFLINE], NOON)
    for _look in range(3):
        book.ledger.tell("sync", [], NOON)
    assert book.said == [("opened", "sync", "OFFLINE"), ("closed", "sync", "OFFLINE")]
    assert book.ledger.open == ()


def test_who_looks_at_one_thing_says_nothing_of_another(book: Book) -> None:
    book.ledger.tell("sync", [OFFLINE], NOON)
    book.ledger.tell("cache", [FULL], NOON)
    book.ledger.tell("cache", [], NOON)
    assert [fault.code for fault in book.ledger.open] == ["OFFLINE"]


def test_a_restart_does_not_open_it_again(book: Book) -> None:
    book.ledger.tell("sync", [OFFLINE], NOON)
    again = book.open()
    again.tell("sync", [OFFLINE], NOON)
    again.tell("sync", [], NOON)
    assert book.said == [("opened", "sync", "OFFLINE"), ("closed", "sync", "OFFLINE")]


def test_one_source_cannot_flood(book: Book) -> None:
    book.ledger.tell("cache", [Fault(f"F{n}", "W", "x") for n in range(500)], NOON)
    assert len(book.said) == FAULTS_OF_A_SOURCE


def test_a_disk_that_keeps_nothing_stops_no_report(tmp_path: Path) -> None:
    said = []
    disk = FaultyDisk(RealDisk(), 1, 28, persistent=True)
    ledger = FaultLedger(tmp_path / "faults.json", disk, lambda *record: said.append(record))
    ledger.tell("sync", [OFFLINE], NOON)
    assert len(said) == 1


@pytest.mark.parametrize("content", [b"", b"[", b"{}", b"\0" * 100, b'[{"code": 3}]'])
def test_a_damaged_file_is_begun_anew(book: Book, content: bytes) -> None:
    book.path.parent.mkdir()
    book.path.write_bytes(content)
    assert book.open().open == ()
