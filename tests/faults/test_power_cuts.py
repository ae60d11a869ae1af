"""Power cuts on ext4 at random moments of a cycle (C02, C03, C04, M17)."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import DEEP, long_when_deep

CUTS = 5_000 if DEEP else 300
CONTROL_CUTS = 200 if DEEP else 40
SEED = 1
PROJECT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def loop_ext4(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Can this machine mount an ext4 image?  If not, say so loudly."""
    folder = tmp_path_factory.mktemp("loop")
    script = (
        'truncate -s 8M "$0/image" && mkfs.ext4 -qF "$0/image" && mkdir "$0/mount" && '
        'mount -o loop "$0/image" "$0/mount"'
    )
    tried = subprocess.run(
        ["unshare", "-m", "sh", "-c", script, str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    if tried.returncode != 0:
        pytest.skip(f"NO POWER CUTS HERE: an ext4 image cannot be mounted ({tried.stderr.strip()})")


def cut(folder: Path, cuts: int, protocol: str) -> dict[str, Any]:
    arguments = [str(cuts), str(SEED), protocol]
    done = subprocess.run(
        ["unshare", "-m", sys.executable, "-m", "tests.faults.power_cut", folder, *arguments],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    print(
        f"{protocol}: {cuts} cuts, seed {SEED}, {found['acknowledged']} releases acknowledged: "
        f"{len(found['wrong'])} cuts with something lost, corrupt or stuck"
    )
    return found


@pytest.mark.root
@long_when_deep
def test_no_power_cut_loses_an_acknowledged_release(memory: Path, loop_ext4: None) -> None:
    found = cut(memory, CUTS, "full")
    assert found["wrong"] == []
    assert found["acknowledged"] > CUTS // 2, "cycles must have come through between the cuts"


@pytest.mark.root
def test_the_cuts_see_a_store_that_never_syncs(memory: Path, loop_ext4: None) -> None:
    found = cut(memory, CONTROL_CUTS, "no fsync")
    assert len(found["wrong"]) > CONTROL_CUTS / 2, "these cuts are blind"


@pytest.mark.root
def test_the_cuts_see_a_store_that_does_not_sync_folders(memory: Path, loop_ext4: None) -> None:
    found = cut(memory, CONTROL_CUTS, "no folder fsync")
    assert found["wrong"], "these cuts are blind to names that were not synced"
