"""Layouts are arranged in pixels of their canvas, and nothing that is shown is pulled away."""

from typing import Any

import pytest

from manifest.model import Canvas
from server.errors import Conflict, Invalid
from server.programme.drafts import ZoneDraft
from server.programme.layouts import zones_of
from server.programme.models import Layout
from server.programme.services import layout_change, layout_create, layout_delete
from tests.simulators.enterprise import Enterprise


def a_zone(enterprise: Enterprise, slug: str = "main", **changes: Any) -> ZoneDraft:
    fields: dict[str, Any] = {"x": 0, "y": 0, "width": 1920, "height": 1080}
    fields["playlist"] = changes.pop("playlist", None) or enterprise.playlist().pk
    return ZoneDraft(slug=slug, **fields | changes)


def made(enterprise: Enterprise, *zones: ZoneDraft) -> Layout:
    return layout_create(
        name="Lobby",
        department=enterprise.department,
        zones=zones,
        actor=enterprise.administrator,
        now=enterprise.now,
    )


def test_a_layout_comes_back_as_it_was_sent(enterprise: Enterprise) -> None:
    main = a_zone(enterprise, height=980)
    ticker = a_zone(enterprise, "ticker", y=980, height=100, z=1)
    assert zones_of(made(enterprise, main, ticker)) == [main, ticker]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"width": 1921}, "leaves the screen of 1920 x 1080"),
        ({"y": 1}, "leaves the screen"),
        ({"width": 0}, "has no area"),
        ({"x": -1}, "has no area"),
        ({"playlist": 999_999}, "has no playlist"),
    ],
)
def test_a_wrong_zone_is_refused_in_the_editors_words(
    enterprise: Enterprise, changes: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Invalid, match=sentence) as refused:
        made(enterprise, a_zone(enterprise, **changes))
    assert list(refused.value.details) == ["zones.main"]
    assert not Layout.objects.filter(name="Lobby").exists()


def test_two_zones_of_one_name_are_refused(enterprise: Enterprise) -> None:
    with pytest.raises(Invalid, match="Two zones are called “main”"):
        made(enterprise, a_zone(enterprise), a_zone(enterprise))


def test_a_colour_that_is_none_is_refused_by_field(enterprise: Enterprise) -> None:
    layout = made(enterprise)
    with pytest.raises(Invalid) as refused:
        layout_change(layout=layout, version=1, background="red", actor=None, now=enterprise.now)
    assert list(refused.value.details) == ["background"]


def test_a_smaller_canvas_must_hold_the_zones_that_are_there(enterprise: Enterprise) -> None:
    layout = made(enterprise, a_zone(enterprise))
    with pytest.raises(Invalid, match="1280 x 720"):
        layout_change(
            layout=layout, version=1, canvas=Canvas(1280, 720), actor=None, now=enterprise.now
        )


def test_the_second_of_two_editors_is_shown_what_the_first_changed(
    enterprise: Enterprise,
) -> None:
    layout = made(enterprise, a_zone(enterprise))
    layout_change(layout=layout, version=1, zones=[], actor=None, now=enterprise.now)
    with pytest.raises(Conflict) as refused:
        layout_change(
            layout=layout, version=1, background="#ffffff", actor=None, now=enterprise.now
        )
    assert refused.value.details == {
        "version": 2,
        "changes": {"background": {"now": "#101820", "yours": "#ffffff"}},
    }


def test_a_layout_that_is_shown_is_not_deleted(enterprise: Enterprise) -> None:
    layout = made(enterprise)
    screen, entry = enterprise.screen(layout), enterprise.entry(layout)
    with pytest.raises(Conflict) as refused:
        layout_delete(layout=layout, actor=None, now=enterprise.now)
    assert set(refused.value.details["used"]) == {screen.name, entry.name}
