"""The pages of reviews: submit, open everything, approve or return; and the record for the file."""

import re
from datetime import timedelta
from html import unescape

import pypdfium2
import pytest

from server import paper
from server.accounts.models import Role
from server.alerts.kinds import Kind
from server.alerts.models import Message
from server.clock import SystemClock
from server.errors import Unavailable
from server.paper import pdf_of
from server.publishing.models import Publication
from server.publishing.services import publish
from server.review.models import Opening, ReviewRule, Submission
from server.review.services import rule_set
from tests.unit.server.staff.browsers import browser_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def screen(enterprise):
    rule_set(
        department=None, level="ordinary", steps=2, actor=enterprise.administrator,
        now=enterprise.now,
    )  # fmt: skip
    return enterprise.lobby(enterprise.picture("Poster"))


@pytest.fixture
def editor(enterprise):
    return browser_of(enterprise.staff("editor", Role.EDITOR))


@pytest.fixture
def first(enterprise):
    return browser_of(enterprise.staff("first-reviewer", Role.REVIEWER_1))


@pytest.fixture
def second(enterprise):
    return browser_of(enterprise.staff("second-reviewer", Role.REVIEWER_2))


def hidden(page, name):
    """The values of the hidden fields of this name."""
    return re.findall(rf'<input type="hidden" name="{name}" value="([^"]*)">', page)


def submitted(editor):
    page = editor.get("/publish/").content.decode()
    sent = {"screens": hidden(page, "screens")}
    answer = editor.post("/reviews/submit/", sent | {"title": "Safety week", "note": "Please."})
    assert answer.status_code == 302
    return Submission.objects.latest("pk")


def approved(browser, submission):
    for item in submission.items.all():
        browser.get(f"/reviews/{submission.pk}/items/{item.position}/")
    page = browser.get(f"/reviews/{submission.pk}/").content.decode()
    sent = {"sha256": hidden(page, "sha256")[0], "reason": "Good."}
    return browser.post(f"/reviews/{submission.pk}/approve/", sent)


def test_from_submission_to_publishing(enterprise, screen, editor, first, second):
    submission = submitted(editor)
    assert submission.title == "Safety week"
    assert "Safety week" in first.get("/reviews/").content.decode()
    assert "Nothing waits for you" in second.get("/reviews/").content.decode()
    approved(first, submission)
    approved(second, submission)
    submission.refresh_from_db()
    assert submission.state == Submission.State.APPROVED
    boss = browser_of(enterprise.administrator)
    page = boss.get("/publish/").content.decode()
    sent = {"screens": hidden(page, "screens")}
    assert boss.post("/publish/", sent | {"reason": "Safety week"}).status_code == 302
    assert Publication.objects.filter(screen=screen).exists()


def test_what_needs_a_review_has_no_button_to_publish(enterprise, screen):
    page = browser_of(enterprise.administrator).get("/publish/").content.decode()
    assert "Submit for review" in page
    assert "Publish this" not in page
    assert "Show it now" in page


def test_the_urgent_way_is_there_for_who_may_take_over(enterprise, screen):
    boss = browser_of(enterprise.administrator)
    page = boss.get("/publish/").content.decode()
    urgent = page[page.index('name="urgent"') :]
    sent = {"screens": hidden(urgent, "screens")}
    answer = boss.post("/publish/", sent | {"reason": "Gas alarm", "urgent": "on"})
    assert answer.status_code == 302
    assert Submission.objects.get().is_urgent
    listed = boss.get("/reviews/").content.decode()
    assert "Review afterwards" in listed


def test_opening_an_item_shows_it_in_full_size_and_is_remembered(enterprise, screen, editor, first):
    submission = submitted(editor)
    assert "disabled" in first.get(f"/reviews/{submission.pk}/").content.decode()
    page = first.get(f"/reviews/{submission.pk}/items/1/").content.decode()
    (address,) = re.findall(r'<img src="(/library/[^"]+)"', page)
    assert first.get(address)["Content-Type"] == "image/jpeg"
    assert Opening.objects.filter(sha256=submission.items.get().sha256).count() == 1
    assert "disabled" not in first.get(f"/reviews/{submission.pk}/").content.decode()


def test_a_reviewer_sees_the_wall_as_it_will_be_until_it_would_be_another(
    enterprise, screen, editor, first
):
    submission = submitted(editor)
    there = f"/screens/{screen.pk}/at/?of=programme"
    assert there in first.get(f"/reviews/{submission.pk}/").content.decode()
    assert first.get(there).status_code == 200
    playlist = screen.default_layout.zones.get().playlist
    item = playlist.items.get()
    item.duration_ms = 25_000
    item.save()
    page = first.get(f"/reviews/{submission.pk}/").content.decode()
    assert "was changed after this was submitted" in page
    assert there not in page, "that would be another picture than what was submitted"


def test_who_opened_nothing_is_told_so(screen, editor, first):
    submission = submitted(editor)
    sent = {"sha256": submission.sha256}
    answer = first.post(f"/reviews/{submission.pk}/approve/", sent, follow=True)
    assert "You have not opened 1 of the new items" in answer.content.decode()
    submission.refresh_from_db()
    assert submission.step == 1


def test_a_reviewer_is_told_what_to_look_at_and_the_record_keeps_it(
    enterprise, screen, editor, first
):
    paper = enterprise.document(1, "Report")
    paper.renditions.update(text_percent=1.2)
    enterprise.add(screen.default_layout.zones.get().playlist, paper)
    submission = submitted(editor)
    told = "The text of “Report (1)” is 1.2 % of the screen&#x27;s height"
    for page in ("", "record/"):
        shown = first.get(f"/reviews/{submission.pk}/{page}", headers={"Accept-Language": "en"})
        assert told in shown.content.decode()


def test_a_return_with_a_remark_on_an_item_reaches_the_editor(screen, editor, first):
    submission = submitted(editor)
    item = submission.items.get()
    sent = {"reason": "See below.", f"remark_{item.pk}": "The date is wrong."}
    first.post(f"/reviews/{submission.pk}/return/", sent)
    page = editor.get(f"/reviews/{submission.pk}/").content.decode()
    assert "The date is wrong." in page
    assert "See below." in page


def test_a_remark_alone_is_the_reason_that_the_editor_is_told(screen, editor, first):
    submission = submitted(editor)
    sent = {"reason": "", f"remark_{submission.items.get().pk}": "The date is wrong."}
    first.post(f"/reviews/{submission.pk}/return/", sent)
    told = Message.objects.get(kind=Kind.REVIEW_RETURNED.value)
    assert "The date is wrong." in str(told.values)


def test_a_submission_is_taken_back(screen, editor):
    submission = submitted(editor)
    editor.post(f"/reviews/{submission.pk}/withdraw/")
    submission.refresh_from_db()
    assert submission.state == Submission.State.WITHDRAWN
    page = editor.get(f"/reviews/{submission.pk}/").content.decode()
    assert "Taken back" in page
    assert ">Withdrawn<" not in page, "nothing was taken off the walls"


def test_who_may_not_publish_is_told_who_does(enterprise, editor):
    enterprise.lobby(enterprise.picture("Poster"))
    page = editor.get("/publish/").content.decode()
    assert "Who publishes it" in page
    assert str(enterprise.administrator) in page


def test_the_record_names_everybody_and_every_file(screen, editor, first, second):
    submission = submitted(editor)
    approved(first, submission)
    approved(second, submission)
    page = first.get(f"/reviews/{submission.pk}/record/").content.decode()
    said = [
        "Editor", "First-Reviewer", "Second-Reviewer", "Poster", submission.sha256,
        submission.items.get().sha256[:16],
    ]  # fmt: skip
    assert [text for text in said if text not in page] == []


def test_the_record_is_a_pdf_with_nothing_from_outside(screen, editor, first):
    submission = submitted(editor)
    answer = first.get(f"/reviews/{submission.pk}/record.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    said = text_of(answer.content)
    assert "Approval record of a programme" in said
    assert "Poster" in said


@pytest.mark.parametrize("where", ["file:///etc/hostname", "http://127.0.0.1:9/style.css"])
def test_a_record_that_names_anything_outside_itself_is_refused(where):
    with pytest.raises(Unavailable) as refused:
        pdf_of(f'<link rel="stylesheet" href="{where}"><body>Plain</body>')
    assert where in refused.value.details["reason"]


def test_a_record_that_takes_too_long_is_given_up(monkeypatch):
    monkeypatch.setattr(paper, "SECONDS", 0.01)
    with pytest.raises(Unavailable, match="print it from the browser"):
        pdf_of("<p>Plain</p>")


def text_of(pdf):
    with pypdfium2.PdfDocument(pdf) as document:
        return "".join(page.get_textpage().get_text_range() for page in document)


def test_rules_are_set_and_taken_away(enterprise):
    boss = browser_of(enterprise.administrator)
    told = {"department": "", "level": "prominent", "steps": "3", "hours": "12"}
    assert boss.post("/people/review-rules/", told).status_code == 302
    rule = ReviewRule.objects.get()
    assert (rule.department, rule.level, rule.steps, rule.hours) == (None, "prominent", 3, 12)
    assert "Prominent" in boss.get("/people/review-rules/").content.decode()
    boss.post(f"/people/review-rules/{rule.pk}/clear/")
    assert not ReviewRule.objects.exists()


def test_the_level_of_a_screen_stays_as_it_was_saved(enterprise):
    screen = enterprise.lobby()
    boss = browser_of(enterprise.administrator)
    told = {"name": "Lobby", "canvas_width": 1920, "canvas_height": 1080, "panel": "always",
            "timezone": "Asia/Shanghai", "default_layout": screen.default_layout.pk}  # fmt: skip
    for sent, kept in (({"level": "prominent"}, "prominent"), ({}, "prominent")):
        screen.refresh_from_db()
        page = f"/screens/{screen.pk}/"
        assert boss.post(page, told | sent | {"version": screen.version}).status_code == 302
        screen.refresh_from_db()
        assert screen.level == kept
    shown = boss.get(page).content.decode()
    assert '<option value="prominent" selected>' in shown


def test_a_video_is_sent_by_the_part_that_a_browser_asks_for(enterprise):
    video = enterprise.video("Film")
    size = video.renditions.get().blob.bytes
    boss = browser_of(enterprise.administrator)
    part = boss.get(f"/library/{video.pk}/full/0/", headers={"Range": "bytes=2-4"})
    assert part.status_code == 206
    assert part["Content-Range"] == f"bytes 2-4/{size}"
    whole = boss.get(f"/library/{video.pk}/full/0/")
    assert b"".join(part.streaming_content) == b"".join(whole.streaming_content)[2:5]
    beyond = boss.get(f"/library/{video.pk}/full/0/", headers={"Range": f"bytes={size}-"})
    assert beyond.status_code == 416


def test_a_card_is_judged_as_the_stage_draws_it(enterprise, screen, editor, first):
    enterprise.add(screen.default_layout.zones.get().playlist, enterprise.card("Water"))
    submission = submitted(editor)
    card = submission.items.get(kind="card")
    page = first.get(f"/reviews/{submission.pk}/items/{card.position}/").content.decode()
    assert f'<img src="/library/{card.asset}/preview/"' in page
    listed = first.get(f"/reviews/{submission.pk}/").content.decode()
    assert f'<img src="/library/{card.asset}/preview/?width=480"' in listed


def shown_and_ruled(enterprise):
    """A screen that shows what it was told, and needs two steps for what comes."""
    screen = enterprise.lobby()
    publish(screens=[screen], actor=None, reason="", now=enterprise.later())
    rule_set(
        department=None, level="ordinary", steps=2, actor=enterprise.administrator,
        now=enterprise.now,
    )  # fmt: skip
    return screen


@pytest.mark.parametrize("is_late", [True, False])
def test_what_should_be_seen_before_its_review_may_be_done_says_so(
    enterprise, editor, first, is_late
):
    screen, new = shown_and_ruled(enterprise), enterprise.picture("Poster")
    if is_late:  # two steps of a day each
        start = (SystemClock().now() + timedelta(days=1)).strftime("%Y-%m-%dT09:00:00")
        enterprise.entry(enterprise.layout(enterprise.playlist(new)), screen, start=start, rrule="")
    else:  # it is seen as soon as it is published
        enterprise.add(screen.default_layout.zones.get().playlist, new)
    submission = submitted(editor)
    assert submission.first_at is not None
    page = first.get(f"/reviews/{submission.pk}/").content.decode()
    assert ("by the deadlines its review may last" in page) is is_late


def test_how_it_will_look_opens_when_it_is_seen_first_and_leads_back(enterprise, editor, first):
    screen, new = shown_and_ruled(enterprise), enterprise.picture("Poster")
    tomorrow = (SystemClock().now() + timedelta(days=3)).strftime("%Y-%m-%d")
    layout = enterprise.layout(enterprise.playlist(new))
    enterprise.entry(layout, screen, start=f"{tomorrow}T09:00:00", rrule="")
    submission = submitted(editor)
    page = first.get(f"/reviews/{submission.pk}/").content.decode()
    address = unescape(re.search(rf'href="(/[^"]*submission={submission.pk})"', page)[1])
    shown = first.get(address).content.decode()
    assert f'value="{tomorrow}T09:00:00"' in shown
    assert f'href="/reviews/{submission.pk}/"' in shown
    now = unescape(re.search(r'href="([^"]*)">Now<', shown)[1])
    assert f'value="{tomorrow}' not in first.get(now).content.decode()


def test_a_screen_is_left_out_and_what_was_seen_of_the_others_counts(enterprise, screen, editor):
    other = enterprise.lobby(enterprise.picture("Flyer"))
    page = editor.get("/publish/").content.decode()
    ticks = re.findall(r'type="checkbox" name="screens" value="((\d+):[0-9a-f]{64})" checked', page)
    assert {int(pk) for _tick, pk in ticks} == {screen.pk, other.pk}
    mine = [tick for tick, pk in ticks if int(pk) == other.pk]
    answer = editor.post("/reviews/submit/", {"screens": [], "title": "None"}, follow=True)
    assert "Tick at least one screen." in answer.content.decode()
    enterprise.add(screen.default_layout.zones.get().playlist, enterprise.picture())
    answer = editor.post("/reviews/submit/", {"screens": mine, "title": "Flyer"})
    submission = Submission.objects.get()
    assert [each.screen for each in submission.screens.all()] == [other]
    enterprise.add(other.default_layout.zones.get().playlist, enterprise.picture())
    answer = editor.post("/reviews/submit/", {"screens": mine, "title": "Again"}, follow=True)
    assert "changed after you looked at it" in answer.content.decode()
    assert Submission.objects.count() == 1
