"""An enterprise's server as a `Site` for `SiteFetcher`: what its services say now, or lies.

`lies` replaces documents by name (`freshness`, `manifest`, `root/2`), `blobs` is what the store
would send; a test that has taken over server and network changes both as it likes.
"""

from collections.abc import Iterator, Mapping

from manifest.trust_state import TrustState, fingerprint, pair
from server.publishing.freshness import freshness_for
from server.publishing.models import Publication
from server.publishing.selectors import told
from server.screens.models import Screen
from tests.simulators.enterprise import Enterprise

__all__ = ["EnterpriseSite"]


class _Blobs(Mapping[str, bytes]):
    """The files of the store, and those that somebody put in their place."""

    def __init__(self, enterprise: Enterprise) -> None:
        self._enterprise = enterprise
        self.swapped: dict[str, bytes] = {}

    def __getitem__(self, sha256: str) -> bytes:
        if sha256 in self.swapped:
            return self.swapped[sha256]
        try:
            return self._enterprise.blob_file(sha256).read_bytes()
        except FileNotFoundError:
            raise KeyError(sha256) from None

    def __iter__(self) -> Iterator[str]:
        return (path.name for path in self._enterprise.blobs.glob("*/*"))

    def __len__(self) -> int:
        return len(list(iter(self)))


class EnterpriseSite:
    """What one screen of an enterprise can fetch."""

    def __init__(self, enterprise: Enterprise, screen: Screen) -> None:
        self.enterprise, self.screen = enterprise, screen
        self.blobs = _Blobs(enterprise)
        self.lies: dict[str, bytes] = {}

    @property
    def paired(self) -> TrustState:
        """The trust state of a box that is paired now."""
        root = self.enterprise.roots[-1]
        return pair(root, fingerprint(root), self.screen.site.slug, self.screen.slug)

    def documents(self) -> dict[str, bytes]:
        """Every document by name, as the server has it, and the lies in their places."""
        return self.honest() | self.lies

    def honest(self) -> dict[str, bytes]:
        """Every document as the server's services have it."""
        found = {f"root/{n}": body for n, body in enumerate(self.enterprise.roots, start=1)}
        newest = told([self.screen.pk]).get(self.screen.pk)
        if newest is not None:
            said = freshness_for(self.screen.pk, None, self.enterprise.now)
            assert said is not None
            found["freshness"] = said
            found["manifest"] = bytes(Publication.objects.get(pk=newest.pk).envelope)
        return found
