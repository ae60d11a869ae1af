"""What is wrong with the items of the programme: said once, and again only for another reason.

It is over when an item has stood on the glass as it should: a video to its end, a stream for a
minute, all else for some seconds.  For the director.  Pure but for what it tells the journal.
"""

import logging
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Protocol

from manifest.model import StreamAsset
from player.stage.scene import Take, same_showing

__all__ = ["Complaints", "FaultJournal"]

log = logging.getLogger("stage.director")

#: So long a thing stands on the glass before it is taken for well.
WELL_AFTER = timedelta(seconds=10)
STREAM_WELL_AFTER = timedelta(seconds=60)

#: An item that is left no sooner before its end was shown to its end.
END_SLACK = timedelta(seconds=1)


class FaultJournal(Protocol):
    """Where faults are told.  Must not block."""

    def fault(self, code: str, subject: str, reason: str) -> None:
        """Something is wrong; `subject` is what `Programme.subject` calls the item."""

    def well(self, subject: str, still: Collection[str]) -> None:
        """Nothing is wrong with `subject` any more, but for the codes that `still` hold."""


class Complaints:
    """What was said of each item, and what stands on the glass without a complaint."""

    def __init__(self, journal: FaultJournal) -> None:
        self._journal = journal
        self._said: dict[tuple[str, str], str] = {}
        self._standing: dict[str, tuple[Take, datetime]] = {}

    def say(self, item: str, code: str, subject: str, reason: str) -> None:
        """`item` is left out for `reason`."""
        if self._said.get((item, code)) != reason:
            self._said[item, code] = reason
            log.warning("%s is left out: %s", subject, reason)
            self._journal.fault(code, subject, reason)

    def begin(self, take: Take, now: datetime) -> None:
        """`take` is on the glass from `now` on."""
        self._standing[take.zone] = (take, now)

    def failed(self, take: Take) -> None:
        """If it is `take` that stands on the glass, it does not stand there as it should."""
        standing = self._standing.get(take.zone)
        if standing is not None and same_showing(standing[0], take):
            del self._standing[take.zone]

    def end(self, take: Take, now: datetime) -> bool:
        """`take` left the glass; was it well?"""
        standing = self._standing.pop(take.zone, None)
        return standing is not None and (
            now >= take.until - END_SLACK or _stood_well(*standing, now)
        )

    def stood_well(self, now: datetime) -> list[Take]:
        """What stands on the glass long enough to be well; each take once."""
        well = [take for take, since in self._standing.values() if _stood_well(take, since, now)]
        for take in well:
            del self._standing[take.zone]
        return well

    def over(self, item: str, subject: str, still: Collection[str] = ()) -> None:
        """`item` was shown as it should be, and has no faults but those that `still` hold."""
        self._keep(lambda name, code: name != item or code in still)
        self._journal.well(subject, still)

    def forget(self, items: Collection[str]) -> None:
        """These have a fresh chance: what was said of them may be said again."""
        self._keep(lambda item, _code: item not in items)

    def keep_only(self, items: Collection[str]) -> None:
        """There are no others any more."""
        self._keep(lambda item, _code: item in items)

    def _keep(self, stays: Callable[[str, str], bool]) -> None:
        if self._said:
            self._said = {key: why for key, why in self._said.items() if stays(*key)}


def _stood_well(take: Take, since: datetime, now: datetime) -> bool:
    if take.is_timed:
        return False
    is_stream = isinstance(take.asset, StreamAsset)
    return now - since >= (STREAM_WELL_AFTER if is_stream else WELL_AFTER)
