"""Start and end an X server of our own, on a display number that it chooses itself.

Called by `framebuffer.py` and by the tests that plug monitors; never touches a display in use.
"""

import os
import subprocess
from collections.abc import Sequence

__all__ = ["end_server", "start_server"]

END_PATIENCE_S = 10.0


def start_server(command: Sequence[str]) -> tuple[subprocess.Popen[bytes], str | None]:
    """Start the server; answer it and the name of its display, None if it did not come up."""
    ours, theirs = os.pipe()
    process = subprocess.Popen(
        [*command, "-displayfd", str(theirs)],
        pass_fds=[theirs],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(theirs)
    with os.fdopen(ours) as answer:
        number = answer.readline().strip()
    return process, f":{number}" if number else None


def end_server(process: subprocess.Popen[bytes]) -> None:
    """Ask the server to end, then make it."""
    process.terminate()
    try:
        process.wait(END_PATIENCE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
