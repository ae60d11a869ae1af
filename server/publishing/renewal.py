"""What is on the walls, signed anew: before it expires, and after a change of keys.

For the nightly chores and the `keys` command.  Nobody has to do anything, and nothing is published
that was not on the walls already.  Only where approvers sign manifests (level 2) new dates need
their signatures again; a new publisher's key alone does not, for the bytes stay as they are.
"""

import logging
from collections.abc import Collection, Iterator
from datetime import datetime

from django.db import transaction

from manifest.documents import Root
from manifest.envelope import DocumentType, Envelope, open_envelope, signed_by
from manifest.writing import to_json
from server import news
from server.accounts.models import Staff
from server.publishing.kept import KeptRows
from server.publishing.models import Publication, RootDocument
from server.publishing.releases import LIFE, LIFE_WITH_APPROVAL
from server.publishing.root_chain import install_root
from server.publishing.selectors import BATCH, Told, payload_in, told
from server.publishing.signing import Signing, forget_signer, signing
from server.publishing.standing import waiting_on
from server.publishing.urgent import renew
from server.screens.models import Screen

__all__ = ["RENEW_AT", "install_and_renew", "merged", "renew_what_expires"]

#: The share of its life that a manifest has left when it is renewed: ten nights of thirty.
RENEW_AT = 1 / 3

log = logging.getLogger("server.publishing")


def renew_what_expires(now: datetime) -> int:
    """Renew what has less than a third of its life left; returns for how many screens.

    Raises `NoSigner` and `ClockBehind`: then it is tried again the next night, for ten nights.
    """
    everybody = _on_duty()
    if not everybody or not RootDocument.objects.exists():
        return 0
    life = LIFE_WITH_APPROVAL if signing().needs_approval else LIFE
    # The newest counts even if it waits for approval: it is asked for once, not every night.
    due = [
        pk
        for pk, each in told(everybody, waiting=True).items()
        if each.expires_at - now < life * RENEW_AT
    ]
    _renew(due, "Renewed before it expires", now)
    if waiting := waiting_on(everybody):
        log.warning("APPROVAL_DUE %d manifests wait for the signatures of approvers", len(waiting))
    return len(due)


def install_and_renew(
    envelope: bytes, *, organisation: str, actor: Staff | None, now: datetime
) -> tuple[RootDocument, int]:
    """Install a root and sign everything under it; returns it and for how many screens.

    If the signing fails (`NoSigner`) the root is not installed either: all of it or nothing.
    """
    with transaction.atomic():
        row = install_root(envelope, organisation=organisation, actor=actor, now=now)
        forget_signer()
        ours = signing()
        current = told(_on_duty())
        resealed = set(_resealed(current.values(), ours)) if ours.needs_approval else set()
        _renew(sorted(current.keys() - resealed), f"Signed under root {row.version}", now)
        news.tell()
    return row, len(current)


def _on_duty() -> list[int]:
    return list(Screen.objects.filter(retired_at=None).values_list("pk", flat=True))


def _renew(screens: list[int], reason: str, now: datetime) -> None:
    for start in range(0, len(screens), BATCH):
        renew(screens=screens[start : start + BATCH], reason=reason, now=now)


def _resealed(current: Collection[Told], ours: Signing) -> Iterator[int]:
    """Put the new publisher's signature beside the approvals that still count; whose is done."""
    for each in current:
        row = Publication.objects.get(pk=each.pk)
        known = open_envelope(bytes(row.envelope), DocumentType.MANIFEST)
        approvals = _approvals(known, ours.root)
        if len(approvals) >= ours.root.roles.approver.threshold:
            new = ours.signer.sign_manifest(payload_in(row.envelope))
            KeptRows(Publication).sign(row.pk, merged(new, known, approvals), complete=True)
            yield each.screen


def _approvals(envelope: Envelope, root: Root) -> frozenset[str]:
    return signed_by(envelope, root.public_keys(root.roles.approver))


def merged(envelope: bytes, other: Envelope, keyids: Collection[str]) -> bytes:
    """The envelope with the signatures that these keys gave `other`, of the same bytes."""
    mine = open_envelope(envelope, DocumentType.MANIFEST)
    if mine.payload != other.payload:
        raise AssertionError("signatures are of one document")
    more = tuple(each for each in other.signatures if each.keyid in keyids)
    return to_json(Envelope(mine.payload_type, mine.payload, mine.signatures + more))
