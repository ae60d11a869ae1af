"""The outbox: nothing acknowledged is kept, nothing kept is torn, nothing dropped is silent."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from content_cache.disk import RealDisk
from content_cache.outbox import LOST, RECORD_BYTES_LIMIT, WAITING_LIMIT, Outbox
from content_cache.segments import Report, acknowledge, closed_segments, outbox_bytes
from tests.simulators.faulty_disk import FaultyDisk

DISK = RealDisk()


def reports(root: Path) -> list[Report]:
    return [report for segment in closed_segments(root, DISK) for report in segment.reports]


def test_what_is_appended_is_read_in_order_once_the_segment_is_closed(root: Path) -> None:
    outbox = Outbox(root, DISK, "player")
    for number in range(3):
        assert outbox.append("played", {"item": f"第{number}条"})
    assert reports(root) == [], "an open segment is still being written"
    outbox.close()
    assert [report.record["item"] for report in reports(root)] == ["第0条", "第1条", "第2条"]


def test_an_acknowledged_segment_is_gone_and_the_others_stay(root: Path) -> None:
    outbox = Outbox(root, DISK, "player")
    for number in range(3):
        outbox.append("played", {"number": number})
        outbox.rotate()
    acknowledge(next(closed_segments(root, DISK)), DISK)
    assert [report.record["number"] for report in reports(root)] == [1, 2]


def test_the_segment_of_a_killed_writer_is_closed_by_its_death(root: Path) -> None:
    script = (
        "import os, signal, sys; from pathlib import Path\n"
        "from content_cache.disk import RealDisk; from content_cache.outbox import Outbox\n"
        "Outbox(Path(sys.argv[1]), RealDisk(), 'player').append('played', {'number': 7})\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", script, str(root)], check=False)
    assert done.returncode == -9
    assert [report.record["number"] for report in reports(root)] == [7]


@pytest.mark.parametrize("cut", range(1, 40))
def test_a_torn_last_record_costs_itself_only(root: Path, cut: int) -> None:
    outbox = Outbox(root, DISK, "player")
    outbox.append("played", {"number": 1})
    outbox.append("played", {"number": 2})
    outbox.close()
    (path,) = (root / "outbox").iterdir()
    whole = path.read_bytes()
    path.write_bytes(whole[:-cut])
    (segment,) = closed_segments(root, DISK)
    assert [report.record["number"] for report in segment.reports] == ([1, 2] if cut == 1 else [1])
    assert segment.torn == (0 if cut == 1 or whole[:-cut].endswith(b"\n") else 1)


def test_a_flipped_bit_costs_one_record_and_is_counted(root: Path) -> None:
    outbox = Outbox(root, DISK, "player")
    for number in range(3):
        outbox.append("played", {"number": number})
    outbox.close()
    (path,) = (root / "outbox").iterdir()
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    (segment,) = closed_segments(root, DISK)
    assert ([report.record["number"] for report in segment.reports], segment.torn) == ([0, 2], 1)


def test_the_oldest_reports_are_dropped_at_the_bound_and_the_loss_is_reported(root: Path) -> None:
    outbox = Outbox(root, DISK, "player", limit_bytes=10_000, segment_bytes=1_000)
    for number in range(1_000):
        outbox.append("played", {"number": number})
        assert outbox_bytes(root, DISK) <= 10_000
    outbox.close()
    numbers = [found.record["number"] for found in reports(root) if found.kind == "played"]
    lost = sum(found.record["records"] for found in reports(root) if found.kind == "reports-lost")
    assert numbers == list(range(1_000 - len(numbers), 1_000)), "the newest stay, in order"
    told = lost + outbox.lost
    assert told <= 1_000 - len(numbers), "reports of losses are lost with their segments too"
    assert told > 0


def test_a_month_without_network_is_a_few_files_and_no_report_less(root: Path) -> None:
    outbox = Outbox(root, DISK, "player", segment_bytes=2_000)
    for minute in range(1_000):
        outbox.append("played", {"minute": minute})
        outbox.rotate()
    outbox.close()
    assert [report.record["minute"] for report in reports(root)] == list(range(1_000))
    kept = sum(path.stat().st_size for path in (root / "outbox").iterdir())
    assert len(list((root / "outbox").iterdir())) <= WAITING_LIMIT + kept // 2_000 + 1


def test_once_the_waiting_ones_are_sent_each_minute_is_a_segment_again(root: Path) -> None:
    outbox = Outbox(root, DISK, "player")
    for minute in range(WAITING_LIMIT + 5):
        outbox.append("played", {"minute": minute})
        outbox.rotate()
    waiting = list(closed_segments(root, DISK))
    assert len(waiting) == WAITING_LIMIT
    for segment in waiting:
        acknowledge(segment, DISK)
    outbox.rotate()
    assert [report.record["minute"] for report in reports(root)] == list(range(8, 13))


def test_what_grows_unsent_is_on_the_disk_each_minute(root: Path) -> None:
    synced = list[str]()

    class Disk(RealDisk):
        def fsync(self, descriptor: int) -> None:
            synced.append(str(Path(f"/proc/self/fd/{descriptor}").readlink()))
            super().fsync(descriptor)

    outbox = Outbox(root, Disk(), "player")
    for minute in range(WAITING_LIMIT + 1):
        outbox.append("played", {"minute": minute})
        outbox.rotate()
    synced.clear()
    outbox.append("played", {"minute": "the last"})
    outbox.rotate()
    assert any(path.endswith(".reports") for path in synced)


def test_starts_without_number_are_bounded_in_files(root: Path) -> None:
    for start in range(30):
        outbox = Outbox(root, DISK, "player", segments_limit=10)
        outbox.append("played", {"start": start})
        outbox.close()
    assert len(list((root / "outbox").iterdir())) == 10
    kept = [report.record for report in reports(root) if report.kind == "played"]
    assert kept[-1] == {"start": 29}
    lost = sum(report.record["records"] for report in reports(root) if report.kind == LOST)
    assert lost + len(kept) >= 30 - 10  # losses that were told by dropped segments count once more


def test_two_writers_keep_apart_and_share_one_bound(root: Path) -> None:
    player = Outbox(root, DISK, "player", limit_bytes=6_000, segment_bytes=1_000)
    agent = Outbox(root, DISK, "agent", limit_bytes=6_000, segment_bytes=1_000)
    player.append("played", {"number": 0})
    for number in range(500):
        agent.append("heartbeat", {"number": number})
    assert outbox_bytes(root, DISK) <= 7_000
    player.append("played", {"number": 1})
    player.close()
    agent.close()
    played = [found.record["number"] for found in reports(root) if found.kind == "played"]
    assert played == [0, 1], "an open segment of a living writer is never dropped"


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EROFS])
def test_a_disk_that_refuses_costs_reports_but_raises_nothing(root: Path, code: int) -> None:
    for operation in range(1, 40):
        disk = FaultyDisk(RealDisk(), fail_at=operation, fault=code)
        outbox = Outbox(root / str(operation), disk, "player")
        kept = [outbox.append("played", {"number": number}) for number in range(4)]
        outbox.close()
        found = reports(root / str(operation))
        numbers = [report.record["number"] for report in found if report.kind == "played"]
        assert numbers == [number for number in range(4) if kept[number]]
        told = sum(report.record["records"] for report in found if report.kind == "reports-lost")
        assert told + outbox.lost == kept.count(False)
        if not disk.failed:
            break
    else:
        pytest.fail("the loop must end with a run that no fault touched")


def test_a_record_that_is_too_large_is_our_bug(root: Path) -> None:
    with pytest.raises(ValueError, match="too large"):
        Outbox(root, DISK, "player").append("log", {"text": "x" * RECORD_BYTES_LIMIT})
    assert not (root / "outbox").exists()


def test_strangers_in_the_folder_are_left_alone(root: Path) -> None:
    folder = root / "outbox"
    folder.mkdir(parents=True)
    (folder / "notes.txt").write_text("mine")
    os.mkfifo(folder / "pipe")
    outbox = Outbox(root, DISK, "player")
    outbox.append("played", {"number": 1})
    outbox.close()
    assert len(reports(root)) == 1
    assert (folder / "notes.txt").read_text() == "mine"
