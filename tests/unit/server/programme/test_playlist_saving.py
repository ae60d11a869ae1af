"""A list that is saved as it is edited: again and again, by two at once, and never twice."""

import pytest

from server.audit.models import AuditRow
from server.errors import Invalid, NotFound
from server.programme.drafts import ItemDraft, PlaylistDraft
from server.programme.models import Playlist
from server.programme.playlist_saving import Saved, playlist_save
from server.programme.playlists import draft_of, playlist_delete
from tests.simulators.enterprise import Enterprise


class Page:
    """An editor's page: what it was made from, and what is in it now."""

    def __init__(self, enterprise: Enterprise, row: Playlist) -> None:
        self.enterprise, self.row = enterprise, row
        self.version, self.base = row.version, draft_of(row)
        self.mine = self.base

    def edit(self, *items: ItemDraft, **fields: object) -> None:
        values = {name: getattr(self.mine, name) for name in PlaylistDraft.__struct_fields__}
        self.mine = PlaylistDraft(**values | fields | ({"items": items} if items else {}))

    def save(self) -> Saved:
        return playlist_save(
            playlist=self.row, version=self.version, base=self.base, mine=self.mine,
            actor=self.enterprise.administrator, now=self.enterprise.now,
        )  # fmt: skip


@pytest.fixture
def row(enterprise: Enterprise) -> Playlist:
    return enterprise.playlist(enterprise.picture("A"), enterprise.picture("B"))


def test_it_is_saved_with_who_and_when(enterprise: Enterprise, row: Playlist) -> None:
    page = Page(enterprise, row)
    page.edit(name="Lobby, east", default_duration_ms=7000)
    saved = page.save()
    assert not saved.is_merged
    row.refresh_from_db()
    assert (row.name, row.default_duration_ms, row.version) == ("Lobby, east", 7000, 2)
    assert (row.changed_by, row.changed_at) == (enterprise.administrator, enterprise.now)


def test_saving_the_same_twice_changes_nothing_the_second_time(
    enterprise: Enterprise, row: Playlist
) -> None:
    page = Page(enterprise, row)
    new = ItemDraft(asset=enterprise.picture("C").pk, key="a-new-one")
    page.edit(*page.base.items, new)
    page.save()
    again = page.save()  # the answer was lost on its way
    assert again.clashes == ()
    assert again.playlist.version == 2
    assert [each.asset.title for each in row.items.order_by("position")] == ["A", "B", "C"]
    assert AuditRow.objects.filter(action="playlist.change").count() == 1


def test_two_pages_keep_what_both_changed(enterprise: Enterprise, row: Playlist) -> None:
    one, other = Page(enterprise, row), Page(enterprise, row)
    one.edit(*one.base.items, ItemDraft(asset=enterprise.picture("C").pk, key="from-one"))
    other.edit(*reversed(other.base.items), name="Turned")
    one.save()
    saved = other.save()
    assert saved.is_merged
    row.refresh_from_db()
    assert row.name == "Turned"
    assert [each.asset.title for each in row.items.order_by("position")] == ["B", "C", "A"]


def test_what_both_changed_differently_is_not_saved_and_both_sides_are_told(
    enterprise: Enterprise, row: Playlist
) -> None:
    one, other = Page(enterprise, row), Page(enterprise, row)
    one.edit(name="East")
    other.edit(name="West")
    one.save()
    saved = other.save()
    (clash,) = saved.clashes
    assert (clash.field, clash.mine, clash.theirs) == ("name", "West", "East")
    row.refresh_from_db()
    assert row.name == "East"
    other.base, other.version = saved.stored, saved.playlist.version
    assert other.save().clashes == ()  # they looked at both, and keep theirs
    row.refresh_from_db()
    assert row.name == "West"


def test_an_item_that_comes_back_by_undo_is_a_new_row_under_its_old_name(
    enterprise: Enterprise, row: Playlist
) -> None:
    page = Page(enterprise, row)
    first, second = page.base.items
    page.edit(second)
    saved = page.save()
    page.version, page.base = saved.playlist.version, saved.stored
    page.edit(first, second)
    back = page.save().stored.items[0]
    assert back.key == f"i{first.pk}"
    assert back.pk not in {None, first.pk}


def test_a_wrong_value_is_refused_and_nothing_is_saved(
    enterprise: Enterprise, row: Playlist
) -> None:
    page = Page(enterprise, row)
    page.edit(ItemDraft(asset=page.base.items[0].asset, key="wrong-one", duration_ms=1))
    with pytest.raises(Invalid, match="from 0"):
        page.save()
    row.refresh_from_db()
    assert (row.version, row.items.count()) == (1, 2)


def test_a_list_that_is_gone_says_so(enterprise: Enterprise, row: Playlist) -> None:
    page = Page(enterprise, row)
    page.edit(name="Too late")
    playlist_delete(playlist=row, actor=None, now=enterprise.now)
    with pytest.raises(NotFound, match="deleted meanwhile"):
        page.save()
