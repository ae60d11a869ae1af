"""Cuts the power of an ext4 file system again and again while cycles run on it; prints JSON.

    unshare -m python -m tests.faults.power_cut FOLDER CUTS SEED PROTOCOL

Started by test_power_cuts.py, as root, in a mount namespace of its own.  FOLDER holds the image
and the mount point.  PROTOCOL is "full" (the store as it is), or a negative control: "no fsync" or
"no folder fsync", the store on a disk that skips them.

A cut is ext4's shutdown ioctl: from that instant nothing reaches the image, and what was not
written is gone, as when a plug is pulled.  (It cannot show a disk that lies about its cache.)
"""

import fcntl
import json
import mmap
import os
import random
import select
import signal
import struct
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from typing import Any

from content_cache.disk import RealDisk
from content_cache.errors import CacheError, DigestMismatch
from tests.faults.cycle import judge, release_of, run_cycle

#: _IOR('X', 125, __u32): shut the file system down.
EXT4_IOC_SHUTDOWN = 0x8004587D
LOG_FLUSH, NO_LOG_FLUSH = 1, 2

IMAGE_BYTES = 16 << 20

#: A cut comes at a random moment up to so long after a cycle began.
LONGEST_CYCLE_S = 0.06


class WithoutFsync(RealDisk):
    """A store that never syncs."""

    def fsync(self, descriptor: int) -> None:
        """Nothing."""

    def fsync_folder(self, path: Path) -> None:
        """Nothing."""


class WithoutFolderFsync(RealDisk):
    """A store that syncs files but not the folders that name them."""

    def fsync_folder(self, path: Path) -> None:
        """Nothing."""


PROTOCOLS = {"full": RealDisk, "no fsync": WithoutFsync, "no folder fsync": WithoutFolderFsync}


def mount(image: Path, point: Path) -> None:
    subprocess.run(["mount", "-o", "loop", str(image), str(point)], check=True)


def unmount(point: Path) -> None:
    subprocess.run(["umount", str(point)], check=True)


def cut_power(point: Path, flag: int) -> None:
    descriptor = os.open(point, os.O_RDONLY)
    try:
        fcntl.ioctl(descriptor, EXT4_IOC_SHUTDOWN, struct.pack("I", flag))
    finally:
        os.close(descriptor)


class Cuts:
    """Power cuts on one image, which is never made anew: what one leaves, the next begins with."""

    def __init__(self, folder: Path, seed: int, protocol: str) -> None:
        self._image, self._point = folder / "image", folder / "mount"
        self._chance = random.Random(seed)
        self._protocol = protocol
        self._version = 0
        self._ack = mmap.mmap(-1, 8)  # the last version acknowledged, shared with the child
        self._point.mkdir()
        with self._image.open("wb") as file:
            file.truncate(IMAGE_BYTES)
        subprocess.run(["mkfs.ext4", "-qF", str(self._image)], check=True)

    def once(self) -> tuple[int, list[str]]:
        """One cut at a random moment: how many releases were acknowledged, and what is wrong."""
        mount(self._image, self._point)
        root = self._point / "cache"
        before = self._version
        self._acknowledge(before)
        flag = self._chance.choice([NO_LOG_FLUSH, NO_LOG_FLUSH, LOG_FLUSH])
        self._run_until_cut(root, flag if self._protocol == "full" else NO_LOG_FLUSH)
        unmount(self._point)
        acknowledged = self._acknowledged()
        mount(self._image, self._point)
        try:
            wrong = judge(root, acknowledged + 1, acknowledged)
            self._version = self._go_on(root)
        finally:
            unmount(self._point)
        return acknowledged - before, wrong

    def _run_until_cut(self, root: Path, flag: int) -> None:
        """A child runs cycles; the power goes at a random moment (a control: after a release)."""
        ready, told = os.pipe()
        pid = os.fork()
        if pid == 0:
            self._cycles(root, told)
        os.close(told)
        if self._protocol != "full" or self._chance.random() < 0.75:
            select.select([ready], [], [], 30)
        if self._protocol == "full":
            time.sleep(self._chance.random() * LONGEST_CYCLE_S)
        cut_power(self._point, flag)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(ready)

    def _cycles(self, root: Path, told: int) -> None:
        disk = PROTOCOLS[self._protocol]()

        def activated(version: int) -> None:
            self._acknowledge(version)
            os.write(told, b"1")
            if self._protocol != "full":
                signal.pause()  # the cut comes right here, where the promise was just made

        try:
            for version in range(self._version + 1, self._version + 1_000):
                run_cycle(root, disk, release_of(version), partial(activated, version))
        except CacheError:
            pass
        finally:
            os._exit(0)

    def _go_on(self, root: Path) -> int:
        """After the cut the box starts again: the next release must get through."""
        with_power = judge(root, 1 << 40, 0)
        if with_power or self._protocol != "full":
            return self._begin_anew(root)
        version = self._acknowledged() + 2
        try:
            run_cycle(root, RealDisk(), release_of(version))
        except DigestMismatch:
            # Parts are not synced: the cut left one of the right length and with the wrong bytes.
            # It was seen and thrown away; the next pass gets through.
            run_cycle(root, RealDisk(), release_of(version))
        os.sync()
        return version

    def _begin_anew(self, root: Path) -> int:
        """A negative control left ruins: clear them away, for the next cut to count by itself."""
        subprocess.run(["rm", "-rf", str(root)], check=True)
        run_cycle(root, RealDisk(), release_of(self._version + 10))
        os.sync()
        return self._version + 10

    def _acknowledge(self, version: int) -> None:
        self._ack[0:8] = struct.pack("q", version)

    def _acknowledged(self) -> int:
        version: int = struct.unpack("q", self._ack[0:8])[0]
        return version


def run(folder: Path, cuts: int, seed: int, protocol: str) -> dict[str, Any]:
    """Cut the power `cuts` times."""
    series = Cuts(folder, seed, protocol)
    wrong: list[list[str]] = []
    acknowledged = 0
    for _cut in range(cuts):
        releases, found = series.once()
        acknowledged += releases
        if found:
            wrong.append(found)
    return {"cuts": cuts, "acknowledged": acknowledged, "wrong": wrong}


if __name__ == "__main__":
    where, number, seed, protocol = sys.argv[1:]
    print(json.dumps(run(Path(where), int(number), int(seed), protocol)))
