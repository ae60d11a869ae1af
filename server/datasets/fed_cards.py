"""Cards that a data set fills: bound by somebody, refilled with every new version.

A card that the new rows cannot fill keeps its last good data; that is told, and stands beside the
data set until it is mended.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from django.db import transaction

from cards.catalogue import TEMPLATES, template_of
from cards.pictures import cells_of
from cards.template import CardRefusedError
from server.accounts.models import Department, Staff
from server.accounts.policy import Act, require
from server.alerts.kinds import Kind as Told
from server.alerts.services import tell
from server.audit.services import record
from server.datasets.columns import columns_of
from server.datasets.feeding import check_mapping, filled
from server.datasets.models import Dataset, DatasetVersion, FedCard
from server.datasets.pictures import pictured
from server.datasets.shapes import Group, tree_of
from server.datasets.tables import Row
from server.errors import ApplicationError, Invalid
from server.library.authored import card_create, card_refill, reset_of
from server.library.models import Asset, Blob
from server.sentences import Sentence

__all__ = [
    "card_bind",
    "cards_refill",
    "feed_cards",
    "mapping_change",
    "shape_of",
    "trouble_of",
]


def shape_of(template: str) -> tuple[Group, frozenset[str]]:
    """The fields of a template, and its files that no row names.  Raises `Invalid`."""
    try:
        found = template_of(template)
    except CardRefusedError as refused:
        raise Invalid(
            "This card cannot be shown: %(reason)s.", values={"reason": str(refused)}
        ) from refused
    cells = cells_of(found.files)
    own = frozenset(name for name in found.files if not cells & cells_of([name]))
    return tree_of(found.shape, found.files), own


@transaction.atomic
def card_bind(
    *,
    dataset: Dataset,
    title: str,
    template: str,
    mapping: Mapping[str, str],
    fixed: Mapping[str, Any],
    department: Department,
    actor: Staff,
    now: datetime,
) -> Asset:
    """Make a card that this data set fills, now and with each new version.  Raises `Invalid`."""
    require(actor, Act.VIEW, dataset.department)
    kept = Dataset.objects.select_for_update().get(pk=dataset.pk, deleted_at=None)
    newest = _newest(kept, template)
    data, blobs = _content(kept, newest.rows, template, mapping, fixed)
    asset = card_create(
        title=title, template=template, data=data, pictures=blobs, department=department,
        actor=actor, now=now,
    )  # fmt: skip
    fed = FedCard(asset=asset, dataset=kept, mapping=dict(mapping), fixed=dict(fixed))
    fed.version = newest.number
    fed.save()
    return _refilled(fed, data, blobs, actor, now)


@transaction.atomic
def mapping_change(
    *,
    asset: Asset,
    mapping: Mapping[str, str],
    fixed: Mapping[str, Any],
    actor: Staff,
    now: datetime,
) -> Asset:
    """Let other columns fill the card."""
    require(actor, Act.UPLOAD, asset.department)
    fed = FedCard.objects.select_related("dataset").select_for_update(of=("self",)).get(asset=asset)
    template = str(asset.content["template"])
    newest = _newest(fed.dataset, template)
    data, blobs = _content(fed.dataset, newest.rows, template, mapping, fixed)
    fed.mapping, fed.fixed, fed.trouble = dict(mapping), dict(fixed), {}
    fed.version = newest.number
    fed.save()
    return _refilled(fed, data, blobs, actor, now)


def feed_cards(
    *, dataset: Dataset, version: DatasetVersion, actor: Staff | None, now: datetime
) -> None:
    """Refill every card of the data set, in the transaction of its new version.

    What cannot be filled stays as it is and is told.
    """
    fed = FedCard.objects.filter(dataset=dataset).select_related("asset")
    good: list[tuple[FedCard, dict[str, Any], dict[str, Blob]]] = []
    for each in fed.order_by("pk"):
        template = str(each.asset.content["template"])
        try:
            content = _content(dataset, version.rows, template, each.mapping, each.fixed)
            card_refill(asset=each.asset, data=content[0], only_check=True, now=now)
        except ApplicationError as refused:
            _in_trouble(each, refused, version, now)
        else:
            good.append((each, *content))
    for each, data, blobs in good:
        each.version, each.trouble = version.number, {}
        each.is_owed = _is_unreviewed(each)
        each.save(update_fields=["version", "trouble", "is_owed"])
        _refilled(each, data, blobs, actor, now)


@transaction.atomic
def cards_refill(*, dataset: Dataset, now: datetime) -> None:
    """Fill its cards anew with the rows that they have: there are more pictures of them."""
    kept = Dataset.objects.select_for_update().get(pk=dataset.pk, deleted_at=None)
    newest = kept.versions.first()
    if newest is not None:
        feed_cards(dataset=kept, version=newest, actor=None, now=now)


def trouble_of(fed: FedCard) -> Sentence | None:
    """Why the newest rows cannot be shown, for people."""
    if not fed.trouble:
        return None
    return Sentence(
        fed.trouble["template"], fed.trouble["values"]
    )  # of our catalogue, kept as it was


def _refilled(
    fed: FedCard,
    data: dict[str, Any],
    blobs: dict[str, Blob],
    actor: Staff | None,
    now: datetime,
) -> Asset:
    reset = reset_of(fed.asset, data)
    kept = card_refill(asset=fed.asset, data=data, pictures=blobs, feed=feed_of(fed), now=now)
    detail = {"dataset": fed.dataset_id, "version": fed.version}
    record(actor=actor, action="card.feed", subject=kept, detail=detail, now=now)
    if reset:
        record(actor=actor, action="safety-days.reset", subject=kept, detail=reset, now=now)
    return kept


def feed_of(fed: FedCard) -> dict[str, Any]:
    """What a card's content says of its data set: what a review binds to (ADR 0024)."""
    return {
        "dataset": fed.dataset_id,
        "mapping": fed.mapping,
        "fixed": fed.fixed,
        "is_unreviewed": _is_unreviewed(fed),
    }


def _is_unreviewed(fed: FedCard) -> bool:
    """Do new rows reach the walls without a review?  Not where the template asks for one."""
    template = template_of(str(fed.asset.content["template"]))
    return fed.dataset.unreviewed_since is not None and not template.reviewed


def _in_trouble(
    fed: FedCard, refused: ApplicationError, version: DatasetVersion, now: datetime
) -> None:
    said = refused.message
    values = {name: str(value) if not isinstance(value, int) else value
              for name, value in said.values.items()}  # fmt: skip
    fed.trouble = {"template": said.template, "values": values}
    fed.save(update_fields=["trouble"])
    tell(
        kind=Told.DATA_TROUBLE,
        said=Sentence(
            "The card “%(card)s” cannot show the newest rows of “%(dataset)s” and stays as it was:"
            " %(why)s",
            {"card": fed.asset.title, "dataset": fed.dataset.name, "why": said},
        ),
        department=fed.dataset.department,
        link=f"/data/{fed.dataset_id}/",
        key=f"fed:{fed.pk}:{version.number}",
        now=now,
    )


def _newest(dataset: Dataset, template: str) -> DatasetVersion:
    found = dataset.versions.first()
    if found is None or not (found.rows or _may_be_empty(template)):
        raise Invalid("This data set has no rows yet: fill it first.")
    return found


def _may_be_empty(template: str) -> bool:
    return template in TEMPLATES and TEMPLATES[template].may_be_empty


def _content(
    dataset: Dataset,
    rows: list[Row],
    template: str,
    mapping: Mapping[str, str],
    fixed: Mapping[str, Any],
) -> tuple[dict[str, Any], dict[str, Blob]]:
    shape, files = shape_of(template)
    columns = columns_of(dataset.columns)
    check_mapping(mapping, shape, files, columns)
    if not rows and not _may_be_empty(template):
        raise Invalid("This data set has no rows yet: fill it first.")
    told, blobs = pictured(template_of(template), shape, mapping, rows, _fetched(dataset))
    data = filled(shape, mapping, fixed, told)
    return msgspec.to_builtins(data), blobs


def _fetched(dataset: Dataset) -> dict[str, Blob]:
    """The pictures of its rows that are there, by their addresses."""
    every = dataset.pictures.select_related("blob")
    return {each.address: each.whole for each in every if each.whole is not None}
