"""What each screen of a takeover says of it, now or at its end: from reports, in a few queries.

For the pages and the report.  What a box reported long ago may be forgotten; what was kept of it
(`EmergencyScreen`) counts then.  Reads only; the rules are those of `lines`.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Min, QuerySet
from msgspec import Struct, structs

from server.emergency.lines import Line, Seen, Span, Stage, line_of
from server.emergency.models import Emergency, EmergencyScreen
from server.emergency.services import screens_of
from server.programme.drafts import Where
from server.programme.models import Takeover
from server.publishing.models import Publication
from server.publishing.selectors import told
from server.screens.models import Screen
from server.telemetry.models import Heartbeat, PlayRecord, Receipt, Screenshot, Wanted

__all__ = ["Board", "board_of"]


class Board(Struct, frozen=True):
    """A takeover and all its screens, what wants attention first."""

    takeover: Takeover
    emergency: Emergency | None
    lines: tuple[Line, ...]
    is_running: bool

    def count(self, *stages: Stage) -> int:
        """How many screens are that far."""
        return sum(line.stage in stages for line in self.lines)

    @property
    def shown(self) -> int:
        """Screens on which it stands now, or (once it is over) stood."""
        if self.is_running:
            return self.count(Stage.SHOWN)
        return sum(line.shown_at is not None for line in self.lines)

    @property
    def received(self) -> int:
        """Screens that have, or had, it whole."""
        return sum(line.received_at is not None for line in self.lines)

    @property
    def unreached(self) -> int:
        """Screens that did not say that they have it, though they should have by now."""
        return self.count(Stage.LATE, Stage.UNREACHED, Stage.WAITING, Stage.MISSED)

    @property
    def awaited(self) -> int:
        """Screens that have been told just now, and will say so."""
        return self.count(Stage.SENT)

    @property
    def first_shown_at(self) -> datetime | None:
        """When the first wall had it."""
        return min((line.shown_at for line in self.lines if line.shown_at), default=None)

    @property
    def last_shown_at(self) -> datetime | None:
        """When the last wall had it."""
        return max((line.shown_at for line in self.lines if line.shown_at), default=None)

    @property
    def is_settled(self) -> bool:
        """Has everybody said everything that there is to be waited for?"""
        wanted = any(line.is_picture_wanted and line.state == "online" for line in self.lines)
        if self.is_running:
            return False
        return not wanted and not self.count(Stage.ENDING, Stage.WAITING)


_ORDER = [
    Stage.WAITING, Stage.LATE, Stage.UNREACHED, Stage.ENDING_UNREACHED, Stage.MISSED,
    Stage.SENT, Stage.ENDING, Stage.RECEIVED, Stage.COVERED, Stage.SHOWN, Stage.GONE,
]  # fmt: skip


def board_of(takeover: Takeover, now: datetime) -> Board:
    """The board of a takeover, whoever began it.  Eight queries, however many screens."""
    kept = {
        each.screen_id: each
        for each in EmergencyScreen.objects.filter(emergency__takeover=takeover)
    }
    screens = _screens(takeover, kept)
    known = _seen(takeover, screens, kept)
    pictures = _pictures(takeover, screens, now)
    wanted = set(
        Wanted.objects.filter(screen__in=screens, kind=Wanted.Kind.SCREENSHOT).values_list(
            "screen_id", flat=True
        )
    )
    emergency = Emergency.objects.filter(takeover=takeover).select_related("ended_by").first()
    until = emergency.until if emergency else takeover.ends_at
    span = Span(takeover.starts_at, takeover.ends_at, until)
    lines = []
    for screen in screens:
        line = line_of(screen, known[screen.pk], span, now)
        line = _with_what_was_kept(line, kept.get(screen.pk))
        shot, taken_at = pictures.get(screen.pk, (None, line.picture_at))
        lines.append(
            structs.replace(
                line, picture=shot, picture_at=taken_at, is_picture_wanted=screen.pk in wanted
            )
        )
    lines.sort(key=lambda line: (_ORDER.index(line.stage), line.screen.name))
    return Board(takeover, emergency, tuple(lines), takeover.ends_at > now)


def _with_what_was_kept(line: Line, kept: EmergencyScreen | None) -> Line:
    """What a report said that is forgotten by now counts as long as nothing newer says more."""
    if kept is None:
        return line
    stage = line.stage
    if kept.gone_at and stage in {Stage.ENDING, Stage.ENDING_UNREACHED, Stage.MISSED}:
        stage = Stage.GONE
    return structs.replace(
        line,
        stage=stage,
        received_at=line.received_at or kept.received_at,
        shown_at=line.shown_at or kept.shown_at,
        gone_at=line.gone_at or kept.gone_at,
        picture_at=kept.picture_at,
    )


# --- reading -----------------------------------------------------------------------------------


def _screens(takeover: Takeover, kept: Collection[int]) -> list[Screen]:
    """Those of the record; of a takeover without one, those it is due on now."""
    if kept:
        rows = Screen.objects.filter(pk__in=kept)
        return list(rows.select_related("site").order_by("name"))
    where = Where(
        screens=takeover.screens.values_list("pk", flat=True),
        groups=takeover.groups.values_list("pk", flat=True),
    )
    pks = [each.pk for each in screens_of(where)]
    return list(Screen.objects.filter(pk__in=pks).select_related("site").order_by("name"))


def _seen(
    takeover: Takeover, screens: Collection[Screen], kept: Mapping[int, EmergencyScreen]
) -> dict[int, Seen]:
    pks = [each.pk for each in screens]
    began = _versions(takeover, pks, kept)
    waiting = _waiting(began)
    ended = {pk: each.end_version for pk, each in kept.items() if each.end_version}
    received = _received(began, takeover, before=ended)
    end_received = _received(ended, takeover)
    beats = Heartbeat.objects.in_bulk(pks)
    plays = _plays(takeover, pks)
    found = {}
    for pk in pks:
        beat = beats.get(pk)
        found[pk] = Seen(
            told=pk in began,
            waiting=pk in waiting,
            received_at=received.get(pk),
            end_told=pk in ended,
            end_received_at=end_received.get(pk),
            heard_at=beat.received_at if beat else None,
            on_glass=_on_glass(beat, takeover, began.get(pk)),
            first_play=plays.get(pk),
        )
    return found


def _versions(
    takeover: Takeover, screens: Collection[int], kept: Mapping[int, EmergencyScreen]
) -> dict[int, int]:
    """The version that brought it to each screen; without a record, the first since it was made."""
    found = {pk: each.version for pk, each in kept.items() if each.version}
    if kept:
        return found
    rows: QuerySet[Any] = Publication.objects.filter(
        screen__in=screens, release__at__gte=takeover.created_at.replace(microsecond=0)
    )
    pairs = rows.order_by().values_list("screen").annotate(first=Min("version"))
    return dict(pairs)


def _waiting(versions: Mapping[int, int]) -> set[int]:
    """The screens whose publication, and every later one, still wants signatures."""
    signed = told(list(versions))
    return {
        pk for pk, version in versions.items() if pk not in signed or signed[pk].version < version
    }


def _received(
    versions: Mapping[int, int], takeover: Takeover, before: Mapping[int, int] | None = None
) -> dict[int, datetime]:
    """When each screen first activated this version or a later one, but none from `before` on."""
    if not versions:
        return {}
    rows = Receipt.objects.filter(
        screen__in=versions,
        version__gte=min(versions.values()),
        received_at__gte=takeover.created_at,
    )
    found: dict[int, datetime] = {}
    for pk, version, at in rows.values_list("screen_id", "version", "activated_at"):
        is_older = before is None or version < before.get(pk, version + 1)
        if version >= versions[pk] and is_older:
            found[pk] = min(found.get(pk, at), at)
    return found


def _plays(takeover: Takeover, screens: Collection[int]) -> dict[int, datetime]:
    """When it first stood on each glass, by proof of play."""
    rows = PlayRecord.objects.filter(screen__in=screens, item__startswith=f"t{takeover.pk}.")
    return dict(rows.order_by().values_list("screen_id").annotate(first=Min("start")))


def _on_glass(beat: Heartbeat | None, takeover: Takeover, version: int | None) -> str | None:
    """Is it `this` takeover that the box's last word names, an `other` one, or "" none at all?"""
    if beat is None or version is None or (beat.generation_version or 0) < version:
        return None
    picture = beat.body.get("picture")
    because = picture.get("because") if isinstance(picture, dict) else None
    if not isinstance(because, dict) or because.get("kind") != "takeover":
        return ""
    return "this" if because.get("id") == f"t{takeover.pk}" else "other"


def _pictures(
    takeover: Takeover, screens: Collection[Screen], now: datetime
) -> dict[int, tuple[int, datetime]]:
    """The newest picture of each glass that was taken while it ran."""
    until = min(takeover.ends_at, now)
    rows = Screenshot.objects.filter(
        screen__in=screens, taken_at__gte=takeover.starts_at, taken_at__lte=until
    ).order_by("taken_at")
    return {screen: (pk, at) for screen, pk, at in rows.values_list("screen_id", "pk", "taken_at")}
