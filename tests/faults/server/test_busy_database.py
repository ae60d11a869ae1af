"""A database that somebody else holds, twenty who do the same at once: no half state, no surprise.

The tests write through real requests, each in a thread and connection of its own.
"""

import sqlite3
import threading
from contextlib import closing, contextmanager

import psycopg
import pytest
from django.conf import settings
from django.db import connection, connections
from django.test import Client

from server.accounts import departments, services, setup_codes
from server.accounts.models import Department, Grant, Role, Staff
from server.audit.selectors import verify_chain
from server.database import BUSY_TIMEOUT_S
from server.errors import ApplicationError
from tests.simulators import server_objects as objects
from tests.simulators.server_objects import NOW, PASSWORD

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.simulators.server_pages"),
]

CROWD = 8


@contextmanager
def a_long_writer():
    """Another process that writes, and does not end."""
    given = connection.settings_dict
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(given["NAME"], isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            yield lambda: other.execute("ROLLBACK")
    else:
        where = f"host={given['HOST']} user={given['USER']} dbname={given['NAME']}"
        with psycopg.connect(where) as other:
            other.execute("LOCK TABLE accounts_department IN ACCESS EXCLUSIVE MODE")
            yield other.rollback


def write():
    return Client(raise_request_exception=False).get("/api/v1/write/")


@pytest.mark.expects_log("nothing was changed, try again")
def test_behind_a_long_writer_a_request_waits_and_then_asks_to_try_again():
    with a_long_writer() as release:
        answer = write()
        assert answer.status_code == 503
        assert answer.json()["error"]["code"] == "BUSY"
        assert int(answer["Retry-After"]) > 0
        release()
        assert not Department.objects.exists(), "half of it stayed"
    assert write().json() == {"departments": 2}


def test_a_writer_that_ends_in_time_is_waited_for():
    answers = []
    with a_long_writer() as release:
        waiting = threading.Thread(
            target=lambda: answers.append(in_a_thread(write)), name="waiting"
        )
        waiting.start()
        waiting.join(BUSY_TIMEOUT_S / 10)
        assert waiting.is_alive(), "it did not wait"
        release()
        waiting.join()
    assert answers[0].json() == {"departments": 2}


def in_a_thread(call):
    try:
        return call()
    except ApplicationError as refusal:
        return refusal
    finally:
        connections.close_all()


def at_once(call):
    """Call it from many threads that start together; return what each got, or was refused."""
    start, results = threading.Barrier(CROWD), []

    def run():
        start.wait()
        results.append(in_a_thread(call))

    threads = [threading.Thread(target=run, name=f"crowd-{n}") for n in range(CROWD)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_a_code_that_is_used_by_many_at_once_makes_one_administrator():
    code = setup_codes.first_administrator_code(organisation="HQ", now=NOW)
    numbers = iter(range(CROWD))

    def use():
        n = next(numbers)
        return setup_codes.use_first_code(
            code=code,
            username=f"admin{n}",
            full_name="Admin",
            password=PASSWORD,
            address=f"10.0.0.{n}",
            now=NOW,
        )

    made = [result for result in at_once(use) if isinstance(result, Staff)]
    assert len(made) == 1
    assert Staff.objects.count() == 1
    assert verify_chain().holds


def test_a_grant_that_is_given_by_many_at_once_is_one():
    person, admin = objects.staff(), objects.administrator()

    def grant():
        return services.grant_add(
            staff=person, role=Role.EDITOR, department=None, actor=admin, now=NOW
        )

    results = at_once(grant)
    assert {type(result) for result in results} == {Grant}
    assert person.grants.count() == 1
    assert verify_chain().rows == 1


def test_the_audit_of_a_crowd_is_one_chain():
    at_once(
        lambda: [
            departments.department_create(
                name=f"{threading.current_thread().name} {n}", parent=None, actor=None, now=NOW
            )
            for n in range(5)
        ]
    )
    chain = verify_chain()
    assert chain.holds
    assert chain.rows == Department.objects.count() == CROWD * 5


def test_tries_that_come_at_once_are_counted_one_by_one():
    from server.accounts.limits import ACCOUNT_FROM_ADDRESS, begin_try

    def guess():
        return begin_try(username="owner", address="10.0.0.1", now=NOW)

    results = at_once(lambda: [in_a_thread(guess) for _ in range(3)])
    looked_at = [one for result in results for one in result if isinstance(one, int)]
    assert len(looked_at) == ACCOUNT_FROM_ADDRESS.free


def test_two_administrators_who_close_each_other_leave_one():
    """Not both: the second sees that the first is gone."""
    first, second = objects.administrator(), objects.administrator()
    sides = iter([(first, second), (second, first)] * CROWD)

    def close():
        actor, other = next(sides)
        return services.staff_disable(staff=other, actor=actor, now=NOW)

    at_once(close)
    assert Staff.objects.filter(is_active=True).count() >= 1


def test_the_settings_are_those_that_keep_what_was_acknowledged():
    if connection.vendor != "sqlite":
        assert settings.DATABASES["default"]["CONN_MAX_AGE"] == 0
        return
    with connection.cursor() as cursor:
        said = {
            name: cursor.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "mmap_size", "busy_timeout")
        }
    assert said == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "mmap_size": 0,
        "busy_timeout": BUSY_TIMEOUT_S * 1000,
    }


def test_two_who_make_the_same_at_once_are_told_so():
    from server.database_errors import translated
    from server.errors import Conflict

    def make():
        try:
            return departments.department_create(name="Twin", parent=None, actor=None, now=NOW)
        except Exception as error:  # noqa: BLE001  (as the web's last resort)
            return translated(error) or error

    results = at_once(make)
    assert sum(isinstance(result, Department) for result in results) == 1
    refused = [result for result in results if not isinstance(result, Department)]
    assert {type(result).__name__ for result in refused} <= {"Invalid", Conflict.__name__}
