"""A playlist as an editor has it at this moment, compiled as if it were saved; nothing is written.

For previews of unsaved edits: alone on a canvas, in one of its layouts, or on a screen with all
else that the screen is due.  What comes out is a manifest like any other, so that the scheduler and
the stage show of it just what they would show on the wall.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Literal, cast
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_noop as _
from msgspec import structs
from msgspec.structs import replace

from manifest.codec import encode
from manifest.errors import ManifestFormatError
from manifest.model import Canvas, Manifest, Window
from server.programme import checks
from server.programme.drafts import ItemDraft, PlaylistDraft
from server.programme.merging import identity
from server.publishing.compile import Sheet, compiled, sheet_of
from server.publishing.errors import ProgrammeInvalid
from server.publishing.facts import (
    EntryFacts,
    Facts,
    ItemFacts,
    LayoutFacts,
    PlaylistFacts,
    ZoneFacts,
)
from server.publishing.loader import load_assets, load_facts
from server.screens.models import Screen

__all__ = ["alone_on", "in_layout", "item_names", "on_screen"]

#: New items have no key of the database yet: they are numbered from here on, in their order.
FIRST_NEW = 1 << 40

#: The layout that a playlist has when it is looked at alone; no row has this key (0 is the slate).
ALONE = 1 << 40

#: How long a playlist is looked at alone.
_A_DAY_S = 86_400

_ITEM_FIELDS = tuple(name for name in ItemFacts.__struct_fields__ if name != "pk")


def alone_on(
    canvas: Canvas, playlist: int, draft: PlaylistDraft, now: datetime, timezone: str
) -> Manifest:
    """The draft alone, filling `canvas`, from its first item on at `now` (a whole second)."""
    zone = ZoneFacts("main", 0, 0, canvas.width, canvas.height, playlist)
    layout = LayoutFacts(ALONE, draft.name, canvas, "#000000", (zone,))
    facts = _with_draft(Facts(layouts={ALONE: layout}), playlist, draft)
    return _from_now(facts, ALONE, canvas, now, timezone)


def in_layout(
    layout: int, playlist: int, draft: PlaylistDraft, now: datetime, timezone: str
) -> Manifest:
    """A layout with the draft in its zones, from the first items on at `now`."""
    facts = load_facts((), (layout,))
    if layout not in facts.layouts:
        raise ProgrammeInvalid(_("This layout is gone: choose another."))
    canvas = facts.layouts[layout].canvas
    return _from_now(_with_draft(facts, playlist, draft), layout, canvas, now, timezone)


def on_screen(screen: Screen, playlist: int, draft: PlaylistDraft, now: datetime) -> Manifest:
    """What a screen would be told if the draft were saved and published now."""
    facts = _with_draft(load_facts([screen.pk]), playlist, draft)
    made = _compiled(facts, sheet_of(facts, facts.screens[screen.pk], now))
    return replace(made, site=screen.site.slug, screen=screen.slug)


def item_names(draft: PlaylistDraft) -> dict[str, str]:
    """Which item of the draft (`merging.identity`) an item of a manifest is, without its page."""
    return {f"i{pk}": identity(item) for pk, item in _numbered(draft)}


def _from_now(facts: Facts, layout: int, canvas: Canvas, now: datetime, timezone: str) -> Manifest:
    """One layout from now on.  An entry, because a rotation begins with its occurrence."""
    start = now.astimezone(ZoneInfo(timezone)).replace(tzinfo=None, microsecond=0)
    entry = EntryFacts(0, "", layout, priority=0, window=Window(start, _A_DAY_S))
    sheet = Sheet(canvas, timezone, None, (0,), (), None, allows_4k=False)
    return _compiled(replace(facts, entries=(entry,)), sheet)


def _compiled(facts: Facts, sheet: Sheet) -> Manifest:
    made = compiled(facts, sheet)
    try:
        encode(made)
    except ManifestFormatError as error:
        raise ProgrammeInvalid(
            _("This cannot be shown: %(error)s."), values={"error": error}
        ) from error
    return made


def _with_draft(facts: Facts, playlist: int, draft: PlaylistDraft) -> Facts:
    """The facts with the draft in the place of what is stored.  Raises `Invalid`."""
    checks.refuse(checks.items(draft.items))
    wanted = {each.asset for each in draft.items}
    assets = load_assets(wanted - facts.assets.keys())
    shown = tuple(
        _facts_of(pk, item)
        for pk, item in _numbered(draft)
        if item.asset in assets or item.asset in facts.assets
    )
    order = cast(Literal["listed", "shuffled"], draft.order)
    made = PlaylistFacts(playlist, draft.name, shown, order)
    return replace(
        facts,
        playlists=facts.playlists | {playlist: made},
        assets=facts.assets | assets,
    )


def _numbered(draft: PlaylistDraft) -> Iterator[tuple[int, ItemDraft]]:
    for place, item in enumerate(draft.items):
        yield (item.pk or FIRST_NEW + place), item


def _facts_of(pk: int, item: ItemDraft) -> ItemFacts:
    values = structs.asdict(item)
    return ItemFacts(pk=pk, **{name: values[name] for name in _ITEM_FIELDS})
