"""Reads that span publications: what each screen was told last, and what a manifest in them says.

For the services of this app, the interface for players and the pages of staff.  Writes nothing.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import OuterRef, Subquery
from msgspec import Struct

from manifest.codec import decode
from manifest.documents import Root, decode_root
from manifest.envelope import DocumentType, open_envelope
from manifest.model import Manifest
from server.publishing.models import Publication, RootDocument
from server.screens.models import Screen

__all__ = [
    "Told",
    "manifest_in",
    "manifests_of",
    "newest_root",
    "payload_in",
    "root_in",
    "told",
]

#: How many rows are asked for at once: databases bound the parameters of a query.
BATCH = 500


class Told(Struct, frozen=True):
    """A publication without its envelope."""

    pk: int
    screen: int
    version: int
    issued_at: datetime
    expires_at: datetime
    payload_sha256: str
    content_sha256: str
    payload_bytes: int
    complete: bool


def told(screens: Collection[int], *, waiting: bool = False) -> dict[int, Told]:
    """The newest publication of each screen (primary keys), by screen; screens without have none.

    Those that wait for approval count only if `waiting`.
    """
    rows = Publication.objects.filter(screen=OuterRef("pk")).order_by("-version")
    newest = rows if waiting else rows.filter(complete=True)
    pks = Screen.objects.filter(pk__in=screens).annotate(newest=Subquery(newest.values("pk")[:1]))
    wanted = [pk for pk in pks.values_list("newest", flat=True) if pk is not None]
    found = Publication.objects.filter(pk__in=wanted).values_list(
        "pk", "screen", "version", "issued_at", "expires_at", "payload_sha256", "content_sha256",
        "payload_bytes", "complete",
    )  # fmt: skip
    return {each.screen: each for each in (Told(*row) for row in found)}


def payload_in(envelope: bytes | memoryview) -> bytes:
    """The raw bytes of the manifest in a publication's envelope."""
    return open_envelope(bytes(envelope), DocumentType.MANIFEST).payload


def manifest_in(envelope: bytes | memoryview) -> Manifest:
    """The manifest in a publication's envelope."""
    return decode(payload_in(envelope))


def manifests_of(publications: Iterable[int]) -> dict[int, Manifest]:
    """The manifests of some publications (primary keys), by publication."""
    rows = Publication.objects.filter(pk__in=list(publications)).values_list("pk", "envelope")
    return {pk: manifest_in(envelope) for pk, envelope in rows.iterator(chunk_size=BATCH)}


def newest_root() -> tuple[RootDocument, Root] | None:
    """The newest root of the chain; None before `yingbi-server keys init`."""
    row = RootDocument.objects.order_by("-version").first()
    return None if row is None else (row, root_in(row.envelope))


def root_in(envelope: bytes | memoryview) -> Root:
    """The root in an envelope that this server has installed."""
    return decode_root(open_envelope(bytes(envelope), DocumentType.ROOT).payload)
