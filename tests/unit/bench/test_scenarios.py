"""What a run is summed up as: a ticker that stumbles is seen."""

import pytest

from bench.goals import GOALS
from bench.probe import Measured
from bench.scenarios import figures_of
from bench.summary import Summary

NOTHING = Summary(None, [], [], 0, 0, [], 0.0, 0.0)
TICKER = next(goal for goal in GOALS if goal.figure == "ticker frame ms p99")


def figures(row_ms: list[float]) -> dict[str, float]:
    return figures_of(Measured(NOTHING, None, None, None, 0.0, row_ms), {})


@pytest.mark.parametrize(
    ("row_ms", "met"),
    [([16.7] * 1000, True), ([16.7] * 980 + [50.0] * 20, False), ([33.4] * 500, False)],
)
def test_a_ticker_that_stumbles_misses_its_goal(row_ms: list[float], met: bool) -> None:
    medians = {TICKER.scenario: {"yingbi": figures(row_ms)}}
    assert TICKER.judge(medians).met is met


def test_without_a_ticker_nothing_is_said_of_it() -> None:
    assert TICKER.figure not in figures([])
