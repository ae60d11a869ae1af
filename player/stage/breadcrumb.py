"""What the player is touching at this moment, so that a crash can be blamed on it.

One page of memory mapped from a file: writing it is a store to memory, it cannot block, and the
kernel keeps it when the process dies, however it dies.  It does not outlive a power cut, and must
not: that is nobody's fault.  Two crashes blamed on the same bytes quarantine them until they
change (reliability P02).
"""

import contextlib
import logging
import mmap
from pathlib import Path

import msgspec
from msgspec import Struct

from manifest.model import CardAsset, ImageAsset
from player.stage.scene import Take, identity

__all__ = ["STRIKES", "STRIKES_FILE", "Breadcrumb", "Quarantine"]

log = logging.getLogger("stage.breadcrumb")

STRIKES = 2
STRIKES_FILE = "quarantine.json"

_PAGE_BYTES = 16384
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class Breadcrumb:
    """The takes that could bring us down: being made ready, or playing through a decoder.

    A picture or card that has been presented is done with: if the player dies an hour later,
    it was not that one.
    """

    def __init__(self, folder: Path, name: str = "breadcrumb") -> None:
        self._file = folder / name
        self._page: mmap.mmap | None = None
        self._touched: list[tuple[str, str]] = []
        self._boot = _boot_id()

    def blamed(self) -> dict[str, str]:
        """Identity and title of what the last run touched when it died; empty after a clean end."""
        try:
            text = self._file.read_bytes().rstrip(b"\0")
        except OSError:
            return {}
        lines = text.decode("utf-8", "replace").splitlines()
        if not lines or lines[0] != self._boot:
            return {}
        pairs = [line.partition(" ") for line in lines[1:]]
        return {name: title for name, _space, title in pairs if len(name) == 64}

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
        self._write()

    def preparing(self, take: Take) -> None:
        """`take` is about to be touched (as often as it is touched, it must be let go of)."""
        self._touched.append(_crumb(take))
        self._write()

    def presented(self, take: Take) -> None:
        """A frame of `take` stood on the glass: a still thing is beyond blame now."""
        if isinstance(take.asset, ImageAsset | CardAsset):
            self.released(take)

    def released(self, take: Take) -> None:
        """`take` is touched no more."""
        name = identity(take.asset)
        crumb = next((crumb for crumb in self._touched if crumb[0] == name), None)
        if crumb is not None:
            self._touched.remove(crumb)
            self._write()

    def close(self) -> None:
        """A clean end: there is nobody to blame."""
        if self._page is not None:
            self._page.close()
            self._page = None
        with contextlib.suppress(OSError):
            self._file.unlink()

    def _write(self) -> None:
        if self._page is None:
            return
        lines = [self._boot, *(f"{name} {title}" for name, title in self._touched)]
        text = "\n".join(lines).encode()[: _PAGE_BYTES - 1]
        self._page[: len(text) + 1] = text + b"\0"
        self._page[len(text) + 1 :] = bytes(_PAGE_BYTES - len(text) - 1)


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


def _crumb(take: Take) -> tuple[str, str]:
    return identity(take.asset), " ".join(take.asset.title.split())[:80]


def _boot_id() -> str:
    try:
        return _BOOT_ID.read_text().strip()
    except OSError:
        return "unknown"
