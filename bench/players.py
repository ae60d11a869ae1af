"""Our player and its peers: how each is started on a programme."""

import os
import pwd
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.playlists import Entry, Ticker, write_m3u, write_manifest, write_page
from player.clock import SystemClock

__all__ = ["PEERS", "Contender", "Start", "absent_peers", "contenders"]

REFERENCE = "mpv x11"
OURS = "yingbi"


@dataclass(frozen=True, slots=True)
class Start:
    """A command line, the environment it wants besides, and the user it has to run as."""

    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Contender:
    """A player: the program it needs, what it can show, and how to start it in a folder."""

    name: str
    program: str
    start: Callable[[Sequence[Entry], Path], Start]
    plays_video: bool = True


def ours_with(ticker: Ticker | None = None) -> Callable[[Sequence[Entry], Path], Start]:
    """Our own player, on a manifest made at this moment."""

    def start(entries: Sequence[Entry], folder: Path) -> Start:
        manifest = folder / "manifest.json"
        blobs = write_manifest(entries, manifest, SystemClock(), ticker)
        program = str(Path(sys.executable).with_name("yingbi-player"))
        this_checkout = {"PYTHONPATH": str(Path(__file__).parents[1])}
        return Start([program, "--manifest", str(manifest), "--blobs", str(blobs)], this_checkout)

    return start


def _mpv(entries: Sequence[Entry], folder: Path) -> Start:
    write_m3u(entries, folder / "list.m3u")
    hold = f"--image-display-duration={entries[0].seconds:g}"
    options = ["--no-config", "--fs", "--loop-playlist=inf", hold, "--no-osc", "--no-audio"]
    return Start(["mpv", *options, "--no-terminal", "--vo=x11", str(folder / "list.m3u")])


def _as_nobody(command: list[str], folder: Path) -> list[str]:
    """VLC refuses to run as root."""
    if os.geteuid() != 0:
        return command
    nobody = pwd.getpwnam("nobody")
    for path in (folder, *folder.iterdir()):
        os.chown(path, nobody.pw_uid, nobody.pw_gid)
    who = [f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups"]
    return ["setpriv", *who, *command]


def _vlc(entries: Sequence[Entry], folder: Path) -> Start:
    write_m3u(entries, folder / "list.m3u")
    options = ["--no-video-title-show", "--fullscreen", "--loop", "--no-audio", "--no-osd"]
    options += [f"--image-duration={entries[0].seconds:g}", "--quiet", str(folder / "list.m3u")]
    return Start(_as_nobody(["cvlc", *options], folder))


def _chromium(entries: Sequence[Entry], folder: Path) -> Start:
    page = folder / "page.html"
    write_page(entries, page)
    options = [
        *("--kiosk", "--no-sandbox", "--no-first-run", "--window-size=1920,1080"),
        *("--autoplay-policy=no-user-gesture-required", f"--user-data-dir={folder / 'profile'}"),
        *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
        *("--disable-quic", "--allow-file-access-from-files"),
    ]
    return Start(["chromium", *options, page.as_uri()])


def _feh(entries: Sequence[Entry], _folder: Path) -> Start:
    files = [str(entry.path) for entry in entries]
    return Start(["feh", "-F", "-Y", "-Z", "-D", f"{entries[0].seconds:g}", *files])


PEERS = (
    Contender(REFERENCE, "mpv", _mpv),
    Contender("VLC", "cvlc", _vlc),
    Contender("Chromium", "chromium", _chromium),
    Contender("feh", "feh", _feh, plays_video=False),
)


def contenders(ticker: Ticker | None = None) -> list[Contender]:
    """Our player and the peers that are on this machine."""
    ours = Contender(OURS, sys.executable, ours_with(ticker))
    return [ours, *(peer for peer in PEERS if shutil.which(peer.program))]


def absent_peers() -> list[str]:
    """Peers that cannot be measured here; a report names them."""
    return [peer.name for peer in PEERS if not shutil.which(peer.program)]
