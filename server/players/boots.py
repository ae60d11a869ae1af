"""Two boxes with one identity, seen by their heartbeats (I09).

Every start of an agent has a name of its own (`boot`).  A box that starts again has a new one and
never comes back to an old one; where two boxes share a token (a cloned disk), one that was heard
before comes back.  Pure; remembers a few names a screen.
"""

from collections import OrderedDict

__all__ = ["Boots"]

#: Names remembered for each screen; two clones need two.
REMEMBERED = 8


class Boots:
    """What one process has heard and written."""

    def __init__(self) -> None:
        self._heard: dict[int, OrderedDict[str, str]] = {}
        self._written: dict[int, str] = {}

    def heard(self, screen: int, boot: str, address: str) -> str | None:
        """Note a heartbeat; the address of the other box if there are two, else None."""
        names = self._heard.setdefault(screen, OrderedDict())
        latest = next(reversed(names), boot)
        came_back = boot in names and boot != latest
        other = names[latest] if came_back else None
        names[boot] = address
        names.move_to_end(boot)
        if len(names) > REMEMBERED:
            names.popitem(last=False)
        return other

    def wrote(self, screen: int, boot: str, before: tuple[str, str] | None) -> str | None:
        """Note what was written over what (`boot`, address); the other box's address if two write.

        This is how clones are seen that are served by different processes: what we wrote was
        replaced by another name, and now ours comes back.
        """
        ours = self._written.get(screen) == boot
        self._written[screen] = boot
        if before is None or before[0] == boot or not ours:
            return None
        return before[1]
