"""The chain of roots that this server hands to screens, and what may become its next link.

For the `keys` command and the interface for players.  A root is installed only if every screen that
trusts the one before it will trust it too, and the first only if it carries its own signatures:
a mistake made here would take a visit to every screen.
"""

import hashlib
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop as _

from manifest.documents import Root, decode_root
from manifest.envelope import DocumentType, open_envelope
from manifest.errors import ManifestError
from manifest.roles import require_role
from server import news
from server.accounts.models import Staff
from server.audit import services as audit
from server.publishing.errors import RootRefused
from server.publishing.models import RootDocument
from server.publishing.selectors import newest_root

__all__ = ["install_root", "root_envelope"]


def root_envelope(version: int) -> bytes | None:
    """The envelope of a root of the chain, as screens fetch it; None if there is none."""
    found = RootDocument.objects.filter(version=version).values_list("envelope", flat=True).first()
    return None if found is None else bytes(found)


def install_root(
    envelope: bytes, *, organisation: str, actor: Staff | None, now: datetime
) -> RootDocument:
    """Add a signed root to the chain.  Raises `RootRefused` with the reason in one sentence.

    Installing the newest root again changes nothing and returns it.
    """
    sha256 = hashlib.sha256(envelope).hexdigest()
    with transaction.atomic():
        newest = newest_root()
        if newest is not None and newest[0].sha256 == sha256:
            return newest[0]
        root = _accepted(envelope, newest[1] if newest else None, organisation)
        row = RootDocument.objects.create(
            version=root.version,
            epoch=root.epoch,
            sha256=sha256,
            envelope=envelope,
            installed_at=now,
        )
        detail = {"version": root.version, "epoch": root.epoch, "sha256": sha256}
        audit.record(
            actor=actor, action="publishing.root-install", subject=row, detail=detail, now=now
        )
        news.tell()
    return row


def _accepted(envelope: bytes, before: Root | None, organisation: str) -> Root:
    try:
        opened = open_envelope(envelope, DocumentType.ROOT)
        root = decode_root(opened.payload)
        require_role(opened, root, "root")
        if before is not None:
            require_role(opened, before, "root")
    except ManifestError as error:
        raise RootRefused(
            _("This root is not installed: %(error)s."), values={"error": error}
        ) from error
    if root.org != organisation:
        raise RootRefused(
            _(
                "This root is of %(root)s, and this server is of %(server)s: "
                "set organisation.id in server.toml before the first root."
            ),
            values={"root": root.org, "server": organisation},
        )
    if before is not None:
        _check_succession(before, root)
    return root


def _check_succession(before: Root, root: Root) -> None:
    """The rules of `manifest.trust`: no version and no epoch is skipped, none goes back."""
    if root.org != before.org:
        raise RootRefused(
            _("This root is of %(root)s, and the chain is of %(before)s."),
            values={"root": root.org, "before": before.org},
        )
    if root.version != before.version + 1 or root.epoch - before.epoch not in {0, 1}:
        raise RootRefused(
            _(
                "Root %(version)d of epoch %(epoch)d cannot follow root %(before)d of epoch "
                "%(before_epoch)d: install every root between them first."
            ),
            values={
                "version": root.version,
                "epoch": root.epoch,
                "before": before.version,
                "before_epoch": before.epoch,
            },
        )
