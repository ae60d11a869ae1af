"""SIGKILL at every counted system call of download, verify, commit, activate (C01, M17)."""

from pathlib import Path

import pytest

from tests.conftest import DEEP
from tests.faults.conftest import KillServer
from tests.faults.cycle import NAIVE

KILLS = 100_000 if DEEP else 10_000
SEED = 1


@pytest.mark.timeout(3600 if DEEP else 600)
def test_no_kill_loses_an_acknowledged_release_or_lets_a_bad_blob_show(
    memory: Path, kill_server: KillServer
) -> None:
    found = kill_server("kills", memory / "cache", KILLS, SEED, "")
    print(
        f"{found['kills']} kills at {found['points']} points, seed {SEED}, "
        f"{found['passes']} cycles let through: {len(found['wrong'])} wrong"
    )
    assert found["wrong"] == []
    assert found["kills"] == KILLS
    assert found["points"] >= 35, "a cycle has at least so many calls to be killed at"
    assert found["passes"] >= KILLS // 100, "the loop must also go forward"


@pytest.mark.parametrize("naive", NAIVE)
def test_the_loop_sees_what_a_naive_store_does_wrong(
    memory: Path, kill_server: KillServer, naive: str
) -> None:
    found = kill_server("kills", memory / "cache", 1_000, SEED, naive)
    print(f"negative control, {naive}: {len(found['wrong'])} wrong in {found['kills']} kills")
    assert len(found["wrong"]) >= 20, "the loop is blind to this fault"
