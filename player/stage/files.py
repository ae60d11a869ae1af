"""Finds the verified file of a digest for the stage, without ever making the GUI thread wait."""

from collections.abc import Callable
from pathlib import Path

from player.stage.clerk import Clerk
from player.stage.programme import Programme

__all__ = ["Files"]


class Files:
    """`side.FindFile` over the programme that plays at the moment."""

    def __init__(self, clerk: Clerk) -> None:
        self._clerk = clerk
        self._programme: Programme | None = None

    def use(self, programme: Programme) -> None:
        """Look in `programme` from now on."""
        self._programme = programme

    def __call__(self, sha256: str, found: Callable[[Path | None], None]) -> None:
        """See `FindFile`."""
        programme = self._programme
        if programme is None:
            found(None)
        elif programme.is_quick(sha256):
            found(programme.locate(sha256))
        else:
            self._clerk.do(lambda: programme.locate(sha256), found)
