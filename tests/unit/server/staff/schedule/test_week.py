"""The week of a screen: what is due, what hides it, and every act on it; before and after."""

import json
import re
from datetime import date
from html import unescape

import pytest

from server.accounts.models import Role
from server.programme.calendar_days import year_to_take_in
from server.programme.models import CalendarDay, Entry
from server.publishing.services import publish
from tests.unit.server.staff.browsers import browser_of

pytestmark = pytest.mark.django_db

PART = {"HTTP_X_PART": "1", "HTTP_ACCEPT": "application/json, text/html"}
MONDAY = "2026-11-23"


@pytest.fixture
def hall(enterprise):
    """News all day, lunch of a higher priority over it on working days, a party in the evening."""
    news, menu = (
        enterprise.layout(enterprise.playlist(enterprise.picture(each)), name=each)
        for each in ("News layout", "Menu layout")
    )
    screen = enterprise.lobby(enterprise.picture("Logo"))
    enterprise.group(screen)
    enterprise.entry(news, screen, name="News", start="2026-11-02T08:00:00", duration_s=36_000)
    enterprise.entry(
        menu, screen, name="Lunch", start="2026-11-02T11:00:00", priority=20, days="work"
    )
    enterprise.entry(
        menu, screen, name="Night", start="2026-11-24T22:00:00", duration_s=28_800, rrule=""
    )
    return screen


@pytest.fixture
def admin(enterprise):
    return browser_of(enterprise.administrator)


def blocks(page):
    """Name, day, from, until and state of each block."""
    found = []
    for day in re.split(r'<section class="day', page)[1:]:
        on = re.search(r'data-day="([\d-]+)"', day).group(1)
        for block in re.findall(r"<a class=\"block.*?</a>", day, re.DOTALL):
            state = re.search(r"block-\w+ is-(\w+)", block).group(1)
            h, m, eh, em = (
                int(re.search(rf'data-{each}="(\d+)"', block).group(1))
                for each in ("h", "m", "eh", "em")
            )
            name = re.search(r'block-name">(.*?)<', block).group(1)
            found.append((unescape(name), on, f"{h:02}:{m:02}-{eh:02}:{em:02}", state))
    return found


def week(browser, screen, more=""):
    answer = browser.get(f"/schedule/?screen={screen.pk}&on={MONDAY}{more}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_week_shows_what_the_scheduler_says(admin, hall):
    CalendarDay.objects.create(date=date(2026, 11, 25), kind="rest", name="Holiday")
    CalendarDay.objects.create(date=date(2026, 11, 28), kind="work", name="Exchanged")
    page = week(admin, hall)
    found = blocks(page)
    lunch = [each for each in found if each[0] == "Lunch"]
    assert [each[1][-2:] for each in lunch] == ["23", "24", "26", "27", "28"]
    assert {each[3] for each in lunch} == {"shown"}
    news = {each[1][-2:]: each[3] for each in found if each[0] == "News"}
    assert (news["23"], news["25"], news["28"], news["29"]) == (
        "partly",
        "shown",
        "partly",
        "shown",
    )
    assert "Shown in part: “Lunch” goes before it." in unescape(page)
    assert page.count('class="special day-rest"') == page.count('class="special day-work"') == 1


def drafts(page):
    """What each entry's blocks say of its publication."""
    found = {}
    for name, rest in re.findall(r'block-name">(.*?)<(.*?)</a>', page, re.DOTALL):
        mark = re.search(r'class="block-draft">(.*?)<', rest)
        found.setdefault(name, set()).add(mark.group(1) if mark else "")
    return found


def test_what_is_not_published_as_it_stands_is_marked(admin, enterprise, hall):
    page = week(admin, hall)
    assert set.union(*drafts(page).values()) == {"Not published"}
    assert "key-draft" in page
    publish(screens=[hall], actor=None, reason="First.", now=enterprise.now)
    page = week(admin, hall)
    assert set.union(*drafts(page).values()) == {""}
    assert "key-draft" not in page
    Entry.objects.filter(name="Night").update(duration_s=3_600)
    assert drafts(week(admin, hall)) == {
        "News": {""}, "Lunch": {""}, "Night": {"Change not published"}
    }  # fmt: skip


def test_what_only_some_screens_were_told_is_marked_in_the_week_of_their_group(
    admin, enterprise, hall
):
    other = enterprise.lobby()
    group = enterprise.group(hall, other)
    for each in Entry.objects.all():
        each.screens.add(other)
    publish(screens=[hall], actor=None, reason="First.", now=enterprise.now)
    page = admin.get(f"/schedule/?group={group.pk}&on={MONDAY}").content.decode()
    assert set.union(*drafts(page).values()) == {"Change not published"}


def test_a_window_past_midnight_stands_on_both_days(admin, hall):
    found = [each[1:3] for each in blocks(week(admin, hall)) if each[0] == "Night"]
    assert found == [("2026-11-24", "22:00-24:00"), ("2026-11-25", "00:00-06:00")]


def test_a_group_shows_what_its_screens_share_and_on_how_many(admin, enterprise, hall):
    other = enterprise.lobby()
    group = enterprise.group(hall, other)
    page = admin.get(f"/schedule/?group={group.pk}&on={MONDAY}").content.decode()
    assert "On 1 of 2 screens" in page
    assert {each[0] for each in blocks(page)} == {"News", "Lunch", "Night"}


def test_a_block_is_moved_for_once_and_back(admin, hall):
    lunch = Entry.objects.get(name="Lunch")
    before = blocks(week(admin, hall))
    sent = {"at": "2026-11-24T11:00:00", "to": "2026-11-24T12:30:00", "minutes": 60,
            "scope": "one", "version": lunch.version}  # fmt: skip
    answer = admin.post(f"/schedule/{lunch.pk}/move/", sent, **PART)
    assert answer.status_code == 204
    undo = re.search(r"/schedule/undo/\d+/", answer["HX-Trigger"]).group()
    found = [each for each in blocks(week(admin, hall)) if each[:2] == ("Lunch", "2026-11-24")]
    assert [each[2] for each in found] == ["12:30-13:30"]
    assert admin.post(undo).status_code == 302
    assert blocks(week(admin, hall)) == before
    assert "cannot be undone any more" in admin.post(undo, **PART)["HX-Trigger"]


def test_who_moves_what_another_has_moved_reads_both_and_can_move_it_again(admin, hall):
    lunch = Entry.objects.get(name="Lunch")
    sent = {"at": "2026-11-24T11:00:00", "minutes": 60, "scope": "all", "version": lunch.version}
    theirs, mine = sent | {"to": "2026-11-24T12:30:00"}, sent | {"to": "2026-11-24T15:00:00"}
    assert admin.post(f"/schedule/{lunch.pk}/move/", theirs, **PART).status_code == 204
    refused = admin.post(f"/schedule/{lunch.pk}/move/", mine, **PART)
    assert refused.status_code == 422
    said = json.loads(refused["HX-Trigger"])
    assert "12:30–13:30" in str(said)
    assert "2026-11-24 15:00–16:00" in str(said)
    lunch.refresh_from_db()
    again = mine | {"version": lunch.version, "at": "2026-11-24T12:30:00"}
    assert admin.post(f"/schedule/{lunch.pk}/move/", again, **PART).status_code == 204


@pytest.mark.parametrize(
    "wrong", [{"to": "soon"}, {"minutes": "-5"}, {"minutes": "9e9"}, {"at": "2026-11-24T03:00:00"}]
)
def test_what_makes_no_sense_moves_nothing(admin, hall, wrong):
    lunch = Entry.objects.get(name="Lunch")
    sent = {"at": "2026-11-24T11:00:00", "to": "2026-11-24T12:30:00", "minutes": 60,
            "scope": "one", "version": lunch.version} | wrong  # fmt: skip
    before = blocks(week(admin, hall))
    assert admin.post(f"/schedule/{lunch.pk}/move/", sent, **PART).status_code == 422
    assert blocks(week(admin, hall)) == before


def form(hall, **changes):
    return {
        "name": "Drill", "layout": Entry.objects.get(name="Lunch").layout_id,
        "first": "2026-12-29", "begins": "10:30", "ends": "11:30", "repeats": "once",
        "level": "10", "screens": hall.pk, "enabled": "on",
    } | changes  # fmt: skip


def test_who_would_hide_it_is_said_before_it_is_saved(admin, hall):
    sent = form(hall, level="other", priority="15")
    said = unescape(admin.post("/schedule/look/", sent, **PART).content.decode())
    assert "“Lunch” will hide it." in said
    assert "2026-12-29 Tue 11:00–11:30" in said
    assert "It will hide “News”." in said
    assert 'data-way="priority" value="30"' in said
    assert 'data-way="ends" value="11:00"' in said
    assert hall.name in said
    assert "2026-12-29 Tue 10:30–11:30, only" not in said


def test_a_playlist_that_no_layout_plays_yet_is_told_whom_it_would_hide(admin, enterprise, hall):
    new = enterprise.playlist(enterprise.picture("Slides"))
    sent = form(hall, layout=f"playlist-{new.pk}", level="other", priority="15")
    said = unescape(admin.post("/schedule/look/", sent, **PART).content.decode())
    assert "It will hide “News”." in said
    assert "“Lunch” will hide it." in said
    assert not new.zones.exists(), "looking makes no layout"


def test_a_new_entry_is_found_in_the_week_that_comes_next(admin, enterprise, hall):
    other = enterprise.screen(None, name="Canteen wall")
    assert hall.name in admin.get("/schedule/").content.decode()
    sent = form(hall, screens=other.pk, first=MONDAY, seen="yes")
    page = admin.post("/schedule/new/", sent, follow=True).content.decode()
    assert [each[0] for each in blocks(page)] == ["Drill"]


def test_what_would_not_be_seen_is_saved_only_by_who_has_seen_that(admin, hall):
    sent = form(hall, level="0")
    answer = admin.post("/schedule/new/", sent)
    assert answer.status_code == 200
    assert "“News” will hide it." in unescape(answer.content.decode())
    assert not Entry.objects.filter(name="Drill").exists()
    assert admin.post("/schedule/new/", sent | {"seen": "yes"}).status_code == 302
    assert Entry.objects.filter(name="Drill").exists()


def test_what_changes_of_one_date_is_compared_with_the_rest_of_its_series(admin, hall):
    lunch = Entry.objects.get(name="Lunch")
    sent = form(hall, first="2026-12-29", begins="11:00", ends="13:00", entry=lunch.pk,
                at="2026-12-29T11:00:00", scope="one", version=lunch.version)  # fmt: skip
    said = unescape(admin.post("/schedule/look/", sent, **PART).content.decode())
    assert "take turns with “News”" in said
    assert "“Lunch”" not in said


def test_one_date_is_changed_by_its_form(admin, hall):
    lunch = Entry.objects.get(name="Lunch")
    address = f"/schedule/{lunch.pk}/?at=2026-11-24T11:00:00&scope=one"
    assert 'value="2026-11-24"' in admin.get(address).content.decode()
    sent = form(hall, name="Banquet", first="2026-11-24", begins="11:00", ends="14:00",
                at="2026-11-24T11:00:00", scope="one", version=1, seen="yes")  # fmt: skip
    assert admin.post(f"/schedule/{lunch.pk}/", sent).status_code == 302
    found = [each[0] for each in blocks(week(admin, hall)) if each[1] == "2026-11-24"]
    assert "Banquet" in found
    assert "Lunch" not in found
    lunch.refresh_from_db()
    assert lunch.exdates == ["2026-11-24T11:00:00"]


def test_a_playlist_fills_the_screen_by_a_layout_made_once(admin, enterprise, hall):
    playlist = enterprise.playlist(enterprise.picture("Film"))
    for day in ("2026-12-29", "2026-12-30"):
        sent = form(hall, layout=f"playlist-{playlist.pk}", first=day, seen="yes")
        assert admin.post("/schedule/new/", sent).status_code == 302
    layouts = {each.layout for each in Entry.objects.filter(name="Drill")}
    assert [each.name for each in layouts] == [playlist.name]


def test_a_week_is_copied_but_for_what_repeats_by_itself(admin, hall):
    sent = {"screen": hall.pk, "week": MONDAY, "target": "2026-12-14"}
    assert admin.post("/schedule/copy/", sent, **PART).status_code == 204
    made = Entry.objects.order_by("pk").last()
    assert (made.name, made.start, made.rdates) == ("Night", "2026-12-15T22:00:00", [])
    assert Entry.objects.count() == 4
    assert admin.post("/schedule/copy/", sent, **PART).status_code == 422


def test_an_entry_is_copied_to_other_days_and_screens(admin, enterprise, hall):
    night, other = Entry.objects.get(name="Night"), enterprise.lobby()
    sent = {"days": ["2026-12-02", "", "2026-12-01"], "to": [f"screen-{other.pk}"]}
    assert admin.post(f"/schedule/{night.pk}/copy/", sent).status_code == 302
    made = Entry.objects.order_by("pk").last()
    assert (made.start, made.rdates) == ("2026-12-01T22:00:00", ["2026-12-02T22:00:00"])
    assert list(made.screens.all()) == [other]


def test_who_may_only_look_sees_the_week_and_takes_hold_of_nothing(enterprise, hall):
    page = week(browser_of(enterprise.staff("looker", Role.AUDITOR)), hall)
    assert blocks(page)
    assert "data-can-change" not in page
    assert "data-can-arrange" not in page


def test_an_hour_that_a_switch_skips_is_drawn_on_the_clock_of_the_screen(admin, enterprise, hall):
    hall.timezone = "Europe/Berlin"
    hall.save()
    enterprise.entry(
        Entry.objects.first().layout, hall, name="Early", start="2027-03-28T01:00:00", rrule=""
    )
    page = admin.get(f"/schedule/?screen={hall.pk}&on=2027-03-28").content.decode()
    early = [each[1:3] for each in blocks(page) if each[0] == "Early"]
    assert early == [("2027-03-28", "01:00-04:00")]  # two hours, and the one that is not there


def test_a_week_of_a_thousand_entries_is_drawn_without_all_of_its_blocks(admin, enterprise, hall):
    layout = Entry.objects.first().layout
    made = Entry.objects.bulk_create(
        Entry(name=f"Entry {n}", department=enterprise.department, layout=layout, priority=n % 7,
              start=f"2026-11-{2 + n % 20:02}T{n % 24:02}:00:00", duration_s=5400,
              rrule="FREQ=DAILY")
        for n in range(200)
    )  # fmt: skip
    through = Entry.screens.through
    through.objects.bulk_create(through(entry_id=each.pk, screen_id=hall.pk) for each in made)
    page = week(admin, hall)
    assert "more</a>" in page
    assert len(blocks(page)) < 7 * 61


def test_numbers_of_every_block_have_their_place_in_the_style_sheet():
    from server.staff import apps

    folder = __import__("pathlib").Path(apps.__file__).parent / "static/staff/schedule"
    text = (folder / "positions.css").read_text()
    for name, last in {"h": 23, "m": 59, "eh": 24, "em": 59, "level": 5, "side": 5}.items():
        for number in range(last + 1):
            assert f'[data-{name}="{number}"]{{--{name}:{number}}}' in text


def test_the_year_to_take_in_is_called_to_mind(admin, enterprise, hall):
    year = enterprise.now.year + (enterprise.now.month >= 11)
    assert f"The holidays of {year} are not known yet" in week(admin, hall)
    CalendarDay.objects.create(date=date(year, 1, 1), kind="rest")
    assert "are not known yet" not in week(admin, hall)


@pytest.mark.parametrize(
    ("today", "year"),
    [(date(2026, 10, 31), None), (date(2026, 11, 1), 2027), (date(2027, 1, 1), 2027)],
)
def test_a_year_that_began_without_its_holidays_is_still_missed(today, year):
    CalendarDay.objects.create(date=date(2026, 10, 1), kind="rest")
    assert year_to_take_in(today) == year


def test_every_block_leads_to_why_it_is_shown_or_hidden(admin, hall):
    page = unescape(week(admin, hall))
    whys = re.findall(r'class="why[^"]*" href="([^"]+)"', page)
    assert len(whys) == len(blocks(week(admin, hall)))
    hidden_at = f"/screens/{hall.pk}/at/?at={MONDAY}T11:00:00&of=programme"
    assert hidden_at in whys  # News is hidden by Lunch from then on
    said = unescape(admin.get(hidden_at).content.decode())
    assert "“Lunch” goes before it: its priority is 20, above 10." in said


def test_the_blocks_of_a_group_lead_to_a_screen_of_it_that_is_due_them(admin, enterprise, hall):
    group = enterprise.group(enterprise.lobby(), hall)
    page = admin.get(f"/schedule/?group={group.pk}&on={MONDAY}").content.decode()
    whys = re.findall(r'class="why[^"]*" href="(/screens/\d+)/', page)
    assert set(whys) == {f"/screens/{hall.pk}"}


def test_a_holiday_is_named_as_the_cause(admin, hall):
    CalendarDay.objects.create(date=date(2026, 11, 25), kind="rest", name="Founding day")
    at = f"/screens/{hall.pk}/at/?at=2026-11-25T11:30:00&of=programme"
    said = unescape(admin.get(at).content.decode())
    assert "It is for working days only, and 2026-11-25 (Founding day) is a day off." in said


def test_who_edits_what_is_deleted_meanwhile_saves_it_as_new(admin, hall):
    lunch = Entry.objects.get(name="Lunch")
    sent = form(hall, name="Long lunch", level="50", version=lunch.version, seen="yes")
    Entry.objects.filter(pk=lunch.pk).delete()
    answer = admin.post(f"/schedule/{lunch.pk}/", sent, **PART)
    page = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert "Somebody deleted this entry while you were editing it." in page
    assert 'action="/schedule/new/"' in page
    assert 'value="Long lunch"' in page
    assert admin.post(f"/schedule/{lunch.pk}/", sent).status_code == 404
    assert admin.post("/schedule/new/", sent).status_code == 302
    assert Entry.objects.get(name="Long lunch").priority == 50


@pytest.mark.parametrize("act", ["move", "copy", "delete"])
def test_a_hand_on_what_is_deleted_is_told_so(admin, hall, act):
    pk = Entry.objects.get(name="Lunch").pk
    Entry.objects.filter(pk=pk).delete()
    answer = admin.post(f"/schedule/{pk}/{act}/", {}, **PART)
    assert answer.status_code == 422
    assert "somebody deleted it" in answer["HX-Trigger"]
    assert admin.post(f"/schedule/{pk}/{act}/", {}).status_code == 404


def test_what_was_deleted_comes_back_just_as_it_was(admin, enterprise, hall):
    lunch = Entry.objects.get(name="Lunch")
    kept = ("name", "layout_id", "priority", "start", "duration_s", "rrule", "days", "enabled")
    before = [getattr(lunch, each) for each in kept]
    answer = admin.post(f"/schedule/{lunch.pk}/delete/", {"version": lunch.version}, **PART)
    assert not Entry.objects.filter(name="Lunch").exists()
    undo = re.search(r"/schedule/undo/\d+/", answer["HX-Trigger"]).group()
    admin.post(undo)
    back = Entry.objects.get(name="Lunch")
    assert [getattr(back, each) for each in kept] == before
    assert list(back.screens.all()) == [hall]


def test_the_list_keeps_apart_what_is_over(admin, enterprise, hall):
    layout = Entry.objects.get(name="Lunch").layout
    enterprise.entry(layout, hall, name="Last year", start="2025-03-01T09:00:00", rrule="")
    enterprise.entry(
        layout, hall, name="Ended", start="2025-03-01T09:00:00",
        rrule="FREQ=DAILY;UNTIL=20250401T235959",
    )  # fmt: skip
    enterprise.entry(layout, hall, name="Endless", start="2025-03-01T09:00:00")

    def named(query):
        page = admin.get(f"/schedule/list/{query}").content.decode()
        return set(re.findall(r'<a href="/schedule/\d+/">(.*?)</a>', page))

    assert {"Endless", "News", "Lunch"} <= named("")
    assert not {"Last year", "Ended"} & named("")
    assert named("?over=1") == {"Last year", "Ended"}
    assert named("?name=endl") == {"Endless"}


def test_what_is_over_for_good_changes_nothing_in_a_week(admin, enterprise, hall):
    before = blocks(week(admin, hall))
    layout = Entry.objects.get(name="Lunch").layout
    enterprise.entry(layout, hall, name="Over", start="2026-11-01T09:00:00", rrule="")
    enterprise.entry(
        layout, hall, name="Past midnight", start="2026-11-22T22:00:00", duration_s=14_400, rrule=""
    )
    after = blocks(week(admin, hall))
    assert [each for each in after if each[0] != "Past midnight"] == before
    assert ("Past midnight", MONDAY, "00:00-02:00", "shown") in after
