"""`make demo`: a content server, a box and its screen on this machine, with a real programme.

On a display it plays in a window until that is closed, and other terminals act on it: `upload`,
`offline`, `back`.  Without one it plays on a virtual display, goes through the same steps by
itself, and keeps pictures of them.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from bench.demo import content, wall
from bench.demo.site import Site
from bench.demo.story import begin, show_picture
from command import CommandParser, run

PROGRAM = "demo"


def main(arguments: Sequence[str] | None = None) -> int:
    """Build the site and play; or act on the one that plays."""
    return run(
        PROGRAM,
        _demo,
        arguments,
        {OSError: os.EX_IOERR, subprocess.CalledProcessError: os.EX_UNAVAILABLE},
    )


def _parser() -> CommandParser:
    parser = CommandParser(
        PROGRAM,
        "Run a content server and one screen with a programme of our own making.",
        "python -m bench.demo upload picture.jpg",
    )
    parser.add_argument(
        "step",
        nargs="?",
        choices=("upload", "offline", "back"),
        help="act on the demonstration that runs: put a picture on its wall, pull its network, "
        "give the network back",
    )
    parser.add_argument("picture", nargs="?", type=Path, help="with upload: the picture")
    parser.add_argument(
        "--folder", type=Path, default=Path("build/demo"), help="where everything is kept"
    )
    parser.add_argument(
        "--out", type=Path, default=Path("demo.png"), help="the first picture, without a display"
    )
    parser.add_argument(
        "--virtual", action="store_true", help="use a virtual display even if there is a real one"
    )
    return parser


def _demo(arguments: Sequence[str]) -> int:
    parser = _parser()
    options = parser.parse_args(arguments)
    site = Site(options.folder / "site")
    if (options.step == "upload") != (options.picture is not None):
        parser.error("upload takes a picture, and nothing else does")
    if options.step == "upload":
        show_picture(site, options.picture, options.picture.stem, print)
    elif options.step == "offline":
        site.end_other("server")
        print("The server is gone. The wall plays on; python -m bench.demo back brings it back.")
    elif options.step == "back":
        site.start_server()
        print(f"The server answers again at {site.address}")
    else:
        return _play(options.folder, site, options.out, virtual=options.virtual)
    return os.EX_OK


def _play(folder: Path, site: Site, out: Path, *, virtual: bool) -> int:
    if not content.is_made(folder):
        print(f"Making the programme in {folder} (once; half a minute or so).")
    media = content.make(folder, lambda what: print(f"  {what}", flush=True))
    site.end_others()
    shutil.rmtree(site.folder, ignore_errors=True)
    try:
        manifest = begin(site, media, folder / "blobs", _say)
        if not virtual and (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
            return wall.in_a_window(site, _say)
        return wall.virtually(site, manifest, folder, out, _say)
    finally:
        site.close()


def _say(sentence: str) -> None:
    print(sentence, flush=True)


if __name__ == "__main__":
    sys.exit(main())
