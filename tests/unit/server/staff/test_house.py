"""What every page has: the navigation, toasts with undo, drafts, and who else is here."""

import json

import pytest
from django.contrib.messages import get_messages
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import translation

from server.accounts.models import Role
from server.clock import SystemClock
from server.desk.models import Draft, OpenPage
from server.desk.services import DRAFTS_KEPT, MOST_DRAFTS, SEEN_FOR, draft_keep, forget
from server.staff.durations import seconds_of, typed
from server.staff.layouts.presets import PRESETS
from server.staff.layouts.zone_words import ZONE_WORDS, zone_word
from server.staff.toasts import Toasts, say
from tests.simulators import server_objects as objects
from tests.unit.server.staff.browsers import browser_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(enterprise):
    return enterprise.staff("editor", Role.EDITOR)


# --- navigation -------------------------------------------------------------------------------


def test_the_navigation_names_what_somebody_may_open_and_says_where_they_are(enterprise, editor):
    page = browser_of(editor).get("/playlists/").content.decode()
    assert page.count('href="/playlists/" aria-current="page"') == 1
    assert 'href="/people/"' not in page
    assert 'href="/people/"' in browser_of(enterprise.administrator).get("/").content.decode()


def test_the_styleguide_is_off_the_navigation_and_found_at_the_foot_of_people(enterprise):
    browser = browser_of(enterprise.administrator)
    assert 'href="/styleguide/"' not in browser.get("/library/").content.decode()
    assert 'href="/styleguide/"' in browser.get("/people/").content.decode()
    page = browser.get("/styleguide/").content.decode()
    assert page.count('href="/people/" aria-current="page"') == 1


def test_a_zone_that_nobody_named_is_called_by_what_it_is_for():
    presets = {part.slug for each in PRESETS.values() for part in each.parts}
    assert presets == set(ZONE_WORDS)
    with translation.override("zh-hans"):
        assert [zone_word(each) for each in ("main", "side", "cinema")] == [
            "主画面", "侧栏", "cinema",
        ]  # fmt: skip
        assert zone_word("main", "大屏") == "大屏"


def test_an_emergency_is_one_click_away_on_every_page(enterprise):
    for path in ("/", "/library/", "/account/"):
        assert (
            'class="emergency"' in browser_of(enterprise.administrator).get(path).content.decode()
        )


def test_what_waits_is_counted_where_it_waits(enterprise):
    screen = enterprise.lobby()
    from server.telemetry.models import Heartbeat

    Heartbeat.objects.create(
        screen=screen, received_at=enterprise.now, boot="b", address="10.0.0.1", body={}
    )
    part = browser_of(enterprise.administrator).get("/waiting/").content.decode()
    assert 'id="waiting-side-screens" hx-swap-oob="true">1<' in part
    assert 'id="waiting-side-reviews" hx-swap-oob="true" hidden>0<' in part


def test_a_part_of_a_page_does_not_read_the_navigation(enterprise, django_assert_max_num_queries):
    browser = browser_of(enterprise.administrator)
    browser.get("/drafts/?key=x")
    with django_assert_max_num_queries(5):
        browser.get("/drafts/?key=x")


# --- toasts -----------------------------------------------------------------------------------


def answered(response=None, undo="", **headers):
    """A request whose view says something."""

    def view(request):
        say(request, "Deleted.", undo=undo)
        return response or HttpResponse("")

    request = RequestFactory().post("/", headers=headers)
    inner = MessageMiddleware(Toasts(view))
    answer = SessionMiddleware(inner)(request)
    return answer, [str(each) for each in get_messages(request)]


def test_what_a_view_says_reaches_a_script_in_a_header_with_its_undo():
    answer, left = answered(undo="/library/3/undelete/", HX_Request="true")
    (said,) = json.loads(answer["HX-Trigger"])["toasts"]["said"]
    assert (said["text"], said["tone"], said["undo"]) == (
        "Deleted.", "success", "/library/3/undelete/",
    )  # fmt: skip
    assert left == []


def test_events_of_the_view_stay():
    response = HttpResponse(headers={"HX-Trigger": "saved, moved"})
    answer, _left = answered(response, Accept="application/json")
    assert set(json.loads(answer["HX-Trigger"])) == {"saved", "moved", "toasts"}


def test_before_another_page_it_waits_for_that_page():
    answer, left = answered(HttpResponse(status=302), HX_Request="true")
    assert "HX-Trigger" not in answer
    assert left == ["Deleted."]


def test_to_a_page_nothing_is_added():
    answer, left = answered()
    assert "HX-Trigger" not in answer
    assert left == ["Deleted."]


# --- drafts -----------------------------------------------------------------------------------


def kept(browser, key="playlist:new", **fields):
    body = {"key": key, "fields": [[name, value] for name, value in fields.items()]}
    return browser.post("/drafts/", body, content_type="application/json")


def test_a_draft_comes_back_to_whoever_typed_it_and_to_nobody_else(enterprise, editor):
    mine = browser_of(editor)
    assert kept(mine, name="Lobb").status_code == 200
    assert kept(mine, name="Lobby").json()["saved_at"]
    assert mine.get("/drafts/?key=playlist:new").json()["fields"] == [["name", "Lobby"]]
    assert browser_of(enterprise.administrator).get("/drafts/?key=playlist:new").json() == {}
    assert mine.delete("/drafts/?key=playlist:new").status_code == 204
    assert mine.get("/drafts/?key=playlist:new").json() == {}


def test_a_form_that_is_taken_drops_its_draft_and_one_that_is_refused_keeps_it(enterprise, editor):
    mine = browser_of(editor)
    kept(mine, name="Lobby")
    sent = {"name": "", "department": enterprise.department.pk, "_draft": "playlist:new"}
    assert mine.post("/playlists/", sent).status_code == 422
    assert Draft.objects.count() == 1
    assert mine.post("/playlists/", sent | {"name": "Lobby"}).status_code == 302
    assert Draft.objects.count() == 0


@pytest.mark.parametrize("body", ["no", {"key": "", "fields": []}, {"key": "a", "fields": [["b"]]}])
def test_what_is_no_draft_is_refused(editor, body):
    answer = browser_of(editor).post(
        "/drafts/", body, content_type="application/json", headers={"Accept": "application/json"}
    )
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "NO_DRAFT"


def test_a_draft_has_its_limits(editor):
    assert kept(browser_of(editor), text="x" * 200_001).status_code == 413
    now = SystemClock().now()
    for number in range(MOST_DRAFTS + 2):
        draft_keep(staff=editor, key=f"k{number}", fields=[("a", "b")], version=None, now=now)
    assert Draft.objects.count() == MOST_DRAFTS
    forget(now + DRAFTS_KEPT * 2)
    assert Draft.objects.count() == 0


# --- who else is here -------------------------------------------------------------------------


def test_two_on_one_page_see_each_other_and_what_the_other_saved(enterprise, editor):
    playlist = enterprise.playlist(enterprise.picture())
    mine, theirs = browser_of(editor), browser_of(enterprise.administrator)
    page = {"page": f"playlist:{playlist.pk}", "version": playlist.version}
    assert mine.post("/together/", page).content.decode().strip() == ""
    assert "Editor" in theirs.post("/together/", page).content.decode()
    assert "Administrator" in mine.post("/together/", page).content.decode()
    playlist.version += 1
    playlist.save()
    assert "changed" in mine.post("/together/", page).content.decode()
    assert theirs.post("/together/", page | {"leaves": "1"}).status_code == 204
    assert "Administrator" not in mine.post("/together/", page).content.decode()


def test_a_page_that_is_asked_for_again_is_written_down_once(enterprise, editor):
    playlist = enterprise.playlist(enterprise.picture())
    mine, page = browser_of(editor), {"page": f"playlist:{playlist.pk}", "version": 1}
    mine.post("/together/", page)
    first = OpenPage.objects.get()
    mine.post("/together/", page)
    assert OpenPage.objects.get().seen_at == first.seen_at
    forget(SystemClock().now() + SEEN_FOR * 2)
    assert not OpenPage.objects.exists()


def test_nobody_learns_who_is_on_a_page_out_of_reach(enterprise):
    playlist = enterprise.playlist(enterprise.picture())
    other = objects.editor(objects.department())
    page = {"page": f"playlist:{playlist.pk}", "version": 1}
    assert browser_of(other).post("/together/", page).status_code == 404
    assert browser_of(other).post("/together/", {"page": "secret:1"}).status_code == 404


# --- durations --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90", 90), ("7.5", 7.5), ("1:30", 90), ("1：30", 90), ("1:00:00", 3600), ("2 min", 120),
        ("1.5h", 5400), ("1 分 30 秒", 90), ("2小时", 7200), ("soon", None), ("", None),
        ("5 x", None),
    ],
)  # fmt: skip
def test_a_duration_is_read_as_people_type_it(text, seconds):
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("seconds", [0, 7.5, 59, 60, 90, 3599, 3600, 86_399])
def test_a_duration_is_read_as_it_is_shown(seconds):
    assert seconds_of(typed(seconds)) == seconds
