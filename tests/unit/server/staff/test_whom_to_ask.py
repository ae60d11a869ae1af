"""Where somebody's role ends, the page names who goes on."""

import pytest

from server.accounts.models import Role
from tests.simulators.two_departments import Things
from tests.unit.server.staff.browsers import browser_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours(enterprise):
    things = Things(enterprise, enterprise.department)
    for role, person in things.people.items():
        person.full_name = f"Somebody of {role}"
        person.save()
    return things


def test_the_emergency_page_of_an_editor_names_who_may_start_one(ours):
    page = browser_of(ours.people[Role.EDITOR]).get("/emergency/").content.decode()
    assert str(ours.people[Role.REVIEWER_3]) in page
    assert str(ours.people[Role.REVIEWER_1]) not in page, "who may not is not named"


def test_whoever_may_start_an_emergency_is_sent_to_nobody(ours):
    page = browser_of(ours.people[Role.REVIEWER_3]).get("/emergency/").content.decode()
    assert "?kind=text" in page
    assert 'id="ask"' not in page


def test_the_page_of_a_picture_on_the_screens_names_who_can_take_it_off(ours):
    editor, reviewer = browser_of(ours.people[Role.EDITOR]), str(ours.people[Role.REVIEWER_1])
    assert reviewer in editor.get(f"/library/{ours.asset.pk}/").content.decode()
    assert reviewer not in editor.get(f"/library/{ours.unused.pk}/").content.decode()


def test_a_new_screen_opens_where_its_six_digits_are_typed(ours, enterprise):
    told = {"name": "Training centre", "slug": "training-1", "site": enterprise.site.pk,
            "department": enterprise.department.pk, "canvas_width": 1920, "canvas_height": 1080,
            "timezone": "Asia/Shanghai", "panel": "always"}  # fmt: skip
    administrator = browser_of(ours.people[Role.ADMINISTRATOR])
    answer = administrator.post("/screens/new/", told)
    assert answer.url.endswith("/#pair")
    assert 'id="pair"' in administrator.get(answer.url).content.decode()
