"""No secret comes through a formatter, whoever writes it and however."""

import logging

from player.agent.log_tail import RECORD_BYTES, TAIL_BYTES, LogTail
from player.agent.secrecy import HIDDEN, Redacting, Secrets

CANARY = "canary-0123456789abcdef"


def record(message: str, *arguments: object, error: BaseException | None = None):
    trace = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("x", logging.ERROR, __file__, 1, message, arguments, trace)


def formatter() -> Redacting:
    secrets = Secrets()
    secrets.learn(CANARY, "")
    return Redacting(logging.Formatter("%(message)s"), secrets)


def test_a_secret_in_a_message_or_its_arguments_is_hidden() -> None:
    assert formatter().format(record(f"token {CANARY}")) == f"token {HIDDEN}"
    assert formatter().format(record("token %s", CANARY)) == f"token {HIDDEN}"


def test_a_secret_in_a_traceback_is_hidden() -> None:
    try:
        int(f"Bearer {CANARY}")
    except ValueError as error:
        line = formatter().format(record("it failed", error=error))
    assert CANARY not in line
    assert "ValueError" in line


def test_the_tail_is_bounded_and_ends_with_the_newest_line() -> None:
    tail = LogTail()
    tail.setFormatter(formatter())
    for number in range(5000):
        tail.emit(record("line %d %s", number, "x" * 100))
    tail.emit(record(f"{'y' * 100_000} {CANARY}"))
    tail.emit(record("the last"))
    text = tail.text()
    assert len(text.encode()) <= TAIL_BYTES
    assert text.endswith("the last\n")
    assert max(map(len, text.splitlines())) <= RECORD_BYTES
    assert CANARY not in text
