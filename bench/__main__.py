"""`make bench`: our player and its peers through the same scenarios, in turn; medians and ratios.

Times of one machine in one hour say little; a ratio within one run says more.  Peers that are not
on this machine are named, never guessed.
"""

import compileall
import json
import os
import shutil
import statistics
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from bench.cards import with_cards
from bench.content import Content, make_content
from bench.first_frames import FIRST_FRAMES, first_frames
from bench.goals import GOALS, tell
from bench.players import OURS, REFERENCE, Contender, absent_peers, contenders
from bench.playlists import entries_of
from bench.probe import Measured, measure
from bench.scenarios import SCENARIOS, Scenario, figures_of
from command import CommandParser, run

STANDARD_RUNS = 5
OUR_PACKAGES = ("cards", "command", "config", "content_cache", "manifest", "player", "scheduler")


def _parser() -> CommandParser:
    parser = CommandParser(
        "bench",
        "Measure our player beside its peers.",
        "python -m bench --only cold,video --runs 5",
    )
    parser.add_argument(
        "--only", default=",".join([*SCENARIOS, FIRST_FRAMES]), help="scenarios, by comma"
    )
    parser.add_argument("--runs", type=int, default=STANDARD_RUNS, help="of each scenario")
    parser.add_argument("--players", help="only these, by comma")
    parser.add_argument("--out", type=Path, default=Path("build/bench"), help="folder for results")
    return parser


def _measure_once(
    contender: Contender, scenario: Scenario, content: Content, out: Path
) -> Measured | None:
    names = scenario.items_for(contender.plays_video)
    if not names:
        return None
    manager = ["openbox"] if shutil.which("openbox") else []
    with tempfile.TemporaryDirectory(prefix="yingbi-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        start = contender.start(entries_of(content, names), folder)
        private = dict.fromkeys(("HOME", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME"), name)
        private |= {"XDG_CACHE_HOME": f"{name}/cache", "XDG_STATE_HOME": f"{name}/state"}
        return measure(
            start.command,
            content,
            scenario.watch,
            environment=private | start.environment,
            folder=folder,
            window_manager=manager,
            log=out / f"{contender.name}-{scenario.name}.log".replace(" ", "-"),
        )


def _in_turn(
    scenarios: Iterable[Scenario], runs: int, only: set[str] | None
) -> Iterable[tuple[Scenario, Contender]]:
    """A B C, A B C, ...: so that the machine's drift hits all alike."""
    for scenario in scenarios:
        playing = contenders(scenario.ticker)
        if not scenario.peers:
            playing = playing[:1]
        for _run in range(min(runs, scenario.runs or runs)):
            for contender in playing:
                if only is None or contender.name in only:
                    yield scenario, contender


Results = dict[str, dict[str, list[dict[str, float]]]]


def _print_table(results: Results) -> dict[str, dict[str, dict[str, float]]]:
    """Print medians with their range, and the ratio to the reference; answer the medians."""
    medians: dict[str, dict[str, dict[str, float]]] = {}
    for scenario, players in results.items():
        print(f"\n## {scenario}")
        medians[scenario] = {
            player: {
                figure: statistics.median(one[figure] for one in runs if figure in one)
                for figure in dict.fromkeys(name for one in runs for name in one)
            }
            for player, runs in players.items()
        }
        for figure in dict.fromkeys(name for one in medians[scenario].values() for name in one):
            print(f"  {figure}")
            reference = medians[scenario].get(REFERENCE, {}).get(figure)
            for player, runs in players.items():
                values = [one[figure] for one in runs if figure in one]
                if not values:
                    continue
                middle = statistics.median(values)
                ratio = f"  x{middle / reference:.2f}" if reference else ""
                span = f"[{min(values):.4g} .. {max(values):.4g}] n={len(values)}"
                print(f"    {player:10s} {middle:10.4g}   {span}{ratio}")
    return medians


def _compile_players_code() -> None:
    """As an installation does: else ours would compile itself at every start where Python may not
    write bytecode (PYTHONDONTWRITEBYTECODE), and no player in the field does."""
    for package in OUR_PACKAGES:
        compileall.compile_dir(Path(__file__).parents[1] / package, quiet=1)


def _due_ms(scenario: Scenario, content: Content) -> dict[str, float]:
    """How long each item of the programme is to stand, in milliseconds."""
    return {each.path.name: each.seconds * 1000 for each in entries_of(content, scenario.items)}


def _print_dwell(player: str, measured: Measured) -> None:
    shown = " ".join(f"{name}({ms / 1000:.1f})" for name, ms in measured.summary.dwell)
    print(f"  {player} showed, in seconds: {shown}; left after {measured.exited_after_s} s")


def main(arguments: Sequence[str]) -> int:
    """Measure, print, and say which goals were met; status 1 if one was missed."""
    options = _parser().parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    _compile_players_code()
    content = with_cards(make_content(options.out / "content"))
    names = options.only.split(",")
    chosen = [SCENARIOS[name] for name in names if name != FIRST_FRAMES]
    only = set(options.players.split(",")) if options.players else None
    if absent := absent_peers():
        print(f"Not on this machine, so not measured: {', '.join(absent)}")
    results: Results = defaultdict(lambda: defaultdict(list))
    with (options.out / "results.jsonl").open("a") as record:
        for scenario, contender in _in_turn(chosen, options.runs, only):
            measured = _measure_once(contender, scenario, content, options.out)
            if measured is None:
                continue
            figures = figures_of(measured, _due_ms(scenario, content))
            results[scenario.name][contender.name].append(figures)
            row = {"scenario": scenario.name, "player": contender.name, "figures": figures}
            record.write(json.dumps(row | {"load": os.getloadavg()[0]}) + "\n")
            record.flush()
            print(f"{scenario.name}, {contender.name}: {figures}", file=sys.stderr, flush=True)
            if scenario.name == "faults":
                _print_dwell(contender.name, measured)
    if FIRST_FRAMES in names:
        results[FIRST_FRAMES][OURS].append(first_frames())
    medians = _print_table(results)
    return tell(goal.judge(medians) for goal in GOALS if goal.scenario in medians)


if __name__ == "__main__":
    sys.exit(run("bench", main))
