"""Tells the walls the rows of cards that change without review (ADR 0024).

It starts from what the walls show: nothing else of the programme goes out with new rows.
"""

import logging
from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction

from server.datasets.models import FedCard
from server.errors import ApplicationError
from server.library.models import Asset, AssetState
from server.publishing.amend import names_asset
from server.publishing.codes import with_codes
from server.publishing.facts import AssetFacts
from server.publishing.fed import with_cards
from server.publishing.files import require_files, with_files_read
from server.publishing.models import Release
from server.publishing.parts import card
from server.publishing.releases import lock_screens
from server.publishing.urgent import amended, released
from server.screens.models import Screen

__all__ = ["publish_owed"]

log = logging.getLogger("server.publishing")


def publish_owed(now: datetime) -> Release | None:
    """Tell the walls the rows of cards that changed without review; None: none have.

    What cannot be told now is tried again the next time.
    """
    owed = list(FedCard.objects.filter(is_owed=True).order_by("pk"))
    if not owed:
        return None
    keys = {each.pk: each.asset_id for each in owed}
    try:
        return with_files_read(lambda read: _published(keys, read, now), now)
    except ApplicationError as error:
        log.warning("new data waits to be published: %s", error.message)
        return None


def _published(owed: Mapping[int, int], read: Collection[str], now: datetime) -> Release | None:
    with transaction.atomic():
        locked = lock_screens(Screen.objects.filter(retired_at=None).values_list("pk", flat=True))
        rows = Asset.objects.filter(pk__in=owed.values(), state=AssetState.READY)
        cards = {
            f"a{row.pk}": card(
                AssetFacts(
                    row.pk, row.kind, row.title, True, content=with_codes(row.pk, row.content)
                )
            )
            for row in rows
        }
        bodies = amended(
            locked,
            lambda _screen, manifest: with_cards(manifest, cards),
            now,
            touches=lambda payload: any(names_asset(payload, pk) for pk in owed.values()),
        )
        require_files([body.manifest for body in bodies.values()], read, now)
        FedCard.objects.filter(pk__in=owed).update(is_owed=False)
        reason = "new rows of data sets that need no review"  # who changed them: their audit
        return released(Release.Kind.DATA, bodies, None, reason, now)
