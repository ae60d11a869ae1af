"""The log: one line a record, whatever came from outside, and no secret in it."""

import logging

import pytest

from server.journal import MAX_RECORD_CHARACTERS, OneLine, without_secrets


def line(message, *arguments, exc_info=None):
    record = logging.LogRecord("server.x", logging.ERROR, "", 0, message, arguments, exc_info)
    return OneLine().format(record)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\x85", "\0", "\x1b[2J"])
def test_nothing_from_outside_begins_a_line_or_moves_the_cursor(end):
    text = line("upload of %s", f"a{end}2026-11-22 ERROR forged")
    assert len(text.splitlines()) == 1
    assert all(letter.isprintable() for letter in text)


def test_a_traceback_is_one_line():
    import sys

    try:
        int("no")
    except ValueError:
        text = line("failed", exc_info=sys.exc_info())
    assert len(text.splitlines()) == 1
    assert "ValueError: invalid literal" in text


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer CANARY",
        "token=CANARY",
        "{'password': 'CANARY'}",
        '{"secret": "CANARY", "name": 1}',
        "yba_CANARY",
        "ybs_CANARY",
        "postgresql://yingbi:CANARY@db/yingbi",
        "GET /x?token=CANARY&y=1",
        "sessionid=CANARY",
    ],
)
def test_what_looks_like_a_secret_is_struck_out(text):
    assert "CANARY" not in without_secrets(text)
    assert "***" in without_secrets(text)


@pytest.mark.parametrize(
    "text", ["listening on http://127.0.0.1:8460", "a token is missing", "GET /player/v1/manifest"]
)
def test_the_rest_is_left_alone(text):
    assert without_secrets(text) == text


def test_a_record_does_not_fill_the_disk():
    assert len(line("%s", "x" * 10**6)) < MAX_RECORD_CHARACTERS + 100
