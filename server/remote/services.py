"""Gives commands to boxes, hands them out, and takes their results; each with its audit row.

A box fetches its commands after a push or with its next heartbeat, runs each once and tells the
result; one that is not fetched in time expires, so that nothing happens long after it was wanted.
"""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Literal

from django.db import IntegrityError, transaction

from server import news
from server.accounts.models import Staff
from server.accounts.policy import Act, require
from server.audit.services import record
from server.errors import Conflict, Invalid
from server.remote.models import Command
from server.screens.models import Screen

__all__ = [
    "AT_ONCE",
    "KEPT",
    "LIFE",
    "LONGEST_PANEL_MIN",
    "Ending",
    "command_ask",
    "command_cancel",
    "command_end",
    "commands_expire",
    "commands_fetch",
    "commands_forget",
]

#: How a box may end a command.
Ending = Literal["done", "refused", "failed"]

#: A command that no box fetches, or of which none tells the end, is over after so long.
LIFE = timedelta(minutes=10)

#: How long a panel may be kept from its hours, in minutes.
LONGEST_PANEL_MIN = 12 * 60

#: Screens that one act may command.
AT_ONCE = 500

#: How long commands can be looked at.
KEPT = timedelta(days=90)

#: What whoever may see a screen may ask of it; all else takes the right to manage it.
HARMLESS = frozenset({Command.Kind.SCREENSHOT, Command.Kind.LOG})

_PANEL = frozenset({Command.Kind.PANEL_ON, Command.Kind.PANEL_OFF})


@transaction.atomic
def command_ask(
    *,
    screens: Iterable[Screen],
    kind: Command.Kind,
    minutes: int | None = None,
    actor: Staff,
    now: datetime,
    address: str = "",
) -> list[Command]:
    """Have these boxes do something; a screen that waits for the same already keeps that one.

    `minutes` is how long a panel stays as told.  Raises `Invalid`, `Conflict`.
    """
    chosen = list(screens)
    if not 1 <= len(chosen) <= AT_ONCE:
        raise Invalid("Choose 1 to %(most)d screens.", values={"most": AT_ONCE})
    _check_minutes(kind, minutes)
    act = Act.VIEW if kind in HARMLESS else Act.MANAGE_SCREENS
    for screen in chosen:
        require(actor, act, screen.department)
        if screen.retired_at is not None:
            raise Conflict(
                "%(screen)s is retired: it takes no commands.", values={"screen": screen}
            )
    batch = uuid.uuid4()
    asked = [_ask(screen, kind, minutes, batch, actor, now) for screen in chosen]
    for command in asked:
        if command.batch == batch:
            detail = {"kind": str(kind), "minutes": command.minutes}
            record(
                actor=actor,
                action="screen.command",
                subject=command.screen,
                detail=detail,
                now=now,
                address=address,
            )
    news.tell()
    return asked


def _check_minutes(kind: Command.Kind, minutes: int | None) -> None:
    if kind not in _PANEL and minutes is not None:
        raise Invalid("Only a panel is switched for some minutes: leave them out.")
    if minutes is not None and not 1 <= minutes <= LONGEST_PANEL_MIN:
        raise Invalid(
            "A panel is switched for 1 to %(most)d minutes.", values={"most": LONGEST_PANEL_MIN}
        )


def _ask(  # noqa: PLR0917  (one command, spelled out)
    screen: Screen,
    kind: Command.Kind,
    minutes: int | None,
    batch: uuid.UUID,
    actor: Staff,
    now: datetime,
) -> Command:
    open_ = Command.objects.filter(screen=screen, kind=kind, ended_at=None)
    open_.filter(expires_at__lte=now).update(ended_at=now, state=Command.State.EXPIRED)
    if (found := open_.first()) is not None:
        return found
    try:
        with transaction.atomic():
            return Command.objects.create(
                screen=screen,
                kind=kind,
                minutes=minutes if minutes or kind not in _PANEL else 60,
                batch=batch,
                asked_by=actor,
                asked_at=now,
                expires_at=now + LIFE,
            )
    except IntegrityError:  # somebody else asked at this moment
        return open_.get()


@transaction.atomic
def command_cancel(*, command: Command, actor: Staff, now: datetime, address: str = "") -> bool:
    """Take a command back that no box has fetched; False: it was too late."""
    act = Act.VIEW if command.kind in HARMLESS else Act.MANAGE_SCREENS
    require(actor, act, command.screen.department)
    waiting = Command.objects.filter(pk=command.pk, state=Command.State.WAITING, ended_at=None)
    if not waiting.update(ended_at=now, state=Command.State.CANCELLED):
        return False
    record(
        actor=actor,
        action="screen.command-cancel",
        subject=command.screen,
        detail={"kind": command.kind},
        now=now,
        address=address,
    )
    news.tell()
    return True


def commands_fetch(*, screen: int, now: datetime) -> Sequence[Command]:
    """What a box is to do, the oldest first; told again until it has told the end."""
    open_ = Command.objects.filter(screen=screen, ended_at=None, expires_at__gt=now)
    found = list(open_.order_by("pk"))
    new = [each.pk for each in found if each.sent_at is None]
    if new:
        Command.objects.filter(pk__in=new).update(sent_at=now, state=Command.State.SENT)
    return found


def command_end(*, screen: int, command: int, state: Ending, sentence: str, now: datetime) -> bool:
    """A box tells what became of a command; told again (or too late) it changes nothing."""
    open_ = Command.objects.filter(pk=command, screen=screen, ended_at=None)
    ended = open_.update(ended_at=now, state=state, sentence=sentence[:300])
    if ended:
        news.tell()
    return bool(ended)


def commands_expire(*, now: datetime) -> int:
    """End what nobody fetched, or told the end of, in time; returns how many."""
    late = Command.objects.filter(ended_at=None, expires_at__lte=now)
    count = late.update(ended_at=now, state=Command.State.EXPIRED)
    if count:
        news.tell()
    return count


def commands_forget(*, now: datetime) -> int:
    """Forget old commands; the audit keeps who gave them."""
    return Command.objects.filter(asked_at__lt=now - KEPT).delete()[0]
