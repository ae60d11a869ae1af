"""Only what a run had in hand when it crashed is blamed, once, and on nobody else's word."""

import signal
import subprocess
import sys

import pytest

from tests.simulators.stage_programmes import digest

RUN = """
import os, sys
from pathlib import Path
from player.stage.breadcrumb import Breadcrumb
from player.stage.inquest import EARLY_CRUMB, Inquest
from tests.unit.player.stage.test_breadcrumb import take
folder, name, end = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
inquest = Inquest(folder)
print(*inquest.blamed, flush=True)
early = Breadcrumb(folder, EARLY_CRUMB)
if name:
    inquest.breadcrumb.preparing(take(name), name)
    early.open()
    early.preparing(take("early.png"), "early.png")
if end:
    os.kill(os.getpid(), end)
inquest.close()
early.close()
"""
CRASH, KILL, CLEAN = int(signal.SIGSEGV), int(signal.SIGKILL), 0


@pytest.fixture
def run(tmp_path):
    """One run, which has `name` in hand and ends so; whom it blamed when it began."""

    def run_(name, end):
        command = [sys.executable, "-c", RUN, str(tmp_path), name, str(end)]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        assert done.returncode == -end, done.stderr
        return set(done.stdout.split())

    return run_


def test_a_crash_is_blamed_once_on_all_that_was_in_hand(run):
    run("poison.mp4", CRASH)
    assert run("", CLEAN) == {digest("poison.mp4"), digest("early.png")}
    assert run("", CLEAN) == set()


@pytest.mark.parametrize("end", [KILL, CLEAN])
def test_no_other_end_is(run, end):
    run("innocent.mp4", end)
    assert run("", CLEAN) == set()


def test_a_run_that_crashes_with_empty_hands_is_no_witness_against_the_one_before(run):
    """The X server died, and was not back when the player was started again: Qt gives up."""
    run("innocent.mp4", KILL)
    assert run("", CRASH) == set()
    assert run("", CLEAN) == set()


def test_a_clean_end_leaves_nothing_but_the_strikes(run, tmp_path):
    run("poison.mp4", CRASH)
    run("", CLEAN)
    assert [path.name for path in tmp_path.iterdir()] == ["quarantine.json"]
