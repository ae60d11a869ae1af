"""Entries and takeovers: which layout is due where and when; and what a screen falls back to."""

from datetime import datetime
from typing import Any

from django.db import models, transaction
from msgspec import structs

from server.accounts import policy
from server.accounts.models import Department, Staff
from server.accounts.policy import Act
from server.audit import services as audit
from server.errors import Invalid
from server.library.models import Asset
from server.programme import checks
from server.programme.drafts import Where, WindowDraft
from server.programme.instants import whole_ms
from server.programme.models import Entry, Layout, Takeover
from server.programme.rights import require
from server.programme.versions import locked, require_version
from server.screens.models import Screen, ScreenGroup
from server.sentences import Sentence
from server.validation import cleaned

__all__ = [
    "entry_change",
    "entry_create",
    "entry_delete",
    "screen_fallback",
    "takeover_create",
    "window_of",
]


def entry_create(
    *,
    name: str,
    department: Department,
    layout: Layout,
    where: Where,
    window: WindowDraft,
    priority: int = 10,
    turn_ms: int | None = None,
    enabled: bool = True,
    actor: Staff | None,
    now: datetime,
) -> Entry:
    """Make an entry.  Raises `Invalid` with all that is wrong."""
    require(actor, Act.ARRANGE, department)
    checks.refuse([*checks.window(window), *_check_layout(layout, actor)])
    with transaction.atomic():
        entry = Entry(
            name=name, department=department, layout=layout, priority=priority,
            turn_ms=turn_ms, enabled=enabled, **_columns(window),
        )  # fmt: skip
        cleaned(entry).save()
        _put(entry, where, actor)
        _record(entry, "entry.create", actor, now)
    return entry


def entry_change(
    *,
    entry: Entry,
    version: int,
    where: Where | None = None,
    window: WindowDraft | None = None,
    actor: Staff | None,
    now: datetime,
    **changes: Any,
) -> Entry:
    """Change an entry that was read as `version`.

    `changes` are of `name`, `layout`, `priority`, `turn_ms`, `enabled`.  Raises `Conflict` with
    what changed meanwhile, or `Invalid`; then nothing is changed.
    """
    unknown = changes.keys() - {"name", "layout", "priority", "turn_ms", "enabled"}
    if unknown:
        raise TypeError(f"an entry has no {', '.join(sorted(unknown))} to change")
    require(actor, Act.ARRANGE, entry.department)
    checks.refuse(checks.window(window) if window else ())
    checks.refuse(_check_layout(changes["layout"], actor) if "layout" in changes else ())
    with transaction.atomic():
        row = locked(entry)
        yours = {f: value.pk if f == "layout" else value for f, value in changes.items()}
        yours |= structs.asdict(window) if window else {}
        yours |= _where_as_json(where) if where else {}
        require_version(row, version, _fields(row), yours)
        for field, value in (changes | (_columns(window) if window else {})).items():
            setattr(row, field, value)
        row.version += 1
        cleaned(row).save()
        if where is not None:
            _put(row, where, actor)
        _record(row, "entry.change", actor, now)
    return row


def entry_delete(*, entry: Entry, actor: Staff | None, now: datetime) -> None:
    """Delete an entry; what was published of it stays on the record."""
    require(actor, Act.ARRANGE, entry.department)
    with transaction.atomic():
        row = locked(entry)
        _record(row, "entry.delete", actor, now)
        row.delete()


def takeover_create(
    *,
    name: str,
    department: Department,
    shows: Layout | Asset,
    where: Where,
    starts_at: datetime,
    ends_at: datetime,
    priority: int = 0,
    is_drill: bool = False,
    actor: Staff,
    now: datetime,
) -> Takeover:
    """Make a takeover; `publishing.services.start_takeover` makes it and publishes it at once."""
    require(actor, Act.TAKE_OVER, department)
    starts_at, ends_at = whole_ms(starts_at), whole_ms(ends_at)
    kind = "layout" if isinstance(shows, Layout) else "asset"
    mistakes = _check_layout(shows, actor) if isinstance(shows, Layout) else []
    checks.refuse([*mistakes, *_check_span(starts_at, ends_at, now)])
    with transaction.atomic():
        takeover = Takeover(
            name=name, department=department, starts_at=starts_at, ends_at=ends_at,
            priority=priority, is_drill=is_drill, created_by=actor, created_at=now,
            **{kind: shows},
        )  # fmt: skip
        cleaned(takeover).save()
        _put(takeover, where, actor, Act.TAKE_OVER)
        detail = _where_as_json(where) | {
            kind: shows.pk, "ends_at": ends_at.isoformat(), "drill": is_drill,
        }  # fmt: skip
        audit.record(
            actor=actor, action="takeover.create", subject=takeover, detail=detail, now=now
        )
    return takeover


def screen_fallback(
    *, screen: Screen, version: int, layout: Layout | None, actor: Staff | None, now: datetime
) -> Screen:
    """Say what a screen shows when no entry is due; None is the slate."""
    require(actor, Act.ARRANGE, screen.department)
    checks.refuse(_check_layout(layout, actor) if layout else ())
    with transaction.atomic():
        row = locked(screen)
        yours = {"default_layout": layout.pk if layout else None}
        require_version(row, version, {"default_layout": row.default_layout_id}, yours)
        row.default_layout = layout
        row.version += 1
        row.save(update_fields=["default_layout", "version"])
        audit.record(actor=actor, action="screen.fallback", subject=row, detail=yours, now=now)
    return row


def window_of(entry: Entry) -> WindowDraft:
    """When an entry is due, as an editor would send it back."""
    return WindowDraft(
        start=entry.start,
        duration_s=entry.duration_s,
        rrule=entry.rrule,
        rdates=tuple(entry.rdates),
        exdates=tuple(entry.exdates),
        days=entry.days,
    )


def _columns(window: WindowDraft) -> dict[str, Any]:
    return structs.asdict(window) | {
        "rdates": sorted(window.rdates), "exdates": sorted(window.exdates),
    }  # fmt: skip


def _put(row: Entry | Takeover, where: Where, actor: Staff | None, act: Act = Act.ARRANGE) -> None:
    """Set on which screens and groups it is due; all of them in the actor's reach."""
    row.screens.set(_reached(Screen.objects.all(), where.screens, actor, act))
    row.groups.set(_reached(ScreenGroup.objects.all(), where.groups, actor, act))


def _reached(rows: models.QuerySet[Any], wanted: Any, actor: Staff | None, act: Act) -> list[Any]:
    if actor is not None:
        rows = rows.filter(policy.in_reach(actor, act))
    found = list(rows.filter(pk__in=set(wanted)))
    if len(found) < len(set(wanted)):
        raise Invalid(
            "Some of these screens are not yours to arrange: choose others.",
            details={"where": sorted(set(wanted) - {each.pk for each in found})},
        )
    return found


def _check_layout(layout: Layout, actor: Staff | None) -> list[checks.Mistake]:
    if actor is None or policy.may(actor, Act.VIEW, layout.department_id):
        return []
    return [("layout", Sentence("There is no such layout."))]


def _check_span(starts_at: datetime, ends_at: datetime, now: datetime) -> list[checks.Mistake]:
    if ends_at <= max(starts_at, whole_ms(now)):
        return [("ends_at", Sentence("It must end after it starts, and after now."))]
    return []


def _fields(entry: Entry) -> dict[str, Any]:
    where = Where(
        screens=entry.screens.values_list("pk", flat=True),
        groups=entry.groups.values_list("pk", flat=True),
    )
    own = {
        "name": entry.name, "layout": entry.layout_id, "priority": entry.priority,
        "turn_ms": entry.turn_ms, "enabled": entry.enabled,
    }  # fmt: skip
    return own | structs.asdict(window_of(entry)) | _where_as_json(where)


def _where_as_json(where: Where) -> dict[str, Any]:
    return {"screens": sorted(where.screens), "groups": sorted(where.groups)}


def _record(entry: Entry, action: str, actor: Staff | None, now: datetime) -> None:
    audit.record(actor=actor, action=action, subject=entry, detail=_fields(entry), now=now)
