"""Draw the golden pictures of the cards: `python -m tests.golden --write [NAME ...]`.

Without `--write` they are drawn and compared, and how soon each stood is printed.  `--full DIR`
keeps them in full size, for whoever judges them: look at each before it is written.
"""

import argparse
import os
import sys
from pathlib import Path

__all__ = ["main"]


_OPENGL = {"QT_QPA_PLATFORM": "xcb", "QSG_RHI_BACKEND": "opengl", "QSG_RENDER_LOOP": "basic"}


def main() -> int:
    """Draw, compare or write; 0: all are alike."""
    parser = argparse.ArgumentParser(prog="python -m tests.golden", description=__doc__)
    parser.add_argument("names", nargs="*", help="which pictures, by the beginning of their names")
    parser.add_argument("--write", action="store_true", help="keep them as they are drawn now")
    parser.add_argument("--full", metavar="DIR", type=Path, help="write them in full size, too")
    parser.add_argument(
        "--opengl", action="store_true", help="by OpenGL on $DISPLAY, not by the software"
    )
    options = parser.parse_args()
    os.environ |= _OPENGL if options.opengl else {"QT_QPA_PLATFORM": "offscreen"}

    from tests.golden.cases import CASES
    from tests.golden.comparison import LIMITS, difference
    from tests.golden.kept import PICTURES, TILES, kept, stored, tile, tile_of
    from tests.golden.rendering import Renderer

    chosen = [
        case for case in CASES
        if not options.names or any(case.name.startswith(each) for each in options.names)
    ]  # fmt: skip
    renderer, unlike = Renderer(), 0
    if options.opengl and renderer.scene_graph() != "OpenGL":
        parser.exit(os.EX_UNAVAILABLE, "there is no OpenGL here; xvfb-run has it\n")
    for case in chosen:
        drawn = renderer.draw(case)
        said = f"{case.name:32} first frame {drawn.first_frame_ms:6.1f} ms"
        said += f", {drawn.busy_ms:5.1f} ms of processor"
        if options.full:
            options.full.mkdir(parents=True, exist_ok=True)
            drawn.image.save(options.full / f"{case.name}.png")
        if options.write:
            PICTURES.mkdir(exist_ok=True)
            (PICTURES / f"{case.name}.webp").write_bytes(stored(drawn.image))
            if template := tile_of(case.name):
                (TILES / f"{template}.webp").write_bytes(tile(drawn.image))
        elif not options.full:
            apart = difference(drawn.image, kept(case.name))
            said += f"  mean {apart.mean:5.2f}  worst tile {apart.worst_tile:5.2f}"
            unlike += apart.exceeds(LIMITS)
        print(said)
    renderer.close()
    return 1 if unlike else 0


if __name__ == "__main__":
    sys.exit(main())
