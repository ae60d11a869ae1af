"""What a heartbeat says of the faults, and that it never grows too large to be taken."""

import msgspec

from content_cache.disk import RealDisk
from player.agent.heartbeat import heartbeat
from player.agent.machine import Machine
from player.agent.situation import Situation
from player.ledger import OpenFault
from server.players.reporting import HEARTBEAT_BYTES
from tests.simulators.moved_clock import NOON


def body(tmp_path, faults):
    machine = Machine(RealDisk(), tmp_path)
    return heartbeat(Situation(), None, machine, faults, sequence=1, now=NOON)


def test_it_names_the_open_faults(tmp_path):
    fault = OpenFault(
        "MEDIA_BAD", "W", "i2 (lunch.png)", "the file is cut off", "2026-11-22T04:00:00.000Z"
    )
    assert body(tmp_path, [fault])["faults"] == [
        {
            "code": "MEDIA_BAD",
            "severity": "W",
            "subject": "i2 (lunch.png)",
            "reason": "the file is cut off",
            "since": "2026-11-22T04:00:00.000Z",
        }
    ]


def test_however_much_is_wrong_it_is_small_enough_to_be_taken(tmp_path):
    faults = [OpenFault("F", "W", "题" * 100 + str(n), "因" * 1000, "now") for n in range(1000)]
    assert len(msgspec.json.encode(body(tmp_path, faults))) < HEARTBEAT_BYTES
