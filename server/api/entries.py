"""Entries, for scripts: which layout is due where and when."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, structs

from server.accounts.policy import Act
from server.api.interface import Call
from server.api.layouts import LAYOUTS
from server.api.reading import Key, Keys, Name, Version, department
from server.api.resource import Resource, sent
from server.programme import services
from server.programme.drafts import Where, WindowDraft
from server.programme.entries import window_of
from server.programme.models import LONGEST_WINDOW_S, Entry

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


def _create(call: Call) -> Entry:
    body = call.body
    return services.entry_create(
        name=body.name,
        department=department(call, body.department, Act.ARRANGE),
        layout=LAYOUTS.row(call, body.layout),
        where=Where(screens=body.screens, groups=body.groups),
        window=_draft(body.window),
        priority=body.priority,
        turn_ms=body.turn_ms,
        enabled=body.enabled,
        actor=call.actor,
        now=call.now,
    )


def _change(call: Call, entry: Entry) -> Entry:
    changes = sent(call.body, "name", "layout", "priority", "turn_ms", "enabled", "window")
    if "layout" in changes:
        changes["layout"] = LAYOUTS.row(call, changes["layout"])
    if "window" in changes:
        changes["window"] = _draft(changes["window"])
    if where := sent(call.body, "screens", "groups"):
        before = _value(entry)
        changes["where"] = Where(
            screens=where.get("screens", before.screens), groups=where.get("groups", before.groups)
        )
    return services.entry_change(
        entry=entry, version=call.body.version, actor=call.actor, now=call.now, **changes
    )


def _delete(call: Call, entry: Entry) -> None:
    services.entry_delete(entry=entry, actor=call.actor, now=call.now)


ENTRIES = Resource(
    Entry, "entry", Act.ARRANGE, value=_value, answer=EntryValue, listing=EntryList,
    path="entries/",
)  # fmt: skip

OPERATIONS = (
    ENTRIES.list("List entries"),
    ENTRIES.create(_create, NewEntry, "Make an entry"),
    ENTRIES.look("Look at an entry"),
    ENTRIES.change(_change, EntryChange, "Change an entry"),
    ENTRIES.delete(_delete, "Delete an entry"),
)
