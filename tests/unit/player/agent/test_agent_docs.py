"""docs/agent.md tells the numbers, chores, files, faults and proofs as they are."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from config.model import PlayerSettings
from player.agent import housework, log_tail, push, rounds
from player.agent.clock_check import CLOCK_TOLERANCE_MS, clock_faults
from player.agent.housework import Hands, Housework
from player.bulletin import BULLETIN, SNAPSHOT, SNAPSHOT_PICTURE
from player.stage import handover
from player.stage.errands import SNAPSHOT_SIDE

ROOT = Path(__file__).parents[4]
DOCS = (ROOT / "docs" / "agent.md").read_text()


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`(tests/[a-z_/]+\.py)`", DOCS))))
def test_every_proof_that_is_named_is_there(name: str) -> None:
    assert (ROOT / name).is_file()


def test_the_numbers_are_those_of_the_code() -> None:
    assert f"without a byte for {push.SILENT_S:g} s" in DOCS
    assert f"up to {push.RECONNECT.cap_s / 60:g} minutes" in DOCS
    assert f"last {log_tail.TAIL_BYTES // 1024} KiB" in DOCS
    assert f"WebP, {SNAPSHOT_SIDE} pixels" in DOCS
    assert f"more than {CLOCK_TOLERANCE_MS / 1000:g} s from" in DOCS
    assert f"after {rounds.CATCH_UP_S:g} s, {rounds.CATCH_UP_CONTACTS} times" in DOCS
    assert f"for {rounds.VOUCHED_S / 60:g} minutes that counts" in DOCS
    assert f"{handover.PATIENCE.total_seconds() / 60:g} minutes at most" in DOCS


@pytest.mark.parametrize(
    ("name", "often"),
    [
        ("scrub", housework.SCRUB_EVERY_S),
        ("eviction", housework.EVICT_EVERY_S),
        ("health", housework.HEALTH_EVERY_S),
        ("clock", housework.CLOCK_EVERY_S),
        ("panel", housework.PANEL_EVERY_S),
    ],
)
def test_every_chore_is_told_with_how_often_it_is_done(name: str, often: float) -> None:
    table = DOCS.partition("## Chores")[2].partition("**The panel**")[0]
    row = next(line for line in table.splitlines() if line.startswith("|") and name in line)
    number, unit = re.findall(r"\| (\d+) (h|min|s) \|", row)[0]
    assert int(number) * {"h": 3600, "min": 60, "s": 1}[unit] == often


def test_every_chore_that_there_is_stands_in_the_table() -> None:
    hands = Hands(*(lambda: None,) * 4)
    nobody = SimpleNamespace(generations=None)  # nothing is done here
    made = Housework(nobody, None, None, None, hands)  # type: ignore[arg-type]
    names = {chore.name for chore in made.chores(PlayerSettings())}
    told = DOCS.partition("## Chores")[2].lower()
    assert names == {"scrub", "eviction", "health", "clock", "picture"}
    assert all(name in told for name in names)


def test_the_faults_of_the_clock_are_told_with_their_severity() -> None:
    for fault in clock_faults(10**6, is_suspect=False) + clock_faults(0, is_suspect=True):
        assert f"| `{fault.code}` | {fault.severity} |" in DOCS


@pytest.mark.parametrize("file", [BULLETIN, SNAPSHOT, SNAPSHOT_PICTURE])
def test_every_file_that_both_processes_know_is_told(file: Path) -> None:
    assert f"`{file}`" in DOCS
