"""Data sets that are fetched from another system: set by somebody, fetched in the background.

Whatever goes wrong, the last good rows stay; a failure is told once, until it works again.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django_tasks import task

from server.accounts.models import Staff
from server.accounts.policy import Act, require
from server.alerts.addresses import Resolve, system_resolve
from server.audit.services import record
from server.clock import SystemClock
from server.datasets.columns import columns_of
from server.datasets.fed_cards import cards_refill
from server.datasets.fetching import checked_address, fetch, rules
from server.datasets.importing import read_table
from server.datasets.models import Dataset, DatasetVersion
from server.datasets.picture_fetching import pictures_fetch, pictures_forget
from server.datasets.places import places_read
from server.datasets.tables import typed
from server.datasets.troubles import trouble_begins, trouble_ends
from server.datasets.versions import require_own_rows, rows_put
from server.errors import ApplicationError, Invalid
from server.sentences import Sentence

__all__ = ["INTERVALS_MIN", "fetch_asked", "fetch_now", "fetch_one", "fetch_soon", "source_set"]

log = logging.getLogger("server.datasets")

#: How often a data set may be fetched, in minutes: the least and the most.
INTERVALS_MIN = (1, 10_080)


@transaction.atomic
def source_set(
    *, dataset: Dataset, url: str, every_min: int, actor: Staff, now: datetime
) -> Dataset:
    """Fetch it from `url` every so many minutes ("": not any more).  Raises `Invalid`."""
    require(actor, Act.UPLOAD, dataset.department)
    kept = Dataset.objects.select_for_update().get(pk=dataset.pk, deleted_at=None)
    least, most = INTERVALS_MIN
    if not least <= every_min <= most:
        raise Invalid(
            "Fetch it every %(least)d to %(most)d minutes.", values={"least": least, "most": most}
        )
    if url.strip():
        require_own_rows(kept)
        checked_address(url, rules())
    kept.url, kept.every_min = url.strip()[:500], every_min
    kept.fetch_due_at = now if kept.url else None
    kept.trouble, kept.failing_since = {}, None
    kept.save(update_fields=["url", "every_min", "fetch_due_at", "trouble", "failing_since"])
    record(actor=actor, action="dataset.source", subject=kept, now=now,
           detail={"url": kept.url, "every_min": every_min})  # fmt: skip
    return kept


def fetch_asked(*, dataset: Dataset, actor: Staff, now: datetime) -> None:
    """Have it fetched at once, whenever it is due.  Raises `Invalid`."""
    require(actor, Act.UPLOAD, dataset.department)
    following = now + timedelta(minutes=dataset.every_min)
    kept = Dataset.objects.filter(pk=dataset.pk, deleted_at=None).exclude(url="")
    with transaction.atomic():
        if not kept.update(fetch_due_at=following):
            raise Invalid("It is fetched from nowhere: give it an address first.")
        fetch_one.enqueue(dataset.pk)


@task()
def fetch_one(dataset: int) -> str:
    """Fetch one data set; the answer says what came of it."""
    row = Dataset.objects.filter(pk=dataset, deleted_at=None).exclude(url="").first()
    return "gone" if row is None else fetch_now(dataset=row, now=SystemClock().now())


def fetch_soon(*, now: datetime) -> int:
    """Have a worker fetch all that is due; returns how many."""
    due = Dataset.objects.filter(fetch_due_at__lte=now, deleted_at=None).exclude(url="")
    count = 0
    for each in due:
        following = now + timedelta(minutes=each.every_min)
        with transaction.atomic():
            taken = Dataset.objects.filter(pk=each.pk, fetch_due_at=each.fetch_due_at)
            if taken.update(fetch_due_at=following):  # else another process has it
                fetch_one.enqueue(each.pk)
                count += 1
    return count


def fetch_now(*, dataset: Dataset, now: datetime, resolve: Resolve = system_resolve) -> str:
    """Fetch and put the rows: "same", "new" or "failed".  Takes up to five minutes."""
    try:
        data = fetch(dataset.url, rules(), resolve=resolve)
        table = read_table(data, now=now, places=places_read(dataset)).table
        rows = typed(table, columns_of(dataset.columns))
        before = dataset.version
        has_more = pictures_fetch(dataset=dataset, rows=rows.rows, now=now, resolve=resolve)
        made = rows_put(
            dataset=dataset, rows=rows, origin=DatasetVersion.Origin.URL, source=dataset.url,
            actor=None, now=now,
        )  # fmt: skip
        pictures_forget(dataset=dataset, rows=made.rows)
        if has_more and made.number == before:
            cards_refill(dataset=dataset, now=now)
    except ApplicationError as error:
        _failed(dataset, error.message, now)
        return "failed"
    except Dataset.DoesNotExist:
        return "gone"
    Dataset.objects.filter(pk=dataset.pk).update(fetched_at=now)
    trouble_ends(dataset)
    return "new" if made.number != before else "same"


def _failed(dataset: Dataset, why: Sentence, now: datetime) -> None:
    told = Sentence(
        "“%(dataset)s” could not be fetched and stays as it was: %(why)s",
        {"dataset": dataset.name, "why": why},
    )
    trouble_begins(dataset=dataset, why=why, told=told, now=now)
    log.info("data set %d could not be fetched: %s", dataset.pk, why)
