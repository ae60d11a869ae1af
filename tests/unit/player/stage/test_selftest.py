"""`yingbi-player --selftest` as a whole: one table, one status, whatever breaks."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from config.loader import load_for_player
from player.stage.checks.finding import Finding
from player.stage.selftest import report, run, selftest, status_of

OK = Finding("fonts", "ok", "all there")
LOOK = Finding("clock", "warning", "nobody keeps it", "compare it with a watch")
DISK = Finding("disk", "failed", "is full", "make room")


class NoonClock:
    def now(self) -> datetime:
        return datetime(2026, 7, 1, 4, 0, tzinfo=UTC)

    def monotonic(self) -> float:
        return 0.0


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    file = tmp_path / "player.toml"
    file.write_text(f'[cache]\ndirectory = "{tmp_path}"\nmin_free_gib = 0.1\n')
    return file


def test_every_subject_is_looked_at_and_nothing_fails_here(qtbot: QtBot, settings: Path) -> None:
    findings = run(load_for_player(settings, None), NoonClock())
    subjects = {finding.check for finding in findings}
    assert {"settings", "disk", "clock", "graphics", "fonts", "codecs", "runtime"} <= subjects
    assert [finding for finding in findings if finding.verdict == "failed"] == []


def test_every_finding_that_is_not_good_says_what_to_do(qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "player.toml"
    file.write_text(f'[cache]\ndirectory = "{tmp_path}/none"\n[stage]\nvolume = 300\n')
    findings = run(load_for_player(file, None), NoonClock())
    failed = {finding.check for finding in findings if finding.verdict == "failed"}
    assert failed == {"settings", "disk"}
    assert all(finding.cure for finding in findings if finding.verdict != "ok")


def test_the_command_prints_a_table_and_ends_with_its_status(
    qtbot: QtBot, settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert selftest(settings) == os.EX_OK
    assert "ok      disk" in capsys.readouterr().out


def test_the_json_holds_the_same_for_programs(
    qtbot: QtBot, settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    selftest(settings, as_json=True)
    findings = json.loads(capsys.readouterr().out)
    assert {"check", "verdict", "what", "cure"} == set(findings[0])


@pytest.mark.parametrize(
    ("failed", "status"),
    [
        ([OK, LOOK], os.EX_OK),
        ([OK, DISK], os.EX_IOERR),
        ([Finding("settings", "failed", "x", "y")], os.EX_CONFIG),
        ([DISK, Finding("fonts", "failed", "x", "y")], os.EX_UNAVAILABLE),
    ],
)
def test_the_status_says_what_kind_of_thing_is_missing(failed: list[Finding], status: int) -> None:
    assert status_of(failed) == status


def test_the_table_puts_the_cure_under_its_finding() -> None:
    assert report([OK, DISK], as_json=False).splitlines() == [
        "ok      fonts     all there",
        "FAILED  disk      is full",
        "                  -> make room",
        "1 to look at",
    ]


def test_a_check_that_breaks_is_a_finding_and_costs_no_other(
    qtbot: QtBot, settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("player.stage.checks.fonts.FAMILIES", ())
    monkeypatch.setattr("player.stage.checks.fonts.check_fonts", lambda: 1 // 0)
    findings = run(load_for_player(settings, None), NoonClock())
    [broken] = [finding for finding in findings if finding.verdict == "failed"]
    assert "this check broke: ZeroDivisionError" in broken.what
    assert findings[-1].check == "runtime"
