"""What the figures of a fleet are held against."""

from collections.abc import Mapping
from dataclasses import dataclass

from bench.goals import Verdict

__all__ = ["GOALS", "Goal"]


@dataclass(frozen=True, slots=True)
class Goal:
    """The median of `figure` of a part: at most, or at least, `bound`."""

    part: str
    figure: str
    bound: float
    at_least: bool = False

    def judge(self, medians: Mapping[str, Mapping[str, float]]) -> Verdict:
        """Hold what was measured against the goal."""
        name, found = f"{self.part}: {self.figure}", medians.get(self.part, {}).get(self.figure)
        if found is None:
            return Verdict(f"{name}: not measured", None)
        word = "at least" if self.at_least else "at most"
        met = found >= self.bound if self.at_least else found <= self.bound
        return Verdict(f"{name}: {found:.4g} ({word} {self.bound:g})", met)


GOALS = (
    Goal("poll", "server CPU ms a poll (304)", 0.15),
    Goal("poll", "100 polls/s on time, p99 ms", 10),
    Goal("media", "the server itself, of nginx", 0.6, at_least=True),
    Goal("media", "X-Accel-Redirect behind nginx, of nginx", 0.95, at_least=True),
    Goal("media", "wrong answers to ranges", 0),
    Goal("media", "PSS that serving added, MiB", 8),
    Goal("fleet", "idle PSS with worker, MiB", 130),
    Goal("fleet", "CPU s/s, polls and push", 0.5),
    Goal("fleet", "PSS with all connected, MiB", 400),
    Goal("fleet", "publication to activated, p95 s", 3),
    Goal("fleet", "documents that did not verify", 0),
    Goal("fleet", "requests that failed", 0),
    Goal("publish", "a change for 1,000 screens, s", 5),
    Goal("download", "into the cache, of curl and fsync", 0.8, at_least=True),
)
