"""`yingbi-config`: what a maintainer sees."""

import json
import os
from pathlib import Path

import pytest

from config.__main__ import main
from config.explanation import explain, meanings
from config.loader import example
from config.model import KEYS


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    path = tmp_path / "player.toml"
    path.write_text('[stage]\nrendr = "gpu"\nvolume = 300\n[screen]\nname = "Lobby"\n')
    return path


def test_check_is_content_with_the_example(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "player.toml"
    path.write_text(example())
    assert main(["check", str(path)]) == os.EX_OK
    assert capsys.readouterr() == ("", f"{path}: nothing is wrong\n")


def test_check_names_every_problem_and_ends_with_78(
    bad: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(bad)]) == os.EX_CONFIG
    out, err = capsys.readouterr()
    assert [line.split(": ")[0] for line in out.splitlines()] == [f"{bad}:2", f"{bad}:3"]
    assert "1 to correct, 1 to look at" in err


def test_check_in_json_is_for_programs(bad: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--json", str(bad)]) == os.EX_CONFIG
    problems = json.loads(capsys.readouterr().out)
    assert [problem["severity"] for problem in problems] == ["warning", "error"]
    assert problems[1]["key"] == "stage.volume"


def test_check_of_a_missing_file_ends_with_78(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(tmp_path / "none.toml")]) == os.EX_CONFIG
    assert "is not there; start from player.example.toml" in capsys.readouterr().out


def test_show_prints_the_settings_in_force_and_where_each_comes_from(
    bad: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    last = tmp_path / "last.toml"
    last.write_text("[stage]\nvolume = 30\n")
    assert main(["show", str(bad), "--last-good", str(last)]) == os.EX_CONFIG
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert 'name = "Lobby" # line 5' in lines
    assert "volume = 30 # last good copy" in lines
    assert 'render = "auto" # default' in lines


def test_what_show_prints_is_a_file_that_check_accepts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "player.toml"
    path.write_text('[server]\nurls = ["https://a.example"]\ndownload_window = "22:00-06:00"\n')
    assert main(["show", str(path)]) == os.EX_OK
    path.write_text(capsys.readouterr().out)
    assert main(["check", str(path)]) == os.EX_OK


def test_show_in_json_holds_every_key(bad: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "--json", str(bad)]) == os.EX_CONFIG
    shown = json.loads(capsys.readouterr().out)
    assert list(shown["settings"]) == list(KEYS)
    assert shown["settings"]["screen.name"] == {"value": "Lobby", "origin": "line 5"}
    assert len(shown["problems"]) == 2


def test_explain_says_meaning_default_and_what_is_allowed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["explain", "stage.volume"]) == os.EX_OK
    out = capsys.readouterr().out
    assert "How loud" in out
    assert "default: 80" in out
    assert "allowed: a whole number from 0 to 100 (per cent)" in out
    assert "applies after a restart" in out
    assert main(["explain", "log.level"]) == os.EX_OK
    assert "applies at once" in capsys.readouterr().out


def test_explain_alone_lists_every_key(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain"]) == os.EX_OK
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == list(KEYS)


def test_explain_of_a_misspelt_key_asks_what_was_meant(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["explain", "stage.rendr"]) == os.EX_USAGE
    assert "did you mean stage.render?" in capsys.readouterr().err


@pytest.mark.parametrize("path", KEYS)
def test_every_key_is_explained(path: str) -> None:
    assert len(meanings()[path]) > 20
    assert path in explain(path)
