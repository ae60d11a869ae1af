"""What the interface for players reads from the database, as values; called in the desk's threads.

The one module here that knows the tables of other apps.  It reads and never writes; it decides
nothing about who may see what (`board` does).
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import msgspec
from django.db.models import Count, Max, QuerySet

from manifest.envelope import DocumentType, open_envelope
from server.library.models import Blob
from server.publishing.models import FreshnessFloor, Publication, RootDocument
from server.remote.models import Command
from server.screens.models import Screen, ScreenToken
from server.telemetry.models import Wanted

__all__ = [
    "NOTHING",
    "Admission",
    "BlobFacts",
    "Edition",
    "Marks",
    "Records",
    "Standing",
    "Wishes",
]

#: Publications are looked at again so many ids back: ids are given in order, commits and approvals
#: need not come in it.
OVERLAP = 2_000


class Admission(NamedTuple):
    """A token that counts: whose it is, and whether it has been used before."""

    token_id: int
    screen_id: int
    used: bool


class Edition(NamedTuple):
    """A manifest that was published for a screen."""

    publication_id: int
    version: int
    payload_sha256: str
    payload_bytes: int
    envelope_sha256: str


class Standing(NamedTuple):
    """What a screen is called in documents, and its newest manifests."""

    screen_id: int
    site: str
    screen: str
    newest: Edition | None
    previous: Edition | None


class Marks(NamedTuple):
    """Cheap signs by which a change is noticed; equal marks mean that nothing changed."""

    tokens: tuple[object, ...]
    publications: tuple[int, int]
    roots: int
    floors: tuple[object, ...]
    wanted: tuple[object, ...]


#: What staff ask of screens: by screen and kind the key of the newest request, so that one that is
#: asked for while another is answered counts as another.
Wishes = Mapping[int, Mapping[str, int]]

#: The marks of an empty database.
NOTHING = Marks((), (0, 0), 0, (), ())


class BlobFacts(NamedTuple):
    """A blob that may be served: its size in bytes, and its media type."""

    bytes: int
    mime: str


class Records:
    """The door to the database; every call may raise `django.db.DatabaseError`."""

    def marks(self) -> Marks:
        """Signs of the newest state, from six short queries."""
        tokens = ScreenToken.objects.aggregate(Max("pk"), Count("pk"), Max("revoked_at"))
        floors = FreshnessFloor.objects.aggregate(Max("version"), Count("pk"))
        wanted = Wanted.objects.aggregate(Max("pk"), Count("pk"))
        commands = Command.objects.filter(ended_at=None).aggregate(
            newest=Max("pk"), open=Count("pk")
        )
        newest = Publication.objects.aggregate(newest=Max("pk"))["newest"] or 0
        recent = Publication.objects.filter(pk__gt=newest - OVERLAP)
        return Marks(
            tuple(tokens.values()),
            (newest, recent.filter(complete=False).count()),
            RootDocument.objects.aggregate(newest=Max("version"))["newest"] or 0,
            tuple(floors.values()),
            (*wanted.values(), *commands.values()),
        )

    def admission(self, sha256: str) -> Admission | None:
        """Whose token this is; None for one that is unknown, revoked, or of a retired screen."""
        found = _admitting().filter(sha256=sha256).values_list("pk", "screen_id", "used_at")
        return next((Admission(pk, screen, used is not None) for pk, screen, used in found), None)

    def active_tokens(self) -> dict[bytes, Admission]:
        """All tokens that count, by digest."""
        rows = _admitting().values_list("sha256", "pk", "screen_id", "used_at")
        return {
            bytes.fromhex(sha256): Admission(pk, screen, used is not None)
            for sha256, pk, screen, used in rows
        }

    def standing(self, screen: int) -> tuple[Standing, bytes | None]:
        """How a screen stands, with the envelope of its newest manifest."""
        site, slug = Screen.objects.values_list("site__slug", "slug").get(pk=screen)
        rows = Publication.objects.filter(screen_id=screen, complete=True).order_by("-version")
        editions = [_edition(row) for row in rows.values_list(*_FIELDS)[:2]]
        newest, envelope = editions[0] if editions else (None, None)
        previous = editions[1][0] if len(editions) > 1 else None
        return Standing(screen, site, slug, newest, previous), envelope

    def published_after(self, publication_id: int) -> list[tuple[int, int, int]]:
        """What was published since: primary key, screen and version, in this order of versions."""
        since = max(publication_id - OVERLAP, 0)
        rows = Publication.objects.filter(pk__gt=since, complete=True).order_by("version")
        return list(rows.values_list("pk", "screen_id", "version"))

    def editions(self, publications: Iterable[int]) -> list[tuple[int, Edition, bytes]]:
        """Some publications, each with its screen and its envelope."""
        rows = Publication.objects.filter(pk__in=tuple(publications))
        found = rows.values_list("screen_id", *_FIELDS)
        return [(row[0], *_edition(row[1:])) for row in found]

    def envelope(self, publication_id: int) -> bytes:
        """The envelope of a manifest; publications are never deleted."""
        row = Publication.objects.values_list("envelope", flat=True).get(pk=publication_id)
        return bytes(row)

    def digests(self, publication_id: int) -> frozenset[str]:
        """The digests of all blobs that a manifest names."""
        return frozenset(_digests(self.envelope(publication_id)))

    def root(self, version: int) -> bytes | None:
        """The envelope of a root document."""
        found = RootDocument.objects.filter(version=version).values_list("envelope", flat=True)
        return next((bytes(envelope) for envelope in found), None)

    def newest_root(self) -> bytes | None:
        """The envelope of the newest root; None before there are keys."""
        found = RootDocument.objects.order_by("-version").values_list("envelope", flat=True)
        return next((bytes(envelope) for envelope in found[:1]), None)

    def blob(self, sha256: str) -> BlobFacts | None:
        """A blob that is registered and was not found damaged."""
        found = Blob.objects.filter(sha256=sha256, damaged_at__isnull=True)
        return next((BlobFacts(*row) for row in found.values_list("bytes", "mime")), None)

    def wanted(self) -> Wishes:
        """What staff ask of screens."""
        asked: dict[int, dict[str, int]] = {}
        for screen, kind, pk in Wanted.objects.values_list("screen_id", "kind", "pk"):
            asked.setdefault(screen, {})[kind] = pk
        waiting = Command.objects.filter(ended_at=None).order_by("pk")
        for screen, pk in waiting.values_list("screen_id", "pk"):
            asked.setdefault(screen, {})["commands"] = pk
        return asked


def _admitting() -> QuerySet[ScreenToken]:
    return ScreenToken.objects.filter(revoked_at__isnull=True, screen__retired_at__isnull=True)


_FIELDS = ("pk", "version", "payload_sha256", "payload_bytes", "envelope")


def _edition(row: tuple[int, int, str, int, bytes]) -> tuple[Edition, bytes]:
    envelope = bytes(row[4])
    return Edition(*row[:4], hashlib.sha256(envelope).hexdigest()), envelope


class _Named(msgspec.Struct):
    """An asset or a card's blob, as far as its digest goes."""

    sha256: str = ""
    blobs: dict[str, "_Named"] = {}


class _Assets(msgspec.Struct):
    assets: dict[str, _Named]


def _digests(envelope: bytes) -> Iterator[str]:
    """The digests that a manifest of our own making names; its signature is of no interest here."""
    payload = open_envelope(envelope, DocumentType.MANIFEST).payload
    for asset in msgspec.json.decode(payload, type=_Assets).assets.values():
        yield from (each.sha256 for each in (asset, *asset.blobs.values()) if each.sha256)
