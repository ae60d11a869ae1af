"""The silence that every test must keep: no stray warning, log line, thread or child process.

Qt messages and Python warnings are errors by configuration (pyproject.toml); this file adds what
pytest cannot ask for there.  A test that expects a log line says so with `caplog`'s records and
`@pytest.mark.expects_log("part of the line")`.
"""

import contextlib
import logging
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest_plugins = ["tests.simulators.server_project", "tests.simulators.server_process"]

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

#: Real files from the wild; they are not part of the project (see docs/development.md).
SAMPLES = Path(
    os.environ.get("YINGBI_SAMPLES", Path(__file__).parents[2] / "shared" / "samples")
).resolve()

#: Is this the long run (`make deep`)?
DEEP = bool(os.environ.get("YINGBI_DEEP"))

#: For tests that take minutes in the long run, and may take more on a busy machine.
long_when_deep = pytest.mark.timeout(1800 if DEEP else 300)


@pytest.fixture(scope="session")
def samples() -> Path:
    """The folder of real files; a run without them says so, loudly, and goes on."""
    if not SAMPLES.is_dir():
        pytest.skip(f"NO SAMPLES: {SAMPLES} is not there; set YINGBI_SAMPLES to the folder")
    return SAMPLES


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "expects_log(text): a log line at WARNING or above with this text is due"
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if DEEP:
        items.sort(key=_patience_s, reverse=True)  # else a soak that begins last is waited for
    for item in items:
        if item.get_closest_marker("root") and os.geteuid() != 0:
            item.add_marker(pytest.mark.skip(reason="NEEDS ROOT: this fault is not tested here"))


def _patience_s(item: pytest.Item) -> float:
    """How long a test says that it may take; most say nothing."""
    timeout = item.get_closest_marker("timeout")
    return timeout.args[0] if timeout else 0.0


@pytest.fixture(autouse=True)
def no_stray_log(
    request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture
) -> Iterator[None]:
    """Fail a test that logs at WARNING or above without having announced it."""
    yield
    expected = [mark.args[0] for mark in request.node.iter_markers("expects_log")]
    loud = [
        record.getMessage()
        for record in caplog.get_records("setup") + caplog.get_records("call")
        if record.levelno >= logging.WARNING
    ]
    stray = [line for line in loud if not any(text in line for text in expected)]
    missing = [text for text in expected if not any(text in line for line in loud)]
    assert not stray, f"unexpected log lines: {stray}"
    assert not missing, f"these log lines were due and did not come: {missing}"


def _children() -> set[int]:
    """Our child processes, as the kernel lists them.

    A child that ends while a list is read may hide its neighbour: read until two lists agree.
    """
    found, before = _children_listed(), None
    while found != before:
        found, before = _children_listed(), found
    return found


def _children_listed() -> set[int]:
    found = set()
    for thread in Path("/proc/self/task").iterdir():
        with contextlib.suppress(FileNotFoundError):  # it ended while we looked
            found.update(map(int, (thread / "children").read_text().split()))
    return found


@pytest.fixture(autouse=True)
def nothing_left_running() -> Iterator[None]:
    """Fail a test that leaves a thread or a child process behind, and name it."""
    threads, children = set(threading.enumerate()), _children()
    yield
    left = [thread for thread in threading.enumerate() if thread not in threads]
    for thread in left:
        thread.join(2.0)
    alive = [thread.name for thread in left if thread.is_alive()]
    assert not alive, f"threads left running: {alive}; join them before the test ends"
    orphans = _children() - children
    assert not orphans, f"child processes left running: {orphans}; wait for them in the test"
