"""A disk that is full: it is said so, nothing half is left, and it goes on when there is room."""

import json
import subprocess
import sys

import pytest

from tests.simulators.server_process import Home


@pytest.mark.root
def test_a_write_on_a_full_disk_is_refused_whole(initialised, server_home):
    home = server_home()
    alone = Home(home.data, None, "")  # the disk of SQLite; PostgreSQL's is its own affair
    if home.cluster:
        alone.command("init")
    done = subprocess.run(
        ["unshare", "-m", sys.executable, "-m", "tests.faults.server.full_disk", str(home.data)],
        env=alone.environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["told"] == "NO_SPACE"
    assert told["after"] == {
        "rows": told["acknowledged"],
        "audited": told["acknowledged"],
        "holds": True,
    }
    assert told["goes_on"]
