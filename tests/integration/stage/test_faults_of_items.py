"""A player on a real cache: what is wrong with an item is told, outlives it, and is over."""

import signal
import time

from content_cache.blobs import BlobStore
from content_cache.disk import RealDisk
from content_cache.generations import Generations
from content_cache.segments import closed_segments
from player.ledger import STAGE_FAULTS, read_open_faults
from tests.integration.stage.conftest import RED
from tests.simulators.release import publish, release

BROKEN = b"this is no picture"


def test_a_fault_opens_once_outlives_the_player_and_closes_under_the_same_name(
    running, solid, tmp_path
):
    root = tmp_path / "cache"
    store, generations = BlobStore(root, RealDisk()), Generations(root, RealDisk())
    settings = tmp_path / "player.toml"
    settings.write_text(f'[cache]\ndirectory = "{root}"\n')
    good = solid("red.png", RED).read_bytes()
    publish(store, generations, release(1, BROKEN, good))
    for _start in range(2):
        one = running("--config", settings)
        one.wait_until_ready()
        wait_for_open(root, 1)
        one.end(signal.SIGKILL)
    (fault,) = read_open_faults(root / STAGE_FAULTS, RealDisk())
    assert (fault.code, fault.severity) == ("MEDIA_BAD", "W")
    assert fault.subject.startswith("ia0 (")
    one = running("--config", settings)
    one.wait_until_ready()
    publish(store, generations, release(2, good))
    wait_for_open(root, 0)
    assert one.end(signal.SIGTERM) == 0
    told = [
        (each.record["state"], each.record["code"], each.record["subject"])
        for segment in closed_segments(root, RealDisk())
        for each in segment.reports
        if each.kind == "fault"
    ]
    assert told == [
        ("opened", "MEDIA_BAD", fault.subject),
        ("closed", "MEDIA_BAD", fault.subject),
    ]


def wait_for_open(root, count):
    until = time.monotonic() + 60
    while len(read_open_faults(root / STAGE_FAULTS, RealDisk())) != count:
        assert time.monotonic() < until, f"there are never {count} open faults"
        time.sleep(0.05)
