"""When to try again after a pass that failed: a pure rule, so that it can be read and tested.

Called by the agent between two passes; it neither sleeps nor asks the time, and chance is an
argument.
"""

from dataclasses import dataclass

__all__ = ["Backoff", "retry_delay_s"]


@dataclass(frozen=True, slots=True)
class Backoff:
    """The rule's numbers, in seconds.

    `cap_s` is short because a wall should be current soon after the network is back, and chance
    spreads two hundred players that come back at once.
    """

    first_s: float = 5.0
    cap_s: float = 300.0
    #: A server that asks for patience gets it, up to here.
    retry_after_cap_s: float = 3600.0


def retry_delay_s(
    failures: int, chance: float, retry_after_s: float | None = None, rule: Backoff | None = None
) -> float:
    """Seconds until the next pass after `failures` (1 or more) in a row.

    The longest delay doubles with each failure, from `first_s` to `cap_s`; `chance` in [0, 1)
    picks a delay between the half of it and the whole ("equal jitter": never at once, never all
    together).  `retry_after_s` is what the server asked for: the delay is no shorter, up to
    `retry_after_cap_s`, and then spread by a tenth so that those it turned away do not return as
    one.
    """
    assert failures >= 1, "no failure, no delay"
    assert 0.0 <= chance < 1.0, "chance is a number in [0, 1)"
    rule = rule or Backoff()
    longest = min(rule.cap_s, rule.first_s * 2.0 ** min(failures - 1, 60))
    delay = longest * (0.5 + chance / 2)
    if retry_after_s is None:
        return delay
    asked = min(max(retry_after_s, 0.0), rule.retry_after_cap_s)
    return max(delay, asked * (1.0 + chance / 10))
