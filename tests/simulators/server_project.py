"""A pytest plugin: Django as the server has it, on SQLite or, with `--database`, on PostgreSQL.

`--database postgresql` starts a cluster of its own, once for all workers of a run.  Every worker
has its own data folder and its own test database: a copy of the one that the first of them
migrated.
"""

import contextlib
import fcntl
import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from pytest_django import DjangoDbBlocker

from server.secret_key import make
from tests.simulators.postgresql import PostgreSQL

#: Where the workers of a run find the one cluster.
CLUSTER = "YINGBI_TEST_POSTGRESQL"

#: Where they find what one of them made for all: a folder.
SHARED = "YINGBI_TEST_SHARED"

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
    os.environ.setdefault(SHARED, str(folder))  # the controller comes first, see below
    for name in ("YINGBI_SERVER_CONFIG", "DATABASE_URL"):
        os.environ.pop(name, None)
    os.environ["YINGBI_DATA"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "server.settings"
    if config.getoption("--database") == "postgresql":
        os.environ["DATABASE_URL"] = _cluster_address()
    make(folder)
    _set_up_django()


def _cluster_address() -> str:
    if CLUSTER not in os.environ:  # the controller comes first; workers inherit its environment
        _started.append(PostgreSQL())
        os.environ[CLUSTER] = str(_started[0].folder)
    return f"postgresql://yingbi@/postgres?host={os.environ[CLUSTER]}"


def _set_up_django() -> None:
    import django
    from django.conf import settings

    settings.LOGGING_CONFIG = None  # pytest listens to all of it, but for what is no news
    for name, wanted in settings.LOGGING["loggers"].items():
        if wanted["level"] == "CRITICAL":
            logging.getLogger(name).setLevel(logging.CRITICAL)
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    django.setup()


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    while _started:
        _started.pop().remove()
        os.environ.pop(CLUSTER, None)
    while _folders:
        folder = _folders.pop()
        if os.environ.get(SHARED) == str(folder):
            del os.environ[SHARED]
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def made_once(name: str) -> Iterator[tuple[Path, bool]]:
    """The folder that the workers share, and whether `name` is there already: else make it now.

    The others wait meanwhile.
    """
    shared = Path(os.environ[SHARED])
    done = shared / f"{name}.done"
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield shared, done.exists()
        done.touch()


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: DjangoDbBlocker, postgresql: str | None
) -> Iterator[None]:
    """The test database of this worker, migrated: instead of pytest-django's, for all databases."""
    from django.db import connection

    with django_db_blocker.unblock():
        with made_once("migrated") as (shared, is_made):
            template: Any = "yingbi_migrated" if postgresql else shared / "migrated.sqlite3"
            if not is_made:
                _migrate(template)
            _use(_copy_of(template))
        yield
        connection.close()


def _migrate(database: Any) -> None:
    from django.db import connection

    connection.settings_dict["TEST"]["NAME"] = database
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    connection.close()  # of SQLite all is in the one file from now on


def _copy_of(template: Any) -> Any:
    if isinstance(template, Path):
        return shutil.copyfile(template, _folders[-1] / "test.sqlite3")
    name = f"yingbi_test_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    with psycopg.connect(_cluster_address(), autocommit=True) as cluster:
        cluster.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
    return name


def _use(database: Any) -> None:
    from django.conf import settings
    from django.db import connection

    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = database


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
