"""Which assets screens report that they cannot show: for every page on which people meet them.

A box names the item, and an item has its asset; the fault is over once the item has stood on the
glass again (docs/player.md).
"""

import re
from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from server.programme.models import PlaylistItem
from server.screens.models import Screen
from server.telemetry.selectors import open_faults

__all__ = ["ITEM_FAULTS", "screens_that_cannot_show", "title_in", "unplayable_among"]

#: The faults that keep an item from the glass until its file is another.
ITEM_FAULTS = frozenset({"MEDIA_BAD", "QUARANTINE"})

#: What a box calls an item: its id, which may have a prefix and a page, then its title.
_SUBJECT = re.compile(r"(?:[^\s(]+\.)?i(?P<item>\d{1,18})(?:\.\d+)?(?: \((?P<title>.*)\))?")


def screens_that_cannot_show(assets: Collection[int], now: datetime) -> dict[int, list[Screen]]:
    """The screens that report so, by asset; without the assets that all screens can show."""
    faults = open_faults(Screen.objects.filter(retired_at=None), now).filter(code__in=ITEM_FAULTS)
    by_item: defaultdict[int, dict[int, Screen]] = defaultdict(dict)
    for each in faults:
        named = _SUBJECT.fullmatch(each.subject)
        if named is not None:
            by_item[int(named["item"])][each.screen_id] = each.screen
    if not by_item:
        return {}
    found: defaultdict[int, dict[int, Screen]] = defaultdict(dict)
    items = PlaylistItem.objects.filter(pk__in=list(by_item), asset__in=assets)
    for item, asset in items.values_list("pk", "asset"):
        found[asset] |= by_item[item]
    return {
        asset: sorted(screens.values(), key=lambda each: each.name)
        for asset, screens in found.items()
    }


def unplayable_among(assets: Collection[int], now: datetime) -> frozenset[int]:
    """Those of these assets that any screen reports that it cannot show."""
    return frozenset(screens_that_cannot_show(assets, now))


def title_in(subject: str) -> str:
    """The title in what a box calls an item; "" for what names none."""
    named = _SUBJECT.fullmatch(subject)
    return (named["title"] or "") if named else ""
