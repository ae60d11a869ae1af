"""Entries, for scripts: which layout is due where and when."""

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, structs

from server.accounts.policy import Act
from server.api.interface import Call, Operation
from server.api.reading import (
    BEFORE,
    Key,
    Keys,
    Name,
    Version,
    department,
    found,
    page_of,
    visible,
)
from server.programme import services
from server.programme.drafts import Where, WindowDraft
from server.programme.entries import window_of
from server.programme.models import LONGEST_WINDOW_S, Entry, Layout

__all__ = ["OPERATIONS", "Priority"]

WallTime = Annotated[
    str,
    Meta(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$", description="On the clock of each screen."),
]
Priority = Annotated[int, Meta(ge=-(2**31), le=2**31 - 1)]
Turn = Annotated[int, Meta(ge=100, le=604_800_000)]


class WindowValue(Struct, forbid_unknown_fields=True):
    """When it is due: the first time, how long, and how it repeats (RFC 5545)."""

    start: WallTime
    duration_s: Annotated[int, Meta(ge=1, le=LONGEST_WINDOW_S)]
    rrule: Annotated[str, Meta(max_length=500)] = ""
    rdates: list[WallTime] = []
    exdates: list[WallTime] = []
    days: Literal["any", "work", "rest"] = "any"


class NewEntry(Struct, forbid_unknown_fields=True):
    """An entry to be made."""

    name: Name
    layout: Key
    window: WindowValue
    department: Key | None = None
    screens: Keys = []
    groups: Keys = []
    priority: Priority = 10
    turn_ms: Turn | None = None
    enabled: bool = True


class EntryChange(Struct, forbid_unknown_fields=True):
    """What will be another.  `version` is the one that was read."""

    version: Version
    name: Name | UnsetType = UNSET
    layout: Key | UnsetType = UNSET
    window: WindowValue | UnsetType = UNSET
    screens: Keys | UnsetType = UNSET
    groups: Keys | UnsetType = UNSET
    priority: Priority | UnsetType = UNSET
    turn_ms: Turn | UnsetType | None = UNSET
    enabled: bool | UnsetType = UNSET


class EntryValue(Struct):
    """An entry; with its window, screens and groups."""

    id: int
    name: str
    department: int
    layout: int
    window: WindowValue
    screens: list[int]
    groups: list[int]
    priority: int
    turn_ms: int | None
    enabled: bool
    version: int


class EntryList(Struct):
    """Some entries; `next` is the `before` of the next page, or None."""

    entries: list[EntryValue]
    next: int | None


def _value(entry: Entry) -> EntryValue:
    window = structs.asdict(window_of(entry))
    return EntryValue(
        id=entry.pk,
        name=entry.name,
        department=entry.department_id,
        layout=entry.layout_id,
        window=WindowValue(
            **window | {"rdates": list(window["rdates"]), "exdates": list(window["exdates"])}
        ),
        screens=sorted(entry.screens.values_list("pk", flat=True)),
        groups=sorted(entry.groups.values_list("pk", flat=True)),
        priority=entry.priority,
        turn_ms=entry.turn_ms,
        enabled=entry.enabled,
        version=entry.version,
    )


def _draft(window: WindowValue) -> WindowDraft:
    fields = structs.asdict(window)
    return WindowDraft(
        **fields | {"rdates": tuple(window.rdates), "exdates": tuple(window.exdates)}
    )


def _layout(call: Call, pk: int) -> Layout:
    return found(visible(call, Layout), pk, "layout")


def _entry(call: Call, entry: int) -> Entry:
    return found(visible(call, Entry), entry, "entry")


def entry_list(call: Call) -> EntryList:
    """List entries, the newest first."""
    rows, following = page_of(call, visible(call, Entry))
    return EntryList([_value(each) for each in rows], following)


def entry_create(call: Call) -> EntryValue:
    """Make an entry."""
    body = call.body
    made = services.entry_create(
        name=body.name,
        department=department(call, body.department, Act.ARRANGE),
        layout=_layout(call, body.layout),
        where=Where(screens=body.screens, groups=body.groups),
        window=_draft(body.window),
        priority=body.priority,
        turn_ms=body.turn_ms,
        enabled=body.enabled,
        actor=call.actor,
        now=call.now,
    )
    return _value(made)


def entry_look(call: Call, entry: int) -> EntryValue:
    """Look at one entry."""
    return _value(_entry(call, entry))


def entry_change(call: Call, entry: int) -> EntryValue:
    """Change an entry."""
    row, body = _entry(call, entry), call.body
    sent: dict[str, Any] = {
        name: value
        for name in ("name", "layout", "priority", "turn_ms", "enabled", "window")
        if (value := getattr(body, name)) is not UNSET
    }
    if "layout" in sent:
        sent["layout"] = _layout(call, sent["layout"])
    if "window" in sent:
        sent["window"] = _draft(sent["window"])
    if body.screens is not UNSET or body.groups is not UNSET:
        before = _value(row)
        sent["where"] = Where(
            screens=before.screens if body.screens is UNSET else body.screens,
            groups=before.groups if body.groups is UNSET else body.groups,
        )
    changed = services.entry_change(
        entry=row, version=body.version, actor=call.actor, now=call.now, **sent
    )
    return _value(changed)


def entry_delete(call: Call, entry: int) -> None:
    """Delete an entry; what was published of it stays on the record."""
    services.entry_delete(entry=_entry(call, entry), actor=call.actor, now=call.now)


OPERATIONS = (
    Operation("GET", "entries/", "entry_list", entry_list, "List entries",
              answer=EntryList, parameters=(BEFORE,)),
    Operation("POST", "entries/", "entry_create", entry_create, "Make an entry",
              NewEntry, EntryValue, 201, act=Act.ARRANGE),
    Operation("GET", "entries/<int:entry>/", "entry_look", entry_look, "Look at an entry",
              answer=EntryValue),
    Operation("PATCH", "entries/<int:entry>/", "entry_change", entry_change, "Change an entry",
              EntryChange, EntryValue, act=Act.ARRANGE),
    Operation("DELETE", "entries/<int:entry>/", "entry_delete", entry_delete, "Delete an entry",
              act=Act.ARRANGE),
)  # fmt: skip
