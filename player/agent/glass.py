"""A picture of the glass: asked of the stage by a name in the bulletin, answered with two files.

The stage takes it, because only the stage knows what its window really shows (ADR 0018); the agent
never draws.  A stage that is dead or hangs answers nothing, and that is told, too.
"""

import hashlib
import secrets
from collections.abc import Callable
from pathlib import Path

import msgspec

from content_cache.disk import Disk
from content_cache.durable import read_whole
from player.agent.errors import NoPicture
from player.bulletin import SNAPSHOT, SNAPSHOT_PICTURE, Snapshot

__all__ = ["ANSWER_S", "Glass"]

#: How long the stage may take.
ANSWER_S = 10.0
LOOK_S = 0.2

#: A picture of the glass, in bytes; the server takes 512 KiB.
PICTURE_BYTES = 512 * 1024


class Glass:
    """Asks for pictures; `ask` puts the name of a request onto the bulletin.  One thread.

    `wait(seconds)` is True when the agent is told to stop.
    """

    def __init__(
        self, root: Path, disk: Disk, ask: Callable[[str], None], wait: Callable[[float], bool]
    ) -> None:
        self._root, self._disk, self._ask, self._wait = root, disk, ask, wait

    def picture(self) -> tuple[bytes, str]:
        """A picture (WebP) of what stands on the glass, and when it was taken.

        Raises `NoPicture`, and `StorageError` where the stage cannot be asked.
        """
        request = secrets.token_hex(8)
        self._ask(request)
        for _look in range(round(ANSWER_S / LOOK_S)):
            if (said := self._answer()) is not None and said.request == request:
                return self._content(said), said.at
            if self._wait(LOOK_S):
                break
        raise NoPicture(f"the stage gave no picture within {ANSWER_S:g} s: does it run?")

    def _answer(self) -> Snapshot | None:
        try:
            return msgspec.json.decode(
                read_whole(self._disk, self._root / SNAPSHOT, 4096), type=Snapshot
            )
        except (OSError, msgspec.MsgspecError):
            return None

    def _content(self, said: Snapshot) -> bytes:
        if not said.sha256:
            raise NoPicture("no display shows the window of the stage")
        try:
            content = read_whole(self._disk, self._root / SNAPSHOT_PICTURE, PICTURE_BYTES)
        except OSError as error:
            raise NoPicture(f"the picture cannot be read: {error}") from error
        if hashlib.sha256(content).hexdigest() != said.sha256:
            raise NoPicture("the picture is not the one that was asked for")
        return content
