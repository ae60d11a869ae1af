"""The database to facts: one constant number of queries for a batch of screens, however large.

For `publishing.services`.  Reads only, inside the caller's transaction; what the rows mean is
`publishing.compile`'s business.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Literal, cast

from django.db.models import Model, Q

from manifest.model import Canvas, Window
from server.library.models import Asset, AssetKind, AssetState, Purpose, Rendition
from server.programme.models import CalendarDay, Entry, Layout, PlaylistItem, Takeover, Zone
from server.programme.models import Playlist as PlaylistRow
from server.publishing.alone import layout_alone, playlist_alone, stand_in
from server.publishing.codes import with_codes
from server.publishing.facts import (
    AssetFacts,
    EntryFacts,
    Facts,
    FileFacts,
    ItemFacts,
    LayoutFacts,
    PlaylistFacts,
    ScreenFacts,
    TakeoverFacts,
    ZoneFacts,
)
from server.screens.models import Screen, ScreenGroup

__all__ = ["FOR_WALLS", "load_asset", "load_assets", "load_drawn", "load_facts", "load_layout"]

#: The renditions that screens fetch.
FOR_WALLS = (Purpose.WALL, Purpose.WALL_4K)


def load_facts(screens: Collection[int], also: Collection[int] = ()) -> Facts:
    """Everything that the manifests of these screens (primary keys) are made of.

    The layouts `also` are in it too, whether or not something is due that shows them.
    """
    groups = _pairs(Screen.groups.through, "screen_id", "screengroup_id", screen__in=screens)
    entries = _entries(screens, groups)
    takeovers = _takeovers(screens, groups)
    rows = _screens(screens)
    wanted = {row["default_layout_id"] for row in rows} | {each.layout for each in entries}
    wanted |= {each.layout for each in takeovers} | set(also)
    layouts = _layouts(wanted - {None})
    playlists = _playlists({z.playlist for each in layouts.values() for z in each.zones})
    for key in (each.layout for each in takeovers if each.layout < 0):
        layouts[key], playlists[key] = layout_alone(key), playlist_alone(key)
    assets = _assets({item.asset for each in playlists.values() for item in each.items})
    days = list(CalendarDay.objects.values_list("kind", "date"))
    return Facts(
        screens={row["pk"]: _screen(row, groups[row["pk"]]) for row in _allowed_4k(rows, groups)},
        layouts=layouts,
        playlists=playlists,
        assets=assets,
        entries=entries,
        takeovers=takeovers,
        rest_days=frozenset(day for kind, day in days if kind == CalendarDay.Kind.REST),
        work_days=frozenset(day for kind, day in days if kind == CalendarDay.Kind.WORK),
    )


def load_asset(asset: int) -> AssetFacts:
    """One asset; `KeyError` if it is not there."""
    return _assets([asset])[asset]


def load_assets(assets: Collection[int]) -> dict[int, AssetFacts]:
    """Those of these assets that are there, with the stand-ins of streams among them."""
    return _assets(assets)


def load_layout(layout: int) -> Facts:
    """One layout with all that its zones play; `KeyError` if it is not there."""
    return load_drawn(_layouts([layout])[layout])


def load_drawn(layout: LayoutFacts) -> Facts:
    """A layout, stored or not, with all that its zones play."""
    playlists = _playlists({zone.playlist for zone in layout.zones})
    assets = _assets({item.asset for each in playlists.values() for item in each.items})
    return Facts(layouts={layout.pk: layout}, playlists=playlists, assets=assets)


def _pairs(
    through: type[Model], key: str, value: str, **among: Collection[int]
) -> defaultdict[int, set[int]]:
    """Some pairs of a many-to-many table: the values of each key."""
    found: defaultdict[int, set[int]] = defaultdict(set)
    rows = through._default_manager.filter(**among)  # noqa: SLF001  (Django's own name for it)
    for one, other in rows.values_list(key, value):
        found[one].add(other)
    return found


# --- screens -----------------------------------------------------------------------------------


def _screens(screens: Collection[int]) -> list[Mapping[str, Any]]:
    rows = Screen.objects.filter(pk__in=screens).values(
        "pk", "slug", "site__slug", "name", "canvas_width", "canvas_height", "timezone",
        "default_layout_id", "panel_on",
    )  # fmt: skip
    return cast("list[Mapping[str, Any]]", list(rows))


def _allowed_4k(
    rows: list[Mapping[str, Any]], groups: defaultdict[int, set[int]]
) -> list[Mapping[str, Any]]:
    able = set(ScreenGroup.objects.filter(allow_4k=True).values_list("pk", flat=True))
    return [{**row, "allows_4k": bool(groups[row["pk"]] & able)} for row in rows]


def _screen(row: Mapping[str, Any], groups: set[int]) -> ScreenFacts:
    panel = row["panel_on"]
    return ScreenFacts(
        pk=row["pk"],
        slug=row["slug"],
        site=row["site__slug"],
        name=row["name"],
        canvas=Canvas(row["canvas_width"], row["canvas_height"]),
        timezone=row["timezone"],
        default_layout=row["default_layout_id"],
        panel=None if panel is None else tuple(_window(each) for each in panel),
        groups=frozenset(groups),
        allows_4k=row["allows_4k"],
    )


# --- when --------------------------------------------------------------------------------------


def _entries(screens: Collection[int], groups: dict[int, set[int]]) -> tuple[EntryFacts, ...]:
    """The enabled entries that concern one of the screens, by primary key."""
    where = _where(Entry, "entry_id", screens, groups)
    rows = Entry.objects.filter(where.condition, enabled=True).order_by("pk").distinct().values()
    return tuple(
        EntryFacts(
            pk=row["id"],
            name=row["name"],
            layout=row["layout_id"],
            priority=row["priority"],
            window=_window(row),
            turn_ms=row["turn_ms"],
            screens=frozenset(where.screens[row["id"]]),
            groups=frozenset(where.groups[row["id"]]),
        )
        for row in rows
    )


def _takeovers(screens: Collection[int], groups: dict[int, set[int]]) -> tuple[TakeoverFacts, ...]:
    where = _where(Takeover, "takeover_id", screens, groups)
    rows = Takeover.objects.filter(where.condition).order_by("pk").distinct().values()
    return tuple(
        TakeoverFacts(
            pk=row["id"],
            name=row["name"],
            layout=row["layout_id"] or stand_in(row["asset_id"]),
            starts_at=row["starts_at"],
            ends_at=row["ends_at"],
            priority=row["priority"],
            screens=frozenset(where.screens[row["id"]]),
            groups=frozenset(where.groups[row["id"]]),
        )
        for row in rows
    )


class _Where:
    """On which of the screens and groups each row of a model is due, and the filter for it."""

    def __init__(
        self, screens: defaultdict[int, set[int]], groups: defaultdict[int, set[int]]
    ) -> None:
        self.screens, self.groups = screens, groups
        self.condition = Q(pk__in=set(screens) | set(groups))


def _where(
    model: type[Entry | Takeover],
    key: str,
    screens: Collection[int],
    groups: dict[int, set[int]],
) -> _Where:
    named = {group for found in groups.values() for group in found}
    on_screens = _pairs(model.screens.through, key, "screen_id", screen__in=screens)
    on_groups = _pairs(model.groups.through, key, "screengroup_id", screengroup__in=named)
    return _Where(on_screens, on_groups)


def _window(row: Mapping[str, Any]) -> Window:
    """A window as an entry's columns or as JSON in the manifest's words."""
    return Window(
        start=datetime.fromisoformat(row["start"]),
        duration_s=row["duration_s"],
        rrule=row.get("rrule") or None,
        rdates=tuple(sorted(datetime.fromisoformat(each) for each in row.get("rdates", ()))),
        exdates=tuple(sorted(datetime.fromisoformat(each) for each in row.get("exdates", ()))),
        days=row.get("days", "any"),
    )


# --- what --------------------------------------------------------------------------------------


def _layouts(wanted: Collection[int]) -> dict[int, LayoutFacts]:
    zones: defaultdict[int, list[ZoneFacts]] = defaultdict(list)
    for zone in Zone.objects.filter(layout__in=wanted).order_by("z", "slug"):
        zones[zone.layout_id].append(
            ZoneFacts(zone.slug, zone.x, zone.y, zone.width, zone.height, zone.playlist_id, zone.z)
        )
    return {
        row.pk: LayoutFacts(
            pk=row.pk,
            name=row.name,
            canvas=Canvas(row.canvas_width, row.canvas_height),
            background=row.background,
            zones=tuple(zones[row.pk]),
        )
        for row in Layout.objects.filter(pk__in=wanted)
    }


def _playlists(wanted: Collection[int]) -> dict[int, PlaylistFacts]:
    items: defaultdict[int, list[ItemFacts]] = defaultdict(list)
    for row in PlaylistItem.objects.filter(playlist__in=wanted).order_by("position", "pk").values():
        items[row["playlist_id"]].append(_item(row))
    return {
        row.pk: PlaylistFacts(
            row.pk, row.name, tuple(items[row.pk]), cast(Literal["listed", "shuffled"], row.order)
        )
        for row in PlaylistRow.objects.filter(pk__in=wanted)
    }


def _item(row: Mapping[str, Any]) -> ItemFacts:
    return ItemFacts(
        pk=row["id"],
        asset=row["asset_id"],
        **{
            name: row[name]
            for name in (
                "page", "duration_ms", "weight", "fit", "transition", "transition_ms",
                "is_muted", "valid_from", "valid_until",
            )
        },
    )  # fmt: skip


def _assets(wanted: Collection[int]) -> dict[int, AssetFacts]:
    """The assets, with the stand-ins of the streams among them."""
    rows = list(Asset.objects.filter(pk__in=wanted))
    fallbacks = {
        row.content["fallback"]
        for row in rows
        if row.kind == AssetKind.STREAM and isinstance(row.content.get("fallback"), int)
    }
    rows += Asset.objects.filter(pk__in=fallbacks - set(wanted))
    files = _files([row.pk for row in rows])
    return {row.pk: _asset(row, files) for row in rows}


def _asset(row: Asset, files: dict[tuple[int, str], list[FileFacts]]) -> AssetFacts:
    """An asset; one that is prepared once more goes on being shown as it was prepared before."""
    is_withdrawn, has_files = row.state == AssetState.WITHDRAWN, bool(files[row.pk, Purpose.WALL])
    return AssetFacts(
        pk=row.pk,
        kind=row.kind,
        title=row.title,
        is_ready=row.state == AssetState.READY or (has_files and not is_withdrawn),
        files=tuple(files[row.pk, Purpose.WALL]),
        files_4k=tuple(files[row.pk, Purpose.WALL_4K]),
        content=with_codes(row.pk, row.content),
        valid_until=row.valid_until,
        is_withdrawn=is_withdrawn,
    )


def _files(assets: Collection[int]) -> defaultdict[tuple[int, str], list[FileFacts]]:
    found: defaultdict[tuple[int, str], list[FileFacts]] = defaultdict(list)
    rows = Rendition.objects.filter(asset__in=assets, purpose__in=FOR_WALLS)
    for row in rows.select_related("blob").order_by("page"):
        found[row.asset_id, row.purpose].append(
            FileFacts(
                page=row.page,
                sha256=row.blob_id,
                bytes=row.blob.bytes,
                mime=row.blob.mime,
                width=row.width,
                height=row.height,
                duration_ms=row.duration_ms,
                audio=row.audio,
                text_percent=row.text_percent,
            )
        )
    return found
