"""Reports: what a page shows, what a file holds, whether the audit's chain is told to be whole."""

import csv
import io
from datetime import date, timedelta

import pytest
from openpyxl import load_workbook

from server.accounts.models import Grant, Role
from server.audit.models import AuditRow
from server.clock import SystemClock
from server.reports import sheets
from server.reports.models import PlayDay, ScreenDay
from server.screens.models import Pairing
from server.staff.reports.asked import quick
from server.telemetry.models import Heartbeat, ScreenFault
from tests.simulators import server_objects as objects
from tests.unit.server.staff.browsers import browser_of

pytestmark = pytest.mark.django_db

TODAY = SystemClock().now().date()
YESTERDAY = TODAY - timedelta(days=1)
ALL_DAY = 0xFFFFFF
HOSTILE = '=HYPERLINK("//evil","<script>alert(1)</script>")'


@pytest.fixture
def screen(enterprise):
    return enterprise.screen(name="+Lobby", place="East wall")


@pytest.fixture
def browser(enterprise):
    return browser_of(enterprise.administrator)


def day(screen, when=YESTERDAY, known=ALL_DAY, **sums):
    ScreenDay.objects.create(screen=screen, day=when, due=ALL_DAY, heard=known, is_planned=True)
    if sums:
        PlayDay.objects.create(screen=screen, day=when, item="i1", asset="a1", **sums)


def rows_of(answer):
    assert answer["Content-Disposition"].startswith("attachment")
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def sheet_of(answer):
    book = load_workbook(io.BytesIO(answer.content), read_only=True)
    return [list(row) for row in book.active.iter_rows(values_only=True)]


def test_a_day_of_which_nothing_is_known_is_not_told_to_be_empty(screen, browser):
    day(screen, known=0)
    day(screen, when=YESTERDAY - timedelta(days=1), full=360, ms=3_600_000, title="Poster")
    text = browser.get("/reports/", {"by": "day"}).content.decode()
    assert "Unknown: no box was heard of" in text
    assert 'fill="url(#hatched)"' in text
    page = browser.get("/reports/", {"by": "item"})
    assert [(row.name, row.full) for row, _address in page.context["rows"]] == [("Poster", 360)]
    assert page.context["unknown"] >= 24


def test_what_boxes_say_stays_text_on_pages_and_in_files(screen, browser):
    day(screen, full=1, ms=1000, title=HOSTILE)
    now = SystemClock().now()
    ScreenFault.objects.create(
        screen=screen, code="QUARANTINE", subject=HOSTILE, opened_at=now, seen_at=now
    )
    Pairing.objects.create(
        screen=screen, device={"hostname": HOSTILE}, address="10.0.0.9", created_at=now,
        expires_at=now, secret_sha256="0" * 64,
    )  # fmt: skip
    for page in ("/reports/", "/reports/ledger/"):
        text = browser.get(page).content.decode()
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert" in text
    for name in ("plays", "ledger"):
        cells = [cell for row in rows_of(browser.get(f"/reports/{name}.csv")) for cell in row]
        assert any("HYPERLINK" in cell for cell in cells)
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)
    book = load_workbook(io.BytesIO(browser.get("/reports/plays.xlsx").content))
    (cell,) = [c for row in book.active for c in row if c.value == HOSTILE]
    assert cell.data_type == "s"


def test_a_file_has_all_lines_up_to_a_bound_and_says_when_there_are_more(
    screen, browser, monkeypatch
):
    day(screen)
    for n in range(5):
        PlayDay.objects.create(
            screen=screen, day=YESTERDAY, item=f"i{n}", asset=f"a{n}", full=n + 1, ms=1000 * n + 1
        )  # fmt: skip
    sheet = sheet_of(browser.get("/reports/plays.xlsx"))
    assert sheet[0][0] == "Proof of play"
    assert [row[1] for row in sheet[3:]] == [5, 4, 3, 2, 1]
    monkeypatch.setattr(sheets, "ROWS_MOST", 2)
    rows = rows_of(browser.get("/reports/plays.csv"))
    assert len(rows) == 4
    assert "more rows" in rows[-1][0]
    assert browser.get("/reports/plays.pdf").status_code == 404


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"from": "x"}, "no days in order"),
        ({"from": "2026-02-02", "until": "2026-02-01"}, "no days in order"),
        ({"from": "2020-01-01", "until": "2026-01-01"}, "at most a year"),
        ({"from": "99999-01-01"}, "no days in order"),
    ],
)
def test_a_wrong_period_is_told_and_another_shown(browser, asked, said):
    page = browser.get("/reports/", asked)
    assert page.status_code == 200
    assert said in page.content.decode()
    assert page.context["period"].days <= 366


def test_a_department_is_asked_for_with_all_below_it(enterprise, screen, browser):
    below = objects.department(parent=enterprise.department)
    deep, other = enterprise.screen(department=below), enterprise.screen(
        department=objects.department()
    )  # fmt: skip
    for each in (screen, deep, other):
        day(each)
    page = browser.get("/reports/uptime/", {"where": f"department:{enterprise.department.pk}"})
    assert {row.pk for row, _hours in page.context["rows"]} == {screen.pk, deep.pk}
    page = browser.get("/reports/uptime/", {"where": f"screen:{other.pk}"})
    assert [row.pk for row, _hours in page.context["rows"]] == [other.pk]


def test_uptime_rounds_nothing_up_to_all(screen, browser):
    for back in range(1, 60):
        day(screen, when=TODAY - timedelta(days=back), known=ALL_DAY if back > 1 else ALL_DAY >> 1)
    first = (TODAY - timedelta(days=59)).isoformat()
    text = browser.get("/reports/uptime/", {"from": first}).content.decode()
    assert "99.9 %" in text
    assert "100 %" not in text


@pytest.mark.parametrize("kind", ["playlist", "tag", "asset"])
def test_coverage_of_a_playlist_a_tag_or_an_asset(enterprise, screen, browser, kind):
    asset = enterprise.picture()
    asset.tags.create(name="安全月")
    playlist = enterprise.playlist(asset)
    day(screen)
    PlayDay.objects.create(
        screen=screen, day=YESTERDAY, item="i1", asset=f"a{asset.pk}", playlist=f"p{playlist.pk}",
        full=300, ms=3_000_000, planned_ms=4_000_000,
    )  # fmt: skip
    PlayDay.objects.create(
        screen=screen, day=YESTERDAY, item="i2", asset=f"a{asset.pk}0", playlist="p0",
        full=1, ms=9_000_000, planned_ms=9_000_000,
    )  # fmt: skip
    of = {"playlist": f"playlist:{playlist.pk}", "tag": "tag:安全月", "asset": f"asset:{asset.pk}"}
    page = browser.get("/reports/coverage/", {"of": of[kind]})
    assert [row.share for row in page.context["rows"]] == [0.75]
    assert "75 %" in page.content.decode()
    rows = rows_of(browser.get("/reports/coverage.csv", {"of": of[kind]}))
    assert rows[1][3] == "0.75"


def test_coverage_is_told_of_the_screens_that_are_ticked_and_day_by_day(
    enterprise, screen, browser
):
    playlist = enterprise.playlist(enterprise.picture())
    second, third = enterprise.lobby(), enterprise.lobby()
    for number, each in enumerate((screen, second, third), start=1):
        for back in (1, 2):
            when = TODAY - timedelta(days=back)
            day(each, when=when)
            PlayDay.objects.create(
                screen=each, day=when, item="i1", asset="a1", playlist=f"p{playlist.pk}",
                full=1, ms=500_000 * number, planned_ms=2_000_000,
            )  # fmt: skip
    asked = {"of": f"playlist:{playlist.pk}", "screen": [screen.pk, second.pk]}
    page = browser.get("/reports/coverage/", asked)
    assert {row.screen for row in page.context["rows"]} == {screen.pk, second.pk}
    assert f"screen={screen.pk}&amp;screen={second.pk}" in page.content.decode()
    page = browser.get("/reports/coverage/", asked | {"by": "day"})
    assert [row.day for row in page.context["rows"]] == [TODAY - timedelta(days=2), YESTERDAY]
    assert [row.share for row in page.context["rows"]] == [0.375, 0.375]
    rows = rows_of(browser.get("/reports/coverage.csv", asked | {"by": "day"}))
    assert [(each[0], each[3], each[4]) for each in rows[1:]] == [
        (f"{TODAY - timedelta(days=2)}", "0.375", "2"), (f"{YESTERDAY}", "0.375", "2"),
    ]  # fmt: skip


def test_unknown_hours_are_those_of_days_on_which_the_campaign_was_due(enterprise, screen, browser):
    playlist = enterprise.playlist(enterprise.picture())
    other = enterprise.lobby()
    for each in (screen, other):
        for back in (1, 2, 3):
            day(each, when=TODAY - timedelta(days=back), known=0)
    for each, back, planned in ((screen, 1, 5), (screen, 2, 0), (other, 1, 5), (other, 2, 5)):
        PlayDay.objects.create(
            screen=each, day=TODAY - timedelta(days=back), item="i1", asset="a1",
            playlist=f"p{playlist.pk}", planned_ms=planned * 1_000,
        )  # fmt: skip
    asked = {"of": f"playlist:{playlist.pk}"}
    by_screen = browser.get("/reports/coverage/", asked).context
    by_day = browser.get("/reports/coverage/", asked | {"by": "day"}).context
    assert {row.screen: row.hours.unknown for row in by_screen["rows"]} == {
        screen.pk: 24, other.pk: 48,
    }  # fmt: skip
    assert by_screen["unknown"] == by_day["unknown"] == 72


def test_a_screen_of_another_place_is_not_among_those_that_are_ticked(enterprise, screen, browser):
    other = enterprise.lobby()
    day(screen)
    wrong = {"where": f"screen:{screen.pk}", "screen": [other.pk, "x", "9" * 30]}
    page = browser.get("/reports/uptime/", wrong)
    assert [row.pk for row, _hours in page.context["rows"]] == [screen.pk]


def test_a_campaign_of_another_department_is_not_there(enterprise, screen):
    other = objects.department()
    theirs = objects.playlist(other, enterprise.picture())
    day(screen)
    PlayDay.objects.create(
        screen=screen, day=YESTERDAY, item="i1", asset="a1", playlist=f"p{theirs.pk}", full=1,
        ms=1000, planned_ms=1000,
    )  # fmt: skip
    editor = browser_of(objects.editor(enterprise.department))
    page = editor.get("/reports/coverage/", {"of": f"playlist:{theirs.pk}"})
    assert page.context["rows"] == []


def test_the_ledger_says_who_answers_for_a_screen(enterprise, screen, browser):
    local = objects.staff(Role.ADMINISTRATOR, of=enterprise.department, full_name="Local Head")
    now = SystemClock().now()
    Heartbeat.objects.create(
        screen=screen, received_at=now, boot="b", address="10.0.0.9",
        body={"versions": {"yingbi": "0.4"}, "outputs": [{"width": 3840, "height": 2160}]},
    )  # fmt: skip
    (row,) = browser.get("/reports/ledger/").context["rows"]
    assert (row.answers, row.size) == ("Local Head", "1920 × 1080 (3840 × 2160)")
    Grant.objects.filter(staff=local).delete()
    assert browser.get("/reports/ledger/").context["rows"][0].answers == "Administrator"
    assert len(rows_of(browser.get("/reports/ledger.csv"))) == 2
    paper = browser.get("/reports/ledger.pdf")
    assert paper.content.startswith(b"%PDF")


@pytest.fixture
def auditor(enterprise):
    return browser_of(objects.staff(Role.AUDITOR, everywhere=True))


def test_the_audit_is_narrowed_by_who_what_thing_and_days(enterprise, auditor):
    browser = browser_of(enterprise.administrator)
    for name in ("Lobby", "Canteen"):
        browser.post("/playlists/", {"name": name, "department": enterprise.department.pk})
    named = auditor.get("/audit/", {"what": "playlist.create", "thing": "canteen"})
    (row,) = named.context["page"].object_list
    assert (row.subject_name, row.actor) == ("Canteen", "administrator")
    assert "Playlist: made" in named.content.decode()
    nobody = auditor.get("/audit/", {"who": "nobody of this name"})
    assert "Nothing like this was done" in nobody.content.decode()
    before = auditor.get("/audit/", {"until": date(2020, 1, 1).isoformat()})
    assert not before.context["page"].object_list
    rows = rows_of(auditor.get("/audit/rows.csv", {"what": "playlist.create"}))
    assert [row[7] for row in rows[1:]] == ["Lobby", "Canteen"]


def test_a_chain_that_is_whole_and_one_that_is_not_are_told_apart(enterprise, auditor):
    text = auditor.get("/audit/", {"verify": "1"}).content.decode()
    assert "unbroken since" in text
    AuditRow.objects.filter(pk=AuditRow.objects.order_by("number").first().pk).update(actor="x")
    text = auditor.get("/audit/", {"verify": "1"}).content.decode()
    assert "not what was written" in text
    assert "unbroken since" not in text


def test_a_line_leads_to_the_coverage_of_its_item_and_to_what_a_screen_showed(
    enterprise, screen, browser
):
    poster = enterprise.picture("Poster")
    for asset in (f"a{poster.pk}.2", "a999", "x<1>"):
        PlayDay.objects.create(
            screen=screen, day=YESTERDAY, item=asset, asset=asset, full=1, ms=1000, title=asset
        )
    page = browser.get("/reports/", {"where": f"screen:{screen.pk}"})
    links = {row.key: address for row, address in page.context["rows"]}
    assert links["a999"] == links["x<1>"] == "", "nothing is told of what is not there"
    answer = browser.get(links[f"a{poster.pk}.2"])
    assert answer.context["name"] == "Poster"
    assert answer.context["period"] == page.context["period"]
    assert answer.context["asked"].where == f"screen:{screen.pk}"
    page = browser.get("/reports/", {"by": "screen"})
    ((_row, address),) = page.context["rows"]
    answer = browser.get(address)
    assert (answer.context["by"], answer.context["asked"].where) == ("item", f"screen:{screen.pk}")


@pytest.mark.parametrize(
    ("today", "spans"),
    [
        (date(2026, 11, 23), {  # a Monday
            "This week": ("2026-11-23", "2026-11-23"), "Last week": ("2026-11-16", "2026-11-22"),
            "This month": ("2026-11-01", "2026-11-23"), "Last month": ("2026-10-01", "2026-10-31"),
        }),
        (date(2027, 1, 3), {  # a Sunday, of a week that began in another year
            "This week": ("2026-12-28", "2027-01-03"), "Last week": ("2026-12-21", "2026-12-27"),
            "This month": ("2027-01-01", "2027-01-03"), "Last month": ("2026-12-01", "2026-12-31"),
        }),
        (date(2028, 3, 31), {"Last month": ("2028-02-01", "2028-02-29")}),
    ],
)  # fmt: skip
def test_weeks_and_months_are_one_click(today, spans):
    found = {str(label): (str(each.first), str(each.last)) for label, each in quick(today)}
    assert {label: found[label] for label in spans} == spans


def test_the_period_that_is_shown_is_marked(browser):
    page = browser.get("/reports/")
    label, query, _is_this = page.context["asked"].offered[3]
    assert str(label) == "This month"
    marked = [label for label, _q, is_this in browser.get(f"/reports/?{query}").context["asked"]
              .offered if is_this]  # fmt: skip
    assert "This month" in marked
