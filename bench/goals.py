"""What our figures are held against: a limit, or a ratio to a peer in the same run."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bench.players import OURS, REFERENCE

__all__ = ["GOALS", "Goal", "Verdict", "tell"]

#: scenario -> player -> figure -> median
Medians = Mapping[str, Mapping[str, Mapping[str, float]]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found for a goal; `met` is None where there was nothing to hold it against."""

    sentence: str
    met: bool | None


@dataclass(frozen=True, slots=True)
class Goal:
    """`figure` of ours in `scenario`: at most `most`, in its unit or times the reference's.

    The reference is `against` (a scenario of the same run) for the player that all are compared to.
    """

    scenario: str
    figure: str
    most: float
    against: str | None = None

    def judge(self, medians: Medians) -> Verdict:
        """Hold what was measured against the goal."""
        ours = medians.get(self.scenario, {}).get(OURS, {}).get(self.figure)
        name = f"{self.scenario}: {self.figure}"
        if ours is None:
            return Verdict(f"{name}: not measured", None)
        if self.against is None:
            return Verdict(f"{name}: {ours:.4g} (at most {self.most:g})", ours <= self.most)
        reference = medians.get(self.against, {}).get(REFERENCE, {}).get(self.figure)
        if not reference:
            return Verdict(f"{name}: {ours:.4g}, and no {REFERENCE} to compare with", None)
        ratio = ours / reference
        sentence = f"{name}: {ours:.4g} = {ratio:.2f} x {REFERENCE} (at most {self.most:g})"
        return Verdict(sentence, ratio <= self.most)


GOALS = (
    Goal("cold", "cold start ms", 1.3, against="cold"),
    Goal("mixed", "dark ms", 0),
    Goal("changes", "dark ms", 0),
    Goal("faults", "dark ms", 0),
    Goal("faults", "next item late ms max", 100),
    Goal("mixed", "video->video still ms", 40),
    Goal("video", "frames missed %", 0),
    Goal("video", "CPU s/s", 0.75, against="video"),
    Goal("video and ticker", "frames missed %", 0.5),
    Goal("video and ticker", "CPU s/s", 1.5, against="video"),
    Goal("video and ticker", "ticker frame ms p99", 25),
    Goal("card first frames", "slowest fresh ms", 100),
    Goal("card first frames", "slowest warm ms", 100),
    Goal("card first frames", "slowest fullest fresh ms", 100),
    Goal("card first frames", "slowest fullest warm ms", 100),
    Goal("standing", "CPU s/s", 0.005),
    Goal("standing", "PSS MiB", 1.3, against="standing"),
    Goal("five minutes", "PSS MiB", 1.3, against="five minutes"),
)


def tell(verdicts: Iterable[Verdict]) -> int:
    """Print what was found; the exit status: 1 if a goal was missed."""
    print("\n## Goals")
    words = {True: "met   ", False: "MISSED", None: "open  "}
    missed = False
    for verdict in verdicts:
        print(f"  {words[verdict.met]} {verdict.sentence}")
        missed |= verdict.met is False
    return int(missed)
