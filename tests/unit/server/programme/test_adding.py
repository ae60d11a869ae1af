"""A document of which pages were picked becomes an item a page; and assets leave playlists."""

import pytest

from server.errors import Invalid, NotFound
from server.library import services as library
from server.library.models import Purpose, Rendition
from server.programme import services
from server.programme.adding import items_of
from server.programme.drafts import ItemDraft
from server.programme.models import PlaylistItem
from server.programme.taking_out import assets_take_out
from tests.simulators import server_objects as objects

pytestmark = pytest.mark.django_db
NOW = objects.NOW


@pytest.fixture
def department():
    return objects.department()


@pytest.fixture
def editor(department):
    return objects.editor(department)


@pytest.fixture
def document(department):
    made = objects.asset(department, kind="document")
    for page in range(1, 5):
        Rendition.objects.create(
            asset=made, purpose=Purpose.WALL, page=page, blob=objects.blob(), width=1, height=1
        )
    return made


def pages_of(playlist):
    return list(playlist.items.order_by("position").values_list("page", "duration_ms"))


def test_picked_pages_are_items_with_their_seconds(department, editor, document):
    library.pages_pick(asset=document, pages=[4, 2], actor=editor, now=NOW)
    playlist = objects.playlist(department)
    items = items_of(document, duration_ms=7000)
    services.playlist_append(playlist=playlist, items=items, actor=editor, now=NOW)
    assert pages_of(playlist) == [(2, 7000), (4, 7000)]


def test_adding_it_in_any_way_takes_the_picked_pages(department, editor, document):
    library.pages_pick(asset=document, pages=[1, 3], actor=editor, now=NOW)
    playlist = objects.playlist(department)
    drafts = [ItemDraft(asset=document.pk), ItemDraft(asset=document.pk, page=4)]
    services.playlist_append(playlist=playlist, items=drafts, actor=editor, now=NOW)
    assert pages_of(playlist) == [(1, None), (3, None), (4, None)]


def test_all_pages_are_one_item_that_follows_the_document(department, editor, document):
    library.pages_pick(asset=document, pages=[1, 2, 3, 4], actor=editor, now=NOW)
    assert document.picked_pages == []
    assert items_of(document) == [ItemDraft(asset=document.pk)]


@pytest.mark.parametrize("pages", [[], [5], [0]])
def test_pages_that_are_not_there_are_not_picked(editor, document, pages):
    with pytest.raises(Invalid):
        library.pages_pick(asset=document, pages=pages, actor=editor, now=NOW)


def test_a_picture_has_no_pages(department, editor):
    with pytest.raises(Invalid):
        library.pages_pick(asset=objects.asset(department), pages=[1], actor=editor, now=NOW)


def test_an_asset_leaves_all_its_playlists_in_one_go(department, editor):
    asset, other = objects.asset(department), objects.asset(department)
    first, second = (objects.playlist(department, asset, other, asset) for _ in range(2))
    gone = assets_take_out(assets=[asset], actor=editor, now=NOW)
    assert {pk: len(items) for pk, items in gone.items()} == {first.pk: 2, second.pk: 2}
    assert [each.asset for each in PlaylistItem.objects.all()] == [other, other]


def test_it_stays_everywhere_if_one_playlist_is_not_ones_own(department, editor):
    asset = objects.asset(department)
    objects.playlist(department, asset)
    objects.playlist(objects.department(), asset)
    with pytest.raises(NotFound):
        assets_take_out(assets=[asset], actor=editor, now=NOW)
    assert PlaylistItem.objects.count() == 2
