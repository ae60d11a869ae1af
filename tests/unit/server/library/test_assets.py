"""What editors do with assets: withdraw, bring back, try again, delete; and who may not."""

import pytest

from server.audit.models import AuditRow
from server.errors import Conflict, Forbidden
from server.library import services
from server.library.models import Asset, AssetState
from tests.simulators import server_objects
from tests.simulators.library import Library


def test_withdrawing_is_one_act_however_often_and_can_be_undone(library: Library) -> None:
    asset = server_objects.asset(library.department)
    actor = server_objects.staff("reviewer-1", of=library.department)
    for _time in range(2):
        services.asset_withdraw(asset=asset, actor=actor, reason="wrong date", now=library.now)
    assert (asset.state, asset.withdrawn_at) == (AssetState.WITHDRAWN, library.now)
    assert [row.action for row in AuditRow.objects.all()] == ["asset.withdraw"]
    services.asset_restore(asset=asset, actor=actor, now=library.now)
    assert (asset.state, asset.withdrawn_at) == (AssetState.READY, None)
    with pytest.raises(Conflict):
        services.asset_restore(asset=asset, actor=actor, now=library.now)


def test_an_editor_cannot_take_down(library: Library) -> None:
    asset = server_objects.asset(library.department)
    with pytest.raises(Forbidden):
        services.asset_withdraw(asset=asset, actor=library.editor, reason="", now=library.now)
    asset.refresh_from_db()
    assert asset.state == AssetState.READY


def test_a_failed_asset_can_be_tried_again_and_an_unfinished_one_not(library: Library) -> None:
    asset = library.upload(b"GIF89a")
    with pytest.raises(Conflict):
        services.asset_retry(asset=asset, actor=library.editor, now=library.now)
    Asset.objects.filter(pk=asset.pk).update(
        state=AssetState.FAILED, failure_code="TOOL_MISSING", attempts=3
    )
    services.asset_retry(asset=asset, actor=library.editor, now=library.now)
    assert (asset.state, asset.attempts, asset.failure_code) == (AssetState.RECEIVED, 0, "")
    assert library.tasks(asset) == 2


def test_what_is_in_use_is_not_deleted_and_says_where(library: Library) -> None:
    asset = server_objects.asset(library.department)
    playlist = server_objects.playlist(library.department, asset)
    with pytest.raises(Conflict) as refused:
        services.asset_delete(asset=asset, actor=library.editor, now=library.now)
    assert refused.value.reason_code == "ASSET_IN_USE"
    assert playlist.name in refused.value.message
    uses = refused.value.details["uses"]
    assert {"kind": "playlist", "key": playlist.pk, "name": playlist.name} in uses
    playlist.items.all().delete()
    services.asset_delete(asset=asset, actor=library.editor, now=library.now)
    assert not Asset.objects.exists()
    assert AuditRow.objects.get().action == "asset.delete"


def test_a_stream_holds_its_stand_in(library: Library) -> None:
    stand_in = server_objects.asset(library.department)
    stream = server_objects.asset(
        library.department, kind="stream", original=None, content={"fallback": stand_in.pk}
    )
    with pytest.raises(Conflict, match=stream.title):
        services.asset_delete(asset=stand_in, actor=library.editor, now=library.now)
