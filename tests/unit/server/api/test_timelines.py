"""What a screen shows when, and why, as scripts are told."""

import json
from datetime import datetime, timedelta

import pytest
from django.test import Client

from server.accounts.services import token_issue
from server.api.timelines import MOST_DAYS
from server.clock import SystemClock
from server.library.models import Asset
from server.programme.models import Layout

pytestmark = pytest.mark.django_db

#: Thursday, 24 December 2026, in Shanghai.
DAY = {"since": "2026-12-23T16:00:00Z", "until": "2026-12-24T16:00:00Z"}
NOON = "2026-12-24T12:15:00+08:00"


@pytest.fixture
def ask(enterprise):
    def asked(path, status=200, language="en", **query):
        _token, secret = token_issue(
            staff=enterprise.administrator, name="t", actor=None, now=SystemClock().now(),
            expires_at=None, scope="read",
        )  # fmt: skip
        headers = {"Authorization": f"Bearer {secret}", "Accept-Language": language}
        answer = Client().get(f"/api/v1/screens/{path}/", query, headers=headers)
        assert answer.status_code == status, answer.content
        return json.loads(answer.content)

    return asked


@pytest.fixture
def canteen(enterprise):
    """Lunch every day from 11 to 13, with a visit above it on one day at noon."""
    layouts = [enterprise.layout(enterprise.playlist(enterprise.picture())) for _each in range(3)]
    screen = enterprise.screen(layouts[0])
    lunch = enterprise.entry(
        layouts[1], screen, start="2026-12-01T11:00:00", duration_s=7200, rrule="FREQ=DAILY"
    )
    visit = enterprise.entry(
        layouts[2], screen, start="2026-12-24T12:00:00", duration_s=1800, priority=90
    )
    for entry, name in ((lunch, "Lunch"), (visit, "Visit")):
        entry.name = name
        entry.save()
    return screen


def hours(span):
    return tuple(
        f"{datetime.fromisoformat(span[name]) + timedelta(hours=8):%H:%M}"
        for name in ("since", "until")
    )


def test_each_occurrence_is_told_with_what_becomes_of_it(ask, canteen):
    told = ask(f"{canteen.pk}/occurrences", **DAY)
    assert told["timezone"] == "Asia/Shanghai"
    lunch, visit = told["occurrences"]
    assert (lunch["name"], lunch["start"], hours(lunch)) == (
        "Lunch", "2026-12-24T11:00:00", ("11:00", "13:00")
    )  # fmt: skip
    assert (lunch["state"], lunch["hidden_by"]) == ("partly", ["Visit"])
    assert [hours(each) for each in lunch["shown"]] == [("11:00", "12:00"), ("12:30", "13:00")]
    assert (visit["state"], visit["priority"], visit["kind"]) == ("shown", 90, "entry")


def test_a_takeover_stands_among_them_and_hides_what_is_below(ask, enterprise, canteen):
    layout = enterprise.layout(enterprise.playlist(enterprise.picture()))
    enterprise.takeover(
        layout, canteen, name="Fire", priority=1000,
        starts_at=datetime.fromisoformat("2026-12-24T03:00:00Z"),
        ends_at=datetime.fromisoformat("2026-12-24T05:00:00Z"),
    )  # fmt: skip
    told = {each["name"]: each for each in ask(f"{canteen.pk}/occurrences", **DAY)["occurrences"]}
    assert (told["Fire"]["kind"], told["Fire"]["start"]) == ("takeover", None)
    assert (told["Lunch"]["state"], told["Lunch"]["hidden_by"]) == ("hidden", ["Fire"])


def test_the_timeline_says_who_has_the_screen_from_when_to_when_and_why(ask, canteen):
    told = ask(f"{canteen.pk}/timeline", **DAY)
    assert told["next"] is None
    spans = [(*hours(each), [one["name"] for one in each["holders"]]) for each in told["spans"]]
    fallback = canteen.default_layout.name
    assert spans == [
        ("00:00", "11:00", [fallback]),
        ("11:00", "12:00", ["Lunch"]),
        ("12:00", "12:30", ["Visit"]),
        ("12:30", "13:00", ["Lunch"]),
        ("13:00", "00:00", [fallback]),
    ]
    (visit,) = told["spans"][2]["holders"]
    assert (visit["code"], visit["won"], visit["values"]["priority"]) == ("ENTRY_ALONE", True, 90)
    assert "highest priority, 90, since 2026-12-24 12:00:00" in visit["words"]


def test_why_says_of_everything_why_it_is_on_screen_or_not(ask, canteen):
    told = ask(f"{canteen.pk}/why", at=NOON)
    said = {each["name"]: each for each in told["reasons"]}
    assert said["Visit"]["won"]
    assert said["Lunch"]["code"] == "ENTRY_WEAKER"
    assert said["Lunch"]["words"].startswith("“Visit” goes before it: its priority is 90")
    assert said[canteen.default_layout.name]["id"] is None
    assert told["layout"] == Layout.objects.get(entries__name="Visit").name
    (zone,) = told["zones"]
    assert zone["title"] in {each.title for each in Asset.objects.all()}
    chinese = ask(f"{canteen.pk}/why", at=NOON, language="zh-CN")
    assert "优先" in {each["name"]: each for each in chinese["reasons"]}["Lunch"]["words"]


def test_the_page_says_the_same(ask, enterprise, canteen):
    browser = Client()
    browser.force_login(enterprise.administrator)
    page = browser.get(
        f"/screens/{canteen.pk}/at/?of=programme&at=2026-12-24T12:15:00",
        headers={"Accept-Language": "en"},
    ).content.decode()
    for each in ask(f"{canteen.pk}/why", at=NOON)["reasons"]:
        assert each["words"] in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"since": "2026-12-24T00:00:00Z"},
        {"since": "noon", "until": "2026-12-24T00:00:00Z"},
        {"since": "2026-12-24T00:00:00", "until": "2026-12-25T00:00:00"},
        {"since": DAY["until"], "until": DAY["since"]},
        {"since": "2026-11-01T00:00:00Z", "until": "2026-12-24T00:00:00Z"},
        {**DAY, "of": "dreams"},
    ],
)
@pytest.mark.parametrize("what", ["occurrences", "timeline"])
def test_a_question_that_is_none_is_refused(ask, canteen, what, wrong):
    ask(f"{canteen.pk}/{what}", status=422, **wrong)


def test_a_span_that_is_too_long_is_told_how_long_it_may_be(ask, canteen):
    told = ask(
        f"{canteen.pk}/timeline", status=422,
        since="2026-01-01T00:00:00Z", until="2026-12-01T00:00:00Z",
    )  # fmt: skip
    assert f"by {MOST_DAYS} days at most" in told["error"]["message"]


def test_nothing_was_published_yet_is_said_so(ask, canteen):
    told = ask(f"{canteen.pk}/timeline", status=404, of="published", **DAY)
    assert told["error"]["code"] == "NOTHING_PUBLISHED"
