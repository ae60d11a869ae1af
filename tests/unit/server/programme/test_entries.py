"""When a layout is due, and where: said by editors, refused in their words."""

from datetime import timedelta
from typing import Any

import pytest

from server.accounts.models import Department, Grant, Role
from server.errors import Conflict, Invalid
from server.programme.drafts import Where, WindowDraft
from server.programme.entries import window_of
from server.programme.models import Entry
from server.programme.services import (
    entry_change,
    entry_create,
    entry_delete,
    screen_fallback,
    takeover_create,
)
from tests.simulators.enterprise import Enterprise

LUNCH = WindowDraft(
    start="2026-11-23T11:00:00",
    duration_s=7200,
    rrule="FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
    rdates=("2026-11-28T11:00:00",),
    exdates=("2026-11-24T11:00:00",),
    days="work",
)


def made(enterprise: Enterprise, window: WindowDraft = LUNCH, **changes: Any) -> Entry:
    fields: dict[str, Any] = {
        "name": "Lunch",
        "department": enterprise.department,
        "layout": enterprise.layout(),
        "where": Where(),
        "actor": enterprise.administrator,
    }
    return entry_create(window=window, now=enterprise.now, **fields | changes)


def test_an_entry_comes_back_as_it_was_sent(enterprise: Enterprise) -> None:
    assert window_of(made(enterprise)) == LUNCH


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"start": "tomorrow"}, "start", "The start is no date and time: 'tomorrow'"),
        ({"start": "2026-02-30T10:00:00"}, "start", "The start is no date and time"),
        ({"duration_s": 0}, "duration_s", "one second up to seven days"),
        ({"duration_s": 604_801}, "duration_s", "one second up to seven days"),
        ({"rrule": "FREQ=SECONDLY"}, "rrule", "The repetition is not understood"),
        ({"rrule": "every Monday"}, "rrule", "The repetition is not understood"),
        ({"days": "sunny"}, "days", "working days"),
        ({"rdates": ("2026-11-28",)}, "rdates", "This is no date and time: '2026-11-28'"),
        ({"exdates": ("2026-11-28T11:00:00",) * 401}, "exdates", "At most 400 single dates"),
    ],
)
def test_a_wrong_window_is_refused_in_the_editors_words(
    enterprise: Enterprise, changes: dict[str, Any], field: str, sentence: str
) -> None:
    window = WindowDraft(**{"start": LUNCH.start, "duration_s": 60} | changes)
    with pytest.raises(Invalid) as refused:
        made(enterprise, window)
    assert sentence in refused.value.details[field]


def test_the_second_of_two_editors_is_shown_what_the_first_changed(
    enterprise: Enterprise,
) -> None:
    entry, other = made(enterprise), enterprise.layout()
    entry_change(entry=entry, version=1, priority=20, actor=None, now=enterprise.now)
    with pytest.raises(Conflict) as refused:
        entry_change(
            entry=entry, version=1, priority=5, layout=other, actor=None, now=enterprise.now
        )
    assert refused.value.details["changes"] == {
        "priority": {"now": 20, "yours": 5},
        "layout": {"now": entry.layout_id, "yours": other.pk},
    }


def test_an_entry_is_changed_in_part(enterprise: Enterprise) -> None:
    screen = enterprise.screen()
    entry = made(enterprise, where=Where(screens=[screen.pk]))
    entry = entry_change(entry=entry, version=1, enabled=False, actor=None, now=enterprise.now)
    assert (entry.version, entry.enabled, list(entry.screens.all())) == (2, False, [screen])
    entry = entry_change(
        entry=entry, version=2, where=Where(), window=WindowDraft(start=LUNCH.start, duration_s=60),
        actor=None, now=enterprise.now,
    )  # fmt: skip
    assert (entry.rrule, entry.days, entry.screens.count()) == ("", "any", 0)
    entry_delete(entry=entry, actor=None, now=enterprise.now)
    assert not Entry.objects.exists()


def test_what_an_entry_does_not_have_is_a_mistake_of_the_caller(enterprise: Enterprise) -> None:
    with pytest.raises(TypeError, match="colour"):
        entry_change(
            entry=made(enterprise), version=1, colour="red", actor=None, now=enterprise.now
        )


def test_nobody_arranges_screens_of_another_department(enterprise: Enterprise) -> None:
    editor = enterprise.staff("editor")
    Grant.objects.create(staff=editor, department=enterprise.department, role=Role.EDITOR)
    foreign = enterprise.screen(department=Department.objects.create(name="Mine 1"))
    with pytest.raises(Invalid, match="not yours") as refused:
        made(enterprise, where=Where(screens=[foreign.pk]), actor=editor)
    assert refused.value.details == {"where": [foreign.pk]}
    assert not Entry.objects.exists()


def test_a_takeover_must_end_in_the_future(enterprise: Enterprise) -> None:
    fields: dict[str, Any] = {
        "name": "Fire drill",
        "department": enterprise.department,
        "shows": enterprise.layout(),
        "where": Where(),
        "starts_at": enterprise.now - timedelta(hours=2),
        "actor": enterprise.administrator,
        "now": enterprise.now,
    }
    with pytest.raises(Invalid, match="after now"):
        takeover_create(ends_at=enterprise.now - timedelta(hours=1), **fields)
    assert takeover_create(ends_at=enterprise.now + timedelta(hours=1), **fields).pk


def test_what_a_screen_falls_back_to_is_versioned_too(enterprise: Enterprise) -> None:
    screen, layout = enterprise.screen(), enterprise.layout()
    now = enterprise.now
    changed = screen_fallback(screen=screen, version=1, layout=layout, actor=None, now=now)
    assert (changed.default_layout, changed.version) == (layout, 2)
    with pytest.raises(Conflict):
        screen_fallback(screen=screen, version=1, layout=None, actor=None, now=now)
