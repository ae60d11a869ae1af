"""`python -m bench.fleet`: what a server of many screens costs, figure by figure, with its goal.

Times of one machine in one hour say little; CPU seconds and ratios within one run say more.
"""

import json
import os
import statistics
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from bench.fleet.box import Identity
from bench.fleet.download import download
from bench.fleet.goals import GOALS
from bench.fleet.media import media
from bench.fleet.polls import polls
from bench.fleet.screens import publishing, screens
from bench.fleet.server import Home
from bench.fleet.site import Made
from bench.goals import tell
from command import CommandParser, run

#: Screens that a change is published for, and boxes that stand for a fleet.
PUBLISHED, SCREENS = 1000, 5000

Figures = dict[str, float]


def _parser() -> CommandParser:
    parser = CommandParser(
        "bench.fleet",
        "Measure the server with many screens.",
        "python -m bench.fleet --only poll,media --runs 3",
    )
    parser.add_argument("--screens", type=int, default=SCREENS, help="simulated screens")
    parser.add_argument(
        "--only",
        type=lambda text: text.split(","),
        default=["poll", "media", "download", "publish", "fleet"],
        help="parts, by comma: poll, media, download, publish, fleet",
    )
    parser.add_argument("--runs", type=int, default=3, help="of each part; fleet is run once")
    parser.add_argument("--out", type=Path, default=Path("build/bench"), help="folder for results")
    return parser


def _parts(home: Home, made: Made, screen_count: int) -> dict[str, Callable[[Path], Figures]]:
    """Each part as a function of a folder that is not there yet."""
    file = Path(made.identities)
    identities = msgspec.json.decode(file.read_bytes(), type=list[Identity])
    return {
        "poll": lambda folder: polls(home, identities, folder),
        "media": lambda folder: media(home, identities, made.large_sha256, folder),
        "download": lambda folder: download(home, made.large_sha256, folder),
        "publish": lambda _folder: publishing(home, min(PUBLISHED, screen_count)),
        "fleet": lambda _folder: screens(home, file, screen_count),
    }


def _print(part: str, runs: Sequence[Figures]) -> Figures:
    """The medians, printed with their range."""
    print(f"\n## {part}")
    medians = {}
    for figure in runs[0]:
        values = [each[figure] for each in runs]
        medians[figure] = statistics.median(values)
        span = f"[{min(values):.4g} .. {max(values):.4g}] n={len(values)}"
        print(f"  {figure:45s} {medians[figure]:10.4g}   {span}")
    return medians


def main(arguments: Sequence[str]) -> int:
    """Measure, print, and say which goals were met; status 1 if one was missed."""
    options = _parser().parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    medians: dict[str, Figures] = {}
    with tempfile.TemporaryDirectory(prefix="yingbi-fleet-") as name:
        home = Home(Path(name))
        home.command("server", "init")
        made = home.told(Made, "bench.fleet.site", "make", options.screens, name)
        parts = _parts(home, made, options.screens)
        for part in options.only:
            runs = []
            for number in range(1 if part == "fleet" else options.runs):
                runs.append(parts[part](home.folder / f"{part}-{number}"))
                row = {"part": part, "figures": runs[-1], "load": os.getloadavg()[0]}
                with (options.out / "fleet.jsonl").open("a") as record:
                    record.write(json.dumps(row) + "\n")
            medians[part] = _print(part, runs)
    return tell(goal.judge(medians) for goal in GOALS if goal.part in medians)


if __name__ == "__main__":
    sys.exit(run("bench.fleet", main))
