"""The bulletin: the one small file in which the agent tells the stage what it cannot know itself.

The stage has no network, the agent has no window.  The agent replaces the file whole; the stage
looks about once a second (one `stat`) and reads it when it changed.  Requests are names: whoever
finds another name than the one it saw first does what is asked, once; so nobody compares clocks.
Nothing in the file is secret: the pairing code stands on the glass anyway.
"""

from pathlib import Path

import msgspec
from msgspec import Struct

from content_cache.disk import Disk
from content_cache.durable import patiently, read_whole, write_durably

__all__ = [
    "BULLETIN",
    "SNAPSHOT",
    "SNAPSHOT_PICTURE",
    "Bulletin",
    "PairingCard",
    "Snapshot",
    "bulletin_stamp",
    "read_bulletin",
    "write_bulletin",
]

#: Where it stands, below the cache directory.
BULLETIN = Path("agent") / "bulletin.json"

#: Where the stage puts the picture of the glass that was asked for, and what it says about it.
SNAPSHOT_PICTURE = Path("stage") / "snapshot.webp"
SNAPSHOT = Path("stage") / "snapshot.json"

_BYTES_LIMIT = 64 << 10


class PairingCard(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What the slate shows of the pairing.

    `code` has six digits; "" while the server was not reached yet (or refuses).  `server` is the
    address that a person opens, `qr` that address with the code, as rows of "0" and "1".
    `fingerprint` is that of the root that was pinned (64 hex digits), "" before.  `box` names this
    machine: its host name and addresses.  `key_refused`: the code is shown because the server does
    not take the enrolment key of the settings.
    """

    code: str = ""
    server: str = ""
    qr: tuple[str, ...] = ()
    fingerprint: str = ""
    box: str = ""
    is_paired: bool = False
    key_refused: bool = False


class Bulletin(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """All that the agent tells: what the slate shows, and the names of its requests ("": none).

    `identify`: the screen's name is to stand on the glass for a while.
    """

    pairing: PairingCard | None = None
    snapshot: str = ""
    restart: str = ""
    identify: str = ""


class Snapshot(Struct, frozen=True):
    """What the stage says of the picture that it took: for which request, when, and its digest.

    `sha256` is "" where there was nothing to take: no display shows the window.
    """

    request: str
    at: str
    sha256: str
    width: int
    height: int


def read_bulletin(root: Path, disk: Disk) -> Bulletin:
    """The bulletin as it stands; an empty one where there is none, or none that can be read."""
    try:
        return msgspec.json.decode(read_whole(disk, root / BULLETIN, _BYTES_LIMIT), type=Bulletin)
    except (OSError, msgspec.MsgspecError):
        return Bulletin()


def write_bulletin(root: Path, disk: Disk, bulletin: Bulletin) -> None:
    """Replace the bulletin.  Raises `StorageError`."""
    write_durably(disk, root / BULLETIN, msgspec.json.encode(bulletin))


def bulletin_stamp(root: Path, disk: Disk) -> tuple[int, int, int] | None:
    """What changes with every bulletin; None while there is none."""
    try:
        found = patiently(disk.stat, root / BULLETIN)
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
