"""What was done to an asset, from the audit, in words: for whoever may see the asset."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from msgspec import Struct

from server.audit.selectors import rows_about
from server.library.models import Asset

__all__ = ["Deed", "history_of"]

#: Deeds that are shown; the audit has all of them.
DEEDS_SHOWN = 20

_WORDS: Mapping[str, str | Promise] = {
    "asset.upload": _("Uploaded"), "asset.change": _("Title, tags or last day changed"),
    "asset.tag": _("Tags changed"), "asset.expire": _("Last day changed"),
    "asset.move": _("Given to another department"), "asset.pages": _("Pages chosen"),
    "asset.cut": _("Trimmed"), "asset.poster": _("Poster frame chosen"),
    "asset.replace": _("File replaced"), "asset.retry": _("Made ready again"),
    "asset.withdraw": _("Withdrawn everywhere"), "asset.restore": _("Brought back"),
    "asset.delete": _("Put into the bin"), "asset.undelete": _("Taken out of the bin"),
    "card.create": _("Created"), "card.feed": _("Filled anew"),
    "card.change": _("Changed"), "stream.create": _("Created"),
    "page.create": _("Created"), "page.change": _("Taken otherwise"),
    "page.unreviewed": _("Let out without review"), "page.reviewed": _("Reviewed again"),
}  # fmt: skip


class Deed(Struct, frozen=True):
    """Who did what, when."""

    at: datetime
    who: str
    what: str


def history_of(asset: Asset) -> list[Deed]:
    """The last deeds, newest first."""
    rows = rows_about(asset._meta.label_lower, str(asset.pk))[:DEEDS_SHOWN]
    return [
        Deed(row.at, row.actor_name or row.actor, str(_WORDS.get(row.action, row.action)))
        for row in rows
    ]
