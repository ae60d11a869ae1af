"""`yingbi-player`: shows a screen's programme, or any folder of pictures and videos.

Composition root.  What stands at the top here is on the way to the first picture: keep it short.
"""

import gc
import os
import sys
from argparse import ArgumentTypeError, Namespace
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

# First: it loads msgspec, for all that follow.
from player.stage.lean import QtLibraries, load_pyside

# isort: split
from msgspec import Struct
from msgspec.structs import replace

from command import CommandParser, Failed, run
from player.clock import Clock, FlooredClock, SystemClock
from player.stage import render
from player.stage.early import EarlyPicture
from player.stage.first import FirstProgramme
from player.stage.inquest import Inquest
from player.stage.media.heap import tune_heap
from player.stage.options import StageOptions
from player.stage.programme import Source

__all__ = ["main"]

PROG = "yingbi-player"
SETTINGS = Path("/etc/yingbi/player.toml")
FOLDER_TRANSITION_MS = 600


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; see docs/player.md for its flags and exit statuses."""
    return run(PROG, _command, arguments)


def _command(arguments: Sequence[str]) -> int:
    if arguments[:1] == ["grab"]:
        from player.stage.grab import grab

        return grab(arguments[1:])
    return _show(arguments)


def _show(arguments: Sequence[str]) -> int:
    options = _parser().parse_args(arguments)
    if options.selftest:
        from player.stage.selftest import selftest

        return selftest(options.config, as_json=options.json)
    gc.disable()  # what loading makes is hardly ever garbage; looking for it costs a cold start
    clock = FlooredClock(SystemClock())
    show = _show_of(options, clock)
    tune_heap()  # before the first thread
    libraries = QtLibraries()
    libraries.start()
    _prepare_qt(show.render)
    load_pyside()  # no thread may import meanwhile
    inquest = Inquest(show.options.state_folder)
    early = EarlyPicture(show.options.state_folder, crashed=bool(inquest.words.text))
    first = FirstProgramme(show.source, clock, early)
    first.start()
    libraries.join()
    from player.stage.app import Show

    stage = Show(first, clock, show.options, inquest)
    gc.freeze()  # else the first collection, of all that was loaded, comes before the first frame
    gc.enable()
    return stage.run()


def _parser() -> CommandParser:
    parser = CommandParser(
        PROG,
        "Show this screen's programme, or any folder of pictures and videos, for ever.",
        "yingbi-player --folder ~/Pictures --windowed",
    )
    what = parser.add_argument_group("what to show (default: the cache that the settings name)")
    what.add_argument("--folder", metavar="DIR", type=Path, help="pictures and videos, in order")
    what.add_argument("--manifest", metavar="FILE", type=Path, help="a bare manifest")
    what.add_argument("--blobs", metavar="DIR", type=Path, help="its files, named by SHA-256")
    what.add_argument("--config", metavar="FILE", type=Path, default=SETTINGS, help="the settings")
    how = parser.add_argument_group("how")
    how.add_argument(
        "--seconds", metavar="S", type=_seconds, default=10.0, help="how long a picture stands"
    )
    how.add_argument("--transition", choices=("cut", "fade", "slide"), help="between files: fade")
    how.add_argument("--render", choices=("auto", "software", "gpu"), help="what draws: auto")
    how.add_argument("--screen", metavar="N|NAME", help="number or name of the output")
    how.add_argument("--windowed", action="store_true", help="in a window; Esc leaves")
    how.add_argument("--mute", action="store_true", help="no sound")
    parser.add_argument("--selftest", action="store_true", help="check this box, say what to do")
    parser.add_argument("--json", action="store_true", help="with --selftest: print JSON")
    return parser


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0.1 <= seconds <= 86_400:
        raise ArgumentTypeError(f"{text!r} is not a number of seconds from 0.1 to 86400")
    return seconds


class _Wanted(Struct, frozen=True):
    """What the command line and the settings come to."""

    source: Source
    render: render.Render
    options: StageOptions


def _show_of(options: Namespace, clock: FlooredClock) -> _Wanted:
    if (options.manifest is None) != (options.blobs is None):
        raise Failed("--manifest and --blobs go together: name both", os.EX_USAGE)
    if options.folder is not None and options.manifest is not None:
        raise Failed("--folder or --manifest, not both", os.EX_USAGE)
    if options.folder is not None:
        return _folder(options, clock)
    if options.manifest is not None:
        return _manifest(options)
    from player.stage.from_settings import from_settings

    wanted = from_settings(options.config, clock)
    ours = _stage_options(options, wanted.options)
    return _Wanted(wanted.source, options.render or wanted.render, ours)


def _folder(options: Namespace, clock: Clock) -> _Wanted:
    from manifest.model import Transition
    from player.stage.folder_source import FolderOptions, FolderSource

    kind, duration_ms = _folder_transition(options)
    transition = Transition(kind, 0 if kind == "cut" else duration_ms)
    state = _state_folder(options.folder)
    source = FolderSource(
        options.folder, FolderOptions(options.seconds, transition), clock, _measure, state
    )
    return _Wanted(source, options.render or "auto", _stage_options(options, StageOptions(state)))


def _folder_transition(options: Namespace) -> tuple[Literal["cut", "fade", "slide"], int]:
    """The command line says it, else the settings where there are any."""
    if options.transition or not options.config.exists():
        return options.transition or "fade", FOLDER_TRANSITION_MS
    from config.loader import load_for_player

    stage = load_for_player(options.config, None).settings.stage
    return stage.transition, stage.transition_ms


def _manifest(options: Namespace) -> _Wanted:
    from player.stage.manifest_source import ManifestSource

    source = ManifestSource(options.manifest, options.blobs)
    state = _state_folder(options.manifest)
    return _Wanted(source, options.render or "auto", _stage_options(options, StageOptions(state)))


def _measure(path: Path) -> int:
    """The length of a video in ms; loaded with the first video, on the source's thread."""
    from player.stage.media.probe import length_ms

    return length_ms(path)


def _stage_options(options: Namespace, base: StageOptions) -> StageOptions:
    """`base`, with what the command line says instead."""
    return replace(
        base,
        windowed=options.windowed or base.windowed,
        screen=options.screen or base.screen,
        volume=0 if options.mute else base.volume,
    )


def _state_folder(subject: Path) -> Path:
    """Where a run without a cache keeps its breadcrumb: one folder for each thing played."""
    from hashlib import sha256

    home = os.environ.get("XDG_STATE_HOME") or Path("~/.local/state").expanduser()
    name = sha256(os.fsencode(subject.absolute())).hexdigest()[:16]
    return Path(home) / "yingbi" / name


def _prepare_qt(wish: render.Render) -> None:
    """Everything that must be said before Qt's first object is made."""
    environment: Mapping[str, str] = os.environ
    gpu = wish != "software" and render.has_gpu()
    # Without a session bus Qt would fork, to look for a program that starts one.
    os.environ.setdefault("DBUS_SESSION_BUS_ADDRESS", "disabled:")
    os.environ.update(render.environment(render.choose(wish, gpu, environment)))
    where = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if not any(environment.get(name) for name in where):
        raise Failed(
            "there is no display: neither DISPLAY nor WAYLAND_DISPLAY is set; start it inside the "
            "kiosk session (docs/player.md)",
            os.EX_UNAVAILABLE,
        )


if __name__ == "__main__":
    sys.exit(main())
