"""Makes and revokes addresses of playlists; each is one transaction with its audit row."""

import re
import secrets
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop as _

from server.accounts.models import Staff
from server.accounts.policy import Act, require
from server.audit.services import record
from server.errors import Conflict, Invalid
from server.portal.models import PortalLink
from server.programme.models import Playlist

__all__ = ["LANGUAGES", "LINKS_LIMIT", "link_make", "link_revoke"]

#: Addresses of one playlist that count at a time.
LINKS_LIMIT = 20

LANGUAGES = ("zh-hans", "en")

_WORD = re.compile(r"[a-z0-9](?:[a-z0-9-]{1,38}[a-z0-9])")


@transaction.atomic
def link_make(
    *, playlist: Playlist, title: str, word: str, language: str, actor: Staff, now: datetime
) -> PortalLink:
    """Let whoever has the address read what is published of a playlist.  Raises `Invalid`.

    With a `word` the address is plain and can be guessed, without one it holds a secret of 128
    bits.  It takes the right to publish: what is read there leaves the house.
    """
    require(actor, Act.PUBLISH, playlist.department)
    if playlist.portal_links.filter(revoked_at=None).count() >= LINKS_LIMIT:
        raise Invalid(
            _("This playlist has %(most)d addresses already: revoke one."),
            values={"most": LINKS_LIMIT},
        )
    if language not in LANGUAGES:
        raise Invalid(_("Choose Chinese or English."))
    key = word.strip().lower()
    if key and not _WORD.fullmatch(key):
        raise Invalid(_("A plain address has 3 to 40 letters a–z, digits and hyphens."))
    if key and PortalLink.objects.filter(key=key).exists():
        raise Conflict(_("Another playlist has the address “%(word)s”: choose another word."),
                       values={"word": key})  # fmt: skip
    row = PortalLink.objects.create(
        playlist=playlist, key=key or secrets.token_urlsafe(16), is_public=bool(key),
        title=title.strip()[:100] or playlist.name, language=language, made_by=actor, made_at=now,
    )  # fmt: skip
    detail = {"playlist": playlist.pk, "public": row.is_public}
    record(actor=actor, action="portal.make", subject=row, detail=detail, now=now)
    return row


@transaction.atomic
def link_revoke(*, link: PortalLink, actor: Staff, now: datetime) -> None:
    """Nobody reads at this address any more, from now on and for good."""
    require(actor, Act.PUBLISH, link.playlist.department)
    row = PortalLink.objects.select_for_update().get(pk=link.pk)
    if row.revoked_at is None:
        row.revoked_at = now
        row.save(update_fields=["revoked_at"])
        record(actor=actor, action="portal.revoke", subject=row, now=now)
