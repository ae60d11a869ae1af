"""Two people who save the same thing: the second one overwrites nothing unseen, on any page."""

import pytest

from tests.simulators.staff_pages import Owned, address_of, addresses
from tests.unit.server.staff.browsers import browser_of
from tests.unit.server.staff.edited_pages import EDITED, Guard, sent_addresses
from tests.unit.server.staff.page_rights import LINES

pytestmark = pytest.mark.django_db

ROUTES = {name: route for route, name in addresses()}
GUARDED = {name: line for name, line in EDITED.items() if isinstance(line, Guard)}


@pytest.mark.parametrize("name", sent_addresses())
def test_every_form_has_a_version_or_a_reason(name):
    assert EDITED.get(name), (
        f'"{name}" is sent something, and edited_pages.py has no line for it.  If it edits what '
        "exists, let its form carry a version (`SeenForm` of server/staff/seen.py, if the model "
        "has none) and add a Guard; else add it to the reason why the last writer may win."
    )


def test_no_line_is_of_an_address_that_is_gone():
    assert not set(EDITED) - set(sent_addresses())


@pytest.mark.parametrize("name", GUARDED)
def test_the_second_of_two_overwrites_nothing_unseen(enterprise, name):
    guard, things = GUARDED[name], Owned(enterprise, enterprise.department)
    browser = browser_of(enterprise.administrator)
    word, _space, act = name.partition(" ")
    there = address_of(ROUTES[word], LINES[word], things, act)
    page = guard.page or word
    shown = browser.get(address_of(ROUTES[page], LINES[page], things)).content.decode()
    before, (first, second) = str(guard.version(things)), guard.said
    assert f'"{before}"' in shown, "the form does not carry the version"
    sent = [{**guard.sends(things, said), "version": before} for said in guard.said]
    browser.post(there, sent[0])
    after = str(guard.version(things))
    assert after != before, "the first save did not count, or its version stays"
    answer = browser.post(there, sent[1], follow=not guard.shows_both)
    assert str(guard.version(things)) == after, "the second save overwrote the first"
    text = answer.content.decode()
    assert "somebody else" in text or answer.status_code == 409, text
    if guard.shows_both:
        assert answer.status_code == 422
        assert first in text
        assert second in text
        assert f'"{after}"' in text, "who has seen both cannot save"
        browser.post(there, {**sent[1], "version": after})
        assert str(guard.version(things)) != after, "who has seen both saved, and it did not count"
