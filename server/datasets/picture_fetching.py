"""Fetches the pictures that rows name by their addresses: once each, from listed hosts, bounded.

By `fetching.fetch`, so that no address is asked that may not be; then decoded and made small in the
locked-in child, like any upload.  A picture that cannot be had never fails its rows: they stand
without it, and the page says why.
"""

import logging
import tempfile
import time
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django_tasks import task

from cards.pictures import MOST
from server.alerts.addresses import Resolve, system_resolve
from server.clock import SystemClock
from server.datasets.columns import Column, Kind, columns_of
from server.datasets.fed_cards import cards_refill
from server.datasets.fetching import fetch, rules
from server.datasets.models import Dataset, FetchedPicture
from server.datasets.pictures import foremost
from server.datasets.tables import Row
from server.errors import ApplicationError
from server.library.ingest.child import StepFailed
from server.library.ingest.failures import FAILURES, Refused
from server.library.ingest.protocol import Wall
from server.library.ingest.stills import still_made
from server.library.keeping import keep_blobs
from server.library.models import Blob
from server.sentences import Bilingual, Sentence

__all__ = [
    "ALL_S",
    "BYTES_LIMIT",
    "RETRY_AFTER",
    "claimed_blobs",
    "fetch_pictures",
    "missing_of",
    "pictures_due",
    "pictures_fetch",
    "pictures_forget",
    "wants_pictures",
]

log = logging.getLogger("server.datasets")

#: The largest file of a picture, in bytes; how long one and all of them may take, in seconds.
BYTES_LIMIT = 10_000_000
ONE_S, ALL_S = 20.0, 90.0
#: What could not be had is asked for again after this.
RETRY_AFTER = timedelta(hours=1)
#: Why what nobody has asked for yet is missing.
_LATER: dict[str, Any] = {"template": Sentence("They are not fetched yet.").template, "values": {}}
#: A picture of a row is a part of the wall.
_WALL = Wall(1280, 720)


def wants_pictures(dataset: Dataset) -> bool:
    """Has it a column of addresses of pictures?"""
    return any(each["kind"] == Kind.PICTURE_ADDRESS for each in dataset.columns)


@task()
def fetch_pictures(dataset: int) -> str:
    """Fetch those of rows that somebody wrote, and show them: "new", "same" or "gone"."""
    row = Dataset.objects.filter(pk=dataset, deleted_at=None).first()
    newest = row and row.versions.first()
    if row is None or not newest:
        return "gone"
    now = SystemClock().now()
    has_more = pictures_fetch(dataset=row, rows=newest.rows, now=now)
    pictures_forget(dataset=row, rows=newest.rows)
    if has_more:
        cards_refill(dataset=row, now=now)
    return "new" if has_more else "same"


def pictures_due(*, now: datetime) -> int:
    """Have a worker ask again for what is missing of data sets that nobody fetches; how many."""
    late = FetchedPicture.objects.filter(
        blob=None, fetched_at__lte=now - RETRY_AFTER, dataset__url="", dataset__deleted_at=None
    )
    owners = set(late.values_list("dataset_id", flat=True))
    for pk in owners:
        fetch_pictures.enqueue(pk)
    return len(owners)


def pictures_fetch(
    *, dataset: Dataset, rows: Sequence[Row], now: datetime, resolve: Resolve = system_resolve
) -> bool:
    """Fetch the pictures of the newest of these rows that are not there; whether one more is."""
    until, has_more = time.monotonic() + ALL_S, False
    known = _known(dataset)
    for address in wanted(columns_of(dataset.columns), rows):
        before = known.get(address)
        if before and (before.whole or _is_soon(before, now)):
            continue
        left_s = until - time.monotonic()
        if left_s <= 0:  # with the next turn, however soon it comes
            _not_had(dataset, address, _LATER, now - RETRY_AFTER)
            continue
        has_more |= _fetched(dataset, address, now, resolve, min(ONE_S, left_s))
    return has_more


def pictures_forget(*, dataset: Dataset, rows: Iterable[Row]) -> None:
    """Forget those that no row names; their files go with the next collection of orphans."""
    named = {value for row in rows for value in row.values() if isinstance(value, str)}
    every = dataset.pictures.values_list("pk", "address")
    gone = [pk for pk, address in every if address not in named]
    dataset.pictures.filter(pk__in=gone).delete()


def wanted(columns: Iterable[Column], rows: Sequence[Row]) -> list[str]:
    """The addresses whose pictures a card may show: the first of each column, newest rows first."""
    keys = [each.key for each in columns if each.kind is Kind.PICTURE_ADDRESS]
    ordered = foremost(rows)
    found: dict[str, None] = {}
    for key in keys:
        distinct = dict.fromkeys(str(row[key]) for row in ordered if row.get(key))
        found |= dict.fromkeys(list(distinct)[:MOST])
    return list(found)


def missing_of(dataset: Dataset) -> Sentence | None:
    """How many pictures of the newest rows are missing, and why, for people; None: none is."""
    if not wants_pictures(dataset):
        return None
    newest = dataset.versions.first()
    asked = wanted(columns_of(dataset.columns), newest.rows if newest else [])
    known = _known(dataset)
    missing = [each for each in asked if each not in known or known[each].whole is None]
    if not missing:
        return None
    troubles = [known[each].trouble if each in known else {} for each in missing]
    why = Counter(why_of(each or _LATER) for each in troubles).most_common(1)[0][0]
    return Sentence(
        "%(missing)d of %(all)d pictures are missing, and their rows stand without: %(why)s",
        {"missing": len(missing), "all": len(asked), "why": why},
    )


def _known(dataset: Dataset) -> dict[str, FetchedPicture]:
    return {each.address: each for each in dataset.pictures.select_related("blob")}


def _is_soon(before: FetchedPicture, now: datetime) -> bool:
    """Was it asked for a moment ago, in vain?"""
    return before.blob is None and now - before.fetched_at < RETRY_AFTER


def why_of(trouble: Mapping[str, Any]) -> Sentence:
    """Why a picture could not be had, as it was kept."""
    if "code" not in trouble:
        return Sentence(trouble["template"], trouble["values"])  # of our catalogue
    failure, details = FAILURES[trouble["code"]], trouble["details"]
    why = Bilingual(zh=failure.zh.format_map(details), en=failure.en.format_map(details))
    return Sentence(
        "%(host)s sent no picture that can be shown: %(why)s",
        {"host": trouble["host"], "why": why},
    )


def claimed_blobs(digests: Collection[str]) -> set[str]:
    """Which of these blobs are pictures of rows."""
    found = FetchedPicture.objects.filter(blob__in=digests).values_list("blob_id", flat=True)
    return {each for each in found if each}


def _fetched(
    dataset: Dataset, address: str, now: datetime, resolve: Resolve, whole_s: float
) -> bool:
    """Fetch and keep one; False: it could not be had, and why is kept."""
    try:
        data = fetch(address, rules(), resolve=resolve, whole_s=whole_s, most_bytes=BYTES_LIMIT)
        _kept(dataset, address, data, now)
    except ApplicationError as error:
        said = error.message
        values = {name: each if isinstance(each, int) else str(each)
                  for name, each in said.values.items()}  # fmt: skip
        trouble: dict[str, Any] = {"template": said.template, "values": values}
    except Refused as refused:
        host = urlsplit(address).hostname
        trouble = {"code": refused.code, "details": refused.details, "host": host}
    except (StepFailed, OSError) as error:
        log.warning("a picture of data set %d could not be kept: %s", dataset.pk, error)
        said = Sentence("One could not be kept: an administrator looks at the journal.")
        trouble = {"template": said.template, "values": {}}
    else:
        return True
    _not_had(dataset, address, trouble, now)
    log.info("no picture for data set %d: %s", dataset.pk, why_of(trouble))
    return False


def _not_had(dataset: Dataset, address: str, trouble: dict[str, Any], at: datetime) -> None:
    told = {"fetched_at": at, "trouble": trouble}
    row, made = FetchedPicture.objects.get_or_create(
        dataset=dataset, address=address, defaults=told
    )
    if not made:  # what another worker has had meanwhile stays
        FetchedPicture.objects.filter(pk=row.pk, blob=None).update(**told)


def _kept(dataset: Dataset, address: str, data: bytes, now: datetime) -> None:
    above: Path = settings.DATA / "ingest"
    above.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(
        prefix=f"picture{dataset.pk}-", dir=above, ignore_cleanup_errors=True
    ) as folder:
        source, made = Path(folder, "source"), Path(folder, "made")
        made.mkdir(mode=0o700)
        source.write_bytes(data)

        def keep(blobs: list[Blob]) -> None:
            FetchedPicture.objects.update_or_create(
                dataset=dataset, address=address,
                defaults={"blob": blobs[0], "fetched_at": now, "trouble": {}},
            )  # fmt: skip

        keep_blobs([still_made(source, made, _WALL)], now, keep)
