"""A crash of the player is told apart from its being killed."""

import signal
import subprocess
import sys

import pytest

from player.stage.last_words import LAST_WORDS, LastWords

CHILD = """
import ctypes, os, signal, sys
from pathlib import Path
from player.stage.last_words import LastWords
words = LastWords(Path(sys.argv[1]))
words.listen()
if sys.argv[2] == "clean":
    words.close()
elif sys.argv[2] == "wild":
    ctypes.string_at(0)
elif sys.argv[2] == "abort":
    os.abort()
else:
    os.kill(os.getpid(), int(sys.argv[2]))
"""


def end(folder, how):
    command = [sys.executable, "-c", CHILD, str(folder), str(how)]
    return subprocess.run(command, check=False, capture_output=True).returncode


@pytest.mark.parametrize(
    ("how", "number", "said"),
    [
        ("wild", signal.SIGSEGV, "Segmentation fault"),
        ("abort", signal.SIGABRT, "Aborted"),
        (int(signal.SIGBUS), signal.SIGBUS, "Bus error"),
        (int(signal.SIGFPE), signal.SIGFPE, "Floating"),
    ],
)
def test_who_dies_of_itself_says_where(tmp_path, how, number, said):
    assert end(tmp_path, how) == -number
    words = LastWords(tmp_path).text
    assert said in words
    assert "most recent call first" in words


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_who_is_killed_says_nothing(tmp_path, number):
    assert end(tmp_path, int(number)) != 0
    assert LastWords(tmp_path).text == ""


def test_a_clean_end_leaves_nothing(tmp_path):
    assert end(tmp_path, "clean") == 0
    assert list(tmp_path.iterdir()) == []
    assert LastWords(tmp_path).text == ""


def test_words_are_heard_once(tmp_path):
    end(tmp_path, "abort")
    end(tmp_path, int(signal.SIGKILL))
    assert LastWords(tmp_path).text == ""


def test_words_from_before_a_power_cut_are_nobodys(tmp_path):
    end(tmp_path, "abort")
    page = tmp_path / LAST_WORDS
    boot, _space, rest = page.read_bytes().partition(b" ")
    page.write_bytes(b"0" * len(boot) + b" " + rest)
    assert LastWords(tmp_path).text == ""


def test_the_kernel_kills_for_want_of_memory_and_not_without_a_reason(tmp_path):
    """As if its count of such kills had been another one when the last run began."""
    end(tmp_path, int(signal.SIGKILL))
    page = tmp_path / LAST_WORDS
    boot, _space, count = page.read_bytes().partition(b" ")
    page.write_bytes(boot + b" %d\n" % (int(count) + 1))
    assert "memory" in LastWords(tmp_path).text


@pytest.mark.parametrize("rubbish", [b"", b"\0" * 64, b"\xff\xfe torn", b"x\ny z\n"])
def test_a_torn_page_says_nothing(tmp_path, rubbish):
    (tmp_path / LAST_WORDS).write_bytes(rubbish)
    assert LastWords(tmp_path).text == ""


def test_without_a_disk_the_show_goes_on_and_a_crash_is_told_to_the_terminal(tmp_path):
    (tmp_path / "file").write_text("in the way")
    command = [sys.executable, "-c", CHILD, str(tmp_path / "file" / "below"), "abort"]
    child = subprocess.run(command, check=False, capture_output=True, text=True)
    assert child.returncode == -signal.SIGABRT
    assert "a crash would leave no trace" in child.stderr
    assert "most recent call first" in child.stderr
    assert LastWords(tmp_path / "file" / "below").text == ""
