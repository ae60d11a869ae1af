"""SIGKILL at every counted system call of download, verify, commit, activate (C01, M17)."""

from pathlib import Path

import pytest

from tests.conftest import DEEP
from tests.faults.conftest import KillServer
from tests.faults.cycle import NAIVE

#: 4,000 kills, 100,000 in the deep run; a seed is a run of its own.
SEEDS = range(1, 51 if DEEP else 3)
KILLS_A_SEED = 2_000

PASS_SEEDS = range(1, 41 if DEEP else 2)
KILLED_PASSES_A_SEED = 500


@pytest.mark.parametrize("seed", SEEDS)
def test_no_kill_loses_an_acknowledged_release_or_lets_a_bad_blob_show(
    memory: Path, kill_server: KillServer, seed: int
) -> None:
    found = kill_server("kills", memory / "cache", KILLS_A_SEED, seed, "")
    print(
        f"{found['kills']} kills at {found['points']} points, seed {seed}, "
        f"{found['passes']} cycles let through: {len(found['wrong'])} wrong"
    )
    assert found["wrong"] == []
    assert found["kills"] == KILLS_A_SEED
    assert found["points"] >= 35, "a cycle has at least so many calls to be killed at"
    assert found["passes"] >= KILLS_A_SEED // 100, "the loop must also go forward"


@pytest.mark.parametrize("seed", PASS_SEEDS)
def test_no_kill_of_a_whole_sync_pass_loses_a_release_or_parts_floor_and_wall(
    memory: Path, kill_server: KillServer, seed: int
) -> None:
    found = kill_server(memory / "cache", KILLED_PASSES_A_SEED, seed, module="pass_server")
    print(
        f"{found['kills']} sync passes killed at {found['points']} points, seed {seed}, "
        f"{found['passes']} let through: {len(found['wrong'])} wrong"
    )
    assert found["wrong"] == []
    assert found["points"] >= 30
    assert found["passes"] >= KILLED_PASSES_A_SEED // 30


@pytest.mark.parametrize("naive", NAIVE)
def test_the_loop_sees_what_a_naive_store_does_wrong(
    memory: Path, kill_server: KillServer, naive: str
) -> None:
    found = kill_server("kills", memory / "cache", 1_000, 1, naive)
    print(f"negative control, {naive}: {len(found['wrong'])} wrong in {found['kills']} kills")
    assert len(found["wrong"]) >= 20, "the loop is blind to this fault"
