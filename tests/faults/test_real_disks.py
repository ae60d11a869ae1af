"""Disks that are really full, read-only, failing or somebody else's (C05-C09, C24)."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).parents[2]

#: Scenario: the error of the sync, its code, what its sentence says, and what `status` ends with.
TABLE = {
    "full": ("DiskFull", "CACHE_FULL", "free space on that disk", os.EX_OK),
    "no inodes": ("InodesExhausted", "CACHE_INODES", "no more files", os.EX_OK),
    "read-only": ("ReadOnlyDisk", "STORAGE_RO", "mount it read-write", os.EX_IOERR),
    "failing": ("ReadOnlyDisk", "STORAGE_RO", "check the disk", os.EX_IOERR),
    "somebody else's": ("PermissionLost", "PERMISSION", "sudo chown --recursive", os.EX_IOERR),
}


@pytest.fixture
def world_readable(tmp_path: Path) -> Path:
    """A folder that another user can reach too."""
    for folder in (tmp_path, *tmp_path.parents):
        if folder == Path(tempfile.gettempdir()):
            break
        folder.chmod(0o755)
    return tmp_path


@pytest.mark.root
@pytest.mark.parametrize("scenario", TABLE)
def test_the_old_release_plays_on_and_the_new_one_comes_when_the_disk_is_well(
    world_readable: Path, scenario: str
) -> None:
    error, code, says, status = TABLE[scenario]
    module = "tests.faults.real_disks"
    done = subprocess.run(
        ["unshare", "-m", sys.executable, "-m", module, scenario, str(world_readable)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    if any(word in done.stderr for word in ("mount: ", "unshare: ")):
        pytest.skip(f"NO MOUNTS HERE, '{scenario}' is not tested: {done.stderr.strip()}")
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    assert (found["spoilt"]["error"], found["spoilt"]["code"]) == (error, code)
    assert says in found["spoilt"]["says"]
    assert found["wrong"] == []
    assert found["healed"] == {"error": "none"}
    assert found["status"]["status"] == status
    if status == os.EX_IOERR:
        assert code in found["status"]["says"]
        assert found["gc"]["status"] == os.EX_IOERR
        assert found["gc"]["says"].count("\n") == 1, "one clear sentence"
        assert found["report kept"] is False, "and it raised nothing"
