"""A box without a sound card must not fill its journal."""

import ctypes
import subprocess
import sys

import pytest

#: Opens a sound device that does not exist, with or without our handler.
OPEN = """
import ctypes, sys
from player.stage.media.alsa_errors import keep_quiet
if sys.argv[1] == "quiet":
    assert keep_quiet()
pcm = ctypes.c_void_p()
status = ctypes.CDLL("libasound.so.2").snd_pcm_open(ctypes.byref(pcm), b"no-such-device", 0, 0)
assert status < 0
"""


def said(how: str) -> str:
    """What a process that opens a missing device writes to standard error."""
    command = [sys.executable, "-c", OPEN, how]
    return subprocess.run(command, capture_output=True, text=True, check=True).stderr


@pytest.fixture(autouse=True)
def alsa() -> None:
    """libVLC's sound output brings the library along."""
    ctypes.CDLL("libasound.so.2")


def test_a_missing_sound_device_is_not_worth_a_line() -> None:
    assert said("quiet") == ""


def test_negative_control_alsa_itself_is_loud() -> None:
    assert "ALSA lib" in said("loud")
