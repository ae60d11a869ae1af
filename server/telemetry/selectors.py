"""Reads of what screens reported: how each one is, what was played, what is wrong.

For dashboards, reports and scripts.  Everything that came from a box is text to be escaped by
whoever shows it.  Whose screens somebody may see is the caller's to say (`screens`).
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, DurationField, ExpressionWrapper, F, QuerySet, Sum
from django.db.models.functions import TruncDate
from msgspec import Struct

from server.screens.models import Screen
from server.screens.states import ScreenState, state_of
from server.telemetry.fault_words import Language, sentence_of
from server.telemetry.faults import is_open
from server.telemetry.models import HeartbeatSample, PlayRecord, Receipt, ScreenFault

__all__ = [
    "FaultSum",
    "OpenFault",
    "PlaySum",
    "ScreenFaults",
    "ScreenStanding",
    "fault_sums",
    "faults_by_screen",
    "open_faults",
    "play_sums",
    "plays",
    "screen_history",
    "screen_standings",
]

#: How far a clock may be off before a dashboard says so, in milliseconds.
CLOCK_LIMIT_MS = 60_000


class ScreenStanding(Struct, frozen=True):
    """How one screen is at a moment.

    `shown` is the version of its current generation, `newest` that of its newest manifest; it is
    behind if they differ.  `offline_since` is when it was heard last, for one that is not online.
    `free_bytes` None: not known.  `picture` is what it says that it shows: hostile, of any shape.
    """

    screen: int
    name: str
    slug: str
    site: str
    state: ScreenState
    heard_at: datetime | None
    shown: int | None
    newest: int | None
    receipt_at: datetime | None
    faults: int
    worst: str
    address: str
    version: str
    free_bytes: int | None
    clock_offset_ms: int | None
    clock_suspect: bool
    picture: Mapping[str, Any] | None = None

    @property
    def is_behind(self) -> bool:
        """Does it show something else than what was published last?"""
        return self.newest is not None and self.shown != self.newest

    @property
    def offline_since(self) -> datetime | None:
        """Since when nothing has been heard of it."""
        return None if self.state is ScreenState.ONLINE else self.heard_at

    @property
    def has_wrong_clock(self) -> bool:
        """Is its clock off by more than a minute, or proved wrong?"""
        return self.clock_suspect or abs(self.clock_offset_ms or 0) > CLOCK_LIMIT_MS


_ORDER = "IWEC"


def screen_standings(
    screens: QuerySet[Screen], newest: Mapping[int, int], now: datetime
) -> list[ScreenStanding]:
    """How each of these screens is; `newest` is the version last published, by screen.

    Three queries, however many screens there are.
    """
    rows = screens.select_related("site", "heartbeat").order_by("name")
    pks = [screen.pk for screen in rows]
    faults = _severities(pks, now)
    receipts = _receipts(pks, newest)
    return [
        _standing(each, newest.get(each.pk), receipts.get(each.pk), faults.get(each.pk, []), now)
        for each in rows
    ]


def _receipts(screens: Iterable[int], newest: Mapping[int, int]) -> dict[int, datetime]:
    """When each screen activated its newest manifest, by screen."""
    found = Receipt.objects.filter(screen__in=screens, version__in=set(newest.values()))
    rows = found.values_list("screen_id", "version", "activated_at")
    return {screen: at for screen, version, at in rows if newest.get(screen) == version}


def _standing(
    screen: Screen,
    newest: int | None,
    receipt_at: datetime | None,
    faults: list[str],
    now: datetime,
) -> ScreenStanding:
    beat = getattr(screen, "heartbeat", None)
    body = beat.body if beat else {}
    clock, disk = body.get("clock") or {}, body.get("disk") or {}
    heard_at = beat.received_at if beat else None
    return ScreenStanding(
        screen=screen.pk,
        name=screen.name,
        slug=screen.slug,
        site=screen.site.name,
        state=state_of(heard_at, now, retired=screen.retired_at is not None),
        heard_at=heard_at,
        shown=beat.generation_version if beat else None,
        newest=newest,
        receipt_at=receipt_at,
        faults=len(faults),
        worst=max(faults, key=_ORDER.index, default=""),
        address=beat.address if beat else "",
        version=str((body.get("versions") or {}).get("yingbi", "")),
        free_bytes=disk.get("free"),
        clock_offset_ms=clock.get("offset_ms"),
        clock_suspect=bool(clock.get("suspect")),
        picture=body.get("picture"),
    )


def _severities(screens: Iterable[int], now: datetime) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    open_ = ScreenFault.objects.filter(is_open(now), screen__in=screens)
    for screen, severity in open_.values_list("screen_id", "severity"):
        found.setdefault(screen, []).append(severity)
    return found


def open_faults(screens: QuerySet[Screen], now: datetime) -> QuerySet[ScreenFault]:
    """What is wrong now, the newest first, with its screens."""
    faults = ScreenFault.objects.filter(is_open(now), screen__in=screens)
    return faults.select_related("screen").order_by("-opened_at")


class OpenFault(Struct, frozen=True):
    """Something that is wrong on a screen: since when, when it was seen last, how often.

    `reason` and `subject` are the box's own words: text to be escaped.
    """

    code: str
    severity: str
    subject: str
    reason: str
    first_seen_at: datetime
    last_seen_at: datetime
    count: int

    def sentence(self, language: Language) -> str:
        """What it means and what to do, in plain words."""
        return sentence_of(self.code, language)


class ScreenFaults(Struct, frozen=True):
    """A screen and what is wrong on it, the worst first."""

    screen: int
    name: str
    site: str
    faults: tuple[OpenFault, ...]

    @property
    def worst(self) -> str:
        """The severity of the worst."""
        return self.faults[0].severity


def faults_by_screen(screens: QuerySet[Screen], now: datetime) -> list[ScreenFaults]:
    """The screens on which something is wrong, the worst first.  One query."""
    by_screen: dict[Screen, list[OpenFault]] = {}
    for row in open_faults(screens, now).select_related("screen__site"):
        by_screen.setdefault(row.screen, []).append(_open_fault(row))
    found = [
        ScreenFaults(screen.pk, screen.name, screen.site.name, tuple(sorted(faults, key=_badness)))
        for screen, faults in by_screen.items()
    ]
    return sorted(found, key=lambda each: (_badness(each.faults[0]), each.name))


def _open_fault(row: ScreenFault) -> OpenFault:
    return OpenFault(
        row.code, row.severity, row.subject, row.reason, row.opened_at, row.seen_at, row.count
    )


def _badness(fault: OpenFault) -> int:
    """Sorts the worst to the front; what is equally bad stays in its order."""
    return -_ORDER.index(fault.severity)


class FaultSum(Struct, frozen=True):
    """How often a fault was there in a span, and on how many screens."""

    code: str
    times: int
    screens: int


def fault_sums(screens: QuerySet[Screen], start: datetime, end: datetime) -> list[FaultSum]:
    """The faults that opened in `[start, end)`, the most frequent first."""
    opened = ScreenFault.objects.filter(screen__in=screens, opened_at__gte=start, opened_at__lt=end)
    sums = opened.values("code").annotate(times=Sum("count"), on=Count("screen", distinct=True))
    return [FaultSum(each["code"], each["times"], each["on"]) for each in sums.order_by("-times")]


class PlaySum(Struct, frozen=True):
    """How often and how long an asset was shown on a screen on a day of the organisation."""

    day: date
    screen: int
    asset: str
    times: int
    seconds: float


def plays(screens: QuerySet[Screen], start: datetime, end: datetime) -> QuerySet[PlayRecord]:
    """The plays that began in `[start, end)`, in order."""
    found = PlayRecord.objects.filter(screen__in=screens, start__gte=start, start__lt=end)
    return found.select_related("screen").order_by("start", "pk")


def play_sums(
    screens: QuerySet[Screen], start: datetime, end: datetime, zone: ZoneInfo
) -> Iterator[PlaySum]:
    """Proof of play by day (on the clock of `zone`), screen and asset."""
    length = ExpressionWrapper(F("end") - F("start"), output_field=DurationField())
    sums = (
        PlayRecord.objects.filter(screen__in=screens, start__gte=start, start__lt=end)
        .annotate(day=TruncDate("start", tzinfo=zone), length=length)
        .values("day", "screen_id", "asset")
        .annotate(times=Count("pk"), total=Sum("length"))
        .order_by("day", "screen_id", "asset")
    )
    for each in sums.iterator(chunk_size=1000):
        total: timedelta = each["total"]
        yield PlaySum(
            each["day"], each["screen_id"], each["asset"], each["times"], total.total_seconds()
        )


def screen_history(screen: Screen, since: datetime) -> QuerySet[HeartbeatSample]:
    """How a box has been, by the hour."""
    return HeartbeatSample.objects.filter(screen=screen, hour__gte=since).order_by("hour")
