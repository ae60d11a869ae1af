"""`yingbi-player` as a process: its flags, statuses, signals, crashes, and `grab`."""

import os
import signal
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from PIL import Image

from manifest.codec import encode
from manifest.model import ImageAsset, Transition, VideoAsset
from tests.integration.stage.conftest import CYAN, RED
from tests.simulators.stage_programmes import item, manifest, notice
from tests.simulators.theatre import alike

AT = "2026-11-22T04:00:0{}Z"


@pytest.fixture
def player(environment):
    """Run the command to its end."""

    def run(*arguments, status=0, **more):
        command = [sys.executable, "-m", "player.stage", *map(str, arguments)]
        done = subprocess.run(
            command,
            check=False,
            env={**environment, **more},
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == status, done.stderr
        return done

    return run


@pytest.fixture
def shop(tmp_path, solid, clip):
    """A manifest file, and its blobs under their digests: red, a video, a card, each 2 s."""
    blobs = tmp_path / "blobs"
    blobs.mkdir()
    red, cyan = solid("red.png", RED), clip("cyan.mp4", CYAN, 4.0)
    names = {}
    for path in (red, cyan):
        content = path.read_bytes()
        names[path] = sha256(content).hexdigest(), len(content)
        (blobs / names[path][0]).write_bytes(content)
    assets = {
        "a": ImageAsset("red", *names[red], "image/png", 320, 180),
        "v": VideoAsset("cyan", *names[cyan], "video/mp4", 320, 180, 4000, False),
        "n": notice("停水通知"),
    }
    items = [item(name, 2, Transition("fade", 300)) for name in assets]
    file = tmp_path / "manifest.json"
    file.write_bytes(encode(manifest(assets, items)))
    return file, blobs


def pixel(path, at=(8, 200)):
    with Image.open(path) as picture:
        return picture.convert("RGB").getpixel(at)


def test_grab_draws_each_instant_asked_for(player, shop, tmp_path):
    file, blobs = shop
    wanted = []
    for second in (1, 3, 5):
        wanted += ["--at", AT.format(second), "--out", tmp_path / f"{second}.png"]
    player("grab", "--manifest", file, "--blobs", blobs, *wanted, "--size", "640x360")
    assert alike(pixel(tmp_path / "1.png"), RED)
    assert alike(pixel(tmp_path / "3.png"), CYAN)
    assert alike(pixel(tmp_path / "5.png"), (250, 249, 245))


def test_grab_draws_the_slate_when_nothing_is_due(player, tmp_path):
    file = tmp_path / "empty.json"
    file.write_bytes(encode(manifest({}, [])))
    out = tmp_path / "slate.png"
    player("grab", "--manifest", file, "--blobs", tmp_path, "--at", AT.format(0), "--out", out)
    with Image.open(out) as slate:
        assert slate.size == (1920, 1080)
        assert len(slate.getcolors(1 << 24)) > 20, "no letter on it"


def test_grab_fails_with_one_sentence_for_what_it_cannot_draw(player, shop, tmp_path):
    file, blobs = shop
    for blob in blobs.iterdir():
        blob.write_bytes(b"other bytes than were approved")
    arguments = ["--at", AT.format(1), "--out", tmp_path / "x.png"]
    done = player("grab", "--manifest", file, "--blobs", blobs, *arguments, status=os.EX_DATAERR)
    assert done.stderr.count("\n") == 1
    assert "approved" in done.stderr
    assert not (tmp_path / "x.png").exists()


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        (["--folder", "/does/not/exist"], os.EX_DATAERR, "is no folder"),
        (["--manifest", "/does/not/exist", "--blobs", "/"], os.EX_DATAERR, "cannot be read"),
        (["--manifest", "x"], os.EX_USAGE, "go together"),
        (["--folder", "x", "--manifest", "x", "--blobs", "x"], os.EX_USAGE, "not both"),
        (["--folder", "x", "--seconds", "0"], os.EX_USAGE, "seconds"),
        (["grab", "--manifest", "x", "--blobs", "x", "--at", "noon", "--out", "y"], 64, "instant"),
        (["grab", "--manifest", "x", "--blobs", "x", "--at", AT.format(0)], 64, "--out"),
    ],
)
def test_a_bad_command_line_ends_with_one_sentence(player, arguments, status, sentence):
    done = player(*arguments, status=status)
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_without_a_display_it_says_so(player, tmp_path):
    nowhere = {"DISPLAY": "", "WAYLAND_DISPLAY": "", "QT_QPA_PLATFORM": ""}
    done = player("--folder", tmp_path, status=os.EX_UNAVAILABLE, **nowhere)
    assert "no display" in done.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_clean_when_told_to(running, shop, tmp_path, number):
    file, blobs = shop
    one = running("--manifest", file, "--blobs", blobs)
    one.wait_until_ready()
    assert one.end(number) == 0
    assert one.said == ""
    assert list((tmp_path / "state" / "yingbi").rglob("breadcrumb")) == []


def test_the_cache_is_played_and_watched(running, tmp_path):
    """An empty cache shows the slate; the player is ready all the same."""
    settings = tmp_path / "player.toml"
    settings.write_text(f'[cache]\ndirectory = "{tmp_path / "cache"}"\n')
    one = running("--config", settings)
    one.wait_until_ready()
    assert one.end(signal.SIGTERM) == 0


def test_help_has_an_example(player):
    assert "example: yingbi-player --folder" in player("--help").stdout.replace("\n", " ")


def test_every_flag_and_status_is_in_the_docs(player):
    import re

    docs = (Path(__file__).parents[3] / "docs" / "player.md").read_text()
    for page in (player("--help").stdout, player("grab", "--help").stdout):
        for flag in set(re.findall(r"--[a-z]+", page)):
            assert f"`{flag}" in docs, f"docs/player.md does not name {flag}"
    for status in (0, 64, 65, 69, 70, 73, 75):
        assert re.search(rf"^\| {status} \|", docs, re.MULTILINE), f"status {status}"
