"""What the watch tells: who is missed and who is back, one message for those who go together.

For `watch.rounds`, in its transaction.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from server.alerts.kinds import Kind
from server.alerts.services import tell
from server.screens.models import Screen
from server.sentences import Sentence
from server.watch.attendance import Event

__all__ = ["Found", "named", "place_of", "tell_all"]

#: Names in one message; of the others it says how many they are.
NAMED = 5


class Found(NamedTuple):
    """A screen of this round, and what is to be told of it."""

    screen: Screen
    event: Event


def tell_all(found: list[Found], now: datetime) -> int:
    """Tell of them; returns how many messages that took."""
    return sum(
        _tell(kind, each, now) for kind in ("gone", "back") for each in _grouped(found, kind)
    )


def place_of(screen: Screen) -> tuple[int, int]:
    """Screens of one place and department are told of together."""
    return screen.site_id, screen.department_id


def _grouped(found: list[Found], kind: str) -> list[list[Found]]:
    by_place: defaultdict[tuple[int, int], list[Found]] = defaultdict(list)
    for each in found:
        if each.event.kind == kind:
            by_place[place_of(each.screen)].append(each)
    return list(by_place.values())


def _tell(kind: str, found: list[Found], now: datetime) -> int:
    first = found[0]
    said = _gone(found) if kind == "gone" else _back(found)
    alone = len(found) == 1
    told = tell(
        kind=Kind.SCREEN_OFFLINE if kind == "gone" else Kind.SCREEN_BACK,
        said=said,
        department=first.screen.department,
        link=f"/screens/{first.screen.pk}/" if alone else f"/screens/?site={first.screen.site_id}",
        now=now,
    )
    return int(told is not None)


def _gone(found: list[Found]) -> Sentence:
    screen = found[0].screen
    since = _wall(min(each.event.since for each in found), screen)
    if len(found) == 1:
        return Sentence(
            "%(screen)s (%(site)s) has not been heard since %(since)s: look whether its box has"
            " power and network.",
            {"screen": screen.name, "site": screen.site.name, "since": since},
        )
    return Sentence(
        "%(n)d screens of %(site)s have not been heard since %(since)s: %(names)s. If they fell"
        " silent together, look at the power and the network there.",
        {"n": len(found), "site": screen.site.name, "since": since, "names": _names(found)},
    )


def _back(found: list[Found]) -> Sentence:
    screen, event = found[0]
    longest = max(each.event.length for each in found)
    minutes = max(round(longest.total_seconds() / 60), 1)
    if len(found) == 1:
        return Sentence(
            "%(screen)s (%(site)s) is back; it was away for %(minutes)d minutes, from %(since)s.",
            {
                "screen": screen.name,
                "site": screen.site.name,
                "minutes": minutes,
                "since": _wall(event.since, screen),
            },
        )
    return Sentence(
        "%(n)d screens of %(site)s are back, after up to %(minutes)d minutes: %(names)s.",
        {"n": len(found), "site": screen.site.name, "minutes": minutes, "names": _names(found)},
    )


def _names(found: list[Found]) -> str:
    return named([each.screen for each in found])


def named(screens: Sequence[Screen]) -> str:
    """The names of some screens; of many, how many more they are."""
    first = [each.name for each in screens[:NAMED]]
    more = len(screens) - len(first)
    return ", ".join(first) + (f" +{more}" if more else "")


def _wall(at: datetime, screen: Screen) -> str:
    return f"{at.astimezone(ZoneInfo(screen.timezone)):%m-%d %H:%M}"
