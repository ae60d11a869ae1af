"""Operating hours in the form: several openings a day, holidays, what the form cannot show."""

from datetime import time

import pytest
from django.test import Client

from server.staff.screens.opening import Opening, openings_of
from server.watch.models import OperatingHours
from server.watch.services import hours_set
from tests.unit.server.staff.browsers import version_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("days", ["any", "work", "rest", "MO", "SU"])
def test_a_row_is_a_window_and_the_window_is_that_row_again(days):
    for row in (Opening(days, time(8), time(12)), Opening(days, time(22), time(6))):
        assert openings_of([row.window]) == ([row], [])


def test_a_window_of_another_shape_is_no_row():
    other = {"start": "2026-01-01T08:00:00", "duration_s": 60, "rrule": "FREQ=MONTHLY"}
    assert openings_of([other]) == ([], [other])


def test_two_openings_a_day_are_kept_with_what_a_script_has_set(enterprise):
    other = {"start": "2026-01-01T08:00:00", "duration_s": 60, "rrule": "FREQ=MONTHLY"}
    site = enterprise.site
    hours_set(
        place=site, windows=[other], grace_minutes=5, is_muted=False,
        actor=enterprise.administrator, now=enterprise.now,
    )  # fmt: skip
    browser = Client()
    browser.force_login(enterprise.administrator)
    sent = {
        "days": "set", "grace_minutes": 15, "not_on_holidays": "on",
        "days_0": "work", "begins_0": "08:00", "ends_0": "12:00",
        "days_1": "work", "begins_1": "13:30", "ends_1": "18:00", "days_2": "any",
    }  # fmt: skip
    sent["version"] = version_in(browser.get(f"/screens/hours/site/{site.pk}/"))
    assert browser.post(f"/screens/hours/site/{site.pk}/", sent).status_code == 302
    row = OperatingHours.objects.get()
    rows, others = openings_of(row.windows)
    assert [(each.begins, each.ends) for each in rows] == [
        (time(8), time(12)), (time(13, 30), time(18)),
    ]  # fmt: skip
    assert (others, row.not_on_holidays, row.grace_minutes) == ([other], True, 15)
    answer = browser.post(f"/screens/hours/site/{site.pk}/", sent | {"ends_1": ""})
    assert answer.status_code == 422
