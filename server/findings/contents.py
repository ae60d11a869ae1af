"""Looks at what is in the database: audit, keys, clock, queue."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from manifest.trusted_time import BUILT_AT
from server.audit.selectors import verify_chain
from server.findings.finding import Finding, Severity

__all__ = ["audit", "keys", "unguarded_screens", "waiting_tasks", "wrong_clock"]

#: Who waits longer than this for a worker waits for one that is not there.
WAITS_TOO_LONG = timedelta(minutes=10)

#: Clocks of several machines may differ by this much.
CLOCK_TOLERANCE = timedelta(minutes=1)


def audit() -> Iterator[Finding]:
    """Does the chain hold?"""
    cure = "find out who can write to the database; compare with a backup"
    for fault in verify_chain().breaks:
        yield Finding("AUDIT_BROKEN", f"the audit does not hold: {fault}", cure)


def keys() -> Iterator[Finding]:
    """Nothing can be published without keys; walls go on meanwhile."""
    from server.publishing.key_report import unusable_keys
    from server.publishing.selectors import newest_root

    if newest_root() is None:
        what = "there are no signing keys yet: nothing can be published"
        cure = "run yingbi-server keys init --to FOLDER"
        yield Finding("KEYS_NONE", what, cure, Severity.WARNING)
        return
    cure = "put the key files back from where you keep them, or run yingbi-server keys rotate"
    for role, keyid, why in unusable_keys():
        what = f"the {role} key {keyid} cannot be used ({why}): nothing can be published"
        yield Finding("KEY_AWAY", f"{what}, screens play on", cure)


def unguarded_screens() -> Iterator[Finding]:
    """Is there a screen of which no rule says who has to look at it first?"""
    from server.review.rules import unguarded

    screens = unguarded()
    if screens:
        what = f"no rule of review guards {len(screens)} screens, {screens[0]} among them"
        cure = "set a rule under People (with 0 steps, if nobody has to look)"
        yield Finding("REVIEW_NO_RULE", what, cure, Severity.WARNING)


def wrong_clock(now: datetime) -> Iterator[Finding]:
    """Is it later, by this machine's clock, than what has happened already?"""
    from server.publishing.models import Publication

    newest = Publication.objects.order_by("-issued_at").values_list("issued_at", flat=True).first()
    cure = "set this machine's clock (NTP) before anything is published"
    if now < BUILT_AT:
        what = f"the clock shows {now:%F %T} UTC, before this program was made ({BUILT_AT:%F})"
        yield Finding("CLOCK_BEHIND", what, cure)
    elif newest is not None and now < newest - CLOCK_TOLERANCE:
        what = f"the clock shows {now:%F %T} UTC, before the newest publication ({newest:%F %T})"
        yield Finding("CLOCK_BEHIND", what, cure)


def waiting_tasks(now: datetime) -> Iterator[Finding]:
    """Does anybody prepare what was uploaded?"""
    from django_tasks_db.models import DBTaskResult

    from server.worker import is_anybody_working

    waiting = DBTaskResult.objects.ready().filter(enqueued_at__lt=now - WAITS_TOO_LONG)
    oldest = waiting.order_by("enqueued_at").values_list("enqueued_at", flat=True).first()
    if oldest is None or is_anybody_working(now):
        return
    what = f"{waiting.count()} tasks wait since {oldest:%F %T} UTC, and nobody works on any"
    cure = "start the server, or yingbi-server worker where it runs with --no-worker"
    yield Finding("WORKER_AWAY", f"{what}: uploads are not prepared", cure)
