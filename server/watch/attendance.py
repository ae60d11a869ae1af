"""Is a screen missed, and is it back?  From heartbeats, hours and the clock; pure.

    present --silent while open--> absent --heard--> returning --steadily--> present
                                     ^-------silent again------'

A screen is missed once it has been silent for its grace within one run of open hours: what goes
off at night is missed only so long after the morning.  While the server itself was away nobody is
heard, so silence counts from its return.  Who comes and goes must stay ever longer before it counts
as back, so that a loose plug makes a few messages, not hundreds.
"""

from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

__all__ = ["FRESH", "RECENT", "STEADY", "Event", "Seen", "step"]

#: A screen is heard while its newest heartbeat is not older: heartbeats come every 30 s.
FRESH = timedelta(minutes=3)

#: How long a screen must be heard before it is back; doubled for each absence of `RECENT`.
STEADY = timedelta(minutes=2)
LONGEST_STEADY = timedelta(hours=1)
RECENT = timedelta(hours=6)

#: Absences that are remembered.
REMEMBERED = 12


class Seen(Struct, frozen=True):
    """How a screen stands with the watch.

    `since`: when it was last heard before it was missed; `back_at`: when it was heard again;
    `absences`: when it was missed lately.
    """

    state: Literal["present", "absent", "returning"] = "present"
    since: datetime | None = None
    back_at: datetime | None = None
    absences: tuple[datetime, ...] = ()


class Event(Struct, frozen=True):
    """What is told: it is missed (`gone`), or `back` after `length`; `since` it was not heard."""

    kind: Literal["gone", "back"]
    since: datetime
    length: timedelta


def step(
    seen: Seen,
    *,
    heard_at: datetime,
    up_since: datetime,
    open_since: datetime | None,
    grace: timedelta,
    now: datetime,
) -> tuple[Seen, Event | None]:
    """Where a screen stands at `now`, and what is to be told of it.

    `heard_at` is its newest heartbeat; `up_since` when the server began to hear anybody;
    `open_since` when its hours began (None: they are over).
    """
    is_heard = now - heard_at < FRESH
    if seen.state == "present":
        return _miss(seen, heard_at, up_since, open_since, grace, now)
    assert seen.since is not None, "who is absent was heard last at some time"
    if seen.state == "absent":
        if is_heard and heard_at > seen.since:
            return replace(seen, state="returning", back_at=heard_at), None
        return seen, None
    assert seen.back_at is not None, "who returns was heard again"
    if not is_heard:
        if now - up_since < FRESH:  # nobody could be heard
            return seen, None
        return replace(seen, state="absent", back_at=None, absences=_again(seen, now)), None
    if now - seen.back_at < _steady(seen, now):
        return seen, None
    event = Event("back", seen.since, seen.back_at - seen.since)
    return Seen(absences=seen.absences), event


def _miss(  # noqa: PLR0917  (the facts of `step`)
    seen: Seen,
    heard_at: datetime,
    up_since: datetime,
    open_since: datetime | None,
    grace: timedelta,
    now: datetime,
) -> tuple[Seen, Event | None]:
    if open_since is None or now - max(heard_at, up_since, open_since) < grace:
        return seen, None
    missed = Seen("absent", heard_at, None, _again(seen, now))
    return missed, Event("gone", heard_at, now - heard_at)


def _again(seen: Seen, now: datetime) -> tuple[datetime, ...]:
    """The absences, with one more: who goes on coming and going stays under suspicion."""
    return (*_lately(seen, now), now)[-REMEMBERED:]


def _lately(seen: Seen, now: datetime) -> tuple[datetime, ...]:
    return tuple(at for at in seen.absences if now - at < RECENT)


def _steady(seen: Seen, now: datetime) -> timedelta:
    times = max(len(_lately(seen, now)) - 1, 0)
    return min(STEADY * float(2**times), LONGEST_STEADY)
