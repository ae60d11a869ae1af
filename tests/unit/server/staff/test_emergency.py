"""The pages of emergencies: two clicks and a typed word; the board; prepared cards; the report."""

import re
from datetime import date, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pypdfium2
import pytest
from django.utils.timezone import localtime

from server.accounts.models import Role
from server.emergency.models import Emergency, PreparedCard
from server.emergency.services import end
from server.programme.models import Takeover
from server.publishing.services import publish
from server.review.services import rule_set
from server.staff.emergency.forms import GoForm
from tests.unit.server.staff.browsers import browser_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def screen(enterprise):
    made = enterprise.lobby(enterprise.picture("Poster"))
    publish(screens=[made], actor=None, reason="", now=enterprise.now)
    return made


@pytest.fixture
def boss(enterprise):
    return browser_of(enterprise.administrator)


def words(**changes):
    return {"title": "三号楼停电", "body": "请从楼梯下楼。", "issuer": "总值班室",
            "hazard": "power", "ends": "30", "typed": "插播"} | changes  # fmt: skip


def sent(browser, address="/emergency/go/?kind=text", **changes):
    page = browser.get(address).content.decode()
    hidden = re.findall(r'<input type="hidden" name="(request_id|seen)" value="([^"]*)"', page)
    told = {"seen": [value for name, value in hidden if name == "seen"]}
    told["request_id"] = next(value for name, value in hidden if name == "request_id")
    return browser.post(address, words() | told | changes)


def text_of(pdf):
    with pypdfium2.PdfDocument(pdf) as document:
        return "".join(page.get_textpage().get_text_range() for page in document)


def test_two_clicks_and_a_word_take_a_group_over(enterprise, screen, boss):
    group = enterprise.group(screen)
    page = boss.get("/emergency/go/?kind=text").content.decode()
    assert group.name in page
    assert "0 of 1 online" in page
    answer = sent(boss, groups=group.pk)
    takeover = Takeover.objects.get()
    assert answer["Location"] == f"/emergency/{takeover.pk}/"
    page = boss.get(f"/emergency/{takeover.pk}/").content.decode()
    assert "三号楼停电" in page
    assert "End it now" in page
    assert "三号楼停电" in boss.get("/emergency/").content.decode()


def test_without_the_word_or_a_place_nothing_begins(enterprise, screen, boss):
    answer = sent(boss, screens=screen.pk, typed="演练")
    assert answer.status_code == 422
    assert "nothing has been shown yet" in answer.content.decode()
    answer = sent(boss)
    assert "Choose where" in answer.content.decode()
    assert not Takeover.objects.exists()


def test_the_same_form_sent_twice_begins_once(enterprise, screen, boss):
    page = boss.get("/emergency/go/?kind=text").content.decode()
    request_id = re.search(r'name="request_id" value="([^"]+)"', page).group(1)
    told = words(screens=screen.pk, request_id=request_id)
    addresses = {boss.post("/emergency/go/?kind=text", told)["Location"] for _ in range(2)}
    assert len(addresses) == Takeover.objects.count() == 1


def test_a_drill_is_marked_on_every_page_and_on_paper(enterprise, screen, boss):
    sent(boss, "/emergency/go/?kind=text&drill=1", screens=screen.pk, typed="演练")
    takeover = Takeover.objects.get()
    assert takeover.is_drill
    for address in ("", f"{takeover.pk}/", "history/", f"{takeover.pk}/report/"):
        assert "【演练】三号楼停电" in boss.get(f"/emergency/{address}").content.decode() or (
            "Report of a drill" in boss.get(f"/emergency/{address}").content.decode()
        ), address
    said = text_of(boss.get(f"/emergency/{takeover.pk}/report.pdf").content)
    assert "Report of a drill" in said
    assert "Drill, marked so on the glass" in said
    assert "【演练】" in boss.get("/schedule/").content.decode()


def test_the_board_is_refreshed_whole_when_it_ends(enterprise, screen, boss):
    sent(boss, screens=screen.pk)
    pk = Takeover.objects.get().pk
    part = boss.get(f"/emergency/{pk}/lines/?running=1")
    assert part.status_code == 200, "there is more to come"
    assert 'id="receipt-' in part.content.decode()
    boss.post(f"/emergency/{pk}/end/")
    assert boss.get(f"/emergency/{pk}/lines/?running=1")["HX-Refresh"] == "true"
    page = boss.get(f"/emergency/{pk}/").content.decode()
    assert "End it now" not in page
    assert "Ended by Administrator" in page


def test_ended_twice_it_is_ended_once(enterprise, screen, boss):
    sent(boss, screens=screen.pk)
    takeover = Takeover.objects.get()
    boss.post(f"/emergency/{takeover.pk}/end/")
    ended = Emergency.objects.get().ended_at
    boss.post(f"/emergency/{takeover.pk}/end/")
    assert Emergency.objects.get().ended_at == ended


def test_it_is_prolonged_from_the_board(enterprise, screen, boss):
    sent(boss, screens=screen.pk)
    before = Takeover.objects.get().ends_at
    boss.post(f"/emergency/{Takeover.objects.get().pk}/prolong/", {"minutes": "15"})
    assert Takeover.objects.get().ends_at == before + timedelta(minutes=15)


@pytest.mark.parametrize(
    ("wall", "offered"),
    [
        ("09:05", ["12:00", "17:00", "18:00", "24:00"]),
        ("12:00", ["17:00", "18:00", "24:00"]),
        ("17:59", ["18:00", "24:00"]),
        ("23:30", ["24:00"]),
    ],
)
def test_the_clocks_that_are_still_to_come_end_it_by_one_click(
    enterprise, screen, rf, wall, offered
):
    zone = ZoneInfo("Asia/Shanghai")
    at = datetime.combine(date(2026, 11, 23), time.fromisoformat(wall), zone)
    request = rf.post("/", words(ends=offered[0], everywhere="on", request_id=str(uuid4())))
    request.user = enterprise.administrator
    form = GoForm(request, None, None, at)
    choices = [value for value, _label in form.fields["ends"].choices]
    assert choices == ["15", "30", "60", "180", *offered, "at"]
    assert form.is_valid(), form.errors
    until = form.asked(is_drill=False, seen=[]).ends_at.astimezone(zone)
    hour = int(offered[0][:2])
    assert until == datetime.combine(at.date(), time(), zone) + timedelta(hours=hour)


def test_an_end_at_another_time_begins_with_today(boss, screen):
    page = boss.get("/emergency/go/?kind=text").content.decode()
    value = re.search(r'name="ends_at" value="([^"]+)"', page)[1]
    left = datetime.fromisoformat(value) - localtime().replace(tzinfo=None)
    assert timedelta() < left <= timedelta(hours=1)
    assert value.endswith(":00")


def test_who_may_not_begin_one_is_told_whom_to_call_and_not_to_click(enterprise, screen):
    editor = enterprise.staff("editor", Role.EDITOR)
    page = browser_of(editor).get("/emergency/").content.decode()
    assert "Two clicks and one word" not in page
    assert "whom to call" in page
    assert "Two clicks and one word" in browser_of(enterprise.administrator).get(
        "/emergency/"
    ).content.decode()  # fmt: skip


def test_a_picture_of_the_library_is_shown_by_a_card(enterprise, screen, boss):
    poster = enterprise.picture("Map")
    assert "Map" in boss.get("/emergency/go/?kind=picture").content.decode()
    address = f"/emergency/go/?kind=picture&picture={poster.pk}"
    answer = sent(boss, address, screens=screen.pk)
    assert answer.status_code == 302, answer.content.decode()
    blobs = Takeover.objects.get().asset.content["blobs"]
    assert blobs["picture"]["sha256"] == poster.renditions.get().blob_id


# --- prepared cards ----------------------------------------------------------------------------

CARD = {
    "name": "停电",
    "hazard": "power",
    "title": "{地点}停电",
    "body": "请走{楼梯}。",
    "issuer": "总值班室",
}


def prepared(enterprise, boss):
    boss.post("/emergency/cards/new/", CARD | {"department": enterprise.department.pk})
    return PreparedCard.objects.get()


def test_the_blanks_of_a_prepared_card_are_asked_for(enterprise, screen, boss):
    card = prepared(enterprise, boss)
    address = f"/emergency/go/?card={card.pk}"
    answer = sent(boss, address, screens=screen.pk, blank_0="三号楼")
    assert answer.status_code == 422
    answer = sent(boss, address, screens=screen.pk, blank_0="三号楼", blank_1="东侧楼梯")
    data = Takeover.objects.get().asset.content["data"]
    assert (data["title"], data["body"]) == ("三号楼停电", "请走东侧楼梯。")


def test_a_card_waits_for_others_where_the_rules_ask_for_it(enterprise, screen, boss):
    rule_set(department=None, level="ordinary", steps=2, actor=None, now=enterprise.now)
    card = prepared(enterprise, boss)
    address = f"/emergency/go/?card={card.pk}"
    filled = {"screens": screen.pk, "blank_0": "三号楼", "blank_1": "楼梯"}
    assert "was not reviewed yet" in sent(boss, address, **filled).content.decode()
    first = browser_of(enterprise.staff("first", Role.REVIEWER_1))
    second = browser_of(enterprise.staff("second", Role.REVIEWER_2))
    for browser in (boss, second, first, second):
        page = browser.get(f"/emergency/cards/{card.pk}/").content.decode()
        digest = re.search(r'name="digest" value="(\w+)"', page)
        if digest:
            browser.post(f"/emergency/cards/{card.pk}/approve/", {"digest": digest.group(1)})
    assert [each.staff.username for each in card.approvals.all()] == ["first", "second"]
    assert sent(boss, address, **filled).status_code == 302
    boss.post(f"/emergency/cards/{card.pk}/", CARD | {"title": "{地点}停水", "version": 1})
    assert "Not reviewed yet" in boss.get("/emergency/cards/").content.decode()


def test_a_drill_may_use_a_card_that_waits(enterprise, screen, boss):
    rule_set(department=None, level="ordinary", steps=1, actor=None, now=enterprise.now)
    card = prepared(enterprise, boss)
    answer = sent(
        boss, f"/emergency/go/?card={card.pk}&drill=1", screens=screen.pk, typed="drill",
        blank_0="三号楼", blank_1="楼梯",
    )  # fmt: skip
    assert answer.status_code == 302


def test_a_card_that_was_changed_meanwhile_is_not_overwritten(enterprise, boss):
    card = prepared(enterprise, boss)
    address = f"/emergency/cards/{card.pk}/"
    assert boss.post(address, CARD | {"version": 1, "issuer": "安全部"}).status_code == 302
    answer = boss.post(address, CARD | {"version": 1, "issuer": "宣传部"})
    assert answer.status_code == 422
    assert PreparedCard.objects.get().issuer == "安全部"


def test_a_card_is_put_away_and_brought_back(enterprise, boss):
    card = prepared(enterprise, boss)
    for shown in (False, True):
        boss.post(f"/emergency/cards/{card.pk}/archive/")
        assert ("{地点}停电" in boss.get("/emergency/").content.decode()) is shown


def test_the_board_of_what_ended_by_itself_says_so(enterprise, screen, boss):
    layout = enterprise.layout(enterprise.playlist(enterprise.picture()))
    over = enterprise.takeover(layout, screen, ends_at=enterprise.now + timedelta(minutes=5))
    end(takeover=over, actor=enterprise.administrator, now=enterprise.now + timedelta(hours=2))
    assert "By itself" in boss.get(f"/emergency/{over.pk}/report/").content.decode()


def test_an_item_is_taken_down_with_receipts_and_brought_back(enterprise, screen, boss):
    poster = screen.default_layout.zones.get().playlist.items.get().asset
    address = f"/emergency/take-down/{poster.pk}/"
    assert screen.name in boss.get(address).content.decode()
    assert boss.post(address).status_code == 422, "a reason is asked for"
    boss.post(address, {"reason": "A complaint."})
    page = boss.get(address).content.decode()
    assert "Gone from 0 of 1 screens" in page
    assert "Keeps it until it is back:" in page
    boss.post(f"{address}undo/")
    assert "Where it is now" in boss.get(address).content.decode()


# --- beside it ---------------------------------------------------------------------------------


def test_what_is_typed_is_a_draft_of_its_own_for_a_drill_and_never_the_word(boss, screen):
    real = boss.get("/emergency/go/?kind=text").content.decode()
    drill = boss.get("/emergency/go/?kind=text&drill=1").content.decode()
    keys = {re.search('data-draft="([^"]+)"', page).group(1) for page in (real, drill)}
    assert len(keys) == 2
    assert re.search('data-no-draft[^>]*><input[^>]+name="request_id"', real)
    assert re.search(r'data-no-draft>\s*<input[^>]+name="typed"', real)


def test_two_who_prepare_an_emergency_see_each_other(enterprise, boss, screen):
    other = enterprise.staff("duty", Role.REVIEWER_3)
    browser_of(other).post("/together/", {"page": "emergency:0"})
    assert str(other) in boss.post("/together/", {"page": "emergency:0"}).content.decode()
    editor = browser_of(enterprise.staff("editor", Role.EDITOR))
    assert editor.post("/together/", {"page": "emergency:0"}).status_code == 403


def test_the_card_of_an_emergency_stands_in_the_library_only_where_it_is_asked_for(boss, screen):
    sent(boss, screens=screen.pk)
    assert "三号楼停电" not in boss.get("/library/?q=三号楼").content.decode().split("</form>")[-1]
    assert "三号楼停电" in boss.get("/library/?show=emergency").content.decode()
