"""Animated pictures: the right frame at the right moment, from any moment on, in little memory."""

import contextlib
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PySide6.QtCore import QObject
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from manifest.model import Fit
from player.stage.media.animation import Prepared, Wish, prepare
from player.stage.media.errors import MediaUnplayable
from player.stage.media.flipbook import Flipbook
from player.stage.media.frame_times import FrameTimes, Moment, read_frame_times
from player.stage.media.picture_frame import Frame
from player.stage.media.workers import Errand, Workers

COLOURS = ("#ff0000", "#00ff00", "#0000ff", "#ffff00")
DURATIONS = [100, 200, 50, 300]
FORMS = ("GIF", "WEBP", "PNG")


def animated(
    path: Path, form: str, durations: list[int] | None = None, loop: int | None = 0
) -> Path:
    """Save a frame of each colour; `loop` as Pillow has it (0: for ever, None: say nothing)."""
    durations = durations or DURATIONS
    frames = [
        Image.new("RGB", (16, 16), COLOURS[number % len(COLOURS)])
        for number in range(len(durations))
    ]
    options = {} if loop is None else {"loop": loop}
    if form == "WEBP":
        options["lossless"] = True
    frames[0].save(
        path, form, save_all=True, append_images=frames[1:], duration=durations, **options
    )
    return path


def at(path: Path, position_ms: int) -> Prepared:
    return prepare(Wish(path, (16, 16), "contain", position_ms), lambda: None)


def colour(image: QImage) -> str:
    return QColor(image.pixel(8, 8)).name()


def times(content: bytes, kind: str) -> FrameTimes:
    found = read_frame_times(io.BytesIO(content), kind)
    assert found is not None
    return found


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("position_ms", "index", "until_ms"),
    [(0, 0, 100), (99, 0, 100), (100, 1, 300), (349, 2, 350), (350, 3, 650), (650, 0, 750),
     (6_500_101, 1, 6_500_300)],
)  # fmt: skip
def test_the_frame_of_any_moment_is_shown_until_its_end(
    tmp_path: Path, form: str, position_ms: int, index: int, until_ms: int
) -> None:
    prepared = at(animated(tmp_path / "a", form), position_ms)
    assert prepared.animation is not None
    prepared.animation.close()
    assert (prepared.moment.index, prepared.moment.until_ms) == (index, until_ms)
    assert colour(prepared.frame.image) == COLOURS[index]


@pytest.mark.parametrize("form", FORMS)
def test_a_few_rounds_end_on_the_last_frame(tmp_path: Path, form: str) -> None:
    path = animated(tmp_path / "a", form, loop=2)
    rounds = 3 if form == "GIF" else 2  # NETSCAPE2.0 counts repeats, the others count rounds
    content = path.read_bytes()
    assert times(content, form).plays == rounds
    last = at(path, rounds * sum(DURATIONS) + 5)
    assert last.animation is not None
    last.animation.close()
    assert (last.moment.index, last.moment.until_ms) == (3, None)
    assert colour(last.frame.image) == COLOURS[3]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("fit", "zone", "target"),
    [
        ("contain", (300, 100), (100, 0, 100, 100)),
        ("cover", (300, 100), (0, 0, 300, 100)),
        ("stretch", (300, 100), (0, 0, 300, 100)),
        ("contain", (4, 9), (0, 2, 4, 4)),
        ("cover", (3, 3), (0, 0, 3, 3)),
    ],
)
def test_what_moves_is_fitted_like_what_stands(
    tmp_path: Path, form: str, fit: Fit, zone: tuple[int, int], target: tuple[int, ...]
) -> None:
    wish = Wish(animated(tmp_path / "a", form), zone, fit, 0)
    prepared = prepare(wish, lambda: None)
    assert prepared.animation is not None
    prepared.animation.close()
    frame = prepared.frame
    assert frame.target.getRect() == target
    assert (frame.image.width(), frame.image.height()) == target[2:]
    middle = (frame.image.width() // 2, frame.image.height() // 2)
    assert QColor(frame.image.pixel(*middle)).name() == COLOURS[0]


def test_a_gif_that_does_not_say_so_plays_once(tmp_path: Path) -> None:
    assert times(animated(tmp_path / "a", "GIF", loop=None).read_bytes(), "GIF").plays == 1


def test_a_frame_of_no_duration_stands_a_tenth_of_a_second_as_in_browsers() -> None:
    assert FrameTimes([0, 10, 20], None).ends_ms == [100, 200, 220]


def test_an_apng_whose_first_picture_is_not_in_the_animation_leaves_it_out(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (16, 16), name) for name in COLOURS]
    path = tmp_path / "a.png"
    frames[0].save(
        path, save_all=True, append_images=frames[1:], duration=100, loop=0, default_image=True
    )
    assert (times(path.read_bytes(), "PNG").frames, times(path.read_bytes(), "PNG").first) == (3, 1)
    prepared = at(path, 0)
    assert prepared.animation is not None
    prepared.animation.close()
    assert colour(prepared.frame.image) == COLOURS[1]


@pytest.mark.parametrize("form", FORMS)
def test_a_single_frame_is_a_still_picture(tmp_path: Path, form: str) -> None:
    Image.new("RGB", (16, 16)).save(tmp_path / "a", form)
    assert read_frame_times(io.BytesIO((tmp_path / "a").read_bytes()), form) is None
    assert at(tmp_path / "a", 500).animation is None


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_an_animation_that_is_cut_off_is_refused_before_any_of_it_is_shown(
    tmp_path: Path, form: str, share: float
) -> None:
    path = animated(tmp_path / "a", form)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(MediaUnplayable):
        at(path, 0)


@given(st.lists(st.integers(11, 500), min_size=2, max_size=20), st.integers(0, 100_000))
def test_every_moment_lies_within_its_frame(durations: list[int], position_ms: int) -> None:
    moment = FrameTimes(durations, None).at(position_ms)
    assert moment.until_ms is not None
    assert moment.since_ms <= position_ms < moment.until_ms
    assert moment.until_ms - moment.since_ms == durations[moment.index]


@given(st.binary(max_size=200), st.sampled_from(FORMS))
def test_any_bytes_have_times_or_none_or_are_refused(content: bytes, form: str) -> None:
    head = {"GIF": b"GIF89a", "PNG": b"\x89PNG\r\n\x1a\n", "WEBP": b"RIFF\xff\0\0\0WEBP"}[form]
    with contextlib.suppress(MediaUnplayable):
        read_frame_times(io.BytesIO(head + content), form)


def test_ten_thousand_frames_are_known_at_once_and_only_the_needed_ones_decoded(
    tmp_path: Path,
) -> None:
    path = animated(tmp_path / "a", "GIF", [20] * 10_000)
    prepared = at(path, 0)
    assert prepared.animation is not None
    assert prepared.animation._times.frames == 10_000
    assert prepared.animation._picture.tell() == 0
    later = prepared.animation.frame_at(20 * 50, lambda: None)
    prepared.animation.close()
    assert later.moment == Moment(50, 1000, 1020)


def test_a_frame_too_far_ahead_is_stood_in_for_by_the_one_reached(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("player.stage.media.animation.SEEK_BUDGET_S", 0.0)
    prepared = at(animated(tmp_path / "a", "GIF"), 400)
    assert prepared.animation is not None
    prepared.animation.close()
    assert prepared.moment.index == 3
    assert colour(prepared.frame.image) == COLOURS[0]


class TurnedPages(QObject):
    """What a flipbook showed, on a clock that the test moves."""

    def __init__(self, workers: Workers) -> None:
        super().__init__()
        self.shown: list[str] = []
        self.failures: list[BaseException] = []
        self.now_s = 0.0
        errand = Errand(workers, 10.0, self)
        self.book = Flipbook(
            errand, self.show_frame, self.failures.append, self, monotonic=lambda: self.now_s
        )

    def show_frame(self, frame: Frame) -> None:
        self.shown.append(colour(frame.image))


@pytest.fixture
def pages(qtbot: QtBot) -> Iterator[TurnedPages]:
    workers = Workers()
    made = TurnedPages(workers)
    yield made
    made.book.stop()
    qtbot.waitUntil(lambda: not made.book._errand._waiting)
    assert workers.close()


def test_frames_are_turned_over_in_their_order(
    pages: TurnedPages, tmp_path: Path, qtbot: QtBot
) -> None:
    pages.book.hold(at(animated(tmp_path / "a", "GIF"), 0), 0)
    pages.book.start()
    for number in range(1, 9):
        qtbot.waitUntil(lambda: pages.book._next is not None)
        upcoming = pages.book._next
        assert upcoming is not None
        pages.now_s = upcoming.moment.since_ms / 1000
        pages.book._arm()
        qtbot.waitUntil(lambda number=number: len(pages.shown) == number)  # type: ignore[misc]
    assert pages.shown == [COLOURS[number % 4] for number in range(1, 9)]


def test_nothing_moves_before_the_start(pages: TurnedPages, tmp_path: Path, qtbot: QtBot) -> None:
    pages.book.hold(at(animated(tmp_path / "a", "GIF"), 0), 0)
    qtbot.waitUntil(lambda: pages.book._next is not None)
    pages.now_s = 60.0
    pages.book._arm()
    assert not pages.book._timer.isActive()
    assert pages.shown == []


def test_a_machine_that_was_busy_leaves_frames_out_and_is_on_time_again(
    pages: TurnedPages, tmp_path: Path, qtbot: QtBot
) -> None:
    pages.book.hold(at(animated(tmp_path / "a", "GIF"), 0), 0)
    pages.book.start()
    qtbot.waitUntil(lambda: pages.book._next is not None)
    pages.now_s = 0.65 * 3 + 0.36  # the fourth round, its last frame
    pages.book._arm()
    qtbot.waitUntil(lambda: len(pages.shown) == 2)
    assert pages.shown == [COLOURS[1], COLOURS[3]], "the one in hand, then the one that is due"


def test_a_stopped_animation_closes_its_file(
    pages: TurnedPages, tmp_path: Path, qtbot: QtBot
) -> None:
    first = at(animated(tmp_path / "a", "GIF"), 0)
    assert first.animation is not None
    pages.book.hold(first, 0)
    pages.book.stop()
    qtbot.waitUntil(lambda: not pages.book._errand._waiting)
    assert first.animation._file.closed


def test_an_animation_that_breaks_in_the_middle_says_why(
    pages: TurnedPages, tmp_path: Path, qtbot: QtBot
) -> None:
    path = animated(tmp_path / "a", "PNG")
    content = bytearray(path.read_bytes())
    second = content.find(b"fdAT")
    content[second + 8 : second + 14] = b"broken"
    path.write_bytes(content)
    pages.book.hold(at(path, 0), 0)
    qtbot.waitUntil(lambda: bool(pages.failures))
    assert "'a' is broken" in str(pages.failures[0])
