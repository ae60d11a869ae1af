"""Commands: who may give them, handed out until they end, ended once, expired in time, audited."""

from datetime import timedelta

import pytest

from server.accounts.models import Role
from server.audit.models import AuditRow
from server.errors import Conflict, Invalid, RightMissing
from server.remote.models import Command
from server.remote.services import (
    KEPT,
    LIFE,
    command_ask,
    command_cancel,
    command_end,
    commands_expire,
    commands_fetch,
    commands_forget,
)
from server.screens.bulk import grouping, tag_names, tagging
from tests.simulators import server_objects as objects

pytestmark = pytest.mark.django_db

K = Command.Kind


@pytest.fixture
def screens(enterprise):
    return [objects.screen(enterprise.department, enterprise.site) for _ in range(3)]


def ask(enterprise, screens, kind=K.RESYNC, actor=None, **more):
    return command_ask(
        screens=screens, kind=kind, actor=actor or enterprise.administrator, now=enterprise.now,
        **more,
    )  # fmt: skip


def test_a_command_is_told_until_its_end_has_come_and_ended_once(enterprise, screens):
    (command,) = ask(enterprise, screens[:1])
    pk, now = screens[0].pk, enterprise.later(timedelta(seconds=5))
    assert [each.pk for each in commands_fetch(screen=pk, now=now)] == [command.pk]
    assert [each.pk for each in commands_fetch(screen=pk, now=now)] == [command.pk]
    told = {"screen": pk, "command": command.pk, "now": now}
    assert command_end(state="done", sentence="x" * 999, **told)
    assert not command_end(state="failed", sentence="", **told)
    command.refresh_from_db()
    assert (command.state, len(command.sentence), command.sent_at) == ("done", 300, now)
    assert commands_fetch(screen=pk, now=now) == []


def test_a_box_ends_no_command_of_another(enterprise, screens):
    (command,) = ask(enterprise, screens[:1])
    assert not command_end(
        screen=screens[1].pk, command=command.pk, state="done", sentence="", now=enterprise.now
    )


def test_asked_twice_is_asked_once_and_many_get_one_each_in_one_batch(enterprise, screens):
    (first,) = ask(enterprise, screens[:1])
    all_ = ask(enterprise, screens)
    assert all_[0].pk == first.pk
    assert all_[1].batch == all_[2].batch != first.batch
    assert AuditRow.objects.filter(action="screen.command").count() == 3


def test_what_nobody_fetches_expires_and_can_be_asked_anew(enterprise, screens):
    ask(enterprise, screens[:1])
    late = enterprise.later(LIFE)
    assert commands_fetch(screen=screens[0].pk, now=late) == []
    assert commands_expire(now=late) == 1
    assert Command.objects.get().state == "expired"
    ask(enterprise, screens[:1])
    assert Command.objects.filter(ended_at=None).count() == 1
    assert commands_forget(now=late + KEPT + timedelta(days=1)) == 2


def test_what_was_not_fetched_is_taken_back_and_what_was_is_not(enterprise, screens):
    (command,) = ask(enterprise, screens[:1])
    who = {"actor": enterprise.administrator, "now": enterprise.now}
    assert command_cancel(command=command, **who)
    (command,) = ask(enterprise, screens[:1])
    commands_fetch(screen=screens[0].pk, now=enterprise.now)
    assert not command_cancel(command=command, **who)


def test_editors_ask_for_pictures_and_logs_and_for_nothing_else(enterprise, screens):
    editor = enterprise.staff("editor", Role.EDITOR)
    ask(enterprise, screens, K.SCREENSHOT, editor)
    ask(enterprise, screens, K.LOG, editor)
    for kind in set(K) - {K.SCREENSHOT, K.LOG}:
        with pytest.raises(RightMissing):
            ask(enterprise, screens, kind, editor)


def test_nonsense_is_refused(enterprise, screens):
    with pytest.raises(Invalid):
        ask(enterprise, [])
    with pytest.raises(Invalid):
        ask(enterprise, screens, K.RESYNC, minutes=5)
    with pytest.raises(Invalid):
        ask(enterprise, screens, K.PANEL_OFF, minutes=100_000)
    screens[0].retired_at = enterprise.now
    with pytest.raises(Conflict):
        ask(enterprise, screens[:1])
    (command,) = ask(enterprise, screens[1:2], K.PANEL_OFF)
    assert command.minutes == 60


def test_tags_are_given_and_taken_and_one_that_nobody_has_is_gone(enterprise, screens):
    who = {"actor": enterprise.administrator, "now": enterprise.now}
    assert tag_names("门厅，食堂、门厅, ") == ["门厅", "食堂"]
    assert tagging(screens=screens, add=["门厅", "食堂"], **who) == 3
    assert tagging(screens=screens, add=["门厅"], **who) == 0
    assert tagging(screens=screens[:1], remove=["门厅"], **who) == 1
    assert list(screens[0].tags.values_list("name", flat=True)) == ["食堂"]
    group = objects.group(enterprise.department)
    assert grouping(screens=screens, group=group, joins=True, **who) == 3
    assert grouping(screens=screens[:2], group=group, joins=False, **who) == 2
    with pytest.raises(Invalid):
        tagging(screens=screens, add=map(str, range(30)), **who)
    editor = enterprise.staff("editor", Role.EDITOR)
    with pytest.raises(RightMissing):
        tagging(screens=screens, add=["x"], actor=editor, now=enterprise.now)


def test_a_result_of_a_command_that_was_never_sent_or_is_over_changes_nothing(enterprise, screens):
    told = {"screen": screens[0].pk, "state": "done", "sentence": "x", "now": enterprise.now}
    assert not command_end(command=999_999, **told)
    (command,) = ask(enterprise, screens[:1])
    assert command_cancel(command=command, actor=enterprise.administrator, now=enterprise.now)
    assert not command_end(command=command.pk, **told)
    command.refresh_from_db()
    assert (command.state, command.sentence) == ("cancelled", "")
