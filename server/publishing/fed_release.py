"""Tells the walls the rows of cards, and the pages, that change without review (ADR 0024).

It starts from what the walls show: nothing else of the programme goes out with them.
"""

import logging
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from manifest.model import ImageAsset, Manifest
from server.datasets.models import FedCard
from server.errors import ApplicationError
from server.library.models import Asset, AssetState
from server.publishing.amend import names_asset
from server.publishing.codes import with_codes
from server.publishing.facts import AssetFacts
from server.publishing.fed import with_cards, with_pictures
from server.publishing.files import require_files, with_files_read
from server.publishing.loader import load_assets
from server.publishing.models import Release
from server.publishing.parts import card, media
from server.publishing.releases import lock_screens
from server.publishing.urgent import amended, released
from server.screens.models import Screen
from server.webpages.models import WebPage

__all__ = ["publish_owed"]

log = logging.getLogger("server.publishing")


def publish_owed(now: datetime) -> Release | None:
    """Tell the walls the cards and pages that changed without review; None: none have.

    What cannot be told now is tried again the next time.
    """
    owed = _Owed(
        dict(FedCard.objects.filter(is_owed=True).values_list("pk", "asset")),
        dict(WebPage.objects.filter(is_owed=True).values_list("pk", "asset")),
    )
    if not owed.assets:
        return None
    try:
        return with_files_read(lambda read: _published(owed, read, now), now)
    except ApplicationError as error:
        log.warning("new data waits to be published: %s", error.message)
        return None


class _Owed(NamedTuple):
    """What changed: rows to the assets (primary keys) that show them."""

    cards: Mapping[int, int]
    pages: Mapping[int, int]

    @property
    def assets(self) -> list[int]:
        return [*self.cards.values(), *self.pages.values()]

    def changed(self) -> Callable[[Screen, Manifest], Manifest]:
        """What is to be done to what a wall shows."""
        rows = Asset.objects.filter(pk__in=self.cards.values(), state=AssetState.READY)
        cards = {
            f"a{row.pk}": card(
                AssetFacts(
                    row.pk, row.kind, row.title, True, content=with_codes(row.pk, row.content)
                )
            )
            for row in rows
        }
        drawn = load_assets(self.pages.values())
        pictures = {f"a{pk}": media(each, each.files[0]) for pk, each in drawn.items()
                    if each.is_ready and each.files}  # fmt: skip
        seen = {id_: each for id_, each in pictures.items() if isinstance(each, ImageAsset)}
        return lambda _screen, manifest: with_pictures(with_cards(manifest, cards), seen)


def _published(owed: _Owed, read: Collection[str], now: datetime) -> Release | None:
    with transaction.atomic():
        locked = lock_screens(Screen.objects.filter(retired_at=None).values_list("pk", flat=True))
        bodies = amended(
            locked,
            owed.changed(),
            now,
            touches=lambda payload: any(names_asset(payload, pk) for pk in owed.assets),
        )
        require_files([body.manifest for body in bodies.values()], read, now)
        FedCard.objects.filter(pk__in=owed.cards).update(is_owed=False)
        WebPage.objects.filter(pk__in=owed.pages).update(is_owed=False)
        reason = "new data that needs no review"  # who changed it: the audit
        return released(Release.Kind.DATA, bodies, None, reason, now)
