"""A set on the stage: its zones in their places, made ready as a whole before it is shown."""

from collections.abc import Callable

from PySide6.QtGui import QColor
from PySide6.QtQuick import QQuickItem

from player.clock import Clock
from player.stage.alarm import Alarm
from player.stage.geometry import Mapping, Rectangle, overlap
from player.stage.scene import Scene, Set, Take
from player.stage.side import FindFile, FrameSide, SlotMakers
from player.stage.zone import USUAL_LATENCY_S, Zone
from player.stage.zone_listener import ZoneListener

__all__ = ["Layer", "ZonePool"]


class ZonePool:
    """Zones to be used again: items that Python made are never thrown away.

    So their number, and that of the decoders behind them, never grows with the days.
    """

    def __init__(
        self,
        makers: SlotMakers,
        find: FindFile,
        clock: Clock,
        make_alarm: Callable[[], Alarm],
        listener: ZoneListener,
        *,
        latency_s: float = USUAL_LATENCY_S,
    ) -> None:
        self._makers = makers
        self._find = find
        self._clock = clock
        self._make_alarm = make_alarm
        self._listener = listener
        self._latency_s = latency_s
        self._shelf = QQuickItem()
        self._free: list[PooledZone] = []
        self.made = 0

    def take(self, parent: QQuickItem) -> "PooledZone":
        """A zone that nobody uses, as a child of `parent`."""
        if self._free:
            found = self._free.pop()
            found.zone.item.setParentItem(parent)
            return found
        self.made += 1
        item = QQuickItem(self._shelf)  # owned by the shelf: a layer that goes leaves it alive
        item.setParentItem(parent)
        item.setClip(True)
        sides = (
            FrameSide(item, self._makers, self._find),
            FrameSide(item, self._makers, self._find),
        )
        zone = Zone(
            item, sides, self._clock, self._make_alarm(), self._listener, latency_s=self._latency_s
        )
        return PooledZone(zone, sides)

    def give_back(self, used: "PooledZone") -> None:
        """Put a zone back; it lets go of everything."""
        used.zone.clear()
        used.zone.item.setParentItem(self._shelf)
        self._free.append(used)


class PooledZone:
    """A zone, and its sides as the things that have a place."""

    def __init__(self, zone: Zone, sides: tuple[FrameSide, FrameSide]) -> None:
        self.zone = zone
        self._sides = sides

    def place(self, rectangle: Rectangle, z: int, backdrop: QColor | None) -> None:
        """Put the zone at its rectangle, in scene pixels."""
        x, y, width, height = rectangle
        item = self.zone.item
        item.setX(x)
        item.setY(y)
        item.setWidth(width)
        item.setHeight(height)
        item.setZ(z)
        self.zone.see_through = backdrop is None
        for side in self._sides:
            side.place(width, height, backdrop)


class Layer:
    """The zones of one set.  Made hidden; `enter` shows it whole."""

    def __init__(self, set_: Set, root: QQuickItem, pool: ZonePool, mapping: Mapping) -> None:
        self.set = set_
        self._pool = pool
        self._root = QQuickItem(root)
        self._root.setVisible(False)
        self._zones = {place[0]: pool.take(self._root) for place in set_.places}
        self._wanted: dict[str, Take] = {}
        self.place(mapping)

    def place(self, mapping: Mapping) -> None:
        """Lay the zones out in a window of another size; what they show is not made anew."""
        rectangles = [mapping.place(*place[1:]) for place in self.set.places]
        largest = max(rectangles, key=lambda each: each[2] * each[3], default=None)
        background = QColor(self.set.background)
        for index, (place, rectangle) in enumerate(zip(self.set.places, rectangles, strict=True)):
            covers = any(overlap(rectangle, lower) for lower in rectangles[:index])
            pooled = self._zones[place[0]]
            pooled.place(rectangle, index, None if covers else background)
            pooled.zone.sound = rectangle == largest

    def zone(self, name: str) -> Zone:
        """The zone called `name`."""
        return self._zones[name].zone

    def zones(self) -> list[Zone]:
        """All zones."""
        return [pooled.zone for pooled in self._zones.values()]

    def want(self, scene: Scene) -> None:
        """Make `scene` ready behind the one that is on screen; it is due now."""
        self._wanted = scene.takes
        for name, pooled in self._zones.items():
            take = scene.takes.get(name)
            if take is not None:
                pooled.zone.stand_by(take)

    @property
    def is_ready(self) -> bool:
        """Does everything that was wanted stand ready?"""
        return all(self.zone(name).holds is not None for name in self._wanted)

    def enter(self) -> None:
        """Show the set with all that stands ready, in one frame."""
        for zone in self.zones():
            zone.enter()
        self._root.setVisible(True)

    def leave(self) -> None:
        """Give the zones back."""
        self._root.setVisible(False)
        for pooled in self._zones.values():
            self._pool.give_back(pooled)
        self._zones = {}
        self._root.deleteLater()
