"""Real disks that are full, read-only, failing or somebody else's; prints JSON.

    unshare -m python -m tests.faults.real_disks SCENARIO FOLDER

Started by test_real_disks.py, as root, in a mount namespace of its own.  Each scenario brings a
cache to release 1, spoils its disk, tries release 2, and heals the disk again.
"""

import contextlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from content_cache.__main__ import main
from content_cache.disk import RealDisk
from content_cache.errors import CacheError
from content_cache.outbox import Outbox
from tests.faults.cycle import begin, judge, release_of, run_cycle

NOBODY = 65534


def mount(point: Path, *arguments: str) -> None:
    point.mkdir(exist_ok=True)
    subprocess.run(["mount", *arguments, str(point)], check=True)


def attempt(root: Path) -> dict[str, str]:
    """Try release 2; what came of it."""
    try:
        run_cycle(root, RealDisk(), release_of(2))
    except CacheError as error:
        return {"error": type(error).__name__, "code": error.code, "says": str(error)}
    return {"error": "none"}


def command(*arguments: str) -> dict[str, Any]:
    """A call of `yingbi-cache`: its status, and what it said on stderr."""
    said = io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
        status = main([*arguments, "--settings", "/nonexistent"])
    return {"status": status, "says": said.getvalue()}


def spoil_and_heal(
    root: Path, spoil: Callable[[], object], heal: Callable[[], object]
) -> dict[str, Any]:
    begin(root)
    spoil()
    found: dict[str, Any] = {"spoilt": attempt(root), "wrong": judge(root, 2, 1)}
    found["report kept"] = Outbox(root, RealDisk(), "stage").append("played", {"version": 1})
    found["status"] = command("status", "--cache", str(root))
    found["gc"] = command("gc", "--cache", str(root))
    heal()
    found["healed"] = attempt(root)
    found["wrong"] += judge(root, 2, 2)
    return found


def full(folder: Path) -> dict[str, Any]:
    """C05, C06: no byte is left, in the middle of a blob or of the state."""
    mount(folder / "disk", "-t", "tmpfs", "-o", "size=512k", "tmpfs")
    ballast = folder / "disk" / "ballast"

    def fill_up() -> None:
        with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
            while True:
                file.write(b"\0" * 4096)

    return spoil_and_heal(folder / "disk" / "cache", fill_up, ballast.unlink)


def no_inodes(folder: Path) -> dict[str, Any]:
    """C07: bytes are left, but no more files fit."""
    mount(folder / "disk", "-t", "tmpfs", "-o", "size=4m,nr_inodes=60", "tmpfs")
    ballast = folder / "disk" / "ballast"
    ballast.mkdir()

    def fill_up() -> None:
        with contextlib.suppress(OSError):
            for number in range(100):
                (ballast / str(number)).touch()

    def empty() -> None:
        for path in ballast.iterdir():
            path.unlink()

    return spoil_and_heal(folder / "disk" / "cache", fill_up, empty)


def read_only(folder: Path) -> dict[str, Any]:
    """C08: mounted read-only."""
    mount(folder / "disk", "-t", "tmpfs", "tmpfs")
    return spoil_and_heal(
        folder / "disk" / "cache",
        lambda: mount(folder / "disk", "-o", "remount,ro"),
        lambda: mount(folder / "disk", "-o", "remount,rw"),
    )


def failing(folder: Path) -> dict[str, Any]:
    """C09: the kernel finds an error and makes the file system read-only under our feet."""
    image = folder / "image"
    with image.open("wb") as file:
        file.truncate(16 << 20)
    subprocess.run(["mkfs.ext4", "-qF", str(image)], check=True)
    mount(folder / "disk", "-o", "loop,errors=remount-ro", str(image))
    device = next(line.split()[0] for line in mounts() if line.split()[1] == str(folder / "disk"))
    trigger = Path("/sys/fs/ext4", Path(device).name, "trigger_fs_error")

    def heal() -> None:
        subprocess.run(["umount", str(folder / "disk")], check=True)
        subprocess.run(["e2fsck", "-fy", str(image)], check=False, stdout=subprocess.DEVNULL)
        mount(folder / "disk", "-o", "loop", str(image))

    found = spoil_and_heal(folder / "disk" / "cache", lambda: trigger.write_text("1"), heal)
    subprocess.run(["umount", str(folder / "disk")], check=True)
    return found


def mounts() -> list[str]:
    return Path("/proc/self/mounts").read_text().splitlines()


def somebody_elses(folder: Path) -> dict[str, Any]:
    """C24: an upgrade as root left folders that the player's own user may not write to."""
    mount(folder / "disk", "-t", "tmpfs", "tmpfs")
    root = folder / "disk" / "cache"

    def give(owner: int) -> Callable[[], None]:
        def change() -> None:
            os.seteuid(0)
            subprocess.run(["chown", "-R", str(owner), str(folder / "disk")], check=True)
            os.seteuid(NOBODY)

        return change

    give(NOBODY)()
    return spoil_and_heal(root, give(0), give(NOBODY))


SCENARIOS = {
    "full": full,
    "no inodes": no_inodes,
    "read-only": read_only,
    "failing": failing,
    "somebody else's": somebody_elses,
}

if __name__ == "__main__":
    print(json.dumps(SCENARIOS[sys.argv[1]](Path(sys.argv[2]))))
