"""Every page x every role x what is ours and what is another department's (Q19).

Made from the list of addresses and the table of `page_rights`: what may not be seen is 404, what
may not be done is 403, and whoever may do it does it.  Nobody at all is sent to the login.
"""

import re

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from server.accounts.models import Role
from server.accounts.policy import Act, may
from server.publishing.preview import close_stage
from tests.simulators import server_objects as objects
from tests.simulators.staff_pages import TABLE, Owned, address_of, addresses
from tests.simulators.taken_back import standing_enterprise, taken_back
from tests.unit.server.staff.browsers import browser_of
from tests.unit.server.staff.page_rights import LINES

pytestmark = pytest.mark.django_db

#: What the content security policy would refuse.
_INLINE = re.compile(r"<[^>]+\s(style|on[a-z]+)=|<style|<script(?![^>]*\ssrc=)", re.IGNORECASE)


ADDRESSES = list(addresses())
EVERY = pytest.mark.parametrize(("route", "name"), ADDRESSES, ids=[f"{n}" for _r, n in ADDRESSES])


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker, tmp_path_factory):
    """Ours and theirs, made once: each test asks in a transaction that is taken back."""
    with standing_enterprise(django_db_blocker, tmp_path_factory.mktemp("world")) as enterprise:
        yield {
            "ours": Owned(enterprise, enterprise.department),
            "theirs": Owned(enterprise, objects.department()),
            "boss": enterprise.administrator,
        }


def line_of(name):
    line = LINES.get(name)
    assert line, f'the address "{name}" has no line: say in {TABLE} who may read and write it'
    return line


def asked(browser, address, sent=None):
    """What is answered; nothing of it stays."""
    with taken_back():
        if sent is None:
            return browser.get(address)
        if isinstance(sent, bytes):
            return browser.post(address, sent, content_type="application/json")
        return browser.post(address, sent)


def sent_by(sends, things):
    return {} if sends is None else sends(things)


def expected(line, act, person, things):
    """The statuses that somebody is to be answered about our thing."""
    if line.own:
        return {200, 302} if person == things.editor else {404}
    where = None if line.everywhere and act is not Act.VIEW else things.department
    if act is None or may(person, act, where):
        return {200, 201, 204, 302}
    return {404} if line.hidden or where is None else {403}


def complaints_in(answer):
    if not hasattr(answer, "wsgi_request"):
        return []
    return [str(each) for each in get_messages(answer.wsgi_request) if each.level_tag == "error"]


@EVERY
def test_a_page_is_read_by_whom_the_table_says(world, route, name):
    line, ours, theirs = line_of(name), world["ours"], world["theirs"]
    if line.is_open:
        return
    for role, person in ours.people.items():
        browser = browser_of(person)
        if line.read is None and not line.own:
            assert asked(browser, address_of(route, line, ours)).status_code == 405
            continue
        if line.writes and line.own:
            continue
        if not (line.costly and role != Role.EDITOR):
            answer = asked(browser, address_of(route, line, ours))
            due = expected(line, line.read, person, ours) | ({422} if line.refused else set())
            assert answer.status_code in due, (role, answer.status_code, due)
            if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
                assert not (found := _INLINE.search(answer.content.decode())), found
        if line.of:
            status = asked(browser, address_of(route, line, theirs)).status_code
            assert status == 404, (role, "reads what is another department's", status)
    if line.costly:
        close_stage()


@EVERY
def test_what_is_sent_counts_from_whom_the_table_says(world, route, name):
    line, ours, theirs = line_of(name), world["ours"], world["theirs"]
    if line.is_open:
        return
    for role, person in ours.people.items():
        browser = browser_of(person)
        if not line.writes and not (line.own or line.read is None):
            sent = asked(browser, address_of(route, line, ours), {})
            assert sent.status_code in {405, 422}, (role, f"sends something: {TABLE} has no word")
        for word, (act, sends) in line.writes.items():
            there = address_of(route, line, ours, word)
            with taken_back():
                answer = asked(browser, there, sent_by(sends, ours))
            due = expected(line, act, person, ours)
            allowed = 200 in due
            if allowed and line.refused:
                due = {200, 302, 422}
            said = (role, word, answer.status_code, due, complaints_in(answer))
            assert answer.status_code in due, said
            assert not (allowed and not line.refused and complaints_in(answer)), said
            with taken_back():
                named = theirs if line.of else ours
                answer = asked(
                    browser, address_of(route, line, named, word), sent_by(sends, theirs)
                )
            if line.of:
                assert answer.status_code == 404, (role, word, "theirs", answer.status_code)
            elif takes_from(sends, ours, theirs):
                refused = answer.status_code in {403, 404, 422} or complaints_in(answer)
                assert refused, (role, word, "takes theirs", answer.status_code)


def takes_from(sends, ours, theirs):
    """Does the form itself name things of a department?"""
    with taken_back():
        return sends is not None and sends(ours) != sends(theirs)


@EVERY
def test_nobody_at_all_is_sent_to_the_login(world, route, name):
    line = line_of(name)
    act = next(iter(line.writes), "")
    there = address_of(route, line, world["ours"], act)
    for sent in (None, {}):
        answer = asked(Client(), there, sent)
        if line.is_open:
            assert answer.status_code in {200, 302, 405}
        else:
            assert answer.status_code == 302
            assert answer["Location"].startswith("/login/")


@EVERY
def test_a_form_without_its_seal_changes_nothing(world, route, name):
    line = line_of(name)
    browser = browser_of(world["boss"], enforce_csrf_checks=True)
    for word in line.writes:
        assert asked(browser, address_of(route, line, world["ours"], word), {}).status_code == 403


@EVERY
def test_an_administrator_of_everything_finds_every_page_of_every_department(world, route, name):
    line = line_of(name)
    if line.read is None or line.costly or line.own:
        return
    for things in (world["ours"], world["theirs"]):
        answer = asked(browser_of(world["boss"]), address_of(route, line, things))
        due = {200} if may(world["boss"], line.read, None) else {403, 404}
        assert answer.status_code in due, answer.status_code


def test_the_table_has_no_line_for_an_address_that_is_gone():
    assert not set(LINES) - {name for _route, name in ADDRESSES}
