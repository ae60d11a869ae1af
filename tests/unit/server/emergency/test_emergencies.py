"""Emergencies: begun once, by hand, bounded; seen by others; and what the screens say of them."""

import uuid
from datetime import timedelta
from typing import Any

import pytest

from server.audit.models import AuditRow
from server.configuration import Configuration
from server.emergency.board import board_of
from server.emergency.chores import keep_what_screens_say
from server.emergency.errors import NotConfirmed, NotLegible, SomebodyElseBegan
from server.emergency.lines import RECEIPT_PATIENCE, Stage
from server.emergency.models import Emergency, EmergencyScreen
from server.emergency.services import Asked, begin, end, prolong
from server.emergency.words import Words
from server.errors import Forbidden, Invalid, NotFound
from server.library.models import Asset
from server.programme.drafts import Where
from server.programme.models import Takeover
from server.publishing.models import Publication
from server.publishing.services import publish
from server.publishing.urgent import take_over
from server.screens.models import Screen
from server.telemetry.models import PlayRecord, Receipt, ReportSegment, Wanted
from server.telemetry.services import heartbeats_save, segments_take
from server.telemetry.values import Beat, Play, ReceiptNote, Segment
from tests.simulators.enterprise import Enterprise
from tests.simulators.wall import PairedWall

FIRE = Words("三号楼火警，请立即从楼梯疏散", "不要使用电梯。", "总值班室", "fire")


def asked(enterprise: Enterprise, *screens: Screen, **changes: Any) -> Asked:
    fields: dict[str, Any] = {
        "request": uuid.uuid4(),
        "words": FIRE,
        "where": Where(screens=[each.pk for each in screens]),
        "ends_at": enterprise.now + timedelta(minutes=30),
        "is_drill": False,
        "typed": "插播",
    }
    return Asked(**fields | changes)


def begun(enterprise: Enterprise, *screens: Screen, **changes: Any) -> Emergency:
    wanted = asked(enterprise, *screens, **changes)
    return begin(asked=wanted, actor=enterprise.administrator, now=enterprise.now)


@pytest.fixture
def lobby(enterprise: Enterprise) -> Screen:
    screen = enterprise.lobby(enterprise.picture("Poster"))
    publish(screens=[screen], actor=None, reason="", now=enterprise.later())
    return screen


def newest(screen: Screen) -> int:
    return int(Publication.objects.filter(screen=screen)[0].version)


def receipt(enterprise: Enterprise, screen: Screen) -> None:
    """The box says that it has activated what it was told last."""
    note = ReceiptNote(newest(screen), enterprise.now)
    segments_take(
        segments=[Segment(screen.pk, f"receipt {note.version}", receipts=(note,))],
        now=enterprise.now,
    )


def beat(enterprise: Enterprise, screen: Screen, because: str = "") -> None:
    """The box is heard of, and names the takeover on its glass."""
    reason = {"kind": "takeover", "id": because} if because else {"kind": "default"}
    body = {"picture": {"because": reason}}
    heartbeats_save(
        beats=[Beat(screen.pk, enterprise.now, "boot", "192.0.2.1", newest(screen), body)],
        sampled=(),
        now=enterprise.now,
    )


def line(enterprise: Enterprise, emergency: Emergency) -> Any:
    emergency.takeover.refresh_from_db()
    (found,) = board_of(emergency.takeover, enterprise.now).lines
    return found


# --- beginning ---------------------------------------------------------------------------------


def test_the_wall_shows_the_words_and_after_the_end_what_it_showed_before(
    enterprise: Enterprise, lobby: Screen
) -> None:
    wall = PairedWall(enterprise, lobby)
    emergency = begun(enterprise, lobby)
    wall.sync()
    assert wall.glass() == ["三号楼火警，请立即从楼梯疏散"]
    enterprise.later()
    end(takeover=emergency.takeover, actor=enterprise.administrator, now=enterprise.now)
    wall.sync()
    assert wall.glass() == ["Poster"]


def test_with_nobody_there_it_ends_by_itself_on_the_wall_and_on_the_board(
    enterprise: Enterprise, lobby: Screen
) -> None:
    wall = PairedWall(enterprise, lobby)
    emergency = begun(enterprise, lobby)
    wall.sync()
    receipt(enterprise, lobby)
    beat(enterprise, lobby, f"t{emergency.pk}")
    enterprise.later(timedelta(minutes=30))
    assert wall.glass() == ["Poster"], "the box needs neither server nor person for it"
    told = line(enterprise, emergency)
    assert (told.stage, told.gone_at) == (Stage.GONE, emergency.takeover.ends_at)
    assert not board_of(emergency.takeover, enterprise.now).is_running


def test_a_drill_says_so_in_every_list_and_in_the_card_itself(
    enterprise: Enterprise, lobby: Screen
) -> None:
    emergency = begun(enterprise, lobby, is_drill=True, typed="演练")
    takeover = emergency.takeover
    assert takeover.is_drill
    assert takeover.name.startswith("【演练】")
    assert takeover.asset is not None
    assert takeover.asset.content["data"]["drill"] is True
    row = AuditRow.objects.get(action="emergency.begin")
    assert row.detail["drill"] is True


@pytest.mark.parametrize(
    ("typed", "is_drill"), [("演练", False), ("插播", True), ("", False), ("drill", False)]
)
def test_the_word_of_the_one_begins_never_the_other(
    enterprise: Enterprise, lobby: Screen, typed: str, is_drill: bool
) -> None:
    with pytest.raises(NotConfirmed, match="nothing has been shown yet"):
        begun(enterprise, lobby, typed=typed, is_drill=is_drill)
    assert not Takeover.objects.exists()


def test_the_words_of_confirmation_may_be_typed_in_english(
    enterprise: Enterprise, lobby: Screen
) -> None:
    assert begun(enterprise, lobby, typed=" take over ").pk


def test_sent_twice_it_begins_once(enterprise: Enterprise, lobby: Screen) -> None:
    wanted = asked(enterprise, lobby)
    first = begin(asked=wanted, actor=enterprise.administrator, now=enterprise.now)
    again = begin(asked=wanted, actor=enterprise.administrator, now=enterprise.later())
    assert again == first
    assert Takeover.objects.count() == Asset.objects.filter(kind="card").count() == 1


def test_two_people_at_once_see_each_other_before_one_covers_the_other(
    enterprise: Enterprise, lobby: Screen
) -> None:
    first = begun(enterprise, lobby)
    enterprise.later(timedelta(seconds=3))
    with pytest.raises(SomebodyElseBegan, match="三号楼火警") as told:
        begun(enterprise, lobby)
    assert told.value.details == {"takeover": first.pk}
    assert begun(enterprise, lobby, seen=[first.pk]).pk
    elsewhere = enterprise.lobby()
    assert begun(enterprise, elsewhere).pk, "what runs elsewhere is in nobody's way"


def test_it_is_bounded_and_prolonged_in_time(
    enterprise: Enterprise, lobby: Screen, settings: Any
) -> None:
    settings.EMERGENCY_LONGEST = timedelta(hours=2)
    with pytest.raises(Invalid, match="2 hours at most"):
        begun(enterprise, lobby, ends_at=enterprise.now + timedelta(hours=3))
    emergency = begun(enterprise, lobby)
    wall = PairedWall(enterprise, lobby)
    enterprise.later(timedelta(minutes=20))
    later = enterprise.now + timedelta(hours=1)
    prolong(
        takeover=emergency.takeover, ends_at=later, actor=enterprise.administrator,
        now=enterprise.now,
    )  # fmt: skip
    wall.sync()
    enterprise.later(timedelta(minutes=50))
    assert wall.glass() == ["三号楼火警，请立即从楼梯疏散"]
    enterprise.later(timedelta(minutes=11))
    assert wall.glass() == ["Poster"]


def test_words_that_cannot_be_read_in_passing_are_refused(
    enterprise: Enterprise, lobby: Screen
) -> None:
    for words, why in [
        (Words("长" * 25, "", "总值班室"), "25 letters"),
        (Words("火警", "字" * 121, "总值班室"), "121 letters"),
        (Words("", "", "总值班室"), "headline is empty"),
        (Words("火警", "", " "), "at the foot is empty"),
        (Words("{地点}火警", "", "总值班室"), "Fill in “地点”"),
        (Words("火警", "\n".join("一二三四五六七"), "总值班室"), "6 lines"),
    ]:
        with pytest.raises(NotLegible, match=why):
            begun(enterprise, lobby, words=words)
    assert not Asset.objects.filter(kind="card").exists(), "nothing is left behind"


def test_whoever_may_not_take_over_does_not(enterprise: Enterprise, lobby: Screen) -> None:
    from server.accounts.models import Role

    for role in (Role.EDITOR, Role.REVIEWER_1, Role.AUDITOR):
        person = enterprise.staff(f"person-{role}", role)
        with pytest.raises((Forbidden, NotFound)):
            begin(asked=asked(enterprise, lobby), actor=person, now=enterprise.now)
    assert not Takeover.objects.exists()


# --- what the screens say ----------------------------------------------------------------------


def test_who_is_on_line_and_does_not_answer_is_awaited_before_it_counts_as_not_reached(
    enterprise: Enterprise, lobby: Screen
) -> None:
    beat(enterprise, lobby)
    emergency = begun(enterprise, lobby)
    board = board_of(emergency.takeover, enterprise.now)
    assert (board.awaited, board.unreached) == (1, 0)
    enterprise.later(RECEIPT_PATIENCE)
    beat(enterprise, lobby)
    assert line(enterprise, emergency).stage is Stage.LATE
    board = board_of(emergency.takeover, enterprise.now)
    assert (board.awaited, board.unreached) == (0, 1)
    receipt(enterprise, lobby)
    assert line(enterprise, emergency).stage is Stage.RECEIVED


def test_the_board_follows_a_screen_from_sent_to_gone(
    enterprise: Enterprise, lobby: Screen
) -> None:
    beat(enterprise, lobby)
    emergency = begun(enterprise, lobby)
    assert line(enterprise, emergency).stage is Stage.SENT
    enterprise.later(timedelta(seconds=2))
    receipt(enterprise, lobby)
    told = line(enterprise, emergency)
    assert (told.stage, told.received_at) == (Stage.RECEIVED, enterprise.now)
    assert told.is_picture_wanted, "nobody has to ask for the proof"
    beat(enterprise, lobby, f"t{emergency.pk}")
    told = line(enterprise, emergency)
    assert (told.stage, told.shown_at) == (Stage.SHOWN, told.received_at)
    enterprise.later(timedelta(seconds=40))
    beat(enterprise, lobby, f"t{emergency.pk}")
    end(takeover=emergency.takeover, actor=enterprise.administrator, now=enterprise.now)
    assert line(enterprise, emergency).stage is Stage.ENDING
    enterprise.later(timedelta(seconds=2))
    receipt(enterprise, lobby)
    told = line(enterprise, emergency)
    assert (told.stage, told.gone_at) == (Stage.GONE, enterprise.now)


def test_a_screen_that_is_not_heard_of_is_said_to_be_so(
    enterprise: Enterprise, lobby: Screen
) -> None:
    emergency = begun(enterprise, lobby)
    assert line(enterprise, emergency).stage is Stage.UNREACHED
    enterprise.later(timedelta(hours=1))
    assert line(enterprise, emergency).stage is Stage.MISSED


@pytest.mark.parametrize("is_ended_by_hand", [True, False])
def test_a_screen_that_comes_back_when_all_is_over_never_had_it(
    enterprise: Enterprise, lobby: Screen, is_ended_by_hand: bool
) -> None:
    emergency, boss = begun(enterprise, lobby), enterprise.administrator
    if is_ended_by_hand:
        end(takeover=emergency.takeover, actor=boss, now=enterprise.later(timedelta(minutes=5)))
    else:
        enterprise.later(timedelta(hours=1))
    receipt(enterprise, lobby)
    told = line(enterprise, emergency)
    assert (told.stage, told.received_at) == (Stage.MISSED, None)


def test_a_screen_that_went_away_with_it_keeps_it_until_its_end(
    enterprise: Enterprise, lobby: Screen
) -> None:
    emergency = begun(enterprise, lobby)
    receipt(enterprise, lobby)
    enterprise.later(timedelta(minutes=15))
    end(takeover=emergency.takeover, actor=enterprise.administrator, now=enterprise.now)
    assert line(enterprise, emergency).stage is Stage.ENDING_UNREACHED


def test_proof_of_play_says_since_when_it_stood_there(
    enterprise: Enterprise, lobby: Screen
) -> None:
    emergency = begun(enterprise, lobby)
    receipt(enterprise, lobby)
    started = enterprise.later(timedelta(seconds=5))
    ended = enterprise.later(timedelta(seconds=60))
    play = Play("all", f"t{emergency.pk}.i-1", "a1", "", started, ended)
    segments_take(segments=[Segment(lobby.pk, "play", plays=(play,))], now=ended)
    told = line(enterprise, emergency)
    assert (told.stage, told.shown_at) == (Stage.SHOWN, started)


def test_another_takeover_above_it_is_said(enterprise: Enterprise, lobby: Screen) -> None:
    emergency = begun(enterprise, lobby)
    receipt(enterprise, lobby)
    beat(enterprise, lobby, "t999")
    assert line(enterprise, emergency).stage is Stage.COVERED


def test_the_record_outlives_the_reports(enterprise: Enterprise, lobby: Screen) -> None:
    emergency = begun(enterprise, lobby)
    received = enterprise.later(timedelta(seconds=2))
    receipt(enterprise, lobby)
    beat(enterprise, lobby, f"t{emergency.pk}")
    keep_what_screens_say(Configuration(), enterprise.now)
    enterprise.later(timedelta(days=1))
    keep_what_screens_say(Configuration(), enterprise.now)
    for model in (Receipt, PlayRecord, ReportSegment):
        model.objects.all().delete()
    told = line(enterprise, emergency)
    assert (told.received_at, told.shown_at, told.gone_at) == (
        received, received, emergency.takeover.ends_at
    )  # fmt: skip
    assert told.stage is Stage.GONE
    kept = EmergencyScreen.objects.get()
    assert kept.was_offline


def test_a_takeover_that_a_script_began_has_a_board_too(
    enterprise: Enterprise, lobby: Screen
) -> None:
    layout = enterprise.layout(enterprise.playlist(enterprise.picture()))
    takeover = enterprise.takeover(layout, lobby)
    take_over(takeover=takeover, actor=None, reason="", now=enterprise.now)
    receipt(enterprise, lobby)
    board = board_of(takeover, enterprise.now)
    assert [each.stage for each in board.lines] == [Stage.RECEIVED]
    assert board.emergency is None


def test_at_level_2_it_waits_for_the_approvers_and_says_so(
    enterprise_without_keys: Enterprise,
) -> None:
    enterprise = enterprise_without_keys
    enterprise.install_keys(approvers=1)
    screen = enterprise.lobby()
    emergency = begun(enterprise, screen)
    assert line(enterprise, emergency).stage is Stage.WAITING


def test_a_box_that_was_asked_for_a_picture_is_not_asked_by_old_receipts(
    enterprise: Enterprise, lobby: Screen
) -> None:
    receipt(enterprise, lobby)
    begun(enterprise, lobby)
    assert not Wanted.objects.exists()
