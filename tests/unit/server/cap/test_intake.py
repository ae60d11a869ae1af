"""Alerts become emergencies by the policy of their source, in whatever order they come."""

from datetime import timedelta

import pytest

from server.accounts.models import Role
from server.alerts.models import Message
from server.cap.chores import minutely
from server.cap.deciding import decline, show_by_hand
from server.cap.errors import AlreadyDecided
from server.cap.intake import take
from server.cap.models import CapAlert, Outcome
from server.cap.policy import Place
from server.cap.records import why_of
from server.cap.sources import Told, areas_set, source_close, source_save
from server.configuration import Configuration
from server.emergency import services as emergency
from server.emergency.errors import NotConfirmed
from server.emergency.models import Emergency
from server.errors import Invalid
from server.programme.models import Takeover
from server.publishing.services import publish
from tests.simulators import server_objects as objects
from tests.simulators.cap_documents import CODES, cap, info, named
from tests.simulators.wall import PairedWall
from tests.unit.server.emergency.test_emergencies import begun as begun_by_hand

STORM = "暴雨红色预警"


class Office:
    """A screen in a lobby, a source of alerts that means it, and a clock."""

    def __init__(self, enterprise, **policy):
        self.enterprise = enterprise
        self.screen = enterprise.lobby(enterprise.picture("Poster"))
        self.group = objects.group(enterprise.department, self.screen)
        publish(screens=[self.screen], actor=None, reason="", now=enterprise.later())
        self.wall = PairedWall(enterprise, self.screen)
        self.source = self.change(None, **policy)
        areas_set(
            source=self.source, places=[Place(CODES, "1101*", self.group.pk)],
            actor=enterprise.administrator, now=enterprise.now,
        )  # fmt: skip

    @property
    def now(self):
        return self.enterprise.now

    def change(self, source, **policy):
        return source_save(
            source=source, department=self.enterprise.department, reason="Agreed with the city.",
            told=Told(**{"name": "市气象台", "handling": "automatic"} | policy),
            actor=self.enterprise.administrator, now=self.now,
        )  # fmt: skip

    def hears(self, identifier, sent=None, **more):
        document = cap(identifier, sent or self.now, **more)
        return take(source=self.source, data=document, came_from="", actor=None, now=self.now)

    def glass(self):
        self.wall.sync()
        return self.wall.glass()

    def passes(self, **time):
        self.enterprise.later(timedelta(**time))
        minutely(Configuration(), self.now)


@pytest.fixture
def office(enterprise):
    return Office(enterprise)


@pytest.fixture
def cautious(enterprise):
    return Office(enterprise, handling="review")


def said(alert):
    alert.refresh_from_db()
    return str(why_of(alert.why))


def test_a_severe_warning_for_our_place_is_on_the_glass_and_ends_when_it_expires(office):
    alert = office.hears("A")
    assert alert.outcome == Outcome.SHOWN
    assert office.glass() == [STORM]
    office.passes(hours=3)
    assert office.glass() == ["Poster"]
    alert.refresh_from_db()
    assert (alert.outcome, said(alert)) == (Outcome.ENDED, "It expired.")


def test_the_same_message_twice_is_shown_once(office):
    first, again = office.hears("A"), office.hears("A")
    assert first.pk == again.pk
    assert Emergency.objects.count() == 1


def test_an_update_takes_the_place_of_what_it_names(office):
    sent = office.now
    old = office.hears("A")
    office.enterprise.later()
    office.hears("B", kind="Update", references=named("A", sent), headline="暴雨橙色预警")
    assert office.glass() == ["暴雨橙色预警"]
    assert said(old) == "A later message of the sender took its place."
    assert Takeover.objects.filter(ends_at__gt=office.now).count() == 1


def test_a_cancel_ends_it_and_also_what_followed_on_what_it_names(office):
    sent = office.now
    office.hears("A")
    office.enterprise.later()
    office.hears("B", kind="Update", references=named("A", sent))
    office.enterprise.later()
    cancel = office.hears("C", kind="Cancel", references=named("A", sent))
    assert office.glass() == ["Poster"]
    assert said(cancel) == "It ends what it names; here that was 1."


def test_a_cancel_before_its_alert_keeps_it_off_the_glass(office):
    sent = office.now
    office.enterprise.later()
    office.hears("C", kind="Cancel", references=named("A", sent))
    late = office.hears("A", sent=sent)
    assert (late.outcome, said(late)) == (
        Outcome.RECORDED, "A later message (Cancel) had come before it.",
    )  # fmt: skip
    assert office.glass() == ["Poster"]


def test_an_older_update_that_comes_later_changes_nothing(office):
    start = office.now
    office.hears("A")
    for _ in range(3):
        office.enterprise.later()
    office.hears("B2", kind="Update", references=named("A", start), headline="第二次更新")
    older = start + timedelta(seconds=1)
    late = office.hears(
        "B1", sent=older, kind="Update", references=named("A", start), headline="第一次更新"
    )
    assert late.outcome == Outcome.RECORDED
    assert office.glass() == ["第二次更新"]


def test_an_update_that_is_all_clear_or_too_weak_ends_what_it_names(office):
    sent = office.now
    office.hears("A")
    office.enterprise.later()
    weak = office.hears("B", kind="Update", references=named("A", sent), severity="Minor")
    assert said(weak) == "It is below the threshold: Minor, Immediate, Observed."
    assert office.glass() == ["Poster"]


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"status": "Draft"}, "not for people"),
        ({"status": "System"}, "not for people"),
        ({"status": "Test"}, "only recorded here"),
        ({"status": "Exercise"}, "only recorded here"),
        ({"kind": "Ack"}, "answer between systems"),
        ({"kind": "Error"}, "answer between systems"),
        ({"severity": "Moderate"}, "below the threshold"),
        ({"certainty": "Unlikely"}, "below the threshold"),
        ({"urgency": "Past"}, "below the threshold"),
        ({"code": "310101"}, "none of the places"),
        ({"lasts": timedelta(seconds=-5)}, "had expired"),
        ({"infos": ""}, "says nothing"),
    ],
)
def test_what_is_not_for_us_is_recorded_with_the_reason(office, more, why):
    alert = office.hears("A", **more)
    assert alert.outcome == Outcome.RECORDED
    assert why in said(alert)
    assert not Takeover.objects.exists()


def test_an_exercise_is_a_drill_if_the_policy_says_so_and_a_test_cancels_nothing_real(office):
    office.source = office.change(office.source, drills="exercise")
    exercise = office.hears("E", status="Exercise")
    exercise.takeover.refresh_from_db()
    assert exercise.takeover.is_drill
    assert office.glass() == [f"【演练】{STORM}"]
    office.hears("C", kind="Cancel", status="Exercise", references=named("E", office.now))
    sent = office.now
    office.hears("A")
    office.enterprise.later()
    office.hears("T", kind="Cancel", status="Test", references=named("A", sent))
    assert office.glass() == [STORM]


def test_of_several_languages_ours_is_spoken_and_the_strongest_block_of_it(office):
    later = f"<expires>{(office.now + timedelta(hours=1)).isoformat()}</expires>"
    blocks = (
        info(language="en-US", headline="Storm", expires=later)
        + info(headline="大风", severity="Minor", expires=later)
        + info(headline="暴雨特别严重", severity="Extreme", expires=later)
    )
    office.hears("A", infos=blocks)
    assert office.glass() == ["暴雨特别严重"]


def test_what_takes_effect_later_is_shown_then(office):
    at = (office.now + timedelta(minutes=30)).isoformat()
    alert = office.hears("A", effective=f"<effective>{at}</effective>")
    assert alert.outcome == Outcome.PLANNED
    assert office.glass() == ["Poster"]
    office.passes(minutes=31)
    assert office.glass() == [STORM]


def test_an_alert_that_outlasts_an_emergency_is_prolonged(office, settings):
    settings.EMERGENCY_LONGEST = timedelta(hours=4)
    alert = office.hears("A", lasts=timedelta(hours=9))
    for _hour in range(4):
        office.passes(hours=2)
        assert office.glass() == [STORM]
    alert.takeover.refresh_from_db()
    assert alert.takeover.ends_at == alert.expires_at
    office.passes(hours=2)
    assert office.glass() == ["Poster"]


def test_by_review_it_waits_and_is_told_until_somebody_shows_it(cautious):
    alert = cautious.hears("A")
    assert alert.outcome == Outcome.WAITING
    assert cautious.glass() == ["Poster"]
    assert Message.objects.filter(kind="cap-waiting").count() == 1
    by = cautious.enterprise.administrator
    with pytest.raises(NotConfirmed):
        show_by_hand(alert=alert, typed="演练", seen=[], actor=by, now=cautious.now)
    show_by_hand(alert=alert, typed="插播", seen=[], actor=by, now=cautious.now)
    assert cautious.glass() == [STORM]
    with pytest.raises(AlreadyDecided):
        decline(alert=alert, reason="Too late.", actor=by, now=cautious.now)


def test_by_review_the_old_one_stays_until_its_update_is_decided_on(cautious):
    by, sent = cautious.enterprise.administrator, cautious.now
    alert = cautious.hears("A")
    show_by_hand(alert=alert, typed="插播", seen=[], actor=by, now=cautious.now)
    cautious.enterprise.later()
    update = cautious.hears("B", kind="Update", references=named("A", sent), headline="更新")
    assert cautious.glass() == [STORM]
    decline(alert=update, reason="It says the same.", actor=by, now=cautious.now)
    assert cautious.glass() == [STORM]


def test_what_nobody_decides_on_expires(cautious):
    alert = cautious.hears("A")
    cautious.passes(hours=3)
    assert said(alert) == "It expired before it was shown."


def test_what_somebody_ended_by_hand_does_not_come_back_by_itself(office):
    sent = office.now
    alert = office.hears("A")
    emergency.end(
        takeover=alert.takeover,
        actor=office.enterprise.administrator,
        now=office.enterprise.later(),
    )
    update = office.hears("B", kind="Update", references=named("A", sent))
    assert (update.outcome, said(update)) == (
        Outcome.WAITING, "Somebody ended by hand what it updates.",
    )  # fmt: skip
    assert office.glass() == ["Poster"]


def test_what_people_have_begun_is_not_covered_unseen(office):
    begun_by_hand(office.enterprise, office.screen)
    alert = office.hears("A")
    assert alert.outcome == Outcome.WAITING
    assert "It could not be shown by itself" in said(alert)
    assert Emergency.objects.count() == 1


def test_when_its_owner_has_lost_the_right_a_person_is_asked_and_a_cancel_still_ends(office):
    sent = office.now
    office.hears("A")
    owner = office.enterprise.administrator
    owner.is_active = False
    owner.save()
    office.enterprise.later()
    assert office.hears("X").outcome == Outcome.WAITING
    office.hears("C", kind="Cancel", references=named("A", sent))
    assert office.glass() == ["Poster"]


def test_without_a_reason_nobody_lets_alerts_through_and_no_editor_at_all(enterprise):
    told = Told(name="市气象台", handling="automatic")
    more = {"source": None, "department": enterprise.department, "now": enterprise.now}
    with pytest.raises(Invalid, match="Say why"):
        source_save(told=told, reason=" ", actor=enterprise.administrator, **more)
    editor = enterprise.staff("editor", Role.EDITOR)
    with pytest.raises(Exception, match="role does not allow"):
        source_save(told=told, reason="x", actor=editor, **more)


def test_a_source_that_is_closed_ends_nothing(office):
    office.hears("A")
    source_close(source=office.source, actor=office.enterprise.administrator, now=office.now)
    assert office.glass() == [STORM]
    assert CapAlert.objects.get().outcome == Outcome.SHOWN
