"""Another file in the place of an asset's: everywhere, at once, and back again."""

import pytest

from server.errors import Conflict, Invalid, NotFound
from server.library import services
from server.library.models import Asset, AssetState, Purpose, Rendition
from tests.simulators import server_objects as objects
from tests.simulators.library import Library


def wall_of(asset: Asset) -> str:
    return str(asset.renditions.get(purpose=Purpose.WALL).blob_id)


def test_the_new_file_takes_the_place_and_the_old_one_can_come_back(library: Library) -> None:
    asset = objects.asset(library.department, title="Menu", original_name="week1.png")
    playlist = objects.playlist(library.department, asset)
    new = objects.asset(library.department, replaces=asset, original_name="week2.png")
    before, after = wall_of(asset), wall_of(new)
    who = {"actor": library.editor, "now": library.now}
    services.asset_replace(asset=asset, by=new, **who)
    asset.refresh_from_db()
    assert (asset.title, asset.original_name, wall_of(asset)) == ("Menu", "week2.png", after)
    assert playlist.items.get().asset == asset
    assert list(Asset.objects.all()) == [asset], "the new file is used up, the old in the bin"
    former = Asset.with_bin.get(former_of=asset)
    assert (former.original_name, wall_of(former)) == ("week1.png", before)
    services.asset_replace(asset=asset, by=former, **who)
    assert wall_of(asset) == before
    assert wall_of(Asset.with_bin.get(former_of=asset)) == after


def test_who_brought_the_file_counts_as_its_author(library: Library) -> None:
    other = objects.editor(library.department)
    asset = objects.asset(library.department, by=library.editor)
    new = objects.asset(library.department, by=other, replaces=asset)
    services.asset_replace(asset=asset, by=new, actor=library.editor, now=library.now)
    asset.refresh_from_db()
    assert asset.uploaded_by == other


def test_a_file_that_is_not_ready_takes_no_place(library: Library) -> None:
    asset = objects.asset(library.department)
    before = wall_of(asset)
    who = {"actor": library.editor, "now": library.now}
    unready = objects.asset(library.department, replaces=asset, state=AssetState.PROCESSING)
    with pytest.raises(Conflict):
        services.asset_replace(asset=asset, by=unready, **who)
    card = objects.asset(library.department, kind="card", original=None)
    with pytest.raises(Invalid):
        services.asset_replace(asset=asset, by=card, **who)
    theirs = objects.asset(objects.department())
    with pytest.raises(NotFound):
        services.asset_replace(asset=asset, by=theirs, **who)
    stranger = objects.asset(library.department, deleted_at=library.now)
    with pytest.raises(Conflict):
        services.asset_replace(asset=asset, by=stranger, **who)
    assert wall_of(asset) == before


def test_an_asset_that_stays_keeps_its_own_file(library: Library) -> None:
    asset, other = objects.asset(library.department), objects.asset(library.department)
    services.asset_replace(asset=asset, by=other, actor=library.editor, now=library.now)
    assert wall_of(asset) == wall_of(other)


def test_picked_pages_that_are_gone_are_not_picked_any_more(library: Library) -> None:
    asset = objects.asset(library.department, kind="document", picked_pages=[1, 3])
    new = objects.asset(library.department, kind="document", replaces=asset)
    for document, pages in ((asset, 3), (new, 2)):
        for page in range(1, pages + 1):
            Rendition.objects.create(
                asset=document, purpose=Purpose.WALL, page=page, blob=objects.blob(), width=1,
                height=1,
            )  # fmt: skip
    services.asset_replace(asset=asset, by=new, actor=library.editor, now=library.now)
    asset.refresh_from_db()
    assert asset.picked_pages == [1]
