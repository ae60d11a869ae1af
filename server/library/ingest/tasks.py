"""Preparing assets in the background: who does it, how often, and what is said when it fails.

A task is one asset.  Whoever runs it leases the asset for `LEASE` and renews that as long as it
works; a worker that was killed lets its lease end, and `take_up` gives the asset to another.  A
file that cannot be used fails at once; a crash or a hang is tried again, `ATTEMPTS` times in all.
"""

import contextlib
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import DatabaseError, transaction
from django.db.models import F, Q, QuerySet
from django_tasks import TaskResult, TaskResultStatus, task

from server.clock import Clock, SystemClock
from server.library.ingest.child import ChildCrashed, ChildHung, DiskFull, StepFailed, Stopped
from server.library.ingest.failures import Refused
from server.library.ingest.full_disk import is_full
from server.library.ingest.pipeline import Lost, Reporter, prepare
from server.library.models import Asset, AssetState
from server.lifetime import is_stopping

__all__ = ["ATTEMPTS", "LEASE", "enqueue", "ingest", "ingest_asset", "on_task_finished", "take_up"]

log = logging.getLogger("server.library")

#: How often an asset is tried before it has failed.
ATTEMPTS = 3
#: How long a worker without a sign of life keeps its asset.
LEASE = timedelta(seconds=30)
#: Seconds between two signs of life, and between two changes of the progress.
RENEWAL_S, PROGRESS_S = 5.0, 1.0
#: How long an asset waits before it is tried again, times the tries so far.
PAUSE = timedelta(seconds=20)
#: The same while the disk is full: somebody must make room first.
FULL_PAUSE = timedelta(minutes=10)
#: An asset that was received so long ago and has no task gets one.
FORGOTTEN_AFTER = timedelta(minutes=5)


@task()
def ingest(asset: int) -> str:
    """Prepare the asset with this key; the answer says what came of it."""
    return ingest_asset(asset, SystemClock(), go_on=lambda: not is_stopping())


def enqueue(asset: Asset, after: datetime | None = None) -> None:
    """Have the asset prepared, in the transaction that is open: no row without a task."""
    chosen = ingest if after is None else ingest.using(run_after=after)
    chosen.enqueue(asset.pk)


def ingest_asset(key: int, clock: Clock, go_on: Callable[[], bool] = lambda: True) -> str:
    """Lease, prepare, and write down what came of it: ready, failed, again, skipped."""
    asset = _leased(key, clock.now())
    if asset is None:
        return _later(key, clock.now())
    try:
        prepare(asset, _reporter(asset, clock, go_on), clock)
    except Refused as refusal:
        return _failed(asset, refusal)
    except (Lost, Asset.DoesNotExist):
        return "skipped"
    except Stopped:
        return _released(asset)
    except StepFailed as failure:
        return _again(asset, clock.now(), failure)
    except (OSError, DatabaseError) as error:
        return _again(asset, clock.now(), error)
    except Exception as error:
        log.exception("preparing asset %d met a bug of ours, or a store that is away", asset.pk)
        return _again(asset, clock.now(), error)
    return "ready"


def take_up(*, now: datetime) -> int:
    """Give assets that nobody works on to a worker again; return how many."""
    left = Asset.objects.filter(state=AssetState.PROCESSING, leased_until__lt=now)
    count = 0
    for asset in left:
        with transaction.atomic():
            freed = Asset.objects.filter(
                pk=asset.pk, leased_by=asset.leased_by, leased_until__lt=now
            )
            if freed.update(state=AssetState.RECEIVED, leased_by="", leased_until=None):
                enqueue(asset)
                count += 1
    return count + _take_up_forgotten(now)


def _take_up_forgotten(now: datetime) -> int:
    """Assets that were received, and whose task was lost with the worker that had just taken it."""
    from django_tasks_db.models import DBTaskResult

    count = 0
    waiting = Asset.objects.filter(
        state=AssetState.RECEIVED, original__isnull=False, created_at__lt=now - FORGOTTEN_AFTER
    )
    for asset in waiting:
        with transaction.atomic():
            words = {"args": [asset.pk], "kwargs": {}}
            queued = DBTaskResult.objects.filter(status="READY", args_kwargs=words)
            if not queued.exists():
                enqueue(asset)
                count += 1
    return count


def _leased(key: int, now: datetime) -> Asset | None:
    """The asset, if it waits for a worker and this one is it."""
    worker = uuid4().hex
    free = Q(state=AssetState.RECEIVED) | Q(state=AssetState.PROCESSING, leased_until__lt=now)
    taken = Asset.objects.filter(free, pk=key, original__isnull=False).update(
        state=AssetState.PROCESSING,
        leased_by=worker,
        leased_until=now + LEASE,
        attempts=F("attempts") + 1,
        progress_percent=0,
        progress_step="",
    )
    if not taken:
        return None
    asset = Asset.objects.get(pk=key)
    if asset.attempts <= ATTEMPTS:
        return asset
    # Its worker was killed each time: by the file, for all we know.
    _failed(asset, Refused("CONVERTER_CRASHED"))
    return None


def _later(key: int, now: datetime) -> str:
    """Somebody has it, or had: come back when their lease ends.  Else there is nothing to do."""
    held = Asset.objects.filter(pk=key, state=AssetState.PROCESSING, leased_until__gte=now).first()
    if held is None or held.leased_until is None:
        return "skipped"
    enqueue(held, held.leased_until + timedelta(seconds=1))
    return "later"


def on_task_finished(*, task_result: "TaskResult[Any]", **_details: object) -> None:
    """The worker gave a task up whose process was killed each time: its asset has failed."""
    if task_result.status != TaskResultStatus.FAILED or task_result.task.func is not ingest.func:
        return
    for asset in Asset.objects.filter(pk__in=task_result.args, state=AssetState.PROCESSING):
        _failed(asset, Refused("CONVERTER_CRASHED"))


def _reporter(asset: Asset, clock: Clock, go_on: Callable[[], bool]) -> Reporter:
    """Writes progress at most once a second, and the lease every five."""
    ours = Asset.objects.filter(pk=asset.pk, leased_by=asset.leased_by)
    written = [float("-inf"), float("-inf")]
    shown = [(-1, "")]
    lost: list[int] = []

    def at(percent: int, step: str) -> None:
        if shown[0] == (percent, step) or clock.monotonic() - written[0] < PROGRESS_S:
            return
        written[0], shown[0] = clock.monotonic(), (percent, step)
        with contextlib.suppress(DatabaseError):  # the next one will do
            ours.update(progress_percent=percent, progress_step=step)

    def still_ours() -> bool:
        if lost or not go_on():
            return False
        if clock.monotonic() - written[1] < RENEWAL_S:
            return True
        try:
            held = ours.exclude(state=AssetState.WITHDRAWN)
            renewed = held.update(leased_until=clock.now() + LEASE)
        except DatabaseError:
            return True  # a busy database is asked again at the next tick
        written[1] = clock.monotonic()
        if not renewed:
            lost.append(asset.pk)
        return not lost

    return Reporter(at, still_ours)


def _failed(asset: Asset, refusal: Refused) -> str:
    _ours(asset).update(
        state=AssetState.FAILED,
        failure_code=refusal.code,
        failure_detail=refusal.details,
        version=F("version") + 1,
        **_LET_GO,
    )
    log.info("asset %d cannot be used: %s", asset.pk, refusal.code)
    return "failed"


def _again(asset: Asset, now: datetime, error: Exception) -> str:
    if asset.attempts >= ATTEMPTS:
        log.warning("asset %d failed for the last time: %s", asset.pk, error)
        return _failed(asset, _last_words(error))
    log.warning("asset %d is tried again: %s", asset.pk, error)
    with transaction.atomic():
        if _ours(asset).update(state=AssetState.RECEIVED, **_LET_GO):
            enqueue(asset, now + (FULL_PAUSE if _is_full(error) else PAUSE) * asset.attempts)
    return "again"


def _released(asset: Asset) -> str:
    """The worker stops: somebody else begins anew, and this try does not count."""
    with transaction.atomic():
        changes = {"state": AssetState.RECEIVED, "attempts": F("attempts") - 1, **_LET_GO}
        if _ours(asset).exclude(state=AssetState.WITHDRAWN).update(**changes):
            enqueue(asset)
    return "skipped"


def _is_full(error: Exception) -> bool:
    return isinstance(error, DiskFull) or is_full(error)


def _last_words(error: Exception) -> Refused:
    if _is_full(error):
        return Refused("DISK_FULL")
    if isinstance(error, ChildHung):
        return Refused("TOO_HEAVY")
    return Refused("CONVERTER_CRASHED" if isinstance(error, ChildCrashed) else "SERVER_TROUBLE")


_LET_GO = {"leased_by": "", "leased_until": None, "progress_step": ""}


def _ours(asset: Asset) -> QuerySet[Asset]:
    return Asset.objects.filter(pk=asset.pk, leased_by=asset.leased_by)
