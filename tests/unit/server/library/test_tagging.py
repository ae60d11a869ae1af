"""Tags, titles, departments, last days: what is said of assets, and by whom it may be."""

from datetime import timedelta

import pytest

from server.audit.models import AuditRow
from server.errors import Conflict, Forbidden, Invalid, NotFound
from server.library import services
from server.library.models import Asset
from server.library.tagging import tagged, tags_among
from tests.simulators import server_objects as objects
from tests.simulators.library import Library


def test_tags_are_tidy_and_found(library: Library) -> None:
    asset = objects.asset(library.department, title="Poster")
    who = {"actor": library.editor, "now": library.now}
    services.tags_change(assets=[asset], add=[" 安全  生产 ", "安全 生产", ""], **who)
    assert tagged(asset) == ["安全 生产"]
    asset.refresh_from_db()
    assert "aq sc" in asset.search
    services.tags_change(assets=[asset], remove=["安全 生产"], **who)
    asset.refresh_from_db()
    assert tagged(asset) == []
    assert "aq" not in asset.search
    assert [row.action for row in AuditRow.objects.all()] == ["asset.tag", "asset.tag"]


@pytest.mark.parametrize("words", [["x" * 41], [str(n) for n in range(21)]])
def test_too_much_is_refused_and_nothing_is_changed(library: Library, words: list[str]) -> None:
    asset = objects.asset(library.department)
    with pytest.raises(Invalid):
        services.tags_change(assets=[asset], add=words, actor=library.editor, now=library.now)
    assert tagged(asset) == []


def test_several_assets_are_changed_together_or_not_at_all(library: Library) -> None:
    mine, theirs = objects.asset(library.department), objects.asset(objects.department())
    with pytest.raises(NotFound):
        services.tags_change(
            assets=[mine, theirs], add=["x"], actor=library.editor, now=library.now
        )
    assert tagged(mine) == []


def test_a_tag_is_renamed_where_one_may_and_put_together_with_another(library: Library) -> None:
    both, one = objects.asset(library.department), objects.asset(library.department)
    theirs = objects.asset(objects.department())
    boss = objects.administrator()
    services.tags_change(assets=[both, one, theirs], add=["old"], actor=boss, now=library.now)
    services.tags_change(assets=[both], add=["new"], actor=boss, now=library.now)
    renamed = services.tag_rename(name="old", to="new", actor=library.editor, now=library.now)
    assert renamed == 2
    assert (tagged(both), tagged(one), tagged(theirs)) == (["new"], ["new"], ["old"])
    with pytest.raises(NotFound):
        services.tag_rename(name="old", to="x", actor=library.editor, now=library.now)
    assert tags_among(Asset.objects.filter(department=library.department)) == [("new", 2)]


def test_two_who_change_the_same_thing_see_each_other(library: Library) -> None:
    asset = objects.asset(library.department, title="Old")
    who = {"asset": asset, "actor": library.editor, "now": library.now}
    services.asset_change(version=1, title="First", tags=["a"], **who)
    with pytest.raises(Conflict) as refused:
        services.asset_change(version=1, title="Second", tags=["a"], **who)
    assert refused.value.details["changes"] == {"title": {"now": "First", "yours": "Second"}}
    again = services.asset_change(version=1, title="First", tags=["a"], **who)
    assert again.title == "First", "who saves the same is not in the way"
    with pytest.raises(Invalid):
        services.asset_change(version=3, title="  ", **who)


def test_an_asset_goes_to_a_department_where_one_may_upload(library: Library) -> None:
    asset, other = objects.asset(library.department), objects.department()
    with pytest.raises(NotFound):
        services.assets_move(
            assets=[asset], department=other, actor=library.editor, now=library.now
        )
    boss = objects.administrator()
    services.assets_move(assets=[asset], department=other, actor=boss, now=library.now)
    asset.refresh_from_db()
    assert asset.department == other


def test_a_last_day_is_set_and_taken_away(library: Library) -> None:
    asset, until = objects.asset(library.department), library.now + timedelta(days=3)
    who = {"assets": [asset], "actor": library.editor, "now": library.now}
    services.assets_expire(valid_until=until, **who)
    asset.refresh_from_db()
    assert asset.valid_until == until
    services.assets_expire(valid_until=None, **who)
    asset.refresh_from_db()
    assert asset.valid_until is None


def test_whoever_may_only_look_changes_nothing(library: Library) -> None:
    asset = objects.asset(library.department)
    auditor = objects.staff("auditor", of=library.department)
    with pytest.raises(Forbidden):
        services.tags_change(assets=[asset], add=["x"], actor=auditor, now=library.now)
    with pytest.raises(Forbidden):
        services.assets_expire(assets=[asset], valid_until=None, actor=auditor, now=library.now)
