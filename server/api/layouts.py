"""Layouts, for scripts: with their zones, changed as a whole and by version."""

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType, structs

from manifest.model import Canvas
from server.accounts.policy import Act
from server.api.interface import Call
from server.api.reading import Colour, Key, Name, Version, department
from server.api.resource import Resource, sent
from server.programme import services
from server.programme.drafts import ZoneDraft
from server.programme.layouts import DEFAULT_BACKGROUND, zones_of
from server.programme.models import Layout
from server.screens.models import LARGEST_SIDE, LEAST_SIDE

__all__ = ["LAYOUTS", "OPERATIONS", "Slug"]

Side = Annotated[int, Meta(ge=LEAST_SIDE, le=LARGEST_SIDE)]
Place = Annotated[int, Meta(ge=0, le=LARGEST_SIDE)]
Extent = Annotated[int, Meta(ge=1, le=LARGEST_SIDE)]
Slug = Annotated[str, Meta(pattern="^[A-Za-z0-9._-]{1,64}$")]


class ZoneValue(Struct, forbid_unknown_fields=True):
    """A rectangle, in pixels of the layout's canvas, that plays a playlist; larger `z` is above.

    `name` is what people call the zone; screens do not know it.
    """

    slug: Slug
    x: Place
    y: Place
    width: Extent
    height: Extent
    playlist: Key
    z: Annotated[int, Meta(ge=-1000, le=1000)] = 0
    name: Annotated[str, Meta(max_length=60)] = ""


class NewLayout(Struct, forbid_unknown_fields=True):
    """A layout to be made."""

    name: Name
    zones: list[ZoneValue]
    department: Key | None = None
    canvas_width: Side = 1920
    canvas_height: Side = 1080
    background: Colour = DEFAULT_BACKGROUND


class LayoutChange(Struct, forbid_unknown_fields=True):
    """What will be another; `zones` replaces all of them.  `version` is the one that was read."""

    version: Version
    name: Name | UnsetType = UNSET
    canvas_width: Side | UnsetType = UNSET
    canvas_height: Side | UnsetType = UNSET
    background: Colour | UnsetType = UNSET
    zones: list[ZoneValue] | UnsetType = UNSET


class LayoutValue(Struct):
    """A layout with its zones, the lowest first."""

    id: int
    name: str
    department: int
    canvas_width: int
    canvas_height: int
    background: str
    version: int
    zones: list[ZoneValue]


class LayoutList(Struct):
    """Some layouts; `next` is the `before` of the next page, or None."""

    layouts: list[LayoutValue]
    next: int | None


def _value(layout: Layout) -> LayoutValue:
    zones = [ZoneValue(**structs.asdict(each)) for each in zones_of(layout)]
    return LayoutValue(
        layout.pk, layout.name, layout.department_id, layout.canvas_width, layout.canvas_height,
        layout.background, layout.version, zones,
    )  # fmt: skip


def _drafts(zones: list[ZoneValue]) -> list[ZoneDraft]:
    return [ZoneDraft(**structs.asdict(each)) for each in zones]


def _create(call: Call) -> Layout:
    return services.layout_create(
        name=call.body.name,
        department=department(call, call.body.department, Act.ARRANGE),
        canvas=Canvas(call.body.canvas_width, call.body.canvas_height),
        background=call.body.background,
        zones=_drafts(call.body.zones),
        actor=call.actor,
        now=call.now,
    )


def _change(call: Call, layout: Layout) -> Layout:
    changes = sent(call.body, "name", "background", "zones")
    if "zones" in changes:
        changes["zones"] = _drafts(changes["zones"])
    if sides := sent(call.body, "canvas_width", "canvas_height"):
        changes["canvas"] = Canvas(
            sides.get("canvas_width", layout.canvas_width),
            sides.get("canvas_height", layout.canvas_height),
        )
    return services.layout_change(
        layout=layout, version=call.body.version, actor=call.actor, now=call.now, **changes
    )


def _delete(call: Call, layout: Layout) -> None:
    services.layout_delete(layout=layout, actor=call.actor, now=call.now)


LAYOUTS = Resource(
    Layout, "layout", Act.ARRANGE, value=_value, answer=LayoutValue, listing=LayoutList
)

OPERATIONS = (
    LAYOUTS.list("List layouts"),
    LAYOUTS.create(_create, NewLayout, "Make a layout"),
    LAYOUTS.look("Look at a layout"),
    LAYOUTS.change(_change, LayoutChange, "Change a layout; zones replaces all of them"),
    LAYOUTS.delete(_delete, "Delete a layout that nothing shows"),
)
