"""What makes this box a screen: its token, the root that it trusts, and a pairing under way.

One small file, readable by the agent alone, replaced whole: token and root cannot part.  Whatever
stands in the file, reading never raises: a box that lost it is paired again, and plays on.
Nothing here is ever logged, and no `repr` shows a secret.
"""

import logging
from pathlib import Path

import msgspec
from msgspec import Struct

from content_cache.disk import Disk
from content_cache.durable import read_whole, write_durably

__all__ = ["Claim", "Credential", "Kept", "Keyring"]

log = logging.getLogger("agent.pairing")

_BYTES_LIMIT = 1 << 20


class Credential(Struct, frozen=True):
    """Which screen this is, and how it proves that: `root` is the envelope of the pinned root."""

    token: str
    organisation: str
    site: str
    screen: str
    name: str
    root: bytes
    root_sha256: str

    def __repr__(self) -> str:
        return f"Credential({self.site}/{self.screen})"


class Claim(Struct, frozen=True):
    """A pairing that waits for a person: `code` is shown, `secret` proves that it is ours.

    `code` is "" where an enrolment key claimed it at once.  `key_refused`: there is a code because
    the server did not take the key.
    """

    pairing: str
    secret: str
    code: str
    poll_s: float
    key_refused: bool = False

    def __repr__(self) -> str:
        return f"Claim({self.pairing})"


class Kept(Struct, frozen=True):
    """All of the file.  `refused`: the server does not know the token any more."""

    credential: Credential | None = None
    claim: Claim | None = None
    refused: bool = False


class Keyring:
    """The file `path`, on a disk that makes files for their owner only (`disk`)."""

    def __init__(self, path: Path, disk: Disk) -> None:
        self._path, self._disk = path, disk
        self._kept = self._read()

    @property
    def kept(self) -> Kept:
        """What is kept now."""
        return self._kept

    def keep(self, kept: Kept) -> None:
        """Replace it.  Raises `StorageError`; what was there counts then, here and on the disk."""
        if kept != self._kept:
            write_durably(self._disk, self._path, msgspec.json.encode(kept))
            self._kept = kept

    def _read(self) -> Kept:
        try:
            content = read_whole(self._disk, self._path, _BYTES_LIMIT)
        except FileNotFoundError:
            return Kept()
        except OSError as error:
            log.error("%s cannot be read (%s): the box is paired anew", self._path, error.strerror)
            return Kept()
        try:
            return msgspec.json.decode(content, type=Kept)
        except msgspec.MsgspecError:  # its text may repeat what stands there
            log.error("%s is damaged: the box is paired anew", self._path)
            return Kept()
