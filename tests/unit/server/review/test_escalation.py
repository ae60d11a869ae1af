"""What waits too long: a reminder, then late, then others hear; and who hears for whom."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from server.accounts.models import Role
from server.alerts.kinds import Kind
from server.alerts.models import Message
from server.configuration import Configuration
from server.errors import Forbidden, Invalid
from server.publishing.services import publish
from server.review.chores import escalate
from server.review.deadlines import WorkingDays, due_after
from server.review.models import ReviewRule, Submission
from server.review.rules import unguarded
from server.review.selectors import since_last
from server.review.services import return_to_editor, rule_set, withdraw
from server.review.talk import absence_set, ask, remark_add
from tests.simulators.enterprise import Enterprise
from tests.simulators.reviewers import Reviewing

BEIJING = ZoneInfo("Asia/Shanghai")


def told(kind: Kind) -> list[set[int]]:
    """To whom each message of this kind goes."""
    return [set(each.people) for each in Message.objects.filter(kind=kind.value).order_by("pk")]


def done(now: datetime) -> list[str]:
    return [what for _pk, what in escalate(Configuration(), now)]


def submitted(enterprise: Enterprise, reviewing: Reviewing) -> Submission:
    return reviewing.submit(enterprise.lobby(enterprise.picture("Poster")))


# --- deadlines ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "hours", "due"),
    [
        ("2026-11-20T09:00", 4, "2026-11-20T13:00"),  # a Friday
        ("2026-11-20T16:30", 2, "2026-11-23T09:30"),  # over the weekend
        ("2026-11-21T10:00", 9, "2026-11-23T17:30"),  # submitted on a Saturday
        ("2026-11-20T23:00", 1, "2026-11-23T09:30"),  # at night
        ("2026-09-30T17:00", 1, "2026-10-08T09:00"),  # over the National Day holidays
        ("2026-10-09T17:00", 1, "2026-10-10T09:00"),  # onto a Saturday that is worked
    ],
)
def test_working_hours_end_at_night_on_days_off_and_not_on_days_worked_in_exchange(
    now: str, hours: int, due: str
) -> None:
    rest = frozenset(date(2026, 10, day) for day in range(1, 8))
    working = WorkingDays(BEIJING, rest, frozenset({date(2026, 10, 10)}))
    at = datetime.fromisoformat(now).replace(tzinfo=BEIJING).astimezone(UTC)
    found = due_after(at, hours, working).astimezone(BEIJING)
    assert f"{found:%Y-%m-%dT%H:%M}" == due
    assert due_after(at, hours) == at + timedelta(hours=hours)


def test_the_rule_says_which_hours_count_and_what_was_shown_first_has_its_own(
    enterprise: Enterprise, reviewing: Reviewing
) -> None:
    rule_set(
        department=None, level="ordinary", steps=1, hours=8, counts="working", urgent_hours=2,
        actor=None, now=enterprise.now,
    )  # fmt: skip
    enterprise.now = datetime(2026, 12, 25, 8, 0, tzinfo=UTC)  # a Friday, 16:00 in Beijing
    row = submitted(enterprise, reviewing)
    assert row.due_at.astimezone(BEIJING).date() == date(2026, 12, 28)
    assert ReviewRule.objects.get().urgent_hours == 2


# --- escalation --------------------------------------------------------------------------------


def test_first_a_reminder_then_late_then_the_administrators_each_once(
    enterprise: Enterprise, reviewing: Reviewing
) -> None:
    row = submitted(enterprise, reviewing)
    assert told(Kind.REVIEW_WAITING) == [{reviewing.first.pk}], "at once"
    start, span = row.step_at, row.due_at - row.step_at
    assert done(start + span * 0.5) == []
    assert done(start + span * 0.8) == ["reminder"]
    assert done(start + span * 0.9) == [], "once"
    assert done(row.due_at) == ["overdue"]
    assert told(Kind.REVIEW_OVERDUE) == [{reviewing.first.pk, reviewing.editor.pk}]
    assert done(row.due_at + span * 0.6) == ["escalated"]
    above = {enterprise.administrator.pk, reviewing.second.pk, reviewing.third.pk}
    assert told(Kind.REVIEW_OVERDUE)[-1] == above
    assert done(row.due_at + span * 9) == []


def test_after_a_long_night_of_the_server_the_late_ones_are_told_at_once(
    enterprise: Enterprise, reviewing: Reviewing
) -> None:
    row = submitted(enterprise, reviewing)
    assert done(row.due_at + timedelta(days=9)) == ["overdue", "escalated"]


def test_the_next_step_has_its_own_time_and_its_own_reviewers(
    enterprise: Enterprise, reviewing: Reviewing
) -> None:
    row = reviewing.approve(submitted(enterprise, reviewing), reviewing.first)
    assert told(Kind.REVIEW_WAITING)[-1] == {reviewing.second.pk}
    assert row.due_at > enterprise.now
    assert done(row.due_at) == ["overdue"]


def test_what_is_decided_is_not_reminded_of(enterprise: Enterprise, reviewing: Reviewing) -> None:
    row = reviewing.approve_all(submitted(enterprise, reviewing))
    assert done(row.due_at + timedelta(days=9)) == []


# --- who hears ---------------------------------------------------------------------------------


def test_for_who_is_away_the_stand_in_hears(enterprise: Enterprise, reviewing: Reviewing) -> None:
    other = enterprise.staff("other-first", Role.REVIEWER_1)
    absence_set(
        staff=reviewing.first, until=enterprise.now + timedelta(days=5), stand_in=other,
        actor=reviewing.first, now=enterprise.now,
    )  # fmt: skip
    submitted(enterprise, reviewing)
    assert told(Kind.REVIEW_WAITING) == [{other.pk}]
    enterprise.later(timedelta(days=6))
    submitted(enterprise, reviewing)
    assert told(Kind.REVIEW_WAITING)[-1] == {reviewing.first.pk, other.pk}, "back again"


def test_a_stand_in_without_the_right_does_not_make_the_review_silent(
    enterprise: Enterprise, reviewing: Reviewing
) -> None:
    absence_set(
        staff=reviewing.first, until=enterprise.now + timedelta(days=5), stand_in=reviewing.editor,
        actor=reviewing.first, now=enterprise.now,
    )  # fmt: skip
    submitted(enterprise, reviewing)
    assert told(Kind.REVIEW_WAITING) == [{reviewing.first.pk}]


def test_nobody_sends_another_away(enterprise: Enterprise, reviewing: Reviewing) -> None:
    until = enterprise.now + timedelta(days=5)
    with pytest.raises(Forbidden):
        absence_set(
            staff=reviewing.first, until=until, stand_in=None, actor=reviewing.editor,
            now=enterprise.now,
        )  # fmt: skip
    with pytest.raises(Invalid, match="120 days"):
        absence_set(
            staff=reviewing.first, until=until + timedelta(days=200), stand_in=None,
            actor=enterprise.administrator, now=enterprise.now,
        )  # fmt: skip


def test_one_of_those_who_may_is_asked_and_hears_of_it(
    enterprise: Enterprise, reviewing: Reviewing
) -> None:
    row = submitted(enterprise, reviewing)
    boss, now = enterprise.administrator, enterprise.now
    ask(submission=row, person=reviewing.first, actor=boss, now=now)
    row.refresh_from_db()
    assert row.asked == reviewing.first
    with pytest.raises(Invalid, match="may not do this step"):
        ask(submission=row, person=reviewing.third, actor=boss, now=now)
    with pytest.raises(Forbidden):
        ask(submission=row, person=reviewing.first, actor=reviewing.third, now=now)
    assert reviewing.approve(row, reviewing.first).asked is None, "the next step asks everybody"


# --- talk, and what changed since ---------------------------------------------------------------


def test_a_submission_says_what_is_another_since_it_was_returned(
    enterprise: Enterprise, reviewing: Reviewing
) -> None:
    screen = enterprise.lobby(enterprise.picture("Wrong date"), enterprise.picture("Kept"))
    first = reviewing.submit(screen)
    wrong, kept = first.items.all()
    reviewing.look(first, reviewing.first)
    return_to_editor(
        submission=first, reason="Two things.", actor=reviewing.first, now=enterprise.later(),
        remarks={wrong.pk: "The date is wrong.", kept.pk: "Too dark."},
    )  # fmt: skip
    assert told(Kind.REVIEW_RETURNED) == [{reviewing.editor.pk}]
    assert screen.default_layout is not None
    playlist = screen.default_layout.zones.get().playlist
    playlist.items.filter(asset__title="Wrong date").delete()
    reviewing.add(playlist, enterprise.picture("Right date"))
    found = since_last(reviewing.submit(screen))
    assert found is not None
    assert (found.before, found.reason) == (first, "Two things.")
    assert [each.title for each in found.added] == ["Right date"]
    assert [each.title for each in found.gone] == ["Wrong date"]
    assert [(each.title, there) for each, there in found.remarked] == [
        ("Kept", True), ("Wrong date", False),
    ], "what is as it was comes first"  # fmt: skip


def test_who_has_a_part_in_it_speaks_and_nobody_else(
    enterprise: Enterprise, reviewing: Reviewing
) -> None:
    row = submitted(enterprise, reviewing)
    item = row.items.get()
    for person in (reviewing.editor, reviewing.first):
        remark_add(submission=row, item=item, text="Why?", actor=person, now=enterprise.now)
    with pytest.raises(Forbidden):
        remark_add(
            submission=row, item=None, text="Me too", actor=enterprise.staff("stranger"),
            now=enterprise.now,
        )  # fmt: skip
    with pytest.raises(Invalid, match="nothing written"):
        remark_add(submission=row, item=None, text=" ", actor=reviewing.editor, now=enterprise.now)
    assert item.remarks.count() == 2


def test_a_screen_without_a_rule_is_named_and_a_rule_of_no_steps_is_one(
    enterprise: Enterprise,
) -> None:
    screen = enterprise.lobby()
    assert unguarded() == [screen]
    rule_set(department=None, level="ordinary", steps=0, actor=None, now=enterprise.now)
    assert unguarded() == []


# --- what is decided waits for nobody -------------------------------------------------------------


def open_asks(kind: Kind = Kind.REVIEW_WAITING) -> int:
    """The messages of this kind that still wait for somebody."""
    return Message.objects.filter(kind=kind.value, settled_at=None).count()


def test_each_step_that_is_done_closes_what_was_told_of_it_for_everybody(
    enterprise: Enterprise, reviewing: Reviewing
) -> None:
    submission = submitted(enterprise, reviewing)
    done(submission.due_at + timedelta(minutes=1))
    assert (open_asks(), open_asks(Kind.REVIEW_OVERDUE)) == (1, 1)
    for reviewer in reviewing.reviewers:
        before = set(Message.objects.filter(settled_at=None).values_list("pk", flat=True))
        submission = reviewing.approve(submission, reviewer)
        after = set(Message.objects.filter(settled_at=None).values_list("pk", flat=True))
        assert not before & after
        assert len(after) == 1, "the next step, or that it can be published"
    assert open_asks(Kind.REVIEW_APPROVED) == 1


def test_who_submitted_hears_of_the_approval_and_that_it_was_published(
    enterprise: Enterprise, reviewing: Reviewing
) -> None:
    publisher = enterprise.administrator
    screen = enterprise.lobby(enterprise.picture("Poster"))
    reviewing.approve_all(reviewing.submit(screen))
    heard = told(Kind.REVIEW_APPROVED)[0]
    assert {reviewing.editor.pk, publisher.pk} <= heard
    assert not heard & {reviewing.first.pk, reviewing.second.pk}
    publish(screens=[screen], actor=publisher, reason="", now=enterprise.later())
    assert open_asks(Kind.REVIEW_APPROVED) == 0
    assert {reviewing.editor.pk} in told(Kind.PUBLISHED)
    reviewing.require(0)
    reviewing.add(screen.default_layout.zones.get().playlist, enterprise.picture())  # type: ignore[union-attr]
    publish(screens=[screen], actor=publisher, reason="", now=enterprise.later())
    assert told(Kind.PUBLISHED).count({reviewing.editor.pk}) == 1, "nobody reviewed the second"


def test_a_return_closes_the_asking_and_a_new_submission_closes_the_return(
    enterprise: Enterprise, reviewing: Reviewing
) -> None:
    screen = enterprise.lobby(enterprise.picture("Poster"))
    submission = reviewing.submit(screen)
    return_to_editor(
        submission=submission, reason="Mend it.", actor=reviewing.first, now=enterprise.later()
    )
    assert (open_asks(), open_asks(Kind.REVIEW_RETURNED)) == (0, 1)
    reviewing.submit(screen)
    assert (open_asks(), open_asks(Kind.REVIEW_RETURNED)) == (1, 0)


def test_what_is_taken_back_or_replaced_waits_for_nobody(
    enterprise: Enterprise, reviewing: Reviewing
) -> None:
    screen = enterprise.lobby(enterprise.picture("Poster"))
    reviewing.submit(screen)
    newer = reviewing.submit(screen)
    assert open_asks() == 1
    withdraw(submission=newer, actor=reviewing.editor, now=enterprise.later())
    assert open_asks() == 0
