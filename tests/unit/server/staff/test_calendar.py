"""The calendar, year by year: holidays and exchanged working days, by hand and from files."""

import io
from datetime import date

import pytest

from server.accounts.models import Role
from server.programme.models import CalendarDay
from tests.simulators import server_objects as objects
from tests.unit.server.staff.browsers import browser_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(enterprise):
    return browser_of(enterprise.administrator)


def days():
    return {each.date: (each.kind, each.name) for each in CalendarDay.objects.all()}


def test_days_in_a_row_are_added_and_taken_out_again(admin):
    sent = {"first": "2027-10-01", "last": "2027-10-03", "kind": "rest", "name": "国庆节"}
    assert admin.post("/schedule/calendar/", sent)["Location"] == "/schedule/calendar/2027/"
    assert days() == {date(2027, 10, day): ("rest", "国庆节") for day in (1, 2, 3)}
    page = admin.get("/schedule/calendar/2027/").content.decode()
    assert page.count("day-rest") == 4  # the three, and the legend
    assert "国庆节" in page
    assert admin.post("/schedule/calendar/2027-10-02/clear/").status_code == 302
    assert date(2027, 10, 2) not in days()


def test_a_working_day_in_exchange_is_told_from_a_day_off(admin):
    admin.post("/schedule/calendar/", {"first": "2027-10-09", "kind": "work"})
    assert days() == {date(2027, 10, 9): ("work", "")}
    assert 'class="day-work"' in admin.get("/schedule/calendar/2027/").content.decode()


def test_a_year_of_which_nothing_is_known_says_so(admin):
    assert "Nothing is known of 2031 yet" in admin.get("/schedule/calendar/2031/").content.decode()
    assert admin.get("/schedule/calendar/1999/").status_code == 404


@pytest.mark.parametrize("last", ["2027-09-30", "2027-12-01"])
def test_a_span_that_is_none_is_refused_and_stays_typed(admin, last):
    sent = {"first": "2027-10-01", "last": last, "kind": "rest", "name": "Long"}
    answer = admin.post("/schedule/calendar/", sent)
    assert answer.status_code == 422
    assert 'value="Long"' in answer.content.decode()
    assert days() == {}


def file_of(text):
    file = io.BytesIO(text.encode())
    file.name = "calendar.csv"
    return file


def test_a_file_is_imported_and_says_how_much(admin):
    file = file_of("2027-10-01,休,国庆节\n2027-10-09,班,\n")
    answer = admin.post("/schedule/calendar/import/", {"file": file, "year": "2027"}, follow=True)
    assert answer.redirect_chain[-1][0] == "/schedule/calendar/2027/"
    assert "2 days are new, 0 changed, 0 were there already." in answer.content.decode()
    assert len(days()) == 2


def test_a_file_that_is_no_calendar_changes_nothing_and_says_why(admin):
    answer = admin.post("/schedule/calendar/import/", {"file": file_of("hello")}, follow=True)
    assert "note-error" in answer.content.decode()
    assert days() == {}
    assert (
        "note-error" in admin.post("/schedule/calendar/import/", {}, follow=True).content.decode()
    )


def test_who_does_not_manage_all_screens_may_look_and_not_change(enterprise):
    local = browser_of(objects.staff(Role.ADMINISTRATOR, of=enterprise.department))
    page = local.get("/schedule/calendar/2027/")
    assert page.status_code == 200
    assert "Add days" not in page.content.decode()
    sent = {"first": "2027-10-01", "kind": "rest"}
    assert local.post("/schedule/calendar/", sent).status_code in {403, 404, 422}
    assert local.post(
        "/schedule/calendar/import/", {"file": file_of("2027-10-01,休,")}
    ).status_code in {403, 404}
    assert local.post("/schedule/calendar/2027-10-01/clear/").status_code in {403, 404}
    assert days() == {}
