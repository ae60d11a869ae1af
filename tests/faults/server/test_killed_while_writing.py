"""kill -9 at any moment: act and audit row are both there or both not; nothing told is lost."""

import random
import subprocess
import sys

import pytest

from tests.conftest import DEEP
from tests.simulators.server_process import Home, rows

KILLS = 100 if DEEP else 8
SEED = 20261122


def killed(home: Home, chance: random.Random, *words: str) -> set[str]:
    """Let it write, kill it somewhere; returns the names it said were committed."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.server.accounts_until_killed", *words],
        env=home.environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout.readline() == "ready\n"
        said = [process.stdout.readline().strip() for _ in range(chance.randint(1, 8))]
        try:
            process.wait(chance.random() * 0.02)  # somewhere within the next ones
        except subprocess.TimeoutExpired:
            process.kill()
        said += process.stdout.read().split("\n")[:-1]
    return set(said)


def without_the_other(home: Home) -> int:
    """How many accounts have no audit row, or audit rows no account."""
    accounts = {name for (name,) in rows(home, "SELECT username FROM accounts_staff")}
    audited = rows(home, "SELECT subject_name FROM audit_auditrow WHERE action = 'staff.create'")
    return len(accounts ^ {name for (name,) in audited})


@pytest.fixture
def home(server_home):
    return server_home()


def test_an_act_and_its_audit_row_are_both_there_or_both_not(home):
    chance, told = random.Random(SEED), set()
    for _kill in range(KILLS):
        told |= killed(home, chance)
        assert without_the_other(home) == 0
    accounts = {name for (name,) in rows(home, "SELECT username FROM accounts_staff")}
    assert told <= accounts, f"lost: {told - accounts}"
    assert len(told) >= KILLS
    assert "AUDIT_BROKEN" not in home.command("check", "--json").stdout


def test_the_loop_above_would_see_an_audit_that_is_written_apart(home):
    """The negative control."""
    chance, apart = random.Random(SEED), 0
    for _kill in range(KILLS * 5):
        killed(home, chance, "--apart")
        apart = without_the_other(home)
        if apart:
            break
    assert apart, "no kill fell between the two; the loop is blind"
