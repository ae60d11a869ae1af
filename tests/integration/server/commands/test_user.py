"""Accounts from the console."""

import json
import os

import pytest

from tests.simulators.server_process import Home

PASSWORD = "a lantern over the gate\n"


@pytest.fixture(scope="module")
def home(module_home) -> Home:
    """One home for all: each test has names of its own."""
    made = module_home()
    made.command("user", "first", "admin", "--password-stdin", stdin=PASSWORD)
    return made


def user(home, name):
    listed = json.loads(home.command("user", "list", "--json").stdout)
    return next(row for row in listed if row["name"] == name)


def test_a_second_first_administrator_is_refused(home):
    done = home.command("user", "first", "other", status=os.EX_DATAERR)
    assert "there is an administrator already" in done.stderr


def test_an_account_is_made_with_its_roles_and_opened_by_a_code(home):
    words = ["--role", "editor", "--role", "reviewer-1", "--department", "yingbi"]
    done = home.command("user", "add", "li", *words)
    assert "with the code" in done.stdout
    assert user(home, "li")["roles"] == ["editor (yingbi)", "reviewer-1 (yingbi)"]


def test_a_role_is_given_and_taken_away(home):
    home.command("user", "add", "wang")
    home.command("user", "grant", "wang", "auditor")
    assert user(home, "wang")["roles"] == ["auditor (everywhere)"]
    home.command("user", "grant", "wang", "auditor", "--remove")
    assert user(home, "wang")["roles"] == []


def test_an_account_is_closed_and_opened(home):
    home.command("user", "add", "zhao")
    home.command("user", "disable", "zhao")
    assert user(home, "zhao")["open"] is False
    home.command("user", "enable", "zhao")
    assert user(home, "zhao")["open"] is True


@pytest.mark.parametrize(
    ("words", "status", "sentence"),
    [
        (["disable", "admin"], os.EX_DATAERR, "This is the last administrator"),
        (["disable", "nobody"], os.EX_DATAERR, "there is no account 'nobody'"),
        (["add", "chen", "--role", "editor"], os.EX_USAGE, "name a --department"),
        (["add", "ADMIN"], os.EX_DATAERR, "There is an account ADMIN already"),
        (["add", "chen", "--department", "Mars"], os.EX_DATAERR, "there is no department 'Mars'"),
    ],
)
def test_what_cannot_be_ends_with_one_sentence(home, words, status, sentence):
    done = home.command("user", *words, status=status)
    assert sentence in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_weak_password_is_refused(home):
    done = home.command("user", "add", "sun", "--password-stdin", stdin="short\n", status=65)
    assert "at least 12 characters" in done.stderr
