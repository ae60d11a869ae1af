"""Polls that find nothing new: what one costs the server, and how long it takes on time.

nginx with a file of a freshness's size stands beside it: the least that an HTTP answer costs.
"""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from bench.fleet.box import Identity
from bench.fleet.load import Order, Outcome
from bench.fleet.places import bare_nginx
from bench.fleet.server import Home, Process, server
from bench.process_cost import TreeCost

__all__ = ["polls"]

#: Connections that poll as fast as they are answered, and for how long, in seconds.
CONNECTIONS, SECONDS = 16, 4.0

#: Boxes that poll on time, and polls a second of all together.
BOXES, RATE = 100, 100.0

#: What nginx gives out: as large as a freshness.
FRESHNESS_BYTES = 1024


def polls(home: Home, identities: Sequence[Identity], folder: Path) -> dict[str, float]:
    """One run."""
    root = folder / "static"
    root.mkdir(parents=True)
    (root / "freshness").write_bytes(b"x" * FRESHNESS_BYTES)
    with server(home) as ours, bare_nginx(folder / "nginx", root) as theirs:
        tokens = [{"Authorization": f"Bearer {each.token}"} for each in identities[:BOXES]]
        path = "/player/v1/freshness"
        _run(ours, path, tokens[:CONNECTIONS], 1.0)  # what is known afterwards is known in life
        rate, cpu_ms = _run(ours, path, tokens[:CONNECTIONS], SECONDS)
        theirs_rate, theirs_ms = _run(theirs, "/freshness", [{}] * CONNECTIONS, SECONDS)
        fleet, _cpu = _run(ours, path, tokens, SECONDS, RATE)
    _require_304(rate, theirs_rate, fleet)
    return {
        "server CPU ms a poll (304)": cpu_ms,
        "nginx CPU ms a poll (304)": theirs_ms,
        "polls/s (304)": rate.polls / rate.lasted_s,
        "nginx polls/s (304)": theirs_rate.polls / theirs_rate.lasted_s,
        "100 polls/s on time, p50 ms": fleet.p50_ms,
        "100 polls/s on time, p99 ms": fleet.p99_ms,
        "100 polls/s, the bench overslept, p99 ms": fleet.overslept_p99_ms,
    }


def _run(
    process: Process,
    path: str,
    connections: list[dict[str, str]],
    seconds: float,
    rate_s: float | None = None,
) -> tuple[Outcome, float]:
    """What came, and the CPU of a poll in the server, in ms."""
    cost = TreeCost(process.pid)
    order = Order(process.url, path, connections, seconds, rate_s)
    done = subprocess.run(
        [sys.executable, "-m", "bench.fleet.load"],
        input=msgspec.json.encode(order),
        stdout=subprocess.PIPE,
        check=True,
    )
    outcome = msgspec.json.decode(done.stdout, type=Outcome)
    return outcome, cost.seconds() * 1000 / outcome.polls


def _require_304(*outcomes: Outcome) -> None:
    for each in outcomes:
        if set(each.answers) != {"304"}:
            raise RuntimeError(f"304 was due, and there came {each.answers}")
