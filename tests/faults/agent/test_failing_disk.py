"""The disk fails at the n-th operation of a whole round, for n from 1 until one passes untouched.

Pairing, documents, blobs, activation, faults, reports, bulletin, status: wherever the disk is full
or broken, the round ends by itself, nothing half written counts, and a fresh agent on a disk that
works gets there.
"""

import errno
import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from content_cache.disk import RealDisk
from content_cache.errors import StorageError
from tests.conftest import DEEP, long_when_deep
from tests.integration.agent.conftest import TestBox
from tests.simulators.content_server import ContentServer
from tests.simulators.faulty_disk import FaultyDisk
from tests.simulators.site import Wall

#: Every so-maniest operation is tried (all of them in the long run): of the changes, and of
#: everything, reading included.
STRIDES = {errno.ENOSPC: 1, errno.EIO: 1} if DEEP else {errno.ENOSPC: 4, errno.EIO: 17}
KEY = "one-time-key-0123456789"


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A disk that fails is logged, in many words."""
    yield
    caplog.clear()


def paired_box(folder: Path, server: ContentServer) -> TestBox:
    server.enrolment_keys.add(KEY)
    return TestBox(folder, server.url, server__enrolment_key=f'"{KEY}"')


def live_on(box: TestBox, disk: FaultyDisk, private: FaultyDisk) -> None:
    """One whole life of an agent: a round, everything that is sent, the end."""
    agent = box.agent(disk, private)
    agent.round(box.stop)
    agent.tell_once()
    agent.close()


@long_when_deep
@pytest.mark.parametrize("fault", [errno.ENOSPC, errno.EIO])
@pytest.mark.parametrize("for_good", [False, True], ids=["once", "for good"])
def test_wherever_the_disk_fails_the_box_gets_there_afterwards(
    tmp_path: Path, server: ContentServer, fault: int, for_good: bool
) -> None:
    logging.getLogger("agent").setLevel(logging.CRITICAL)
    number, tried = 1, 0
    while True:
        box = paired_box(tmp_path / str(number), server)
        one = FaultyDisk(RealDisk(), number, fault, persistent=for_good)
        private = FaultyDisk(RealDisk(0o600), number, fault, persistent=for_good)
        live_on(box, one, private)
        tried += 1
        whole = Wall(box.cache, server.site.paired).shows()
        assert whole in (None, server.site.version), f"operation {number}"
        live_on(box, FaultyDisk(RealDisk()), FaultyDisk(RealDisk(0o600)))
        if Wall(box.cache, server.site.paired).shows() is None:
            server.claim(server.code())  # the key was used up before: a person helps
            live_on(box, FaultyDisk(RealDisk()), FaultyDisk(RealDisk(0o600)))
        shown = Wall(box.cache, server.site.paired).shows()
        assert shown == server.site.version, f"operation {number}"
        tokens = box.cache / "agent" / "tokens.json"
        assert tokens.stat().st_mode & 0o777 == 0o600
        if not one.failed and not private.failed:
            break
        number += STRIDES[fault]
    assert number > 50, "a round has many operations"
    assert tried > 10, "and the loop has looked at many of them"
    logging.getLogger("agent").setLevel(logging.NOTSET)


def test_a_full_disk_is_reported_once_there_is_room_again(
    box: TestBox, server: ContentServer
) -> None:
    logging.getLogger("agent").setLevel(logging.CRITICAL)
    server.enrolment_keys.add(KEY)
    box.configure(server.url, server__enrolment_key=f'"{KEY}"')
    live_on(box, FaultyDisk(RealDisk()), FaultyDisk(RealDisk(0o600)))
    server.publish(b"x" * 100_000)
    full = FaultyDisk(RealDisk(), 1, errno.ENOSPC, persistent=True, only=frozenset({"write"}))
    agent = box.agent(full)
    _wait_s, outcome = agent.round(box.stop)
    assert outcome is not None
    assert str(outcome.ending) == "storage failed"
    assert [fault.code for fault in agent.parts.ledger.open] == ["CACHE_FULL"]
    full._times = 0
    agent.round(box.stop)
    agent.tell_once()
    agent.close()
    assert box.shows() == server.site.version
    lost = server.reports("reports-lost")
    told = [(each["code"], each["state"]) for each in server.reports("fault")]
    assert ("CACHE_FULL", "closed") in told
    assert lost, "what could not be written while the disk was full was counted"
    logging.getLogger("agent").setLevel(logging.NOTSET)


def test_an_agent_never_runs_on_a_cache_that_it_may_not_write(tmp_path: Path) -> None:
    """A read-only cache: it says so with its status, and changes nothing."""
    box = TestBox(tmp_path / "box", "http://127.0.0.1:9")
    box.cache.mkdir()
    if os.geteuid() == 0:  # root may write anywhere: the lock's own file is what fails then
        (box.cache / "lock").mkdir()
    else:
        box.cache.chmod(0o500)
    ended = box.run("--once")
    assert ended.returncode == 74
    assert str(box.cache) in ended.stderr


def test_the_loop_sees_an_agent_that_dies_of_a_full_disk(
    box: TestBox, server: ContentServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: let a storage error through, and the loop finds it."""
    server.enrolment_keys.add(KEY)
    box.configure(server.url, server__enrolment_key=f'"{KEY}"')
    monkeypatch.setattr("player.agent.pairing_steps.StorageError", ZeroDivisionError)
    full = FaultyDisk(RealDisk(0o600), 1, errno.ENOSPC, persistent=True)
    agent = box.agent(private_disk=full)
    with pytest.raises(StorageError):
        agent.round(box.stop)
    agent.close()
