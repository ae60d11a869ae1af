"""How this box is: what the kernel says of its load, memory, heat, addresses and outputs.

Reads /proc and /sys only (below `root`, for tests); whatever is not there is left out.  Nothing
here decides, and nothing raises.
"""

import contextlib
import os
import platform
import socket
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from fcntl import ioctl
from importlib import metadata
from pathlib import Path
from typing import Any

from content_cache.disk import Disk
from content_cache.durable import patiently

__all__ = ["Machine"]

_SIOCGIFADDR = 0x8915


@dataclass(frozen=True)
class Machine:
    """This machine; `root` is where its /proc and /sys stand."""

    disk: Disk
    cache: Path
    root: Path = Path("/")

    def versions(self) -> dict[str, str]:
        """What runs here."""
        return {
            "yingbi": _installed("yingbi"),
            "python": platform.python_version(),
            "os": self._os_name(),
            "kernel": platform.release(),
        }

    def space(self) -> dict[str, int] | None:
        """The file system of the cache: bytes in all, bytes free for us."""
        with contextlib.suppress(OSError):
            found = patiently(self.disk.space, self.cache)
            return {"free": found.free_bytes, "total": found.total_bytes}
        return None

    def load(self) -> list[float] | None:
        """The load over 1, 5 and 15 minutes."""
        with contextlib.suppress(OSError, ValueError):
            words = (self.root / "proc/loadavg").read_text().split()
            return [float(word) for word in words[:3]]
        return None

    def memory(self) -> dict[str, int] | None:
        """Bytes of memory in all, and what is available."""
        with contextlib.suppress(OSError, ValueError, KeyError):
            lines = (self.root / "proc/meminfo").read_text().splitlines()
            sizes = {line.partition(":")[0]: line.split()[1] for line in lines if ":" in line}
            return {
                "total": int(sizes["MemTotal"]) * 1024,
                "available": int(sizes["MemAvailable"]) * 1024,
            }
        return None

    def temperature_c(self) -> float | None:
        """The hottest zone, in °C."""
        found = []
        for file in (self.root / "sys/class/thermal").glob("thermal_zone*/temp"):
            with contextlib.suppress(OSError, ValueError):
                found.append(int(file.read_text()) / 1000)
        return round(max(found), 1) if found else None

    def synchronised(self) -> bool | None:
        """Does something keep the clock right?  None where nobody can say."""
        for name in ("run/systemd/timesync/synchronized", "run/chrony/chronyd.pid"):
            if (self.root / name).exists():
                return True
        return False if (self.root / "run/systemd").exists() else None

    def addresses(self) -> list[str]:
        """The addresses of this box, IPv4 first; not those that lead nowhere else."""
        return [*dict.fromkeys((*self._ipv4(), *self._ipv6()))]

    def outputs(self) -> list[dict[str, Any]]:
        """The connected outputs of the graphics card and their preferred sizes."""
        return list(self._outputs())

    def host(self) -> str:
        """What this machine calls itself."""
        return platform.node()

    def _os_name(self) -> str:
        with contextlib.suppress(OSError):
            return platform.freedesktop_os_release().get("PRETTY_NAME", "")
        return platform.system()

    def _ipv4(self) -> Iterator[str]:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
            for _number, name in socket.if_nameindex():
                with contextlib.suppress(OSError):
                    request = struct.pack("256s", name.encode()[:15])
                    address = socket.inet_ntoa(ioctl(asked, _SIOCGIFADDR, request)[20:24])
                    if not address.startswith("127."):
                        yield address

    def _ipv6(self) -> Iterator[str]:
        with contextlib.suppress(OSError, ValueError):
            for line in (self.root / "proc/net/if_inet6").read_text().splitlines():
                digits, _number, _length, scope, *_ = line.split()
                if scope == "00":  # global
                    yield socket.inet_ntop(socket.AF_INET6, bytes.fromhex(digits))

    def _outputs(self) -> Iterator[dict[str, Any]]:
        for folder in sorted((self.root / "sys/class/drm").glob("card*-*")):
            with contextlib.suppress(OSError, ValueError, IndexError):
                if (folder / "status").read_text().strip() != "connected":
                    continue
                width, _, height = (folder / "modes").read_text().split()[0].partition("x")
                name = folder.name.partition("-")[2]
                yield {"name": name, "width": int(width), "height": int(height.rstrip("i"))}


def _installed(name: str) -> str:
    with contextlib.suppress(metadata.PackageNotFoundError):
        return metadata.version(name)
    return ""


def boot_identity() -> str:
    """A name for this start of the agent: two boxes with one identity differ in it."""
    from uuid import uuid4

    return str(uuid4())


def process_id() -> int:
    """The number of this process."""
    return os.getpid()
