"""三审: three different people say yes to exactly what screens will show, or nothing is told."""

from datetime import timedelta

import pytest

from server.accounts.models import Department, Grant, Role
from server.audit.models import AuditRow
from server.audit.selectors import verify_chain
from server.errors import Forbidden, Invalid, NotFound
from server.library.models import AssetState
from server.programme.drafts import Where
from server.programme.models import Playlist
from server.publishing.errors import NotCurrent
from server.publishing.models import Publication
from server.publishing.reviewing import approve, changed_since, submit
from server.publishing.services import plan, publish, start_takeover, undo
from server.publishing.urgent import take_over
from server.review.errors import NotInReview, NotOpened, NotReviewed, OwnWork, SamePerson
from server.review.models import Submission
from server.review.selectors import late, waiting_for
from server.review.services import return_to_editor, withdraw
from server.screens.models import Screen
from tests.simulators.enterprise import Enterprise
from tests.simulators.reviewers import Reviewing


def playlist_on(screen: Screen) -> Playlist:
    assert screen.default_layout is not None
    return screen.default_layout.zones.get().playlist


def published(enterprise: Enterprise, *screens: Screen) -> bool:
    made = publish(screens=screens, actor=None, reason="", now=enterprise.later())
    return made is not None


def test_three_different_people_approve_and_then_it_is_published(
    enterprise: Enterprise, reviewing: Reviewing
) -> None:
    screen = enterprise.lobby()
    submission = reviewing.submit(screen)
    for step, reviewer in enumerate(reviewing.reviewers, start=1):
        with pytest.raises(NotReviewed, match="was not approved"):
            published(enterprise, screen)
        assert submission.step == step
        assert list(waiting_for(reviewer)) == [submission]
        submission = reviewing.approve(submission, reviewer)
        assert list(waiting_for(reviewer)) == []
    assert submission.state == Submission.State.APPROVED
    assert published(enterprise, screen)
    assert verify_chain().holds


def test_without_a_rule_nothing_needs_a_review(enterprise: Enterprise) -> None:
    assert published(enterprise, enterprise.lobby())


def test_the_nearest_departments_rule_counts_for_the_level(
    enterprise: Enterprise, reviewing: Reviewing
) -> None:
    mine = Department.objects.create(name="Mine 1", parent=enterprise.department)
    canteen = enterprise.screen(department=mine)
    hall = enterprise.screen(department=mine, level=Screen.Level.PROMINENT)
    reviewing.require(1, department=mine)
    reviewing.require(2, department=enterprise.department, level="prominent")
    assert reviewing.submit(canteen).steps == 1
    assert reviewing.submit(hall).steps == 2
    assert reviewing.submit(canteen, hall).steps == 2, "the strictest of its screens"
    reviewing.require(0, department=mine)
    assert publish(screens=[canteen], actor=None, reason="", now=enterprise.later(), confirmed=True)


# --- what is approved is what is shown ----------------------------------------------------------


@pytest.mark.parametrize("edit", ["add", "title", "duration", "remove", "withdraw", "panel"])
def test_any_edit_after_the_approval_voids_it(
    enterprise: Enterprise, reviewing: Reviewing, edit: str
) -> None:
    picture = enterprise.picture()
    screen = enterprise.lobby(picture, enterprise.picture())
    playlist = playlist_on(screen)
    reviewing.approve_all(reviewing.submit(screen))
    if edit == "add":
        reviewing.add(playlist, enterprise.picture("New"))
    elif edit == "title":
        picture.title = "Another title"
        picture.save()
    elif edit == "duration":
        playlist.items.filter(position=0).update(duration_ms=1_000)
    elif edit == "remove":
        playlist.items.filter(position=0).delete()
    elif edit == "withdraw":
        picture.state = AssetState.WITHDRAWN
        picture.save()
    else:
        screen.panel_on = [{"start": "2026-01-01T07:00:00", "duration_s": 3600}]
        screen.save()
    with pytest.raises(NotReviewed, match="a change after an approval needs a new one"):
        published(enterprise, screen)
    assert not Publication.objects.exists()


def test_an_edit_that_is_taken_back_leaves_the_approval_good(
    enterprise: Enterprise, reviewing: Reviewing
) -> None:
    screen = enterprise.lobby()
    reviewing.approve_all(reviewing.submit(screen))
    reviewing.add(playlist_on(screen), enterprise.picture())
    playlist_on(screen).items.order_by("-position")[0].delete()
    assert published(enterprise, screen)


def test_an_edit_elsewhere_voids_nothing(enterprise: Enterprise, reviewing: Reviewing) -> None:
    screen, other = enterprise.lobby(), enterprise.lobby()
    reviewing.approve_all(reviewing.submit(screen))
    reviewing.add(playlist_on(other), enterprise.picture())
    assert published(enterprise, screen)
    with pytest.raises(NotReviewed):
        published(enterprise, other)


def test_an_edit_during_the_review_stops_the_next_step(
    enterprise: Enterprise, reviewing: Reviewing
) -> None:
    screen = enterprise.lobby()
    submission = reviewing.approve(reviewing.submit(screen), reviewing.first)
    reviewing.add(playlist_on(screen), enterprise.picture())
    assert changed_since(submission, enterprise.now) == [screen]
    with pytest.raises(NotReviewed, match="changed after it was submitted"):
        reviewing.approve(submission, reviewing.second)


def test_takeovers_come_and_go_without_a_new_review(
    enterprise: Enterprise, reviewing: Reviewing
) -> None:
    screen = enterprise.lobby()
    submission = reviewing.approve(reviewing.submit(screen), reviewing.first)
    alarm = enterprise.layout(enterprise.playlist(enterprise.picture("Alarm")))
    enterprise.takeover(alarm, screen)
    submission = reviewing.approve(submission, reviewing.second)
    enterprise.later(timedelta(hours=2))
    reviewing.approve(submission, reviewing.third)
    assert published(enterprise, screen)


def test_what_was_published_once_is_brought_back_without_a_new_review(
    enterprise: Enterprise, reviewing: Reviewing
) -> None:
    screen = enterprise.lobby()
    reviewing.approve_all(reviewing.submit(screen))
    first = publish(screens=[screen], actor=None, reason="", now=enterprise.later())
    assert first is not None
    reviewing.add(playlist_on(screen), enterprise.picture())
    reviewing.approve_all(reviewing.submit(screen))
    assert published(enterprise, screen)
    assert undo(release=first, actor=None, reason="", now=enterprise.later())


# --- who may ------------------------------------------------------------------------------------


def test_nobody_reviews_what_they_submitted_or_changed(
    enterprise: Enterprise, reviewing: Reviewing
) -> None:
    both = enterprise.staff("both", Role.EDITOR, Role.REVIEWER_1)
    screen = enterprise.lobby()
    submitted = reviewing.submit(screen, by=both)
    assert list(waiting_for(both)) == []
    with pytest.raises(OwnWork):
        reviewing.approve(submitted, both)
    reviewing.add(playlist_on(screen), enterprise.picture(), by=both)
    edited = reviewing.submit(screen)
    with pytest.raises(OwnWork):
        reviewing.approve(edited, both)
    reviewing.approve(edited, reviewing.first)


def test_who_brought_a_new_picture_in_does_not_review_it(
    enterprise: Enterprise, reviewing: Reviewing
) -> None:
    uploader = enterprise.staff("uploader", Role.EDITOR, Role.REVIEWER_1)
    screen = enterprise.lobby(enterprise.picture(uploaded_by=uploader))
    with pytest.raises(OwnWork):
        reviewing.approve(reviewing.submit(screen), uploader)


def test_changes_that_were_reviewed_before_do_not_count_against_a_reviewer(
    enterprise: Enterprise, reviewing: Reviewing
) -> None:
    both = enterprise.staff("both", Role.EDITOR, Role.REVIEWER_1)
    screen = enterprise.lobby()
    reviewing.add(playlist_on(screen), enterprise.picture(), by=both)
    reviewing.approve_all(reviewing.submit(screen))
    assert published(enterprise, screen)
    reviewing.add(playlist_on(screen), enterprise.picture())
    reviewing.approve(reviewing.submit(screen), both)


def test_an_undo_does_not_launder_an_edit(enterprise: Enterprise, reviewing: Reviewing) -> None:
    both = enterprise.staff("both", Role.EDITOR, Role.REVIEWER_1)
    screen = enterprise.lobby()
    reviewing.approve_all(reviewing.submit(screen))
    first = publish(screens=[screen], actor=None, reason="", now=enterprise.later())
    reviewing.add(playlist_on(screen), enterprise.picture(), by=both)
    reviewing.approve_all(reviewing.submit(screen))
    assert published(enterprise, screen)
    assert first is not None
    assert undo(release=first, actor=None, reason="", now=enterprise.later())
    with pytest.raises(OwnWork):
        reviewing.approve(reviewing.submit(screen), both)


def test_one_person_with_two_roles_does_one_step(
    enterprise: Enterprise, reviewing: Reviewing
) -> None:
    Grant.objects.create(staff=reviewing.first, department=None, role=Role.REVIEWER_2)
    submission = reviewing.approve(reviewing.submit(enterprise.lobby()), reviewing.first)
    assert list(waiting_for(reviewing.first)) == []
    with pytest.raises(SamePerson):
        reviewing.approve(submission, reviewing.first)


def test_a_step_needs_its_right_on_every_screen(
    enterprise: Enterprise, reviewing: Reviewing
) -> None:
    mine = Department.objects.create(name="Mine 1")
    theirs = enterprise.screen(department=mine)
    local = enterprise.staff("local", Role.EDITOR)
    Grant.objects.create(staff=local, department=mine, role=Role.REVIEWER_1)
    submission = reviewing.submit(theirs, enterprise.lobby())
    assert list(waiting_for(local)) == []
    with pytest.raises((Forbidden, NotFound)):
        reviewing.approve(submission, local)
    with pytest.raises(Forbidden):
        reviewing.approve(submission, reviewing.second)


def test_who_may_not_arrange_may_not_submit(enterprise: Enterprise, reviewing: Reviewing) -> None:
    with pytest.raises(Forbidden):
        reviewing.submit(enterprise.lobby(), by=reviewing.first)


# --- looking -----------------------------------------------------------------------------------


def test_only_who_opened_everything_new_may_approve(
    enterprise: Enterprise, reviewing: Reviewing
) -> None:
    submission = reviewing.submit(enterprise.lobby(enterprise.picture("Poster")))
    with pytest.raises(NotOpened, match="1 of the new items yet, the first is “Poster”"):
        approve(
            submission=submission,
            expected=submission.sha256,
            actor=reviewing.first,
            now=enterprise.now,
        )


def test_only_what_is_new_has_to_be_opened_each_page_of_a_document(
    enterprise: Enterprise, reviewing: Reviewing
) -> None:
    screen = enterprise.lobby(enterprise.picture("Old"))
    reviewing.approve_all(reviewing.submit(screen))
    assert published(enterprise, screen)
    reviewing.add(playlist_on(screen), enterprise.document(2, "Report"))
    items = reviewing.submit(screen).items
    assert list(items.values_list("title", "page")) == [("Report (1)", 1), ("Report (2)", 2)]


def test_what_was_opened_once_need_not_be_opened_again(
    enterprise: Enterprise, reviewing: Reviewing
) -> None:
    screen = enterprise.lobby(enterprise.picture("Poster"))
    reviewing.look(reviewing.submit(screen), reviewing.first)
    playlist_on(screen).items.update(duration_ms=4_000)
    again = reviewing.submit(screen)
    approve(submission=again, expected=again.sha256, actor=reviewing.first, now=enterprise.now)


def test_the_words_of_the_change_are_kept(enterprise: Enterprise, reviewing: Reviewing) -> None:
    screen = enterprise.lobby()
    reviewing.approve_all(reviewing.submit(screen))
    assert published(enterprise, screen)
    reviewing.add(playlist_on(screen), enterprise.picture("Poster"))
    (change,) = reviewing.submit(screen).changes
    ((code, values),) = change["sentences"]
    assert list(change["screens"]) == [screen.name]
    assert (code, values["item"]) == ("ITEM_ADDED", "Poster")


def test_a_takeover_that_runs_is_no_part_of_the_change(
    enterprise: Enterprise, reviewing: Reviewing
) -> None:
    screen = enterprise.lobby()
    reviewing.approve_all(reviewing.submit(screen))
    assert published(enterprise, screen)
    alarm = enterprise.layout(enterprise.playlist(enterprise.picture("Alarm")))
    take_over(
        takeover=enterprise.takeover(alarm, screen), actor=None, reason="", now=enterprise.now
    )
    reviewing.add(playlist_on(screen), enterprise.picture("Poster"))
    (change,) = reviewing.submit(screen, title="Poster").changes
    assert [code for code, _values in change["sentences"]] == ["ITEM_ADDED"]


def test_of_a_new_screen_all_is_said_that_it_will_show(
    enterprise: Enterprise, reviewing: Reviewing
) -> None:
    screen = enterprise.lobby(enterprise.picture("Poster"))
    enterprise.entry(enterprise.layout(enterprise.playlist(enterprise.picture())), screen)
    alike = enterprise.screen(screen.default_layout)
    first, second = reviewing.submit(screen, alike).changes
    assert {code for code, _values in first["sentences"]} >= {"NEW_SCREEN", "ENTRY_ADDED"}
    assert {code for code, _values in second["sentences"]} == {
        "NEW_SCREEN", "ITEM_ADDED", "FALLBACK",
    }  # fmt: skip


# --- no, and never mind -------------------------------------------------------------------------


def test_a_return_says_why_on_the_item_and_ends_the_review(
    enterprise: Enterprise, reviewing: Reviewing
) -> None:
    submission = reviewing.submit(enterprise.lobby(enterprise.picture("Poster")))
    item = submission.items.get()
    with pytest.raises(Invalid, match="Say what has to be changed"):
        return_to_editor(
            submission=submission, reason=" ", actor=reviewing.first, now=enterprise.now
        )
    returned = return_to_editor(
        submission=submission,
        reason="",
        remarks={item.pk: "The date is wrong."},
        actor=reviewing.first,
        now=enterprise.now,
    )
    assert returned.state == Submission.State.RETURNED
    assert submission.items.get().remark == "The date is wrong."
    with pytest.raises(NotInReview):
        reviewing.approve(submission, reviewing.first)


def test_submitting_again_takes_the_place_of_what_is_in_review(
    enterprise: Enterprise, reviewing: Reviewing
) -> None:
    screen = enterprise.lobby()
    first = reviewing.submit(screen)
    reviewing.add(playlist_on(screen), enterprise.picture())
    second = reviewing.submit(screen)
    first.refresh_from_db()
    assert first.state == Submission.State.SUPERSEDED
    assert list(waiting_for(reviewing.first)) == [second]


def test_a_submission_is_taken_back_by_its_editors(
    enterprise: Enterprise, reviewing: Reviewing
) -> None:
    submission = reviewing.submit(enterprise.lobby())
    with pytest.raises(Forbidden):
        withdraw(submission=submission, actor=reviewing.first, now=enterprise.now)
    withdraw(submission=submission, actor=reviewing.editor, now=enterprise.now)
    with pytest.raises(NotInReview):
        reviewing.approve(submission, reviewing.first)


def test_nothing_to_review_is_said(enterprise: Enterprise, reviewing: Reviewing) -> None:
    screen = enterprise.lobby()
    reviewing.approve_all(reviewing.submit(screen))
    assert published(enterprise, screen)
    with pytest.raises(Invalid, match="nothing to review"):
        reviewing.submit(screen)


def test_what_is_submitted_is_what_was_looked_at(
    enterprise: Enterprise, reviewing: Reviewing
) -> None:
    screen = enterprise.lobby()
    looked_at = plan([screen], enterprise.now).digest
    reviewing.add(playlist_on(screen), enterprise.picture())
    with pytest.raises(NotCurrent):
        submit(
            screens=[screen], title="News", expected=looked_at, actor=reviewing.editor,
            now=enterprise.now,
        )  # fmt: skip


def test_a_step_that_takes_too_long_is_late_until_it_is_done(
    enterprise: Enterprise, reviewing: Reviewing
) -> None:
    submission = reviewing.submit(enterprise.lobby())
    assert not late(enterprise.now)
    enterprise.later(timedelta(hours=25))
    assert list(late(enterprise.now)) == [submission]
    reviewing.approve(submission, reviewing.first)
    assert not late(enterprise.now)


def test_every_act_is_in_the_audit(enterprise: Enterprise, reviewing: Reviewing) -> None:
    submission = reviewing.approve_all(reviewing.submit(enterprise.lobby()))
    rows = AuditRow.objects.filter(subject_kind="review.submission", subject_id=submission.pk)
    found = [(row.actor, row.action, row.detail["sha256"]) for row in rows]
    assert found == [
        ("editor", "review.submit", submission.sha256),
        *((each.username, "review.approve", submission.sha256) for each in reviewing.reviewers),
    ]


# --- urgent: shown first, reviewed afterwards ---------------------------------------------------


def test_what_cannot_wait_is_shown_at_once_and_reviewed_afterwards(
    enterprise: Enterprise, reviewing: Reviewing
) -> None:
    screen, now = enterprise.lobby(), enterprise.now
    with pytest.raises(Invalid, match="Say why this cannot wait"):
        publish(screens=[screen], actor=reviewing.third, reason=" ", now=now, urgent=True)
    assert publish(
        screens=[screen], actor=reviewing.third, reason="Gas alarm", now=now, urgent=True
    )
    submission = Submission.objects.get()
    assert submission.is_urgent
    assert submission.title == "Gas alarm"
    reviewing.add(playlist_on(screen), enterprise.picture())
    submission = reviewing.approve(submission, reviewing.first)
    submission = reviewing.approve(submission, reviewing.second)
    with pytest.raises(OwnWork):
        reviewing.approve(submission, reviewing.third)
    other = enterprise.staff("other", Role.REVIEWER_3)
    assert reviewing.approve(submission, other).state == Submission.State.APPROVED


def test_the_urgent_way_takes_the_right_to_take_over(
    enterprise: Enterprise, reviewing: Reviewing
) -> None:
    screen = enterprise.lobby()
    for person in (reviewing.editor, reviewing.first):
        with pytest.raises(Forbidden):
            publish(screens=[screen], actor=person, reason="x", now=enterprise.now, urgent=True)
    assert not Publication.objects.exists()


def test_what_was_shown_urgently_cannot_be_taken_back_from_review(
    enterprise: Enterprise, reviewing: Reviewing
) -> None:
    screen = enterprise.lobby()
    publish(screens=[screen], actor=None, reason="Gas alarm", now=enterprise.now, urgent=True)
    submission = Submission.objects.get()
    with pytest.raises(Forbidden, match="on the wall already"):
        withdraw(submission=submission, actor=reviewing.editor, now=enterprise.now)
    reviewing.submit(enterprise.lobby())
    submission.refresh_from_db()
    assert submission.state == Submission.State.IN_REVIEW


def test_a_takeover_is_reviewed_afterwards(enterprise: Enterprise, reviewing: Reviewing) -> None:
    screen = enterprise.lobby()
    reviewing.approve_all(reviewing.submit(screen))
    assert published(enterprise, screen)
    alarm = enterprise.layout(enterprise.playlist(enterprise.picture("Leave the building")))
    now = enterprise.later()
    start_takeover(
        name="Gas alarm", department=enterprise.department, shows=alarm,
        where=Where(screens=[screen.pk]), starts_at=now, ends_at=now + timedelta(hours=1),
        actor=reviewing.third, reason="Gas alarm", now=now,
    )  # fmt: skip
    submission = Submission.objects.get(is_urgent=True)
    assert [item.title for item in submission.items.all()] == ["Leave the building"]
    assert submission.changes[0]["sentences"][0][0] == "TAKEOVER_ADDED"
    assert list(waiting_for(reviewing.first)) == [submission]
    reviewing.add(playlist_on(screen), enterprise.picture())
    with pytest.raises(NotReviewed):
        published(enterprise, screen)
