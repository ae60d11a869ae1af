"""A migration that fails half-way changes nothing: the version before starts on what it left."""

import pytest
import requests

from tests.simulators.paired_screens import said
from tests.simulators.server_process import Home


@pytest.fixture
def home(server_home) -> Home:
    return server_home()


def test_all_migrations_or_none(home, server_process):
    told = said(home, "tests.faults.server.failing_migration")
    assert told["failed"]
    assert not {"extra", "more"} & set(told["columns"])
    assert "audit_relic" not in told["tables"]
    server = server_process(home=home)
    assert requests.get(f"{server.address}/health", timeout=10).ok


def test_migrating_one_by_one_would_leave_half_of_it(home):
    """The negative control: so it is without the one transaction around them all."""
    told = said(home, "tests.faults.server.failing_migration", "--one-by-one")
    assert told["failed"]
    assert "extra" in told["columns"]


def test_an_older_database_is_not_started_on(home):
    from tests.simulators.server_process import rows

    rows(home, "DELETE FROM django_migrations WHERE app = 'audit'")
    done = home.command("run", "--port", "0", status=78)
    assert "run 'yingbi-server init' first" in done.stderr
