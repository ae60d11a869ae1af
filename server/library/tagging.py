"""Tags of assets, and the stored text of their search.  Writes `AssetTag` and `Asset.search`.

A tag is a word on an asset; there is no list of tags beside it, so that nobody learns of a word
that stands only on what they may not see.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from server.accounts.models import Staff
from server.accounts.policy import Act, in_reach, require
from server.audit.services import record
from server.errors import Invalid, NotFound
from server.library.models import TAG_LIMIT, Asset, AssetTag
from server.library.search import search_text

__all__ = [
    "TAGS_LIMIT",
    "put_tags",
    "refresh_search",
    "tag_rename",
    "tagged",
    "tags_among",
    "tags_change",
    "words_of",
]

#: The most tags of one asset.
TAGS_LIMIT = 20


def words_of(names: Iterable[str]) -> list[str]:
    """Return what somebody typed as tags: each once, in order, tidy.  Raises `Invalid`."""
    found: dict[str, None] = {}
    for name in names:
        tidy = " ".join("".join(each for each in name if each.isprintable()).split())
        if len(tidy) > TAG_LIMIT:
            raise Invalid(
                "The tag “%(tag)s” is longer than %(most)d characters: shorten it.",
                values={"tag": tidy[:TAG_LIMIT] + "…", "most": TAG_LIMIT},
                details={"tags": tidy},
            )
        if tidy:
            found[tidy] = None
    if len(found) > TAGS_LIMIT:
        raise Invalid("At most %(most)d tags an asset.", values={"most": TAGS_LIMIT})
    return list(found)


def tags_among(assets: QuerySet[Asset]) -> list[tuple[str, int]]:
    """The tags on these assets, and on how many of them each stands; by name."""
    rows = AssetTag.objects.filter(asset__in=assets.order_by()).values("name")
    return list(rows.annotate(n=Count("pk")).order_by("name").values_list("name", "n"))


def tagged(asset: Asset) -> list[str]:
    """The tags of one asset, by name."""
    return list(asset.tags.values_list("name", flat=True))


def tags_change(
    *,
    assets: Collection[Asset],
    add: Iterable[str] = (),
    remove: Iterable[str] = (),
    actor: Staff,
    now: datetime,
) -> None:
    """Put tags on some assets, and take others away; all of them or none.  Raises `Invalid`."""
    added, gone = words_of(add), set(words_of(remove))
    for asset in assets:
        require(actor, Act.UPLOAD, asset.department_id)
    with transaction.atomic():
        for asset in assets:
            before = tagged(asset)
            after = [each for each in words_of([*before, *added]) if each not in gone]
            if after != before:
                put_tags(asset, after)
                detail = {"before": before, "after": after}
                record(actor=actor, action="asset.tag", subject=asset, detail=detail, now=now)


def tag_rename(*, name: str, to: str, actor: Staff, now: datetime) -> int:
    """Call a tag by another word, or put it together with one that is there; return how often.

    On the assets that the actor may change; with an empty word the tag is taken away.
    """
    words = words_of([to])
    mine = Asset.objects.filter(in_reach(actor, Act.UPLOAD), tags__name=name)
    with transaction.atomic():
        assets = list(mine.select_for_update())
        if not assets:
            raise NotFound("No asset that you may change has the tag “%(tag)s”.",
                           values={"tag": name})  # fmt: skip
        for asset in assets:
            put_tags(asset, [each for each in tagged(asset) if each != name] + words)
            detail = {"tag": name, "to": to}
            record(actor=actor, action="asset.tag", subject=asset, detail=detail, now=now)
    return len(assets)


def put_tags(asset: Asset, names: Iterable[str]) -> None:
    """Make the tags of an asset these, in the caller's transaction."""
    wanted = words_of(names)
    asset.tags.filter(~Q(name__in=wanted)).delete()
    rows = [AssetTag(asset=asset, name=each) for each in wanted]
    AssetTag.objects.bulk_create(rows, ignore_conflicts=True)
    refresh_search(asset)


def refresh_search(asset: Asset) -> None:
    """Write anew what a search looks through, after a title, name or tag was changed."""
    asset.search = search_text(asset.title, asset.original_name, tagged(asset))
    Asset.with_bin.filter(pk=asset.pk).update(search=asset.search)
