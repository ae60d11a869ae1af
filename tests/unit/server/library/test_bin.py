"""Nothing is deleted while in use; what is deleted lies in the bin, and comes back as it was."""

from datetime import timedelta

import pytest

from server.errors import Conflict
from server.library import services
from server.library.assets import BIN_KEEPS, bin_empty
from server.library.models import Asset, AssetState, Blob
from server.library.orphans import orphans_collect
from tests.simulators import server_objects as objects
from tests.simulators.library import Library


def test_the_bin_hides_an_asset_and_gives_it_back(library: Library) -> None:
    asset = objects.asset(library.department)
    who = {"asset": asset, "actor": library.editor, "now": library.now}
    services.asset_delete(**who)
    assert not Asset.objects.exists()
    services.asset_delete(**who)  # twice is once
    back = services.asset_undelete(**who)
    assert list(Asset.objects.all()) == [back]
    assert (back.state, back.renditions.count()) == (AssetState.READY, 1)
    with pytest.raises(Conflict):
        services.asset_undelete(**who)


def test_what_was_not_ready_is_made_ready_when_it_comes_back(library: Library) -> None:
    asset = library.upload(b"GIF89a")
    services.asset_delete(asset=asset, actor=library.editor, now=library.now)
    assert library.tasks(asset) == 1
    services.asset_undelete(asset=asset, actor=library.editor, now=library.now)
    assert library.tasks(asset) == 2


def test_the_files_of_the_bin_stay_until_it_is_emptied(library: Library) -> None:
    asset = library.upload(b"GIF89a in the bin")
    services.asset_delete(asset=asset, actor=library.editor, now=library.now)
    library.clock.move(days=29)
    assert (bin_empty(now=library.now), orphans_collect(now=library.now)) == (0, 0)
    assert Blob.objects.exists()
    library.clock.move(days=BIN_KEEPS.days - 28)
    assert bin_empty(now=library.now) == 1
    assert orphans_collect(now=library.now + timedelta(days=1)) == 1


def test_a_refusal_counts_what_one_may_not_see_and_does_not_name_it(library: Library) -> None:
    asset, elsewhere = objects.asset(library.department), objects.department()
    hidden = objects.playlist(elsewhere, asset)
    mine = objects.playlist(library.department, asset)
    with pytest.raises(Conflict) as refused:
        services.asset_delete(asset=asset, actor=library.editor, now=library.now)
    assert mine.name in refused.value.message
    assert hidden.name not in str(refused.value.as_json())
    assert "1 in other departments" in refused.value.message
    assert refused.value.details["elsewhere"] == 1
