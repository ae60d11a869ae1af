"""What the agent asks of a running player: a code on the slate, a picture, a fresh start."""

import hashlib
import io
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from PIL import Image

from content_cache.disk import RealDisk
from player.agent.errors import NoPicture
from player.agent.glass import Glass
from player.agent.keyring import Claim, Kept
from player.agent.noticeboard import Noticeboard
from player.agent.slate_card import pairing_card
from player.bulletin import SNAPSHOT, SNAPSHOT_PICTURE, Bulletin, Snapshot, write_bulletin

PLAYER = [sys.executable, "-m", "player.stage"]

#: How long anything is waited for on a busy machine, in seconds.
PATIENCE_S = 60.0

#: How light the slate is: it wanders, so its share of light pixels changes with the minute
#: (0.049 and more with a QR code, 0.008 at most without).
WITH_QR_CODE, WITHOUT = 0.04, 0.025


def until(condition: Callable[[], object], what: str) -> None:
    end = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(0.05)


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    (tmp_path / "player.toml").write_text(
        f'[cache]\ndirectory = "{tmp_path}/cache"\n[screen]\nname = "东门大厅"\n'
        "[stage]\nwindowed = true\n"
    )
    (tmp_path / "cache").mkdir()
    return tmp_path / "cache"


@pytest.fixture
def player(cache: Path) -> Iterator[subprocess.Popen[bytes]]:
    write_bulletin(cache, RealDisk(), Bulletin(snapshot="asked-before", restart="before"))
    process = subprocess.Popen(
        [*PLAYER, "--config", str(cache.parent / "player.toml"), "--render", "software"],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(20)


def picture_of(cache: Path, board: Noticeboard) -> Image.Image:
    glass = Glass(cache, RealDisk(), lambda name: board.change(snapshot=name), _wait)
    end = time.monotonic() + PATIENCE_S
    while True:  # the player may not have begun to look
        try:
            content, _at = glass.picture()
        except NoPicture:
            assert time.monotonic() < end, "the stage never answered"
            continue
        return Image.open(io.BytesIO(content)).convert("RGB")


def _wait(seconds: float) -> bool:
    time.sleep(seconds)
    return False


def test_the_name_of_the_screen_stands_over_whatever_is_shown(
    cache: Path, player: subprocess.Popen[bytes]
) -> None:
    board = Noticeboard(cache, RealDisk())
    plain = _light_at_the_side(picture_of(cache, board))
    board.change(identify="who-are-you")
    until(
        lambda: _light_at_the_side(picture_of(cache, board)) < plain - 2,
        "no plate came onto the glass",
    )


def _light_at_the_side(picture: Image.Image) -> float:
    """How light the glass is at its side, halfway down, where the slate has only its ground."""
    width, height = picture.size
    strip = picture.convert("L").crop((0, int(height * 0.48), width // 12, int(height * 0.52)))
    return sum(level * count for level, count in enumerate(strip.histogram())) / (
        strip.width * strip.height
    )


def test_the_picture_is_of_the_glass_and_shows_the_pairing(
    cache: Path, player: subprocess.Popen[bytes]
) -> None:
    board = Noticeboard(cache, RealDisk())
    plain = picture_of(cache, board)
    kept = Kept(claim=Claim("p1", "secret-0123456789abcdef", "482913", 5.0))
    board.change(pairing=pairing_card(kept, "https://signage.example", "box"))
    shown = f"no QR code came onto the glass, whose light share was {_white_share(plain):.3f}"
    until(lambda: _white_share(picture_of(cache, board)) > WITH_QR_CODE, shown)
    assert max(plain.size) == 640
    assert _white_share(plain) < WITHOUT
    said = msgspec.json.decode((cache / SNAPSHOT).read_bytes(), type=Snapshot)
    content = (cache / SNAPSHOT_PICTURE).read_bytes()
    assert said.sha256 == hashlib.sha256(content).hexdigest()
    assert len(content) < 200_000


def _white_share(picture: Image.Image) -> float:
    """How much of a picture is the paper of the QR code."""
    grey = picture.convert("L").resize((160, 90)).tobytes()
    return sum(level > 200 for level in grey) / len(grey)


def test_a_request_from_before_the_start_is_not_obeyed_and_a_new_one_is(
    cache: Path, player: subprocess.Popen[bytes]
) -> None:
    board = Noticeboard(cache, RealDisk())
    picture_of(cache, board)
    assert player.poll() is None, "the old request for a fresh start was left alone"
    board.change(restart="now")
    assert player.wait(20) == os.EX_TEMPFAIL


def test_a_stage_that_does_not_run_gives_no_picture(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("player.agent.glass.ANSWER_S", 0.5)
    glass = Glass(cache, RealDisk(), lambda _name: None, lambda _seconds: False)
    with pytest.raises(NoPicture, match="does it run"):
        glass.picture()


def test_a_picture_that_was_swapped_is_not_taken_for_the_answer(cache: Path) -> None:
    def answer(name: str) -> None:
        (cache / "stage").mkdir(exist_ok=True)
        (cache / SNAPSHOT_PICTURE).write_bytes(b"another picture")
        said = Snapshot(name, "2026-11-22T04:00:00.000Z", "0" * 64, 1, 1)
        (cache / SNAPSHOT).write_bytes(msgspec.json.encode(said))

    with pytest.raises(NoPicture, match="not the one"):
        Glass(cache, RealDisk(), answer, lambda _seconds: False).picture()
