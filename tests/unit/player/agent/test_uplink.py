"""Reports arrive once, whatever breaks: the disk, the link, the server, or this process."""

import contextlib
import errno
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from content_cache.disk import RealDisk
from content_cache.errors import StorageError
from content_cache.fetch_errors import FetchError, ServerRefused, ServerUnreachable, TokenRefused
from content_cache.outbox import Outbox
from player.agent.uplink import REFUSED_KEPT, SEGMENTS_AT_A_TIME, Uplink
from tests.simulators.faulty_disk import FaultyDisk

COUNT = 7


class Killed(BaseException):
    """The process ends here, whatever is on the stack."""


class Server:
    """Counts a segment's name once, as the real one does."""

    def __init__(self, before: Callable[[int], None] = lambda _call: None) -> None:
        self.segments: dict[str, Sequence[Mapping[str, Any]]] = {}
        self.calls, self._before = 0, before
        self.after: Callable[[int], None] = lambda _call: None

    def reports(self, segment: str, reports: Sequence[Mapping[str, Any]]) -> None:
        self.calls += 1
        self._before(self.calls)
        self.segments.setdefault(segment, reports)
        self.after(self.calls)

    def numbers(self) -> list[int]:
        return sorted(
            report["number"]
            for reports in self.segments.values()
            for report in reports
            if report["kind"] == "played"
        )


def fill(root: Path, first: int = 0, count: int = COUNT) -> None:
    """One report a segment."""
    outbox = Outbox(root, RealDisk(), "player")
    for number in range(first, first + count):
        outbox.append("played", {"number": number})
        outbox.close()


def drain(root: Path, server: Server, disk=None) -> None:
    uplink = Uplink(root, disk or RealDisk())
    while uplink.drain(server):  # type: ignore[arg-type]
        pass


def test_everything_arrives_and_the_outbox_is_empty(tmp_path: Path) -> None:
    fill(tmp_path)
    server = Server()
    drain(tmp_path, server)
    assert server.numbers() == list(range(COUNT))
    assert not list((tmp_path / "outbox").glob("*.reports"))


@pytest.mark.parametrize("moment", ["before", "after"])
def test_killed_at_any_request_nothing_is_lost_and_nothing_counts_twice(
    tmp_path: Path, moment: str
) -> None:
    for call in range(1, COUNT + 1):
        root = tmp_path / str(call)
        fill(root)

        def kill(number: int, at: int = call) -> None:
            if number == at:
                raise Killed

        server = Server(kill if moment == "before" else lambda _call: None)
        if moment == "after":
            server.after = kill
        with pytest.raises(Killed):
            drain(root, server)
        server.after = server._before = lambda _call: None
        drain(root, server)
        assert server.numbers() == list(range(COUNT)), f"killed {moment} request {call}"


@pytest.mark.parametrize("fault", [errno.ENOSPC, errno.EIO, errno.EROFS])
@pytest.mark.parametrize("for_good", [False, True])
def test_wherever_the_disk_fails_nothing_is_lost_and_nothing_counts_twice(
    tmp_path: Path, fault: int, for_good: bool
) -> None:
    number, done = 0, False
    while not done:
        number += 1
        root, server = tmp_path / str(number), Server()
        fill(root, count=3)
        disk = FaultyDisk(RealDisk(), number, fault, persistent=for_good)
        with contextlib.suppress(StorageError):
            drain(root, server, disk)
        done = not disk.failed
        drain(root, server)
        assert server.numbers() == [0, 1, 2], f"operation {number}"
    assert number > 3


def test_the_loop_sees_an_uplink_that_acknowledges_too_early(tmp_path: Path) -> None:
    """The negative control: delete first, send then, and a kill loses a report."""
    fill(tmp_path)

    def kill(number: int) -> None:
        if number == 3:
            raise Killed

    class TooEarly(Uplink):
        def _send(self, interface, segment):
            segment.path.unlink()
            super()._send(interface, segment)

    server = Server(kill)
    with pytest.raises(Killed):
        TooEarly(tmp_path, RealDisk()).drain(server)  # type: ignore[arg-type]
    server._before = lambda _call: None
    drain(tmp_path, server)
    assert server.numbers() != list(range(COUNT))


def test_the_loop_sees_names_that_come_again(tmp_path: Path) -> None:
    """An emptied outbox must not give a name a second time: the server counts it once."""
    server = Server()
    for turn in range(4):
        fill(tmp_path, first=turn * COUNT)
        drain(tmp_path, server)
    assert server.numbers() == list(range(4 * COUNT))


def test_one_writer_never_gives_a_name_twice(tmp_path: Path) -> None:
    outbox, server = Outbox(tmp_path, RealDisk(), "agent"), Server()
    for number in range(5):
        outbox.append("played", {"number": number})
        outbox.rotate()
        drain(tmp_path, server)
    assert server.numbers() == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    "error",
    [
        ServerUnreachable("there", "no route"),
        ServerRefused("there", 503),
        ServerRefused("there", 429),
        TokenRefused("there", 401),
    ],
)
def test_what_passes_keeps_the_reports_for_later(tmp_path: Path, error: FetchError) -> None:
    fill(tmp_path)

    def refuse(_call: int) -> None:
        raise error

    server = Server(refuse)
    with pytest.raises(FetchError):
        drain(tmp_path, server)
    assert server.calls == 1, "the link is down: no further segment is tried"
    server._before = lambda _call: None
    drain(tmp_path, server)
    assert server.numbers() == list(range(COUNT))


@pytest.mark.expects_log("is set aside")
@pytest.mark.parametrize("status", [400, 409, 413, 422])
def test_a_segment_that_the_server_will_never_take_keeps_no_other_back(
    tmp_path: Path, status: int
) -> None:
    fill(tmp_path)

    def choke(call: int) -> None:
        if call == 2:
            raise ServerRefused("there", status)

    server = Server(choke)
    drain(tmp_path, server)
    assert server.numbers() == [0, 2, 3, 4, 5, 6]
    assert len(list((tmp_path / "outbox").glob("*.refused"))) == 1


@pytest.mark.expects_log("is set aside")
def test_what_is_set_aside_is_bounded(tmp_path: Path) -> None:
    def choke(_call: int) -> None:
        raise ServerRefused("there", 422)

    fill(tmp_path, count=REFUSED_KEPT + 5)
    drain(tmp_path, Server(choke))
    assert len(list((tmp_path / "outbox").glob("*.refused"))) == REFUSED_KEPT


def test_a_months_reports_do_not_keep_the_heartbeat_waiting(tmp_path: Path) -> None:
    fill(tmp_path, count=SEGMENTS_AT_A_TIME + 5)
    server = Server()
    assert Uplink(tmp_path, RealDisk()).drain(server)  # type: ignore[arg-type]
    assert server.calls == SEGMENTS_AT_A_TIME


def test_torn_lines_are_counted_and_told(tmp_path: Path) -> None:
    fill(tmp_path, count=1)
    (path,) = (tmp_path / "outbox").glob("*.reports")
    path.write_bytes(path.read_bytes() + b"deadbeef {torn")
    server = Server()
    drain(tmp_path, server)
    (reports,) = server.segments.values()
    assert reports[-1] == {"kind": "reports-lost", "records": 1}
