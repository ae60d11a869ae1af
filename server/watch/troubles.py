"""What is wrong on screens that are heard: told once when it has lasted, and once when it is over.

Whoever looks (the round at the faults and measurements of boxes, publishing at pictures) says what
was found on which screens; here it is told apart what is new and what is over.  What comes and goes
within minutes is not told; outside of a screen's operating hours, and while it is muted, a trouble
waits: it is told once they begin, if it is still there.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext_noop as _

from server.alerts.kinds import Kind
from server.alerts.services import tell
from server.screens.models import Screen
from server.sentences import Bilingual, Sentence
from server.telemetry.fault_words import sentence_of
from server.telemetry.faults import is_open
from server.telemetry.models import ScreenFault
from server.watch.days import Measured
from server.watch.messages import named, place_of
from server.watch.models import Trouble
from server.watch.rules import Rules

__all__ = ["SETTLES", "faults_look", "measured_ill", "troubles_note"]

#: A trouble that is younger is not told yet, and one that went away so lately is not over yet.
SETTLES = timedelta(minutes=5)

#: Warnings that are told as errors are: what they lead to is seen too late.
TOLD_WARNINGS = ("CLOCK_SUSPECT", "CLOCK_OFF", "DISK_NEARLY_FULL")

#: A box's disk is nearly full below this share, its clock wrong beyond this offset.
LEAST_FREE_SHARE, MOST_OFFSET_MS = 0.05, 60_000


def measured_ill(measured: Measured) -> list[str]:
    """What a box's own measurements say is wrong, whether it says so or not."""
    found = []
    if measured.free_share is not None and measured.free_share < LEAST_FREE_SHARE:
        found.append("DISK_NEARLY_FULL")
    if abs(measured.offset_ms or 0) > MOST_OFFSET_MS:
        found.append("CLOCK_OFF")
    return found


def faults_look(heard: Mapping[int, Measured | None], now: datetime) -> int:
    """Look at the faults of all screens that are heard; in a transaction."""
    looked = {pk for pk, found in heard.items() if found is not None}
    bad = Q(severity__in=("E", "C")) | Q(code__in=TOLD_WARNINGS)
    faults = ScreenFault.objects.filter(bad, is_open(now), momentary=False)
    found = set(faults.values_list("screen_id", "code"))
    for pk, measured in heard.items():
        if measured is not None:
            found |= {(pk, code) for code in measured_ill(measured)}
    return troubles_note(source=Trouble.Source.BOX, looked=looked, found=found, now=now)


def troubles_note(
    *,
    source: Trouble.Source,
    looked: Collection[int],
    found: Iterable[tuple[int, str]],
    now: datetime,
) -> int:
    """Note what was `found` (screen, code) on the screens that were `looked` at; in a transaction.

    Returns how many messages were told.  Screens that nobody could look at stay as they are.
    """
    here = set(looked)
    present = {each for each in found if each[0] in here}
    rows = {(each.screen_id, each.code): each for each in Trouble.objects.filter(source=source)}
    new = [
        Trouble(screen_id=screen, code=code, source=source, since=now)
        for screen, code in sorted(present - set(rows))
    ]
    Trouble.objects.bulk_create(new, batch_size=200)
    lasting = [row for key, row in rows.items() if key in present]
    absent = [row for key, row in rows.items() if key not in present and key[0] in here]
    Trouble.objects.filter(pk__in=[row.pk for row in lasting if row.gone_at]).update(gone_at=None)
    return _tell_opened(lasting, now) + _tell_closed(absent, now)


def _tell_opened(rows: Iterable[Trouble], now: datetime) -> int:
    due = [row for row in rows if row.told_at is None and now - row.since >= SETTLES]
    if not due:
        return 0
    rules, screens = Rules(now), _screens(due)
    ripe = []
    for row in due:
        rule = rules.of(screens[row.screen_id]) if row.screen_id in screens else None
        if rule is not None and not rule.is_muted and rule.open_since(now) is not None:
            ripe.append(row)
    Trouble.objects.filter(pk__in=[row.pk for row in ripe]).update(told_at=now)
    return _tell_grouped(ripe, screens, now, opened=True)


def _tell_closed(rows: Iterable[Trouble], now: datetime) -> int:
    never_told, fresh, over = list[int](), list[int](), list[Trouble]()
    for row in rows:
        if row.told_at is None:
            never_told.append(row.pk)
        elif row.gone_at is None:
            fresh.append(row.pk)
        elif now - row.gone_at >= SETTLES:
            over.append(row)
    Trouble.objects.filter(pk__in=fresh).update(gone_at=now)
    Trouble.objects.filter(pk__in=[*never_told, *(row.pk for row in over)]).delete()
    return _tell_grouped(over, _screens(over), now, opened=False)


def _screens(rows: Iterable[Trouble]) -> dict[int, Screen]:
    wanted = Screen.objects.filter(pk__in={row.screen_id for row in rows}, retired_at=None)
    found = wanted.select_related("site", "department").prefetch_related("groups")
    return {each.pk: each for each in found}


def _tell_grouped(
    rows: Iterable[Trouble], screens: Mapping[int, Screen], now: datetime, *, opened: bool
) -> int:
    groups: defaultdict[tuple[tuple[int, int], str], list[Screen]] = defaultdict(list)
    for row in rows:
        if (screen := screens.get(row.screen_id)) is not None:
            groups[place_of(screen), row.code].append(screen)
    for (_where, code), found in groups.items():
        _tell(code, found, now, opened=opened)
    return len(groups)


def _tell(code: str, found: list[Screen], now: datetime, *, opened: bool) -> None:
    first, alone = found[0], len(found) == 1
    what = Bilingual(zh=sentence_of(code, "zh"), en=sentence_of(code, "en"))
    values: dict[str, object] = {"site": first.site.name, "what": what}
    values |= {"screen": first.name} if alone else {"n": len(found), "names": named(found)}
    begins = Kind.PICTURE_WRONG if code == "PICTURE_WRONG" else Kind.FAULT_OPENED
    tell(
        kind=begins if opened else Kind.FAULT_CLOSED,
        said=Sentence(_template(alone=alone, opened=opened), values),
        department=first.department,
        link=f"/screens/{first.pk}/" if alone else f"/screens/?site={first.site_id}",
        now=now,
    )


def _template(*, alone: bool, opened: bool) -> str:
    if alone:
        return _ONE_OPENED if opened else _ONE_CLOSED
    return _MANY_OPENED if opened else _MANY_CLOSED


_ONE_OPENED = _("%(screen)s (%(site)s): %(what)s")
_ONE_CLOSED = _("%(screen)s (%(site)s) is in order again. It was: %(what)s")
_MANY_OPENED = _("%(n)d screens of %(site)s (%(names)s): %(what)s")
_MANY_CLOSED = _("%(n)d screens of %(site)s (%(names)s) are in order again. It was: %(what)s")
