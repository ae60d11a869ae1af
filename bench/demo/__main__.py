"""`make demo`: a real programme on your screen, or in demo.png where there is no display."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from bench.demo import content
from bench.demo.programme import NOTICES_LAYOUT, programme
from bench.framebuffer import Screen, VirtualDisplay
from command import CommandParser, Failed, run
from manifest import codec
from manifest.model import Manifest
from player.clock import SystemClock
from scheduler.timeline import on_screen_at

PROGRAM = "demo"

#: How far ahead a good moment for the screenshot is looked for.
HORIZON = timedelta(seconds=90)
#: The least that the player gets to start up before the screenshot.
START_UP = timedelta(seconds=12)
#: A picture with fewer colours than this is no programme.
FEWEST_COLOURS = 500


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the programme if need be, and play it with the real player."""
    return run(
        PROGRAM,
        _demo,
        arguments,
        {OSError: os.EX_IOERR, subprocess.CalledProcessError: os.EX_UNAVAILABLE},
    )


def _demo(arguments: Sequence[str]) -> int:
    options = _parser().parse_args(arguments)
    if not content.is_made(options.folder):
        print(f"Making the programme in {options.folder} (once; half a minute or so).")
    media = content.make(options.folder, lambda what: print(f"  {what}", flush=True))
    now = _whole_second(SystemClock().now())
    manifest = programme(media, now)
    document = options.folder / "manifest.json"
    document.write_bytes(codec.encode(manifest))
    command = [
        *(sys.executable, "-m", "player.stage", "--manifest", str(document)),
        *("--blobs", str(options.folder / "blobs")),
    ]
    if not options.virtual and (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return _play(command)
    return _photograph(command, manifest, now, options.out)


def _whole_second(instant: datetime) -> datetime:
    return instant.replace(microsecond=0)


def _parser() -> CommandParser:
    parser = CommandParser(
        PROGRAM,
        "Play a programme of our own making: pictures, a clip, notices and a ticker.",
        "python -m bench.demo --virtual --out demo.png",
    )
    parser.add_argument(
        "--folder", type=Path, default=Path("build/demo"), help="where the programme is kept"
    )
    parser.add_argument(
        "--out", type=Path, default=Path("demo.png"), help="the screenshot, without a display"
    )
    parser.add_argument(
        "--virtual", action="store_true", help="use a virtual display even if there is a real one"
    )
    return parser


def _play(command: list[str]) -> int:
    print("Playing in a window; close it, or press Ctrl+C here, to end.", flush=True)
    return subprocess.run([*command, "--windowed"], check=False).returncode


def _photograph(command: list[str], manifest: Manifest, now: datetime, out: Path) -> int:
    moment = _good_moment(manifest, now)
    wait = moment - now
    print(
        "There is no display here: playing on a virtual one, 1920 x 1080, for "
        f"{wait.total_seconds():.0f} seconds.",
        flush=True,
    )
    with VirtualDisplay() as display:
        environment = os.environ | {"DISPLAY": display.name, "QT_QPA_PLATFORM": "xcb"}
        player = subprocess.Popen(command, env=environment)
        try:
            _wait_until(moment, player)
            display.screen.save(out)
            colours = _colours(display.screen)
        finally:
            _end(player)
    if colours < FEWEST_COLOURS:
        raise Failed(
            f"{out} shows next to nothing; the player's lines above say why", os.EX_SOFTWARE
        )
    print(f"This is what the player showed: {out.resolve()}")
    return os.EX_OK


def _good_moment(manifest: Manifest, now: datetime) -> datetime:
    """The first instant at which the clip, a notice and the ticker stand together, settled."""
    step = timedelta(milliseconds=500)
    moment = now + START_UP
    while moment < now + HORIZON:
        picture = on_screen_at(manifest, moment)
        main = picture.zones.get("main")
        if picture.layout == NOTICES_LAYOUT and main and main.offset_ms > 8_500:
            return moment
        moment += step
    return now + START_UP


def _wait_until(moment: datetime, player: "subprocess.Popen[bytes]") -> None:
    while (left := (moment - SystemClock().now()).total_seconds()) > 0:
        if player.poll() is not None:
            raise Failed(f"the player ended early, with status {player.returncode}", os.EX_SOFTWARE)
        time.sleep(min(left, 0.5))


def _end(player: "subprocess.Popen[bytes]") -> None:
    player.terminate()
    try:
        player.wait(20)
    except subprocess.TimeoutExpired:
        player.kill()
        player.wait()


def _colours(screen: Screen) -> int:
    return len(set(screen.pixels[::97]))


if __name__ == "__main__":
    sys.exit(main())
