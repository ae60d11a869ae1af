"""What the player is touching at this moment, so that a crash can be blamed on it.

One page of memory mapped from a file: writing it is a store to memory, it cannot block, and the
kernel keeps it when the process dies, however it dies.  It counts only if the player died of
itself (`last_words`): whoever is killed from outside, or loses its power, blames nobody.  Two
crashes blamed on the same bytes quarantine them until they change (reliability P02).
"""

import contextlib
import logging
import mmap
from enum import IntEnum, auto
from pathlib import Path

import msgspec
from msgspec import Struct

from manifest.model import CardAsset, ImageAsset
from player.stage.last_words import boot_id
from player.stage.scene import Take, identity

__all__ = ["STRIKES", "STRIKES_FILE", "Breadcrumb", "Quarantine"]

log = logging.getLogger("stage.breadcrumb")

STRIKES = 2
STRIKES_FILE = "quarantine.json"

#: A decoder that has answered with its first frame still reads ahead for a moment.
READS_AHEAD_S = 1.0

_PAGE_BYTES = 16384
_SUBJECT_CHARACTERS = 160


class _Touch(IntEnum):
    """How a take is touched, in the order in which one of several is let go of."""

    PREPARING = auto()
    READING_AHEAD = auto()
    RESTING = auto()
    PRESENTED = auto()
    SHOWING = auto()


_DANGEROUS = frozenset({_Touch.PREPARING, _Touch.READING_AHEAD, _Touch.SHOWING})


class _Crumb(Struct):
    zone: str
    name: str
    subject: str
    is_still: bool
    touch: _Touch
    rested_s: float = 0.0


class Breadcrumb:
    """The takes that could bring us down: being made ready, entering, or playing.

    What stands ready behind another take is not touched, once its decoder has come to rest; nor
    is a picture or card that has been presented: if the player dies an hour later, it was not
    that one.  Times are monotonic, in seconds.
    """

    def __init__(self, folder: Path, name: str = "breadcrumb") -> None:
        self._file = folder / name
        self._page: mmap.mmap | None = None
        self._crumbs: list[_Crumb] = []
        self._written: list[str] = []
        self._boot = boot_id()

    def blamed(self) -> dict[str, str]:
        """Identity and subject of what the last run touched when it ended; empty after a clean end.

        It is to blame only if the run crashed.
        """
        try:
            text = self._file.read_bytes().rstrip(b"\0")
        except OSError:
            return {}
        lines = text.decode("utf-8", "replace").splitlines()
        if not lines or lines[0] != self._boot:
            return {}
        pairs = [line.partition(" ") for line in lines[1:]]
        return {name: subject for name, _space, subject in pairs if len(name) == 64}

    def open(self) -> None:
        """Begin clean.  Without a disk to write to there is no blame, and the show goes on."""
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with self._file.open("w+b") as file:
                file.truncate(_PAGE_BYTES)
                self._page = mmap.mmap(file.fileno(), _PAGE_BYTES)
        except OSError as error:
            log.warning("no breadcrumbs: %s cannot be written: %s", self._file, error.strerror)
            return
        self._put(self._lines())

    def preparing(self, take: Take, subject: str) -> None:
        """`take` is about to be touched for the first time; `subject` is what a fault calls it."""
        is_still = isinstance(take.asset, ImageAsset | CardAsset)
        name = identity(take.asset)
        self._crumbs.append(
            _Crumb(take.zone, name, subject[:_SUBJECT_CHARACTERS], is_still, _Touch.PREPARING)
        )
        self._write()

    def rested(self, take: Take, now_s: float) -> None:
        """`take` stands ready, or has failed."""
        crumb = self._find(take, {_Touch.PREPARING, _Touch.SHOWING})
        if crumb is not None:
            crumb.touch = _Touch.RESTING if crumb.is_still else _Touch.READING_AHEAD
            crumb.rested_s = now_s
            self._write()

    def entering(self, take: Take) -> None:
        """`take`, which stood ready, is about to be shown."""
        crumb = self._find(take, {_Touch.READING_AHEAD, _Touch.RESTING})
        if crumb is not None:
            crumb.touch = _Touch.SHOWING
            self._write()

    def presented(self, take: Take) -> None:
        """A frame of `take` stood on the glass: a still thing is beyond blame now."""
        if not any(crumb.is_still and crumb.touch is _Touch.SHOWING for crumb in self._crumbs):
            return  # with every frame: nothing is reckoned
        crumb = self._find(take, {_Touch.SHOWING})
        if crumb is not None and crumb.is_still:
            crumb.touch = _Touch.PRESENTED
            self._write()

    def released(self, take: Take) -> None:
        """`take` is touched no more; once for each `preparing`."""
        crumb = self._find(take, frozenset(_Touch))
        if crumb is not None:
            self._crumbs.remove(crumb)
            self._write()

    def pass_to(self, now_s: float) -> None:
        """It is `now_s`: decoders that stood ready for a while have come to rest."""
        for crumb in self._crumbs:
            if crumb.touch is _Touch.READING_AHEAD and now_s - crumb.rested_s >= READS_AHEAD_S:
                crumb.touch = _Touch.RESTING
                self._write()

    def close(self) -> None:
        """A clean end: there is nobody to blame."""
        if self._page is not None:
            self._page.close()
            self._page = None
        with contextlib.suppress(OSError):
            self._file.unlink()

    def _find(self, take: Take, touches: frozenset[_Touch] | set[_Touch]) -> _Crumb | None:
        """The one of this zone's two sides that shows the bytes of `take`, and is touched so."""
        name = identity(take.asset)
        found = [
            crumb
            for crumb in self._crumbs
            if crumb.name == name and crumb.zone == take.zone and crumb.touch in touches
        ]
        return min(found, key=_urgency, default=None)

    def _lines(self) -> list[str]:
        dangerous = [crumb for crumb in self._crumbs if crumb.touch in _DANGEROUS]
        return [self._boot, *(f"{crumb.name} {crumb.subject}" for crumb in dangerous)]

    def _write(self) -> None:
        lines = self._lines()
        if self._page is not None and lines != self._written:
            self._put(lines)

    def _put(self, lines: list[str]) -> None:
        assert self._page is not None, "it is open"
        self._written = lines
        text = "\n".join(lines).encode()[: _PAGE_BYTES - 1]
        self._page[: len(text) + 1] = text + b"\0"
        self._page[len(text) + 1 :] = bytes(_PAGE_BYTES - len(text) - 1)


def _urgency(crumb: _Crumb) -> _Touch:
    return crumb.touch


class _Strikes(Struct):
    strikes: dict[str, int] = {}


class Quarantine:
    """Counts the strikes, in a file that is read once at the start."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / STRIKES_FILE
        self._strikes = self._read()

    def strike(self, blamed: dict[str, str]) -> list[str]:
        """One strike against each of `blamed`; return those that are quarantined from now on."""
        for name in blamed:
            self._strikes.strikes[name] = self._strikes.strikes.get(name, 0) + 1
        if blamed:
            self._save()
        return [name for name in blamed if self.holds(name)]

    def holds(self, name: str) -> bool:
        """Is it quarantined?"""
        return self._strikes.strikes.get(name, 0) >= STRIKES

    def _read(self) -> _Strikes:
        try:
            return msgspec.json.decode(self._file.read_bytes(), type=_Strikes)
        except (OSError, msgspec.DecodeError):
            return _Strikes()

    def _save(self) -> None:
        try:
            beside = self._file.with_suffix(".tmp")
            beside.write_bytes(msgspec.json.encode(self._strikes))
            beside.replace(self._file)
        except OSError as error:
            log.warning("strikes are not remembered: %s", error)
