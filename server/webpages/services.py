"""What people do to a web page: make it, change it, have it taken now, let it go out unreviewed.

A review binds to what is asked for (address, size, interval), as with the cards of data sets
(ADR 0024): an administrator says whether new pictures go to the walls without one.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from server.accounts.models import Department, Staff
from server.accounts.policy import Act, require
from server.audit.services import record
from server.datasets.fetching import checked_address, rules
from server.errors import Invalid
from server.library.authored import picture_create
from server.library.models import Asset
from server.sentences import Sentence
from server.webpages.models import Shape, WebPage

__all__ = [
    "INTERVALS_MIN",
    "SCALES_PERCENT",
    "WAITS_S",
    "bound",
    "page_ask",
    "page_change",
    "page_create",
    "trouble_of",
    "unreviewed_set",
]

#: The least and the most: minutes between two pictures, seconds of waiting, percent of the size.
INTERVALS_MIN, WAITS_S, SCALES_PERCENT = (5, 10_080), (0, 30), (50, 400)


@transaction.atomic
def page_create(
    *,
    title: str,
    url: str,
    department: Department,
    actor: Staff,
    now: datetime,
    every_min: int = 60,
    shape: str = Shape.LANDSCAPE,
    wait_s: int = 0,
    scale_percent: int = 100,
) -> WebPage:
    """Make an asset of a page; a worker takes it at once.  Raises `Invalid`, `FetchRefused`."""
    require(actor, Act.UPLOAD, department)
    page = WebPage(due_at=now)
    _fill(
        page, url=url, every_min=every_min, shape=shape, wait_s=wait_s, scale_percent=scale_percent
    )
    page.asset = picture_create(
        title=title, content={"page": bound(page)}, department=department, actor=actor, now=now
    )
    page.save()
    detail = {"url": page.url, "every_min": page.every_min}
    record(actor=actor, action="page.create", subject=page.asset, detail=detail, now=now)
    _enqueue(page)
    return page


@transaction.atomic
def page_change(
    *,
    page: WebPage,
    url: str,
    every_min: int,
    shape: str,
    wait_s: int,
    scale_percent: int,
    actor: Staff,
    now: datetime,
) -> WebPage:
    """Take another address, or otherwise; the last picture stays until there is a new one.

    What was let out without a review is reviewed again.  Raises `Invalid`, `FetchRefused`.
    """
    require(actor, Act.UPLOAD, page.asset.department)
    kept = WebPage.objects.select_for_update().select_related("asset").get(pk=page.pk)
    before = bound(kept)
    _fill(
        kept, url=url, every_min=every_min, shape=shape, wait_s=wait_s, scale_percent=scale_percent
    )
    if bound(kept) == before:
        return kept
    kept.due_at = now + timedelta(minutes=kept.every_min)
    kept.unreviewed_since, kept.unreviewed_by, kept.is_owed = None, None, False
    kept.trouble, kept.failing_since = {}, None
    kept.save()
    _write_down(kept)
    detail = {"before": before, "after": bound(kept)}
    record(actor=actor, action="page.change", subject=kept.asset, detail=detail, now=now)
    _enqueue(kept)
    return kept


def page_ask(*, page: WebPage, actor: Staff, now: datetime) -> None:
    """Have it taken at once, whenever it is due."""
    require(actor, Act.UPLOAD, page.asset.department)
    with transaction.atomic():
        following = now + timedelta(minutes=page.every_min)
        WebPage.objects.filter(pk=page.pk).update(due_at=following)
        _enqueue(page)


@transaction.atomic
def unreviewed_set(
    *, page: WebPage, is_unreviewed: bool, reason: str, actor: Staff, now: datetime
) -> WebPage:
    """Let new pictures go out without review, or not any more.  For administrators, with a reason.

    A picture that waits for a review goes out with the next one, not with this act.
    """
    require(actor, Act.TRUST_DATA, page.asset.department)
    if not reason.strip():
        raise Invalid("Say why: it stands in the audit.")
    kept = WebPage.objects.select_for_update().select_related("asset").get(pk=page.pk)
    kept.unreviewed_since = now if is_unreviewed else None
    kept.unreviewed_by = actor if is_unreviewed else None
    kept.is_owed = False
    kept.save(update_fields=["unreviewed_since", "unreviewed_by", "is_owed"])
    _write_down(kept)
    action = "page.unreviewed" if is_unreviewed else "page.reviewed"
    record(actor=actor, action=action, subject=kept.asset, detail={"reason": reason.strip()},
           now=now)  # fmt: skip
    return kept


def bound(page: WebPage) -> dict[str, Any]:
    """What an asset says of its page: what a review binds to, and whether it does."""
    return {
        "url": page.url,
        "every_min": page.every_min,
        "shape": str(page.shape),
        "wait_s": page.wait_s,
        "scale_percent": page.scale_percent,
        "is_unreviewed": page.unreviewed_since is not None,
    }


def trouble_of(page: WebPage) -> Sentence | None:
    """Why it could not be taken the last time, for people."""
    if not page.trouble:
        return None
    return Sentence(page.trouble["template"], page.trouble["values"])  # of our catalogue


def _fill(
    page: WebPage, *, url: str, every_min: int, shape: str, wait_s: int, scale_percent: int
) -> None:
    checked_address(url, rules())
    _within(every_min, INTERVALS_MIN, "Take it every %(least)d to %(most)d minutes.")
    _within(wait_s, WAITS_S, "Wait %(least)d to %(most)d seconds.")
    _within(scale_percent, SCALES_PERCENT, "Draw it at %(least)d to %(most)d percent.")
    if shape not in Shape.values:
        raise Invalid("A page is drawn for 16:9 or for 9:16.")
    page.url, page.every_min, page.shape = url.strip()[:500], every_min, shape
    page.wait_s, page.scale_percent = wait_s, scale_percent


def _within(number: int, bounds: tuple[int, int], said: str) -> None:
    least, most = bounds
    if not least <= number <= most:
        raise Invalid(said, values={"least": least, "most": most})


def _write_down(page: WebPage) -> None:
    asset = Asset.with_bin.select_for_update().get(pk=page.asset_id)
    asset.content |= {"page": bound(page)}
    asset.save(update_fields=["content"])


def _enqueue(page: WebPage) -> None:
    from server.webpages.taking import take_one  # it asks us what a page is bound to

    take_one.enqueue(page.pk)
