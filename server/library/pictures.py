"""Pictures of the library for what shows them inside: cards of an emergency, rows of a card.

For services and forms; the files are those that screens get.  Writes nothing.
"""

from django.db.models import QuerySet
from django.utils.translation import gettext_noop as _

from server.accounts.models import Staff
from server.accounts.policy import Act, require
from server.errors import Invalid
from server.library.models import Asset, AssetKind, AssetState, Blob, Purpose

__all__ = ["picture_blob", "pictures_of"]


def picture_blob(asset: int, actor: Staff) -> Blob:
    """The file that screens get of a picture that the actor may see.  Raises `Invalid`."""
    row = Asset.objects.filter(pk=asset, kind=AssetKind.IMAGE).first()
    made = row and row.renditions.filter(purpose=Purpose.WALL).select_related("blob").first()
    if row is None or not made or not made.blob.mime.startswith("image/"):
        raise Invalid(_("This picture is not ready, or is none: choose another."))
    require(actor, Act.VIEW, row.department_id)
    return made.blob


def pictures_of(assets: QuerySet[Asset]) -> QuerySet[Asset]:
    """Those of these assets that are pictures and ready, the newest first."""
    ready = assets.filter(kind=AssetKind.IMAGE, state=AssetState.READY)
    return ready.order_by("-created_at", "-pk")
