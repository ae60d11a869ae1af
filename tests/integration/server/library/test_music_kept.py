"""Music that was uploaded: a card with its track and its length, which keeps its volume."""

import pytest

from server.library import services
from server.library.authored import card_change
from server.library.models import Asset, AssetKind, AssetState
from server.programme.adding import items_of
from tests.simulators.clips import ffmpeg
from tests.simulators.library import Library


@pytest.fixture
def tune(tmp_path):
    path = tmp_path / "morning.mp3"
    ffmpeg("-f", "lavfi", "-i", "sine=duration=3", str(path))
    return path


def test_an_uploaded_tune_becomes_a_card_that_is_heard(library: Library, tune) -> None:
    asset = library.prepare(library.upload_file(tune))
    assert (asset.state, asset.kind, asset.kind_told) == (AssetState.READY, AssetKind.CARD, "music")
    assert asset.content["template"] == "music"
    assert asset.content["blobs"]["track"]["mime"] == "audio/mp4"
    assert asset.source_ms == pytest.approx(3000, abs=100)
    assert [each.duration_ms for each in items_of(asset)] == [asset.source_ms]
    assert [each.duration_ms for each in items_of(asset, 9000)] == [9000]


def test_a_new_file_keeps_the_volume_that_was_chosen(library: Library, tune) -> None:
    asset = library.prepare(library.upload_file(tune))
    who = {"actor": library.editor, "now": library.now}
    card_change(asset=asset, version=asset.version, data={"volume": 25}, **who)
    new = library.prepare(library.upload_file(tune))
    before = asset.content["blobs"]
    services.asset_replace(asset=asset, by=new, **who)
    asset.refresh_from_db()
    assert asset.content["data"] == {"volume": 25}
    assert asset.content["blobs"] == before, "the same bytes"
    former = Asset.with_bin.get(former_of=asset)
    assert former.is_music
