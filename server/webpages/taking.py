"""Takes pages when they are due, one at a time, in the worker.

Whatever goes wrong, the last good picture stays; a failure is told once, until it works again.
"""

import logging
import tempfile
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django_tasks import task

from server.alerts.kinds import Kind as Told
from server.alerts.services import tell
from server.clock import SystemClock
from server.datasets.fetching import Rules, rules
from server.errors import ApplicationError
from server.library.ingest.child import StepFailed
from server.library.ingest.failures import Refused
from server.library.ingest.stills import still_put
from server.library.models import Asset, AssetState
from server.sentences import Sentence
from server.webpages.errors import PageNotTaken
from server.webpages.models import WebPage
from server.webpages.snapshot import Picture, View, snapshot

__all__ = ["Take", "take_now", "take_one", "take_soon"]

log = logging.getLogger("server.webpages")

#: How a page becomes a picture.
Take = Callable[[View, Rules], Picture]

#: One browser at a time: it wants as much memory as all else here.
_one = threading.Lock()

#: Who finds the browser busy comes again after this.
PAUSE = timedelta(seconds=10)


@task()
def take_one(page: int) -> str:
    """Take one page; the answer says what came of it."""
    row = _at_hand().filter(pk=page).first()
    if row is None:
        return "gone"
    now = SystemClock().now()
    if not _one.acquire(blocking=False):
        take_one.using(run_after=now + PAUSE).enqueue(page)
        return "later"
    try:
        return take_now(page=row, now=now)
    finally:
        _one.release()


def take_soon(*, now: datetime) -> int:
    """Have a worker take all that is due; returns how many."""
    count = 0
    for each in _at_hand().filter(due_at__lte=now):
        following = now + timedelta(minutes=each.every_min)
        with transaction.atomic():
            mine = WebPage.objects.filter(pk=each.pk, due_at=each.due_at)
            if mine.update(due_at=following):  # else another process has it
                take_one.enqueue(each.pk)
                count += 1
    return count


def take_now(*, page: WebPage, now: datetime, take: Take | None = None) -> str:
    """Take it and show it: "same", "new", "failed" or "gone".  May take two minutes."""
    timezone = settings.CONFIGURATION.organisation.timezone or "UTC"
    taker = take or partial(snapshot, timezone=timezone)
    view = View(page.url, str(page.shape), page.wait_s, page.scale_percent)
    above: Path = settings.DATA / "ingest"
    above.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with tempfile.TemporaryDirectory(
            prefix=f"page{page.pk}-", dir=above, ignore_cleanup_errors=True
        ) as folder:
            return _shown(page, taker, view, Path(folder), now)
    except ApplicationError as error:
        return _failed(page, error.message, now)
    except (Refused, StepFailed, OSError) as error:
        log.warning("the picture of web page %d could not be kept: %s", page.pk, error)
        said = "The picture was taken and could not be kept: an administrator looks at the journal."
        return _failed(page, PageNotTaken(said).message, now)
    except (Asset.DoesNotExist, WebPage.DoesNotExist):
        return "gone"


def _at_hand() -> QuerySet[WebPage]:
    rows = WebPage.objects.filter(asset__deleted_at=None).select_related("asset__department")
    return rows.exclude(asset__state=AssetState.WITHDRAWN)


def _shown(page: WebPage, taker: Take, view: View, folder: Path, now: datetime) -> str:
    picture = taker(view, rules())
    png, made = folder / "page.png", folder / "made"
    made.mkdir(mode=0o700)
    png.write_bytes(picture.png)
    is_new = still_put(
        asset=page.asset,
        png=png,
        folder=made,
        now=now,
        then=lambda _asset: _changed(page, view, now),
    )
    WebPage.objects.filter(pk=page.pk).update(
        taken_at=now, trouble={}, failing_since=None, left_out=list(picture.left_out)
    )
    return "new" if is_new else "same"


def _changed(page: WebPage, view: View, now: datetime) -> None:
    """In the transaction of the new picture; whether it goes out is what is true now."""
    kept = WebPage.objects.select_for_update().get(pk=page.pk)
    if View(kept.url, str(kept.shape), kept.wait_s, kept.scale_percent) != view:
        raise WebPage.DoesNotExist("it was pointed elsewhere meanwhile, and is taken anew")
    kept.changed_at, kept.is_owed = now, kept.unreviewed_since is not None
    kept.save(update_fields=["changed_at", "is_owed"])


def _failed(page: WebPage, why: Sentence, now: datetime) -> str:
    """The last good picture stays; it is told once for as long as it goes on failing."""
    with transaction.atomic():
        kept = WebPage.objects.select_for_update().filter(pk=page.pk).first()
        if kept is None:
            return "gone"
        kept.failing_since = kept.failing_since or now
        values = {name: value if isinstance(value, int) else str(value)
                  for name, value in why.values.items()}  # fmt: skip
        kept.trouble = {"template": why.template, "values": values}
        kept.save(update_fields=["failing_since", "trouble"])
        Asset.objects.filter(pk=kept.asset_id, renditions=None).exclude(
            state=AssetState.WITHDRAWN
        ).update(state=AssetState.FAILED, failure_code="PAGE_NOT_TAKEN")
        tell(
            kind=Told.DATA_TROUBLE,
            said=Sentence(
                "“%(page)s” (%(address)s) could not be taken and stays as it was: %(why)s",
                {"page": page.asset.title, "address": kept.url, "why": why},
            ),
            department=page.asset.department,
            link=f"/library/{kept.asset_id}/",
            key=f"page:{kept.pk}:{kept.failing_since.isoformat()}",
            now=now,
        )
    log.info("web page %d could not be taken: %s", page.pk, why)
    return "failed"
