"""Runs another program for a moment: bounded in time and in what it may say."""

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

__all__ = ["ChildFailed", "Finished", "RunProgram", "run_program"]

#: A tool that switches a panel answers at once, or hangs with its driver.
DEADLINE_S = 10.0

#: What is kept of what it says.
SAID_CHARACTERS = 4000


class ChildFailed(Exception):  # noqa: N818  (names the cause)
    """A program could not be run, or did not end in time."""


@dataclass(frozen=True)
class Finished:
    """How a program ended, and what it said (both streams)."""

    status: int
    said: str


class RunProgram(Protocol):
    """Runs a program: its path or name, and its words; `stdin` is what it reads."""

    def __call__(self, words: Sequence[str], stdin: str = "") -> Finished:
        """Raises `ChildFailed`."""
        ...


def run_program(words: Sequence[str], stdin: str = "") -> Finished:
    """See `RunProgram`."""
    try:
        ended = subprocess.run(
            words,
            input=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            timeout=DEADLINE_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ChildFailed(f"{words[0]} did not end within {DEADLINE_S:g} s") from error
    except OSError as error:
        raise ChildFailed(f"{words[0]} cannot be run: {error.strerror}") from error
    return Finished(ended.returncode, ended.stdout[:SAID_CHARACTERS])
