"""How long each item is due in a span of time: what proof of play is held against.

Pure.  A day of ten-second items is not walked through picture by picture: whole loops are counted,
and only what is left of the last one is looked at.
"""

from collections import Counter
from datetime import datetime

from manifest.model import Manifest
from scheduler.rotation import Rotation
from scheduler.timeline import Timeline
from scheduler.wallclock import to_ms

__all__ = ["planned_ms"]


def planned_ms(manifest: Manifest, start: datetime, until: datetime) -> Counter[tuple[str, str]]:
    """Milliseconds for which items are due in `[start, until)`, by (playlist, item).

    Zones count each for itself.  Exact to the millisecond, but that a shuffled loop that is cut at
    both ends is taken for a whole one.  Whether the panel is lit is not asked.
    """
    timeline, planned = Timeline.of(manifest), Counter[tuple[str, str]]()
    selection = timeline.selection()
    t, end = to_ms(start), to_ms(until)
    while t < end:
        stretch = selection.stretch_at(t)
        last = min(stretch.until, end)
        while t < last and stretch.contenders:
            contender, begin, turn_end = stretch.turn_at(t)
            stop = min(turn_end, last)
            for zone in timeline.programme.layouts[contender.layout].zones:
                rotation = selection.rotation(zone.playlist)
                for item, ms in _played(rotation, t, stop, begin).items():
                    planned[zone.playlist, item] += ms
            t = stop
        t = last
    return planned


def _played(rotation: Rotation, t: int, stop: int, begin: int) -> Counter[str]:
    """What a rotation plays in `[t, stop)` of a turn that began at `begin`."""
    played, loop = Counter[str](), rotation.loop_ms(t)
    if not loop:
        return played
    whole, _rest = divmod(stop - t, loop)
    if whole:
        played.update({item.id: whole * item.duration_ms * item.weight
                       for item in rotation.valid_at(t)})  # fmt: skip
        t += whole * loop
    while t < stop and (slot := rotation.slot_at(t, begin)) is not None:
        end = min(slot.until, stop)
        played[slot.item.id] += end - t
        t = end
    return played
