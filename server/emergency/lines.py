"""How far a takeover is on one screen.  Pure; `board` reads what is known of it."""

from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct, structs

from server.screens.models import Screen
from server.screens.states import ScreenState, state_of

__all__ = ["RECEIPT_PATIENCE", "Line", "Seen", "Span", "Stage", "line_of"]

#: How long a box that is on line may take to answer before somebody should look at it: it looks for
#: news at once, and only has to fetch a card.
RECEIPT_PATIENCE = timedelta(seconds=60)


class Stage(StrEnum):
    """How far it is on one screen."""

    #: Signed by the server, waits for the approvers' signatures (level 2).
    WAITING = "waiting"
    SENT = "sent"
    #: The same, and the box, which is on line, should have answered by now.
    LATE = "late"
    #: The box has it whole and has activated it.
    RECEIVED = "received-by-box"
    SHOWN = "shown"
    #: Another takeover stands above it.
    COVERED = "covered"
    #: Not heard of: it shows it when it is back, if it still runs.
    UNREACHED = "unreached"
    #: It was ended by hand, and this screen has not said so yet.
    ENDING = "ending"
    #: The same, and it is not heard of: it ends by itself at the time it was told.
    ENDING_UNREACHED = "ending-unreached"
    GONE = "gone"
    #: It never had it.
    MISSED = "missed"


class Seen(Struct, frozen=True):
    """What is known of one screen, from all sources."""

    told: bool = False
    waiting: bool = False
    received_at: datetime | None = None
    end_told: bool = False
    end_received_at: datetime | None = None
    heard_at: datetime | None = None
    #: The takeover that its last heartbeat names (""): none, None: it says nothing of it.
    on_glass: str | None = None
    first_play: datetime | None = None


class Span(Struct, frozen=True):
    """When it began and ended, and `until` when screens show it that did not hear of the end."""

    starts_at: datetime
    ends_at: datetime
    until: datetime


class Line(Struct, frozen=True):
    """One screen on the board; `until`: when it ends by itself."""

    screen: Screen
    stage: Stage
    state: ScreenState
    heard_at: datetime | None
    received_at: datetime | None
    shown_at: datetime | None
    gone_at: datetime | None
    until: datetime
    picture: int | None = None
    picture_at: datetime | None = None
    is_picture_wanted: bool = False


def line_of(screen: Screen, seen: Seen, span: Span, now: datetime) -> Line:
    """How far it is on one screen.  Pure."""
    state = state_of(seen.heard_at, now, retired=screen.retired_at is not None)
    online = state is ScreenState.ONLINE
    if seen.received_at is not None and seen.received_at >= span.until:
        seen = structs.replace(seen, received_at=None)  # it came back when all was over
    says_so = seen.on_glass == "this"
    shown_at = seen.first_play or (seen.received_at if says_so else None)
    gone_at: datetime | None = None
    if span.ends_at > now:
        is_late = now >= span.starts_at + RECEIPT_PATIENCE
        stage = _running(seen, online=online, is_late=is_late)
    else:
        stage, gone_at = _over(seen, span, now, online=online)
    return Line(
        screen=screen,
        stage=stage,
        state=state,
        heard_at=seen.heard_at,
        received_at=seen.received_at,
        shown_at=max(shown_at, span.starts_at) if shown_at else None,
        gone_at=gone_at,
        until=span.until,
    )


def _running(seen: Seen, *, online: bool, is_late: bool) -> Stage:
    if seen.waiting:
        return Stage.WAITING
    if seen.received_at is None:
        if not online:
            return Stage.UNREACHED
        return Stage.LATE if is_late else Stage.SENT
    if seen.on_glass == "this":
        return Stage.SHOWN
    if seen.on_glass == "other":
        return Stage.COVERED
    return Stage.SHOWN if seen.first_play else Stage.RECEIVED


def _over(seen: Seen, span: Span, now: datetime, *, online: bool) -> tuple[Stage, datetime | None]:
    if seen.received_at is None:
        return Stage.MISSED, None
    if not seen.end_told:  # by itself: the box needs nobody for it
        return Stage.GONE, span.ends_at
    if seen.end_received_at is not None:
        return Stage.GONE, seen.end_received_at
    if span.until <= now:
        return Stage.GONE, span.until
    return (Stage.ENDING if online else Stage.ENDING_UNREACHED), None
