"""Many who want previews of one child, and a child that hangs or dies: the real stage."""

import contextlib
import os
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from manifest.model import Manifest
from server.errors import Busy
from server.library.models import Asset
from server.publishing import preview as service
from server.publishing import turns
from server.publishing.errors import LeftBehind, PreviewFailed
from server.publishing.preview import Preview, frame, manifest_of
from server.publishing.warm_stage import StageLimits
from server.screens.models import Screen
from tests.integration.stage.conftest import RED, YELLOW
from tests.simulators.enterprise import Enterprise
from tests.simulators.patience import until
from tests.simulators.theatre import Rgb

FIRST = datetime(2026, 12, 24, 9, 0, 4, tzinfo=UTC)
SECOND = FIRST + timedelta(seconds=10)
PEOPLE = 20
PATIENT = StageLimits(first_s=240.0, picture_s=240.0)


@pytest.fixture
def lobby(enterprise: Enterprise, picture: Callable[[str, Rgb], Asset]) -> Screen:
    return enterprise.lobby(picture("red", RED), picture("yellow", YELLOW))


@pytest.fixture
def shown(lobby: Screen) -> Manifest:
    return manifest_of(lobby, "programme", FIRST)


@pytest.fixture
def child(shown: Manifest, monkeypatch: pytest.MonkeyPatch) -> int:
    """The process of a child that is warm, and as patient as a busy machine needs."""
    monkeypatch.setattr(turns, "PATIENCE_S", 240.0)
    monkeypatch.setattr(service._stage(settings.DATA), "_limits", PATIENT)
    frame(shown, FIRST, FIRST, 64)
    return child_now()


def child_now() -> int:
    found = service._stage(settings.DATA)._child
    assert found is not None
    return found.pid


@pytest.fixture
def others() -> Iterator[ThreadPoolExecutor]:
    """The threads of other people's requests."""
    with ThreadPoolExecutor(100, thread_name_prefix="somebody") as pool:
        yield pool


@pytest.fixture
def stopped(child: int, others: ThreadPoolExecutor) -> Iterator[int]:
    """The warm child, stopped in its tracks; it goes on before `others` are waited for."""
    tell(child, signal.SIGSTOP)
    yield child
    if Path(f"/proc/{child}").exists():
        tell(child, signal.SIGCONT)


def tell(pid: int, number: signal.Signals) -> None:
    """A signal for a child and those in it: the sandbox gives them a session of their own."""
    for each in (pid, *family(pid)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(each, number)


def family(pid: int) -> Iterator[int]:
    """The processes below one."""
    with contextlib.suppress(FileNotFoundError):
        for each in map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()):
            yield each
            yield from family(each)


def ask(manifest: Manifest, width: int, line: str | None = None) -> Preview:
    """A picture that nobody else asks for: of its own width."""
    return frame(manifest, FIRST, FIRST, width, line)


def is_drawing() -> bool:
    return service._turns._is_taken


def ends(wishes: list[Future[Preview]]) -> Counter[str]:
    found = [each.exception(60) for each in wishes]
    return Counter("drawn" if each is None else type(each).__name__ for each in found)


# --- many -----------------------------------------------------------------------------------------


def test_of_twenty_who_scrub_each_waits_for_the_moment_that_they_came_to(
    shown: Manifest, stopped: int, others: ThreadPoolExecutor
) -> None:
    ahead = others.submit(ask, shown, 100)
    until(is_drawing, "nothing is drawn")
    wishes: list[list[Future[Preview]]] = []
    for moment in range(3):
        wishes.append(
            [others.submit(ask, shown, 200 + each + PEOPLE * moment, f"person-{each}")
             for each in range(PEOPLE)]
        )  # fmt: skip
        until(lambda: service._turns.waiting == PEOPLE, "they do not wait")
        if moment:
            left = ends(wishes[moment - 1])
            assert left == {"LeftBehind": PEOPLE}, "let go at once, while the child hangs"
    tell(stopped, signal.SIGCONT)
    assert ends([ahead, *wishes[-1]]) == {"drawn": PEOPLE + 1}
    drawn = list((settings.DATA / "previews" / "pictures").iterdir())
    assert len(drawn) == PEOPLE + 2, "and no picture of a moment that was left behind"


def test_only_so_many_wait_and_who_comes_after_them_is_told_at_once(
    shown: Manifest, stopped: int, others: ThreadPoolExecutor
) -> None:
    first = others.submit(ask, shown, 100)
    until(is_drawing, "nothing is drawn")
    same = [others.submit(ask, shown, 101) for _each in range(turns.MOST_WAITING)]
    until(lambda: service._turns.waiting == turns.MOST_WAITING, "they do not wait")
    with pytest.raises(Busy, match="Others are waiting for their previews: try again") as refused:
        ask(shown, 102)
    assert refused.value.retry_after_s == turns.RETRY_AFTER_S
    tell(stopped, signal.SIGCONT)
    assert ends([first, *same]) == {"drawn": turns.MOST_WAITING + 1}
    assert len({each.result().identity for each in same}) == 1
    assert len(list((settings.DATA / "previews" / "pictures").iterdir())) == 3, "once for all"


def test_whoever_waits_too_long_is_asked_to_try_again(
    shown: Manifest, stopped: int, others: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = others.submit(ask, shown, 100)
    until(is_drawing, "nothing is drawn")
    monkeypatch.setattr(turns, "PATIENCE_S", 0.1)
    with pytest.raises(Busy):
        ask(shown, 101)
    assert service._turns.waiting == 0
    tell(stopped, signal.SIGCONT)
    assert ends([first]) == {"drawn": 1}


# --- a child that hangs, or dies ------------------------------------------------------------------


@pytest.mark.expects_log("PREVIEW_FAILED no answer after 1 s")
def test_a_picture_on_which_the_child_hangs_is_given_up_and_the_next_has_a_new_child(
    shown: Manifest, lobby: Screen, enterprise: Enterprise, stopped: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    stage = service._stage(settings.DATA)
    monkeypatch.setattr(stage, "_limits", StageLimits(picture_s=1.0))
    with pytest.raises(PreviewFailed, match="took too long to draw and was given up"):
        ask(shown, 960)
    assert not Path(f"/proc/{stopped}").exists(), "the one that hangs is ended"
    browser = Client()
    browser.force_login(enterprise.administrator)
    address = f"/screens/{lobby.pk}/preview/?of=programme&at={FIRST:%Y-%m-%dT%H:%M:%SZ}"
    answer = browser.get(address, headers={"Accept-Language": "en"})
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert "try again in a minute" in answer.content.decode()
    assert stage._child is None, "nobody tried the same once more"
    monkeypatch.setattr(stage, "_limits", PATIENT)
    frame(shown, SECOND, FIRST, 960)
    assert child_now() != stopped
    monkeypatch.setattr(service, "GIVEN_UP_S", 0.0)
    service._give_up(frame_identity(shown))
    assert ask(shown, 960).path.exists(), "after its time it is tried again"


def frame_identity(manifest: Manifest) -> str:
    return service.drawing_of(manifest, FIRST, 960).identity


def test_a_child_outlives_the_request_for_which_it_was_started(shown: Manifest) -> None:
    children = []
    for width in (64, 65):
        request = threading.Thread(target=ask, args=(shown, width), name="request")
        request.start()
        request.join()
        task = Path(f"/proc/self/task/{request.native_id}")
        until(lambda of=task: not of.exists(), "the thread stays")
        children.append(child_now())
    assert children[0] == children[1]


def test_a_child_that_dies_in_mid_picture_is_replaced_and_the_picture_drawn(
    shown: Manifest, stopped: int, others: ThreadPoolExecutor
) -> None:
    wishes = [others.submit(ask, shown, 100 + each) for each in range(3)]
    until(is_drawing, "nothing is drawn")
    os.killpg(stopped, signal.SIGKILL)
    assert ends(wishes) == {"drawn": 3}
    assert child_now() != stopped


# --- as browsers are told -------------------------------------------------------------------------


def test_a_browser_that_has_gone_on_is_told_nothing_and_no_other_can_take_its_place(
    shown: Manifest, lobby: Screen, enterprise: Enterprise, stopped: int,
    others: ThreadPoolExecutor,
) -> None:  # fmt: skip
    first = others.submit(ask, shown, 100)
    until(is_drawing, "nothing is drawn")
    browser = Client()
    browser.force_login(enterprise.administrator)
    session = browser.session.session_key

    def go_on() -> None:
        until(lambda: service._turns.waiting == 1, "they do not wait")
        stranger = others.submit(ask, shown, 101, "another/slider-now")
        until(lambda: service._turns.waiting == 2, "they do not wait")
        newer = others.submit(ask, shown, 102, f"{session}/slider-now")
        later.extend((stranger, newer))

    later = list[Any]()
    hand = threading.Thread(target=go_on, name="hand")
    hand.start()
    answer = browser.get(
        f"/screens/{lobby.pk}/preview/?of=programme&at={FIRST:%Y-%m-%dT%H:%M:%SZ}",
        headers={"X-Line": "slider-now"},
    )
    hand.join()
    assert (answer.status_code, answer.content) == (204, b"")
    tell(stopped, signal.SIGCONT)
    assert ends([first, *later]) == {"drawn": 3}


def test_what_is_no_name_of_a_line_is_none(
    shown: Manifest, lobby: Screen, enterprise: Enterprise, child: int
) -> None:
    browser = Client()
    browser.force_login(enterprise.administrator)
    for said in ("", "x" * 41, "a/b", "Ä"):
        answer = browser.get(f"/screens/{lobby.pk}/preview/?of=programme", headers={"X-Line": said})
        assert answer.status_code == 200


def test_left_behind_is_a_conflict_with_a_name() -> None:
    assert (LeftBehind.status, LeftBehind.code) == (409, "LEFT_BEHIND")
