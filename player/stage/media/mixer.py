"""Who is heard, and how loud the music behind may be: music makes room for what speaks (ducking).

One for the process, in the `VideoEngine`; on the GUI thread.  Knows numbers only: what it decides
is carried out by whoever gave it `aim`.  Values in per cent of what the output can do.
"""

from collections.abc import Callable

__all__ = ["Mixer"]


class Mixer:
    """Speakers are videos and streams with sound; backgrounds are pieces of music."""

    def __init__(self) -> None:
        self._speakers: set[object] = set()
        self._backgrounds: dict[object, tuple[int, int, Callable[[int], None]]] = {}

    def speak(self, who: object) -> None:
        """`who` is heard from now on; music makes room."""
        self._speakers.add(who)
        self._tell_all()

    def fall_silent(self, who: object) -> None:
        """`who` is heard no more (or never was)."""
        if who in self._speakers:
            self._speakers.remove(who)
            self._tell_all()

    def play(self, who: object, volume: int, ducked: int, aim: Callable[[int], None]) -> None:
        """`who` plays music: `aim` is called with its volume, now and whenever that changes."""
        self._backgrounds[who] = (volume, ducked, aim)
        self._tell(who)

    def stop(self, who: object) -> None:
        """`who` plays no music any more (or never did)."""
        self._backgrounds.pop(who, None)

    def _tell_all(self) -> None:
        for who in self._backgrounds:
            self._tell(who)

    def _tell(self, who: object) -> None:
        volume, ducked, aim = self._backgrounds[who]
        aim(ducked if self._speakers else volume)
