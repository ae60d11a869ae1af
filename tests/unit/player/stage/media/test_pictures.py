"""Pictures in a slot: every file ends in ready or in one reason, and late answers are dropped."""

import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from manifest.model import Fit
from player.stage.media.animation import Wish, prepare
from player.stage.media.frame_item import FrameItem
from player.stage.media.pictures import PictureSlot
from player.stage.media.port import MediaRequest
from player.stage.media.workers import Job, Workers


@pytest.fixture
def workers() -> Iterator[Workers]:
    pool = Workers()
    yield pool
    assert pool.close(), "a picture worker did not end"


@dataclass
class Bench:
    """A slot with its item, and everything it answered."""

    slot: PictureSlot
    item: FrameItem
    qtbot: QtBot
    ready: list[int] = field(default_factory=list)
    failed: list[tuple[int, str]] = field(default_factory=list)
    tickets: int = 0

    def prepare(self, source: Path | str, offset_ms: int = 0, fit: Fit = "contain") -> int:
        self.tickets += 1
        size = (round(self.item.width()), round(self.item.height()))
        request = MediaRequest("image", source, *size, fit, offset_ms, 10_000)
        self.slot.prepare(self.tickets, request)
        return self.tickets

    def answer(self) -> str | None:
        """Wait for the answer to the newest ticket: None for ready, else the reason."""
        self.qtbot.waitUntil(lambda: self.tickets in self._answered(), timeout=20_000)
        return dict(self.failed).get(self.tickets)

    def show(self, source: Path | str, offset_ms: int = 0, fit: Fit = "contain") -> QImage:
        self.prepare(source, offset_ms, fit)
        reason = self.answer()
        assert reason is None, reason
        return self.frame()

    def frame(self) -> QImage:
        image = self.item._frame
        assert image is not None
        return image

    def _answered(self) -> set[int]:
        return {*self.ready, *(ticket for ticket, _ in self.failed)}


@pytest.fixture
def bench(qtbot: QtBot, workers: Workers) -> Iterator[Bench]:
    item = FrameItem()
    item.setSize(item.size().expandedTo(item.size()))
    item.setWidth(320)
    item.setHeight(180)
    made = Bench(PictureSlot(item, workers), item, qtbot)
    made.slot.signals.ready.connect(made.ready.append)
    made.slot.signals.failed.connect(lambda ticket, reason: made.failed.append((ticket, reason)))
    yield made
    made.slot.release()
    qtbot.waitUntil(lambda: not made.slot._errand._waiting, timeout=5_000)


def every_sample(samples: Path) -> list[Path]:
    return sorted([*(samples / "images").iterdir(), *(samples / "hostile-images").iterdir()])


def test_every_sample_ends_in_ready_or_in_one_reason(
    bench: Bench, samples: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    outcomes = {}
    for file in every_sample(samples):
        bench.prepare(file)
        outcomes[file.name] = bench.answer()
    assert len(outcomes) > 50
    broken = {name for name, reason in outcomes.items() if reason}
    assert not {name for name in broken if (samples / "images" / name).exists()}, outcomes
    assert {"broken_data_stream.png", "truncated_jpeg.jpg"} <= broken
    for name in broken:
        assert name in (outcomes[name] or ""), "the reason names the file"
        assert "\n" not in (outcomes[name] or "")
    assert capfd.readouterr().err == "", "a decoder wrote to stderr"


def cut(tmp_path: Path, name: str, save: Callable[[Image.Image, Path], None]) -> Path:
    """A picture of noise, saved and then cut off in the middle."""
    whole = tmp_path / name
    noise = Image.effect_noise((400, 300), 80).convert("RGB")
    save(noise, whole)
    whole.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    return whole


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp", "a.gif", "a.bmp", "a.tif", "a.avif"])
def test_a_picture_that_is_cut_off_is_refused_and_the_last_one_stays(
    bench: Bench, tmp_path: Path, name: str
) -> None:
    good = tmp_path / "good.png"
    Image.new("RGB", (32, 18), "#c8102e").save(good)
    before = bench.show(good)
    bench.prepare(cut(tmp_path, name, lambda image, path: image.save(path)))
    assert name in (bench.answer() or "")
    assert bench.frame() is before


def bad_file(kind: str, folder: Path) -> Path:
    """One of the files that people really drop into a folder of pictures."""
    path = folder / f"{kind}.jpg"
    if kind == "empty":
        path.touch()
    elif kind == "text":
        path.write_text("会议通知：请各部门于周五前提交材料。\n")
    elif kind == "folder":
        path.mkdir()
    elif kind == "fifo":
        os.mkfifo(path)
    elif kind == "bomb":
        Image.new("1", (20_000, 20_000)).save(path, "PNG")
    elif kind == "ribbon":
        Image.new("1", (70_000, 1)).save(path, "PNG")
    elif kind == "huge":
        with path.open("wb") as file:
            file.truncate(300 * 1024 * 1024)
    return path


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("missing", "is not there"),
        ("empty", "empty (0 bytes)"),
        ("text", "no picture"),
        ("folder", "not a file"),
        ("fifo", "not a file"),
        ("bomb", "20000 x 20000 pixels are more than 200 million (MAX_SOURCE_PIXELS)"),
        ("ribbon", "MAX_EDGE_PIXELS"),
        ("huge", "MAX_FILE_BYTES"),
    ],
)
def test_what_is_no_picture_fails_with_its_reason(
    bench: Bench, tmp_path: Path, kind: str, reason: str
) -> None:
    bench.prepare(bad_file(kind, tmp_path))
    assert reason in (bench.answer() or "")


@pytest.mark.root
def test_an_unreadable_file_fails_with_its_reason(bench: Bench, tmp_path: Path) -> None:
    path = tmp_path / "secret.jpg"
    Image.new("RGB", (8, 8)).save(path)
    path.chmod(0)
    os.seteuid(65534)  # root may read everything
    try:
        bench.prepare(path)
        reason = bench.answer()
    finally:
        os.seteuid(0)
    assert "'secret.jpg' cannot be shown: it may not be read" in (reason or "")


def test_a_name_with_anything_in_it_is_shown_in_one_line(bench: Bench, tmp_path: Path) -> None:
    path = tmp_path / "红\n\u202e😀.jpg"
    path.write_text("no picture")
    bench.prepare(path)
    reason = bench.answer() or ""
    assert "\n" not in reason
    assert "\u202e" not in reason


def test_a_stream_address_is_no_picture(bench: Bench) -> None:
    bench.prepare("rtsp://127.0.0.1/lobby")
    assert "is not there" in (bench.answer() or "")


def test_the_answer_to_an_older_request_is_dropped(
    bench: Bench, workers: Workers, tmp_path: Path
) -> None:
    red, blue = tmp_path / "red.png", tmp_path / "blue.png"
    Image.new("RGB", (32, 18), "red").save(red)
    Image.new("RGB", (32, 18), "blue").save(blue)
    gate = threading.Event()
    for _ in range(2):  # both workers wait: neither picture is begun before both are asked for
        workers.submit(Job(lambda _job: gate.wait(5), lambda _job: None))
    bench.prepare(red)
    bench.prepare(blue)
    gate.set()
    assert bench.answer() is None
    assert bench.ready == [2]
    assert QColor(bench.frame().pixel(160, 90)) == QColor("blue")


def test_a_picture_released_before_its_answer_never_appears(
    bench: Bench, workers: Workers, tmp_path: Path
) -> None:
    path = tmp_path / "red.png"
    Image.new("RGB", (32, 18), "red").save(path)
    gate = threading.Event()
    for _ in range(2):
        workers.submit(Job(lambda _job: gate.wait(5), lambda _job: None))
    bench.prepare(path)
    bench.slot.release()
    gate.set()
    bench.qtbot.waitUntil(lambda: not bench.slot._errand._waiting)
    assert (bench.ready, bench.failed, bench.item._frame) == ([], [], None)


def test_release_lets_go_of_the_frame(bench: Bench, tmp_path: Path) -> None:
    path = tmp_path / "red.png"
    Image.new("RGB", (32, 18), "red").save(path)
    bench.show(path)
    bench.slot.release()
    assert bench.item._frame is None


def test_a_decoder_that_hangs_is_given_up_and_the_next_picture_comes(
    qtbot: QtBot, tmp_path: Path
) -> None:
    pool = Workers(threads=1)
    item = FrameItem()
    item.setWidth(320)
    item.setHeight(180)
    bench = Bench(PictureSlot(item, pool, deadline_s=0.2), item, qtbot)
    bench.slot.signals.ready.connect(bench.ready.append)
    bench.slot.signals.failed.connect(lambda ticket, why: bench.failed.append((ticket, why)))
    stuck, begun = threading.Event(), threading.Event()

    def hang(_job: Job) -> None:
        begun.set()
        stuck.wait(10)

    bench.slot._errand.send(hang, lambda _outcome: None, bench.slot._fail)
    assert begun.wait(5)
    qtbot.waitUntil(lambda: bool(bench.failed))
    assert "too heavy for this machine: no answer within 0.2 s" in bench.failed[0][1]
    path = tmp_path / "red.png"
    Image.new("RGB", (32, 18), "red").save(path)
    bench.slot._errand._deadline.setInterval(10_000)
    bench.show(path)
    stuck.set()
    qtbot.waitUntil(lambda: not bench.slot._errand._waiting)
    assert pool.close()


@pytest.mark.expects_log("met a bug of the player")
def test_a_bug_of_ours_is_told_as_one_and_ends_in_a_reason(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("player.stage.media.pictures.prepare", lambda *_: 1 // 0)
    bench.prepare(tmp_path / "a.png")
    assert "'a.png' met a bug of the player: ZeroDivisionError" in (bench.answer() or "")


@pytest.mark.deep
def test_memory_stays_flat_over_ten_thousand_frames_of_an_animation(
    bench: Bench, tmp_path: Path
) -> None:
    frames = [Image.effect_noise((320, 180), 60).convert("P") for _ in range(20)]
    path = tmp_path / "a.gif"
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=20, loop=0)
    prepared = prepare(Wish(path, (320, 180), "contain", 0), lambda: None)
    assert prepared.animation is not None

    def turned(first: int, count: int) -> int:
        assert prepared.animation is not None
        for number in range(first, first + count):
            prepared.animation.frame_at(number * 20, lambda: None)
        return resident_kib()

    warm = turned(0, 1000)
    grown = turned(1000, 9000) - warm
    prepared.animation.close()
    assert grown < 4 * 1024


def test_memory_stays_flat_over_five_hundred_pictures(bench: Bench, samples: Path) -> None:
    files = sorted((samples / "images").iterdir())
    bench.item.setWidth(640)
    bench.item.setHeight(360)

    def shown(times: int) -> int:
        for turn in range(times):
            bench.prepare(files[turn % len(files)])
            bench.answer()
        bench.slot.release()
        return resident_kib()

    warm = shown(100)
    assert shown(500) - warm < 12 * 1024


def test_the_memory_figure_sees_pictures_that_are_kept(bench: Bench, samples: Path) -> None:
    path = samples / "images" / "pillow_flower.jpg"
    bench.item.setWidth(1280)
    bench.item.setHeight(720)
    bench.show(path)
    before = resident_kib()
    kept = [bench.show(path, fit="cover") for _ in range(40)]  # 3.5 MiB each
    assert len(kept) == 40
    assert resident_kib() - before > 12 * 1024


def resident_kib() -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1])
    raise AssertionError("no VmRSS")
