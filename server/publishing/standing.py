"""What each screen was told last, and what waits for the signatures of approvers above that.

At level 2 a takeover, its end or a take-down is on no wall before it is signed, and whatever is
published next overtakes it: so an urgent act starts from `base_of`, which holds those that wait.
What editors published and nobody has signed yet is not in it: they publish it again.  Reads only;
for `urgent` and `undoing`.
"""

from collections.abc import Collection, Mapping
from functools import cached_property

from manifest.codec import decode
from manifest.model import Manifest
from server.library.models import Asset, AssetState
from server.publishing.amend import with_takeovers_of, without_assets
from server.publishing.models import Publication
from server.publishing.selectors import Told, payload_in, told

__all__ = ["Standing", "waiting_on"]


def waiting_on(screens: Collection[int]) -> dict[int, Told]:
    """The newest publication of each screen that has one which waits for approvers."""
    newest = told(screens, waiting=True)
    return {pk: each for pk, each in newest.items() if not each.complete}


class Standing:
    """What these screens (primary keys) show (`current`) and are to show (`waiting`)."""

    def __init__(self, screens: Collection[int]) -> None:
        self.current: Mapping[int, Told] = told(screens)
        self.waiting: Mapping[int, Told] = waiting_on(screens)

    @cached_property
    def withdrawn(self) -> frozenset[int]:
        """Everything that was taken down."""
        rows = Asset.objects.filter(state=AssetState.WITHDRAWN)
        return frozenset(rows.values_list("pk", flat=True))

    def newest(self, screen: int) -> Told | None:
        """The publication that the next one overtakes."""
        return self.waiting.get(screen) or self.current.get(screen)

    def key(self, screen: int) -> tuple[str, str]:
        """Screens of one key have the same base."""
        each = (self.current.get(screen), self.waiting.get(screen))
        return each[0].content_sha256 if each[0] else "", each[1].content_sha256 if each[1] else ""

    def payload_waiting(self, screen: int) -> bytes:
        """The bytes of the manifest that waits; none if nothing does."""
        row = self.waiting.get(screen)
        return payload_in(Publication.objects.get(pk=row.pk).envelope) if row else b""

    def base_of(self, screen: int, shown: Manifest) -> Manifest:
        """What is `shown` on a screen, with what waits: no more withdrawn, taken over as is due."""
        if screen not in self.waiting:
            return shown
        waits = decode(self.payload_waiting(screen))
        left = without_assets(shown, self.withdrawn)
        if waits.canvas != shown.canvas:
            return left  # laid out for a canvas that is not there yet
        return without_assets(with_takeovers_of(left, waits), self.withdrawn)
