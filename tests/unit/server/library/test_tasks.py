"""Who prepares an asset: one worker at a time, three tries, and never nobody."""

import errno
import shutil
from collections.abc import Callable
from datetime import timedelta

import pytest
from django_tasks_db.models import DBTaskResult
from pytest_django.fixtures import Settings

from server.library import services
from server.library.ingest import tasks
from server.library.ingest.child import ChildCrashed, ChildHung, DiskFull, Stopped
from server.library.ingest.failures import Refused
from server.library.ingest.pipeline import Lost, Reporter
from server.library.models import Asset, AssetState
from tests.simulators.library import Library

Prepare = Callable[[Asset, Reporter, object], None]


@pytest.fixture
def prepare(monkeypatch: pytest.MonkeyPatch) -> Callable[[Prepare], None]:
    """Say what preparing does: the child is behind this door."""

    def use(function: Prepare) -> None:
        monkeypatch.setattr(tasks, "prepare", function)

    return use


def raising(error: Exception) -> Prepare:
    def prepare(_asset: Asset, _reporter: Reporter, _clock: object) -> None:
        raise error

    return prepare


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ChildCrashed("SIGSEGV"), "CONVERTER_CRASHED"),
        (ChildHung("no progress"), "TOO_HEAVY"),
        (OSError("the store is away"), "SERVER_TROUBLE"),
    ],
)
@pytest.mark.expects_log("is tried again")
@pytest.mark.expects_log("failed for the last time")
def test_a_crash_is_tried_three_times_with_pauses_and_then_failed(
    library: Library, prepare: Callable[[Prepare], None], error: Exception, code: str
) -> None:
    prepare(raising(error))
    asset = library.upload(b"GIF89a")
    for attempt in (1, 2):
        library.prepare(asset)
        assert (asset.state, asset.attempts) == (AssetState.RECEIVED, attempt)
        newest = DBTaskResult.objects.order_by("-run_after").exclude(run_after__year=9999)[0]
        assert newest.run_after == library.now + tasks.PAUSE * attempt
    library.prepare(asset)
    assert (asset.state, asset.failure_code, asset.attempts) == (AssetState.FAILED, code, 3)
    assert library.prepare(asset).attempts == 3, "a failed asset was tried again"


@pytest.mark.parametrize("error", [DiskFull("no room"), OSError(errno.ENOSPC, "no room")])
@pytest.mark.expects_log("is tried again")
@pytest.mark.expects_log("failed for the last time")
def test_a_full_disk_gets_time_to_be_cleared_and_is_not_blamed_on_the_file(
    library: Library, prepare: Callable[[Prepare], None], error: Exception
) -> None:
    prepare(raising(error))
    asset = library.upload(b"GIF89a")
    for attempt in (1, 2):
        library.prepare(asset)
        newest = DBTaskResult.objects.order_by("-run_after").exclude(run_after__year=9999)[0]
        assert newest.run_after == library.now + tasks.FULL_PAUSE * attempt
    assert library.prepare(asset).failure_code == "DISK_FULL"


@pytest.mark.expects_log("is tried again")
def test_conversions_leave_half_of_the_reserve_to_everybody_else(
    library: Library, settings: Settings
) -> None:
    asset = library.upload(b"GIF89a")
    settings.MIN_FREE_BYTES = 1 << 60
    with pytest.raises(DiskFull):
        Reporter(lambda _percent, _step: None, lambda: True).watch("convert").go_on()
    assert library.prepare(asset).state == AssetState.RECEIVED
    assert list((library.data / "ingest").glob("*")) == []


def test_what_a_killed_worker_left_of_an_asset_goes_when_it_is_taken_up(
    library: Library, settings: Settings
) -> None:
    settings.SCAN_COMMAND = "false {file}"  # it ends there
    asset = library.upload(b"GIF89a")
    left = library.data / "ingest" / f"{asset.pk}-left"
    other = library.data / "ingest" / f"{asset.pk}0-at-work"
    for folder in (left, other):
        folder.mkdir(parents=True)
        (folder / "wall.mp4").write_bytes(b"half of it")
    library.prepare(asset)
    assert [path.name for path in (library.data / "ingest").iterdir()] == [other.name]
    shutil.rmtree(other)


def test_a_file_that_cannot_be_used_fails_at_once(
    library: Library, prepare: Callable[[Prepare], None]
) -> None:
    prepare(raising(Refused("IMAGE_TOO_LARGE", width=9, height=8, limit=7)))
    asset = library.prepare(library.upload(b"GIF89a"))
    assert (asset.state, asset.attempts) == (AssetState.FAILED, 1)
    assert asset.failure_detail == {"width": 9, "height": 8, "limit": 7}
    assert asset.original is not None


def test_an_asset_has_one_worker_and_who_comes_second_comes_again(
    library: Library, prepare: Callable[[Prepare], None]
) -> None:
    answers = []

    def also_asked(asset: Asset, _reporter: Reporter, _clock: object) -> None:
        answers.append(tasks.ingest_asset(asset.pk, library.clock))

    prepare(also_asked)
    asset = library.upload(b"GIF89a")
    before = library.tasks(asset)
    library.prepare(asset)
    assert answers == ["later"]
    assert library.tasks(asset) == before + 1


def test_what_a_killed_worker_left_is_taken_up_when_its_lease_has_ended(
    library: Library, prepare: Callable[[Prepare], None]
) -> None:
    asset = library.upload(b"GIF89a")
    prepare(raising(KeyboardInterrupt()))  # type: ignore[arg-type]  # nothing is written after it
    with pytest.raises(KeyboardInterrupt):
        tasks.ingest_asset(asset.pk, library.clock)
    asset.refresh_from_db()
    assert asset.state == AssetState.PROCESSING
    assert tasks.take_up(now=library.now) == 0, "it was taken from a worker that may live"
    library.clock.move(seconds=tasks.LEASE.total_seconds() + 1)
    assert tasks.take_up(now=library.now) == 1
    assert tasks.take_up(now=library.now) == 0
    asset.refresh_from_db()
    assert (asset.state, asset.attempts) == (AssetState.RECEIVED, 1)


def test_an_asset_whose_workers_are_killed_each_time_has_failed(
    library: Library, prepare: Callable[[Prepare], None]
) -> None:
    asset = library.upload(b"GIF89a")
    prepare(raising(KeyboardInterrupt()))  # type: ignore[arg-type]
    for _attempt in range(tasks.ATTEMPTS):
        with pytest.raises(KeyboardInterrupt):
            tasks.ingest_asset(asset.pk, library.clock)
        library.clock.move(minutes=1)
    library.prepare(asset)
    assert (asset.state, asset.failure_code) == (AssetState.FAILED, "CONVERTER_CRASHED")


def test_a_task_that_the_queue_gave_up_fails_its_asset(library: Library) -> None:
    asset = library.upload(b"GIF89a")
    Asset.objects.filter(pk=asset.pk).update(state=AssetState.PROCESSING)
    row = DBTaskResult.objects.get(args_kwargs={"args": [asset.pk], "kwargs": {}})
    row.set_failed(RuntimeError("abandoned"))
    tasks.on_task_finished(task_result=row.task_result)
    asset.refresh_from_db()
    assert (asset.state, asset.failure_code) == (AssetState.FAILED, "CONVERTER_CRASHED")


def test_an_asset_whose_task_was_lost_gets_one_again(library: Library) -> None:
    asset = library.upload(b"GIF89a")
    library.clock.move(minutes=10)
    assert tasks.take_up(now=library.now) == 0
    DBTaskResult.objects.all().delete()
    assert tasks.take_up(now=library.now) == 1
    assert library.tasks(asset) == 1


def test_a_worker_that_stops_gives_its_asset_back_and_it_does_not_count(
    library: Library, prepare: Callable[[Prepare], None]
) -> None:
    prepare(raising(Stopped()))
    asset = library.upload(b"GIF89a")
    library.prepare(asset)
    assert (asset.state, asset.attempts, library.tasks(asset)) == (AssetState.RECEIVED, 0, 2)


def test_progress_and_lease_are_kept_while_a_child_works(
    library: Library, prepare: Callable[[Prepare], None]
) -> None:
    seen = []

    def work(asset: Asset, reporter: Reporter, _clock: object) -> None:
        for percent in (10, 50, 90):
            reporter.watch("convert").progress(percent)
            for _second in range(7):
                assert reporter.go_on()
            library.clock.move(seconds=20)
            now = Asset.objects.get(pk=asset.pk)
            seen.append((now.progress_percent, now.progress_step))
            assert now.leased_until is not None
            assert now.leased_until > library.now, "a lease ended while its worker lived"
        raise Lost

    prepare(work)
    library.prepare(library.upload(b"GIF89a"))
    assert seen == [(13, "convert"), (50, "convert"), (86, "convert")]


def test_an_asset_that_is_withdrawn_or_deleted_meanwhile_is_let_go(
    library: Library, prepare: Callable[[Prepare], None]
) -> None:
    going: list[bool] = []

    def work(asset: Asset, reporter: Reporter, _clock: object) -> None:
        services.asset_withdraw(asset=asset, actor=None, reason="wrong", now=library.now)
        going.extend(reporter.go_on() for _second in range(7))
        raise Stopped

    prepare(work)
    asset = library.prepare(library.upload(b"GIF89a"))
    assert going[-1] is False
    assert asset.state == AssetState.WITHDRAWN


def test_the_lease_is_longer_than_two_signs_of_life() -> None:
    assert timedelta(seconds=2 * tasks.RENEWAL_S) < tasks.LEASE


@pytest.mark.expects_log("met a bug of ours")
@pytest.mark.expects_log("is tried again")
def test_even_a_bug_leaves_no_asset_lying(
    library: Library, prepare: Callable[[Prepare], None]
) -> None:
    prepare(raising(ZeroDivisionError("a bug")))
    asset = library.prepare(library.upload(b"GIF89a"))
    assert (asset.state, asset.attempts) == (AssetState.RECEIVED, 1)
