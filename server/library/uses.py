"""Where an asset, or a blob, is used by the apps above: they register, the library only asks.

`programme` says where an asset stands in playlists and layouts; `publishing` says which blobs
the manifests name that screens may still fetch.  The library never imports either.
"""

from collections.abc import Callable, Collection

from msgspec import Struct

from server.accounts.models import Staff
from server.accounts.policy import Act, may
from server.library.models import Asset, AssetKind, AssetState, Rendition

__all__ = [
    "Use",
    "blobs_claimed",
    "blobs_in_use",
    "register_blob_claims",
    "register_uses",
    "uses_of",
]


class Use(Struct, frozen=True):
    """A place where an asset is used: its kind ("playlist"), key, name for people, department."""

    kind: str
    key: int
    name: str
    department: int | None = None

    def is_seen_by(self, staff: Staff) -> bool:
        """May `staff` know of it?  What they may not see is counted, and not named."""
        return may(staff, Act.VIEW, self.department)

    def as_json(self) -> dict[str, object]:
        """For answers and the audit."""
        return {"kind": self.kind, "key": self.key, "name": self.name}


FindUses = Callable[[Asset], list[Use]]
FindClaims = Callable[[Collection[str]], set[str]]

_finders: dict[str, FindUses] = {}
_claims: dict[str, FindClaims] = {}


def register_uses(app: str, finder: FindUses) -> None:
    """Have `finder` asked where an asset is used; once an app, in its `ready`."""
    _finders[app] = finder


def register_blob_claims(app: str, claims: FindClaims) -> None:
    """Have `claims` asked which of some digests `app` still needs; once an app, in its `ready`."""
    _claims[app] = claims


def uses_of(asset: Asset) -> list[Use]:
    """All places where the asset is used: cards and streams of the library, then the apps above."""
    found = [
        Use("asset", other.pk, other.title, other.department_id)
        for other in Asset.objects.filter(kind=AssetKind.STREAM, content__fallback=asset.pk)
        if other.state != AssetState.WITHDRAWN
    ]
    for finder in _finders.values():
        found += finder(asset)
    return found


def blobs_in_use(digests: Collection[str]) -> set[str]:
    """Which of these blobs the library itself refers to: assets, renditions, cards."""
    wanted = set(digests)
    used: set[str | None] = set()
    assets = Asset.with_bin  # what lies in the bin can come back
    used |= set(assets.filter(original__in=wanted).values_list("original_id", flat=True))
    used |= set(Rendition.objects.filter(blob__in=wanted).values_list("blob_id", flat=True))
    for content in assets.filter(kind=AssetKind.CARD).values_list("content", flat=True):
        used |= wanted & _card_digests(content)
    return {digest for digest in wanted if digest in used}


def blobs_claimed(digests: Collection[str]) -> set[str]:
    """Which of these blobs the apps above still need.  May take seconds."""
    claimed: set[str] = set()
    for claims in _claims.values():
        claimed |= claims(digests)
    return claimed


def _card_digests(content: object) -> set[str]:
    blobs = content.get("blobs", {}) if isinstance(content, dict) else {}
    files = blobs.values() if isinstance(blobs, dict) else []
    return {str(file["sha256"]) for file in files if isinstance(file, dict) and "sha256" in file}
