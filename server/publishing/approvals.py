"""Level 2: what waits for the signatures of approvers, and how those come back.

Approvers sign files on machines of their own (`yingbi-manifest sign`); what they see there is what
they sign.  Nothing here can approve anything: a signature either counts under the newest root, as
it will on every screen, or it is refused.
"""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext_noop as _

from manifest.envelope import DocumentType, Envelope, open_envelope, signed_by
from manifest.errors import ManifestError
from server import news
from server.accounts.models import Staff
from server.audit import services as audit
from server.library.models import Asset, AssetState
from server.publishing.amend import names_asset
from server.publishing.errors import NotApproved
from server.publishing.kept import KeptRows
from server.publishing.models import Publication
from server.publishing.releases import lock_screens
from server.publishing.renewal import merged
from server.publishing.selectors import told
from server.publishing.signing import signing

__all__ = ["Approved", "approve", "file_name", "pending"]


class Approved(NamedTuple):
    """A publication that was signed; `missing` signatures make it count, 0 when it does."""

    publication: Publication
    missing: int


def pending() -> Iterator[Publication]:
    """What waits for approval: of each screen only the newest, and only if nothing newer counts."""
    rows = Publication.objects.filter(complete=False).select_related("screen__site")
    waiting = {row.screen_id: row for row in rows.order_by("version")}
    current = told(waiting)
    for screen, row in sorted(waiting.items()):
        if screen not in current or current[screen].version < row.version:
            yield row


def file_name(publication: Publication) -> str:
    """How a waiting manifest is called on an approver's stick."""
    screen = publication.screen
    return f"{screen.site.slug}_{screen.slug}_{publication.version}.dsse"


def approve(*, envelope: bytes, actor: Staff | None, now: datetime) -> Approved:
    """Take the signatures of approvers on a waiting manifest; with enough, screens are told.

    Raises `NotApproved` for a file that is none of ours, or brings no signature that counts.
    """
    try:
        signed = open_envelope(envelope, DocumentType.MANIFEST)
    except ManifestError as error:
        raise NotApproved(
            _("This is no signed manifest: %(error)s."), values={"error": error}
        ) from error
    with transaction.atomic():
        row = _waiting(signed)
        lock_screens([row.screen_id])
        row = Publication.objects.select_related("screen__site", "release").get(pk=row.pk)
        _refuse_late(row, signed)
        approver = signing().root.roles.approver
        keys = signing().root.public_keys(approver)
        ours = open_envelope(bytes(row.envelope), DocumentType.MANIFEST)
        new = signed_by(signed, keys) - signed_by(ours, keys)
        if not new:
            raise NotApproved(
                _(
                    "No approver of the newest root has signed this who had not signed it before: "
                    "sign it with yingbi-manifest sign and an approver's key."
                )
            )
        both = merged(bytes(row.envelope), signed, new)
        counted = len(signed_by(open_envelope(both, DocumentType.MANIFEST), keys))
        missing = max(0, approver.threshold - counted)
        KeptRows(Publication).sign(row.pk, both, complete=missing == 0)
        detail = {"approvers": sorted(new), "version": row.version, "sha256": row.payload_sha256}
        audit.record(
            actor=actor, action="publishing.approve", subject=row.release, detail=detail, now=now
        )
        news.tell()
    return Approved(row, missing)


def _waiting(signed: Envelope) -> Publication:
    """The publication of these very bytes."""
    sha256 = hashlib.sha256(signed.payload).hexdigest()
    row: Publication | None = Publication.objects.filter(payload_sha256=sha256).first()
    if row is None:
        raise NotApproved(_("This server never published this manifest, so it cannot be approved."))
    return row


def _refuse_late(row: Publication, signed: Envelope) -> None:
    current = told([row.screen_id]).get(row.screen_id)
    if current is not None and current.version >= row.version:
        raise NotApproved(
            _(
                "%(screen)s shows version %(shown)d already, which is not older than this one, "
                "%(version)d: publish again if this is wanted."
            ),
            values={"screen": row.screen, "shown": current.version, "version": row.version},
        )
    newest = told([row.screen_id], waiting=True)[row.screen_id]
    if newest.version > row.version:
        raise NotApproved(
            _(
                "Version %(version)d for %(screen)s was overtaken by %(newest)d, which waits too: "
                "sign that one (publish --pending)."
            ),
            values={"version": row.version, "screen": row.screen, "newest": newest.version},
        )
    gone = Asset.objects.filter(state=AssetState.WITHDRAWN).values_list("pk", "title")
    for asset, title in gone:
        if names_asset(signed.payload, asset):
            raise NotApproved(
                _("“%(title)s” was taken down after this was published: publish again without it."),
                values={"title": title},
            )
