"""Each check sees what it is there for, and names the cure."""

import gc
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from player.stage.checks import codecs
from player.stage.checks.codecs import check_codecs, missing_decoders
from player.stage.checks.disk import check_disk, file_system_of
from player.stage.checks.finding import Finding
from player.stage.checks.fonts import FAMILIES, check_fonts
from player.stage.checks.graphics import check_graphics
from player.stage.checks.runtime import CALLS, check_runtime, lost_references
from player.stage.checks.wallclock import check_wallclock
from player.stage.render import Render

ROOT = Path(__file__).parents[5]
NOON = datetime(2026, 7, 1, 4, 0, tzinfo=UTC)


def bad(findings: list[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.verdict != "ok"]


def test_pyside_keeps_the_references_of_none_true_and_false(qtbot: QtBot) -> None:
    """Guards the pair of Python and PySide that is installed: reliability P15."""
    finding = check_runtime()
    assert finding.verdict == "ok", finding


def test_the_reference_check_sees_a_binding_that_loses_them() -> None:
    """The negative control: a call that drops a reference to None each time, as PySide 6.12 does.

    In a process of its own, which may well abort afterwards.
    """
    program = (
        "import ctypes\n"
        "from player.stage.checks.runtime import lost_references\n"
        "drop = ctypes.pythonapi.Py_DecRef\n"
        "drop.argtypes = [ctypes.py_object]\n"
        "drop.restype = None\n"
        "print(lost_references(lambda: drop(None)), flush=True)\n"
        "import os; os._exit(0)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )
    lost = eval(ended.stdout, {})
    assert set(lost) == {"None"}
    assert lost["None"] >= CALLS


def test_a_call_that_keeps_references_loses_none() -> None:
    gc.collect()
    assert lost_references(lambda: None, 1000) == {}


def test_something_large_that_goes_away_meanwhile_is_no_loss() -> None:
    """The first call only warms up; the second, which is counted, lets 40,000 references go."""
    large = [[None] * 40_000]
    steps = iter([lambda: None, large.clear])

    def call() -> None:
        next(steps, int)()

    assert lost_references(call, 1000) == {}
    assert not large


def test_the_fonts_of_the_design_are_installed_with_their_glyphs(qtbot: QtBot) -> None:
    assert bad(check_fonts()) == []
    theme = (ROOT / "player" / "stage" / "qml" / "theme" / "Theme.qml").read_text()
    assert all(family in theme for family in FAMILIES), "the check looks at what the theme names"


def test_a_font_that_is_not_installed_is_named(qtbot: QtBot) -> None:
    [finding] = check_fonts(["Source Han Mono Nowhere"])
    assert finding.verdict == "failed"
    assert "Source Han Mono Nowhere is not installed" in finding.what
    assert "fonts-noto-cjk" in finding.cure


def test_a_character_without_a_glyph_is_named(qtbot: QtBot) -> None:
    [finding] = check_fonts(FAMILIES[:1], "影\U00012345壁")
    assert (finding.verdict, finding.what) == (
        "failed",
        "Noto Sans CJK SC has no glyph for U+12345",
    )


def test_libvlc_plays_a_clip_and_has_the_decoders(qtbot: QtBot) -> None:
    findings = check_codecs()
    assert bad(findings) == []
    assert len(findings) == 2


def test_a_decoder_that_is_missing_is_named(qtbot: QtBot) -> None:
    assert check_codecs()[0].verdict == "ok"
    assert missing_decoders(["h264", "cinema9000"]) == ["cinema9000"]


def test_a_clip_that_does_not_play_is_a_finding(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(codecs, "clip_of_jpegs", lambda: b"no clip at all")
    [finding] = check_codecs()
    assert finding.verdict == "failed"
    assert "vlc-plugin-base" in finding.cure


def test_a_healthy_disk_has_nothing_to_look_at(tmp_path: Path) -> None:
    findings = check_disk(tmp_path, 0)
    assert [finding.verdict for finding in findings[:2]] == ["ok", "ok"]
    assert list(tmp_path.iterdir()) == [], "the check leaves nothing behind"


def test_a_missing_cache_folder_is_named_with_the_command_that_makes_it(tmp_path: Path) -> None:
    [finding] = check_disk(tmp_path / "none", 0)
    assert (finding.verdict, f"install -d -o yingbi -g yingbi '{tmp_path / 'none'}'") == (
        "failed",
        finding.cure.removeprefix("create it: sudo "),
    )


@pytest.mark.root
def test_a_folder_that_may_not_be_written_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    for folder in tmp_path.parents[:3]:
        folder.chmod(0o755)
    os.seteuid(65534)  # root may write everywhere
    try:
        [finding] = check_disk(tmp_path, 0)
    finally:
        os.seteuid(0)
    assert "may not write" in finding.what
    assert "chown yingbi:" in finding.cure


def test_a_disk_that_cannot_be_written_is_named() -> None:
    [finding] = check_disk(Path("/proc/self"), 0)
    assert finding.verdict == "failed"


def test_too_little_room_is_named(tmp_path: Path) -> None:
    room = check_disk(tmp_path, 2**60)[1]
    assert room.verdict == "failed"
    assert "cache.min_free_gib" in room.what


def test_the_file_system_of_a_folder_is_that_of_its_nearest_mount() -> None:
    mounts = "/dev/sda1 / ext4 rw 0 0\ntmpfs /run tmpfs rw 0 0\n/dev/sdb1 /a\\040b xfs rw 0 0\n"
    found = [file_system_of(Path(path), mounts) for path in ("/var/lib", "/run/x", "/a b/c")]
    assert found == ["ext4", "tmpfs", "xfs"]


@pytest.mark.parametrize("year", [1970, 2025, 2100])
def test_a_clock_that_cannot_be_right_is_named(year: int, tmp_path: Path) -> None:
    finding = check_wallclock(NOON.replace(year=year), "", tmp_path)[0]
    assert finding.verdict == "failed"
    assert "timedatectl" in finding.cure


def test_a_clock_that_the_network_keeps_is_good(tmp_path: Path) -> None:
    assert bad(check_wallclock(NOON, "Asia/Shanghai", tmp_path)) == []
    assert [finding.verdict for finding in check_wallclock(NOON, "", tmp_path / "none")] == [
        "ok",
        "warning",
        "ok",
    ]


def test_a_time_zone_that_is_not_there_is_named(tmp_path: Path) -> None:
    finding = check_wallclock(NOON, "Asia/Nowhere", tmp_path)[2]
    assert (finding.verdict, finding.cure) == ("failed", "install the package tzdata")


@pytest.mark.parametrize(
    ("wish", "gpu", "software_gl", "verdict", "what"),
    [
        ("auto", False, False, "ok", "there is no GPU"),
        ("auto", True, False, "ok", "the GPU draws"),
        ("auto", True, True, "warning", "OpenGL draws on the CPU"),
        ("gpu", True, True, "failed", 'stage.render is "gpu"'),
        ("gpu", False, True, "failed", 'stage.render is "gpu"'),
        ("software", True, False, "ok", "as stage.render says"),
    ],
)
def test_what_draws_is_said_with_its_reason(
    wish: Render, gpu: bool, software_gl: bool, verdict: str, what: str
) -> None:
    display, drawing = check_graphics(
        wish, "xcb", environment={}, has_gpu=lambda: gpu, is_software_gl=lambda: software_gl
    )
    assert display.verdict == "ok"
    assert drawing.verdict == verdict
    assert what in drawing.what


def test_a_run_without_a_display_says_what_it_could_not_look_at() -> None:
    display, drawing = check_graphics("auto", "offscreen", has_gpu=lambda: False)
    assert (display.verdict, drawing.verdict) == ("warning", "ok")


def test_a_display_that_cannot_be_reached_is_named_and_costs_no_other_check(
    tmp_path: Path,
) -> None:
    settings = tmp_path / "player.toml"
    settings.write_text(f'[cache]\ndirectory = "{tmp_path}"\nmin_free_gib = 0.1\n')
    program = "import sys; from player.stage.selftest import selftest; from pathlib import Path; "
    ended = subprocess.run(
        [sys.executable, "-c", f"{program}sys.exit(selftest(Path(sys.argv[1])))", str(settings)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "DISPLAY": ":4711", "QT_QPA_PLATFORM": "xcb"},
    )
    assert ended.returncode == os.EX_UNAVAILABLE, ended.stderr
    assert "FAILED  graphics  Qt cannot reach the display: " in ended.stdout
    assert "ok      fonts" in ended.stdout
    assert "ok      runtime" in ended.stdout
