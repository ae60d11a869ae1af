"""A screen of an enterprise as an honest player has it: its trust, and what it would show.

In process: documents go from the server's services to `manifest.trust` as they would over HTTP.
What the network may do to them is for the caller: every step takes other bytes.
"""

from datetime import datetime

from manifest.candidate import activated
from manifest.model import Manifest
from manifest.trust import Trust
from manifest.trust_state import TrustState, fingerprint, pair
from scheduler.timeline import on_screen_at
from server.publishing.freshness import freshness_for
from server.publishing.models import Publication
from server.publishing.root_chain import root_envelope
from server.publishing.selectors import told
from server.screens.models import Screen
from tests.simulators.enterprise import Enterprise

__all__ = ["PairedWall"]


class PairedWall:
    """A paired screen.  `shown` is the manifest that was activated last; None is the slate."""

    def __init__(self, enterprise: Enterprise, screen: Screen) -> None:
        self.enterprise, self.screen = enterprise, screen
        root = enterprise.roots[-1]
        self.state: TrustState = pair(root, fingerprint(root), screen.site.slug, screen.slug)
        self.shown: Manifest | None = None

    def sync(
        self,
        *,
        challenge: str | None = None,
        freshness: bytes | None = None,
        manifest: bytes | None = None,
        clock: datetime | None = None,
    ) -> Manifest | None:
        """One pass with what the server says now (or with these bytes); raises what trust raises.

        All files of what is new are taken as fetched.
        """
        trust = Trust(self.state, self.enterprise.now if clock is None else clock)
        try:
            while (next_root := root_envelope(trust.trusted_root.version + 1)) is not None:
                trust.root(next_root)
            said = freshness or freshness_for(self.screen.pk, challenge, self.enterprise.now)
            assert said is not None, "nothing is published for this screen"
            trust.freshness(said, challenge)
            self.state = trust.state
            if trust.wanted() is not None:
                candidate = trust.manifest(manifest or self.newest_envelope())
                self.state = activated(trust.state, candidate)
                self.shown = candidate.manifest
        finally:
            self.state = self.state if self.shown else trust.state
        return self.shown

    def newest_envelope(self) -> bytes:
        """What `GET manifest` answers."""
        newest = told([self.screen.pk])[self.screen.pk]
        return bytes(Publication.objects.get(pk=newest.pk).envelope)

    def titles(self) -> list[str]:
        """The titles of all assets that may come onto the wall."""
        return [] if self.shown is None else [each.title for each in self.shown.assets.values()]

    def glass(self) -> list[str]:
        """The titles of what stands on the glass now, as every stage works it out."""
        assert self.shown is not None, "the slate"
        picture = on_screen_at(self.shown, self.enterprise.now)
        showings = [each for each in picture.zones.values() if each is not None]
        return [self.shown.assets[each.asset].title for each in showings]
