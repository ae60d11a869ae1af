"""A pytest plugin: Django as the server has it, on SQLite or, with `--database`, on PostgreSQL.

`--database postgresql` starts a cluster of its own, once for all workers of a run.  Every worker
has its own data folder and its own test database.
"""

import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.secret_key import make
from tests.simulators.postgresql import PostgreSQL

#: Where the workers of a run find the one cluster.
CLUSTER = "YINGBI_TEST_POSTGRESQL"

_started: list[PostgreSQL] = []
_folders: list[Path] = []


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=("sqlite", "postgresql"),
        default="sqlite",
        help="what the server's tests run on (default: sqlite)",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    folder = Path(tempfile.mkdtemp(prefix="yingbi-test-"))
    _folders.append(folder)
    for name in ("YINGBI_SERVER_CONFIG", "DATABASE_URL"):
        os.environ.pop(name, None)
    os.environ["YINGBI_DATA"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "server.settings"
    if config.getoption("--database") == "postgresql":
        os.environ["DATABASE_URL"] = _cluster_address()
    make(folder)
    _set_up_django(folder)


def _cluster_address() -> str:
    if CLUSTER not in os.environ:  # the controller comes first; workers inherit its environment
        _started.append(PostgreSQL())
        os.environ[CLUSTER] = str(_started[0].folder)
    return f"postgresql://yingbi@/postgres?host={os.environ[CLUSTER]}"


def _set_up_django(folder: Path) -> None:
    import django
    from django.conf import settings

    settings.LOGGING_CONFIG = None  # pytest listens to all of it, but for what is no news
    for name, wanted in settings.LOGGING["loggers"].items():
        if wanted["level"] == "CRITICAL":
            logging.getLogger(name).setLevel(logging.CRITICAL)
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    if "sqlite" in settings.DATABASES["default"]["ENGINE"]:
        # On the disk, as in life: a database in memory knows no other connection.
        # Into the table that is there: Django may have filled it in already.
        settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = folder / "test.sqlite3"
    django.setup()


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    while _started:
        _started.pop().remove()
        os.environ.pop(CLUSTER, None)
    while _folders:
        shutil.rmtree(_folders.pop(), ignore_errors=True)


@pytest.fixture(scope="session")
def postgresql(request: pytest.FixtureRequest) -> str | None:
    """The folder of the cluster's socket where the tests run on PostgreSQL, else None."""
    is_postgresql = request.config.getoption("--database") == "postgresql"
    return os.environ[CLUSTER] if is_postgresql else None


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """What services say is English in tests, whatever language a page before spoke."""
    from django.utils import translation

    with translation.override("en"):
        yield
