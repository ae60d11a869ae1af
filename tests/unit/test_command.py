"""What every yingbi command shares."""

import os

import pytest

from command import CommandParser, Failed, run


def test_bad_usage_ends_with_64_and_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    parser = CommandParser("yingbi-x", "Does x.", "yingbi-x FILE")
    with pytest.raises(SystemExit) as ended:
        parser.parse_args(["--no-such-flag"])
    assert ended.value.code == os.EX_USAGE
    assert capsys.readouterr().err.count("\n") == 1


def test_help_shows_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        CommandParser("yingbi-x", "Does x.", "yingbi-x FILE").parse_args(["--help"])
    assert "example: yingbi-x FILE" in capsys.readouterr().out


def test_a_failure_is_one_sentence_and_its_status(capsys: pytest.CaptureFixture[str]) -> None:
    def command(_arguments: object) -> int:
        raise Failed("lobby.json is not there", os.EX_DATAERR)

    assert run("yingbi-x", command, []) == os.EX_DATAERR
    assert capsys.readouterr().err == "yingbi-x: lobby.json is not there\n"


def test_an_error_that_nobody_named_is_our_bug(capsys: pytest.CaptureFixture[str]) -> None:
    def command(_arguments: object) -> int:
        raise RuntimeError("out of order")

    assert run("yingbi-x", command, []) == os.EX_SOFTWARE
    assert "this is a bug in yingbi" in capsys.readouterr().err
