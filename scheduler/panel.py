"""When the panel of a screen is lit: the windows of `panel.on` (docs/manifest.md, section 2).

Pure; asked by the agent, which switches the panel.  No `panel` at all means always.
"""

from datetime import datetime

from manifest.model import Manifest
from manifest.times import unix_ms
from scheduler.wallclock import WallClock
from scheduler.windows import WindowIndex
from scheduler.working_days import WorkingDays

__all__ = ["PanelHours"]


class PanelHours:
    """The hours of the panel in one manifest, ready to be asked about any instant."""

    def __init__(self, manifest: Manifest) -> None:
        clock, days = WallClock(manifest.timezone), WorkingDays(manifest.calendar)
        panel = manifest.panel
        self._windows = [WindowIndex(each, clock, days) for each in panel.on] if panel else None

    def is_on_at(self, t: datetime) -> bool:
        """Is the panel lit at the aware instant `t`?"""
        if self._windows is None:
            return True
        at = unix_ms(t)
        return any(window.boundaries(at, at + 1)[0] for window in self._windows)
