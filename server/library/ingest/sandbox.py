"""Locks a child in: no network, and with bubblewrap no file but its own.

`child` asks for the command line; `yingbi-server check` for the `warning`.  Which way works is
found out by trying it, never by looking for a file.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from enum import Enum
from functools import cache
from pathlib import Path

__all__ = ["SOURCE", "TEMPORARY_BYTES", "WORK", "Sandbox", "available", "command", "warning"]

#: Where a child in bubblewrap finds its file and its folder.
SOURCE, WORK = "/job/source", "/job/work"

#: What its temporary files may take in memory.
TEMPORARY_BYTES = 2 << 30

_TRIAL_S = 10.0

#: What a converter reads of the system, where it is there.  Nothing of /home, /root, /var, /srv.
_SYSTEM = (
    "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32",
    "/etc/alternatives", "/etc/fonts", "/etc/ld.so.cache", "/etc/ld.so.conf",
    "/etc/ld.so.conf.d", "/etc/libreoffice", "/etc/localtime", "/etc/mime.types", "/etc/papersize",
    "/opt/libreoffice", "/var/cache/fontconfig",
)  # fmt: skip


class Sandbox(Enum):
    """How a child is locked in, the best first."""

    BUBBLEWRAP = "bubblewrap"
    UNSHARE = "unshare"
    NONE = "none"


def available() -> Sandbox:
    """The best way that works for this user on this machine.

    Remembered only when it is the best there is: a trial that failed in a bad moment, or a setting
    that was mended since, must not leave the children half locked in for years.
    """
    found = _tried()
    if found is not Sandbox.BUBBLEWRAP:
        forget_trial()
    return found


def forget_trial() -> None:
    """Try again the next time; for whoever changed what is installed or allowed."""
    _tried.cache_clear()


@cache
def _tried() -> Sandbox:
    if _works([*_bubblewrap_base(), "--", "/bin/true"]):
        return Sandbox.BUBBLEWRAP
    if _works([*_unshare(), "/bin/true"]):
        return Sandbox.UNSHARE
    return Sandbox.NONE


def warning(sandbox: Sandbox) -> str | None:
    """What an administrator must be told, or None when all is well."""
    if sandbox is Sandbox.BUBBLEWRAP:
        return None
    if sandbox is Sandbox.UNSHARE:
        return (
            "conversions run without a network but can read this user's files: install"
            " bubblewrap (apt install bubblewrap) and allow user namespaces"
        )
    return (
        "CONVERSIONS ARE NOT LOCKED IN: a hostile upload could reach the network and this"
        " user's files; install bubblewrap (apt install bubblewrap) and allow user namespaces"
    )


def command(
    sandbox: Sandbox, argv: Sequence[str], source: Path, folder: Path, code: Sequence[Path]
) -> list[str]:
    """The command line that runs `argv` locked in; `code` is what it may read besides.

    With bubblewrap the child sees `source` at `SOURCE` and `folder` at `WORK`, and dies with us.
    """
    if sandbox is Sandbox.NONE:
        return list(argv)
    if sandbox is Sandbox.UNSHARE:
        return [*_unshare(), *argv]
    bind = [word for path in code for word in ("--ro-bind", str(path), str(path))]
    job = ["--ro-bind", str(source), SOURCE, "--bind", str(folder), WORK, "--chdir", WORK]
    return [*_bubblewrap_base(), *bind, *job, "--", *argv]


def _bubblewrap_base() -> list[str]:
    system = [word for path in _SYSTEM for word in ("--ro-bind-try", path, path)]
    return [
        *("bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL"),
        *system,
        *("--proc", "/proc", "--dev", "/dev"),
        *("--size", str(TEMPORARY_BYTES), "--tmpfs", "/tmp"),  # noqa: S108  (its own, in memory)
    ]


def _unshare() -> list[str]:
    user = [] if os.geteuid() == 0 else ["--map-root-user"]
    return ["unshare", *user, "--net", "--pid", "--fork", "--kill-child"]


def _works(argv: Sequence[str]) -> bool:
    try:
        done = subprocess.run(argv, capture_output=True, timeout=_TRIAL_S, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def code_paths() -> list[Path]:
    """Where the child's Python and its packages live; the project's `server` package among them."""
    package = Path(__file__).parents[2]
    paths = {Path(sys.prefix), Path(sys.base_prefix), package}
    return sorted(path for path in paths if not path.is_relative_to("/usr"))
