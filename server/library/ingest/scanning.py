"""The site's own virus scanner, where there is one: a command, asked before anything else.

`uploads.scan_command` of server.toml, such as `clamdscan --no-summary --fdpass {file}`.  It runs
outside the sandbox, because it must reach its service; exit status 0 is clean, 1 is a finding
(the statuses of clamscan), anything else means that it did not work.
"""

import shlex
import subprocess
from pathlib import Path

from django.conf import settings

from server.library.ingest.child import StepFailed
from server.library.ingest.failures import Refused

__all__ = ["SCAN_S", "ScanFailed", "scan"]

#: How long the scanner may take, in seconds.
SCAN_S = 600.0
#: How much of its finding is shown to the editor.
_FINDING_CHARACTERS = 200


class ScanFailed(StepFailed):
    """The scanner gave no verdict; the file waits for it."""


def scan(path: Path, timeout_s: float = SCAN_S) -> None:
    """Return when the file is clean, or no scanner is set.  Raises `Refused`, `ScanFailed`."""
    line: str = settings.SCAN_COMMAND
    if not line:
        return
    words = [str(path) if word == "{file}" else word for word in shlex.split(line)]
    try:
        done = subprocess.run(words, capture_output=True, timeout=timeout_s, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ScanFailed(f"the virus scanner gave no verdict: {error}") from error
    if done.returncode == 1:
        raise Refused("INFECTED", finding=_finding(done.stdout, path))
    if done.returncode != 0:
        raise ScanFailed(f"the virus scanner ended with status {done.returncode}")


def _finding(said: bytes, path: Path) -> str:
    """The first line it printed, without our path."""
    text = said.decode("utf-8", "replace").replace(str(path), "").strip(" :\n")
    first = text.splitlines()[0] if text else "?"
    return "".join(mark for mark in first if mark.isprintable())[:_FINDING_CHARACTERS]
