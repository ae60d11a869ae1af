"""Layouts, for scripts: with their zones, changed as a whole and by version."""

from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType, structs

from manifest.model import Canvas
from server.accounts.policy import Act
from server.api.interface import Call, Operation
from server.api.reading import (
    BEFORE,
    Colour,
    Key,
    Name,
    Version,
    department,
    found,
    page_of,
    visible,
)
from server.programme import services
from server.programme.drafts import ZoneDraft
from server.programme.layouts import DEFAULT_BACKGROUND, zones_of
from server.programme.models import Layout
from server.screens.models import LARGEST_SIDE, LEAST_SIDE

__all__ = ["OPERATIONS", "Slug"]

Side = Annotated[int, Meta(ge=LEAST_SIDE, le=LARGEST_SIDE)]
Place = Annotated[int, Meta(ge=0, le=LARGEST_SIDE)]
Extent = Annotated[int, Meta(ge=1, le=LARGEST_SIDE)]
Slug = Annotated[str, Meta(pattern="^[A-Za-z0-9._-]{1,64}$")]


class ZoneValue(Struct, forbid_unknown_fields=True):
    """A rectangle, in pixels of the layout's canvas, that plays a playlist; larger `z` is above."""

    slug: Slug
    x: Place
    y: Place
    width: Extent
    height: Extent
    playlist: Key
    z: Annotated[int, Meta(ge=-1000, le=1000)] = 0


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


def _layout(call: Call, layout: int) -> Layout:
    return found(visible(call, Layout), layout, "layout")


def layout_list(call: Call) -> LayoutList:
    """List layouts, the newest first."""
    rows, following = page_of(call, visible(call, Layout))
    return LayoutList([_value(each) for each in rows], following)


def layout_create(call: Call) -> LayoutValue:
    """Make a layout."""
    made = services.layout_create(
        name=call.body.name,
        department=department(call, call.body.department, Act.ARRANGE),
        canvas=Canvas(call.body.canvas_width, call.body.canvas_height),
        background=call.body.background,
        zones=_drafts(call.body.zones),
        actor=call.actor,
        now=call.now,
    )
    return _value(made)


def layout_look(call: Call, layout: int) -> LayoutValue:
    """Look at one layout."""
    return _value(_layout(call, layout))


def layout_change(call: Call, layout: int) -> LayoutValue:
    """Change a layout."""
    row, body = _layout(call, layout), call.body
    sent: dict[str, Any] = {
        name: value
        for name in ("name", "background", "zones")
        if (value := getattr(body, name)) is not UNSET
    }
    if "zones" in sent:
        sent["zones"] = _drafts(sent["zones"])
    width, height = body.canvas_width, body.canvas_height
    if width is not UNSET or height is not UNSET:
        sent["canvas"] = Canvas(
            row.canvas_width if width is UNSET else width,
            row.canvas_height if height is UNSET else height,
        )
    changed = services.layout_change(
        layout=row, version=body.version, actor=call.actor, now=call.now, **sent
    )
    return _value(changed)


def layout_delete(call: Call, layout: int) -> None:
    """Delete a layout that nothing shows."""
    services.layout_delete(layout=_layout(call, layout), actor=call.actor, now=call.now)


OPERATIONS = (
    Operation("GET", "layouts/", "layout_list", layout_list, "List layouts",
              answer=LayoutList, parameters=(BEFORE,)),
    Operation("POST", "layouts/", "layout_create", layout_create, "Make a layout",
              NewLayout, LayoutValue, 201, act=Act.ARRANGE),
    Operation("GET", "layouts/<int:layout>/", "layout_look", layout_look, "Look at a layout",
              answer=LayoutValue),
    Operation("PATCH", "layouts/<int:layout>/", "layout_change", layout_change,
              "Change a layout; zones replaces all of them", LayoutChange, LayoutValue,
              act=Act.ARRANGE),
    Operation("DELETE", "layouts/<int:layout>/", "layout_delete", layout_delete,
              "Delete a layout that nothing shows", act=Act.ARRANGE),
)  # fmt: skip
