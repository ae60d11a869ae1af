"""Two editors never overwrite one another, and what cannot be shown is said in their words."""

import threading
from typing import Any

import pytest
from django.db import connection

from server.accounts.models import Department, Grant, Role, Staff
from server.audit.models import AuditRow
from server.errors import Conflict, Forbidden, Invalid, NotFound
from server.library.models import AssetState
from server.programme.drafts import ItemDraft
from server.programme.models import Playlist
from server.programme.playlists import drafts_of
from server.programme.services import (
    playlist_append,
    playlist_change,
    playlist_create,
    playlist_delete,
)
from tests.simulators.enterprise import Enterprise


def made(enterprise: Enterprise, *titles: str, name: str = "Canteen") -> Playlist:
    items = [ItemDraft(asset=enterprise.picture(title).pk) for title in titles]
    return playlist_create(
        name=name,
        department=enterprise.department,
        items=items,
        actor=enterprise.administrator,
        now=enterprise.now,
    )


def titles(playlist: Playlist) -> list[str]:
    return [item.asset.title for item in playlist.items.order_by("position")]


def change(enterprise: Enterprise, playlist: Playlist, **changes: Any) -> Playlist:
    fields = {"version": playlist.version, "actor": enterprise.administrator} | changes
    return playlist_change(playlist=playlist, now=enterprise.now, **fields)


def test_an_item_that_is_moved_stays_the_same_item(enterprise: Enterprise) -> None:
    playlist = made(enterprise, "A", "B", "C")
    before = drafts_of(playlist)
    after = change(enterprise, playlist, items=[before[2], before[0], before[1]])
    assert titles(after) == ["C", "A", "B"]
    assert [each.pk for each in drafts_of(after)] == [before[n].pk for n in (2, 0, 1)]
    assert after.version == playlist.version + 1


def test_the_second_of_two_editors_is_shown_what_the_first_changed(
    enterprise: Enterprise,
) -> None:
    playlist = made(enterprise, "A", "B")
    mine = drafts_of(playlist)
    change(enterprise, playlist, name="Canteen, floor 2", items=mine[:1])
    with pytest.raises(Conflict, match="compare the two") as refused:
        change(enterprise, playlist, name="Canteen, east", items=mine)
    details = refused.value.details
    assert details["version"] == 2
    assert details["changes"]["name"] == {"now": "Canteen, floor 2", "yours": "Canteen, east"}
    assert len(details["changes"]["items"]["now"]) == 1
    assert len(details["changes"]["items"]["yours"]) == 2
    playlist.refresh_from_db()
    assert (playlist.name, titles(playlist)) == ("Canteen, floor 2", ["A"])


def test_what_is_added_at_the_end_waits_for_no_version(enterprise: Enterprise) -> None:
    playlist = made(enterprise, "A")
    for title in ("B", "C"):
        draft = ItemDraft(asset=enterprise.picture(title).pk)
        playlist_append(playlist=playlist, items=[draft], actor=None, now=enterprise.now)
    assert titles(playlist) == ["A", "B", "C"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"duration_ms": 50}, "Item 1: show it from 0.1 seconds up to 24 hours."),
        ({"duration_ms": 86_400_001}, "Item 1: show it from 0.1 seconds up to 24 hours."),
        ({"weight": 21}, "Item 1: it comes 1 to 20 times a round."),
        ({"fit": "squeeze"}, "Item 1: fit is contain, cover or stretch."),
        ({"transition": "spin"}, "Item 1: the transition is cut, fade or slide."),
        ({"transition_ms": 60_001}, "Item 1: a transition takes up to 60 seconds."),
        ({"asset": 999_999}, "Item 1: there is no such asset."),
        ({"page": 2}, "has no pages."),
        ({"pk": 999_999}, "Item 1: it is an item of another playlist."),
    ],
)
def test_a_wrong_item_is_refused_in_the_editors_words(
    enterprise: Enterprise, changes: dict[str, Any], sentence: str
) -> None:
    playlist = made(enterprise, "A")
    draft = ItemDraft(**{"asset": enterprise.picture("B").pk} | changes)
    with pytest.raises(Invalid) as refused:
        change(enterprise, playlist, items=[draft])
    assert sentence in str(refused.value)
    assert "items.1" in refused.value.details
    playlist.refresh_from_db()
    assert (playlist.version, titles(playlist)) == (1, ["A"])


def test_every_mistake_is_named_at_once(enterprise: Enterprise) -> None:
    asset = enterprise.picture().pk
    drafts = [ItemDraft(asset=asset, weight=0), ItemDraft(asset=asset, duration_ms=1)]
    with pytest.raises(Invalid) as refused:
        playlist_create(
            name="X", department=enterprise.department, items=drafts, actor=None, now=enterprise.now
        )
    assert refused.value.details.keys() == {"items.1", "items.2"}


def test_more_items_than_a_manifest_can_hold_are_refused_by_name(enterprise: Enterprise) -> None:
    drafts = [ItemDraft(asset=1)] * 10_001
    with pytest.raises(Invalid, match="at most 10000 items"):
        playlist_create(
            name="X", department=enterprise.department, items=drafts, actor=None, now=enterprise.now
        )


def test_what_was_taken_down_can_stay_but_not_be_added(enterprise: Enterprise) -> None:
    playlist = made(enterprise, "A")
    asset = playlist.items.get().asset
    asset.state = AssetState.WITHDRAWN
    asset.save()
    assert change(enterprise, playlist, name="Kept").name == "Kept"
    other = made(enterprise, name="Other")
    with pytest.raises(Invalid, match="taken down"):
        change(enterprise, other, items=[ItemDraft(asset=asset.pk)])


def test_a_playlist_that_a_zone_plays_is_not_deleted(enterprise: Enterprise) -> None:
    playlist = made(enterprise, "A")
    layout = enterprise.layout(playlist)
    with pytest.raises(Conflict, match=layout.name):
        playlist_delete(playlist=playlist, actor=None, now=enterprise.now)
    layout.zones.all().delete()
    playlist_delete(playlist=playlist, actor=None, now=enterprise.now)
    with pytest.raises(NotFound, match="deleted meanwhile"):
        change(enterprise, playlist, name="Y")


def test_only_who_arranges_there_may_change_it(enterprise: Enterprise) -> None:
    playlist = made(enterprise, "A")
    reviewer = enterprise.staff("reviewer", Role.REVIEWER_1)
    with pytest.raises(Forbidden):
        change(enterprise, playlist, name="Mine", actor=reviewer)
    elsewhere: Staff = enterprise.staff("elsewhere")
    other = Department.objects.create(name="Mine 1")
    Grant.objects.create(staff=elsewhere, department=other, role=Role.EDITOR)
    with pytest.raises(NotFound):
        change(enterprise, playlist, name="Mine", actor=elsewhere)


def test_every_change_is_in_the_audit(enterprise: Enterprise) -> None:
    playlist = made(enterprise, "A")
    change(enterprise, playlist, name="B")
    playlist_delete(playlist=playlist, actor=enterprise.administrator, now=enterprise.now)
    acts = AuditRow.objects.filter(subject_kind="programme.playlist").order_by("number")
    assert [row.action for row in acts] == ["playlist.create", "playlist.change", "playlist.delete"]
    assert {row.actor for row in acts} == {"administrator"}


@pytest.mark.django_db(transaction=True)
def test_of_editors_who_save_at_the_same_moment_one_wins(enterprise: Enterprise) -> None:
    playlist = made(enterprise, "A")
    outcomes: list[str] = []
    start = threading.Barrier(4)

    def save(name: str) -> None:
        start.wait()
        try:
            outcomes.append(change(enterprise, playlist, name=name).name)
        except Conflict:
            outcomes.append("refused")
        finally:
            connection.close()

    editors = [
        threading.Thread(target=save, args=(f"Name {n}",), name=f"editor-{n}") for n in range(4)
    ]
    for editor in editors:
        editor.start()
    for editor in editors:
        editor.join()
    assert outcomes.count("refused") == 3
    playlist.refresh_from_db()
    assert playlist.name in outcomes
