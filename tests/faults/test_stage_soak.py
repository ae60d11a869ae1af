"""The rotation leaves no trace: each soak of `stage_soak_alone.py` in a process of its own.

`make deep` plays 72 hours of 10-second items (25,920 changes); `make test` plays half an hour.
The negative control leaks a little with every item, and must be caught.
"""

import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
ALONE = "tests/faults/stage_soak_alone.py"


def soak(name: str) -> None:
    """Run one soak; print what it measured."""
    alone = ["-p", "no:randomly", "-p", "no:xdist", "-o", "faulthandler_timeout=0"]
    alone += ["-s", "-q", f"{ALONE}::{name}"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *alone],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    print(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout


def test_half_an_hour_of_rotation_leaves_no_trace() -> None:
    soak("test_half_an_hour_of_rotation_leaves_no_trace")


def test_negative_control_a_quarter_of_a_mib_an_item_is_seen() -> None:
    soak("test_negative_control_a_quarter_of_a_mib_an_item_is_seen")


@pytest.mark.deep
@pytest.mark.timeout(5400)
def test_72_hours_of_rotation_leave_no_trace() -> None:
    soak("test_72_hours_of_rotation_leave_no_trace")
