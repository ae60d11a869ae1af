"""Publishing keeps the period of a public notice, and its share of every hour."""

from datetime import date, timedelta
from typing import Any

import pytest

from server.accounts.models import Role
from server.audit.models import AuditRow
from server.errors import Conflict, Invalid, RightMissing
from server.library.models import Asset, AssetKind, AssetState
from server.programme.models import PlaylistItem
from server.publishing.errors import NoticeBinds
from server.publishing.models import NoticeEnd
from server.publishing.notices import Period, end_notice, period_of
from server.publishing.services import publish, take_down, undo
from server.screens.models import Screen
from tests.simulators.enterprise import NOW, Enterprise
from tests.simulators.reviewers import Reviewing

TODAY = NOW.date()


def a_notice(enterprise: Enterprise, **changes: Any) -> Asset:
    notice = enterprise.card("公示")
    notice.content = {"template": "public-notice", "blobs": {}, "data": {
        "title": "公示", "body": "接受监督。", "issuer": "组织部", "date": str(TODAY),
        "first": str(TODAY), "last": str(TODAY + timedelta(days=6)), "contact": "纪委",
    } | changes}  # fmt: skip
    notice.save()
    return notice


def told(enterprise: Enterprise, screen: Screen, **kwargs: Any) -> Any:
    now = enterprise.later()
    return publish(screens=[screen], actor=None, reason="", now=now, **kwargs)


@pytest.fixture
def notice(enterprise: Enterprise) -> Asset:
    return a_notice(enterprise)


@pytest.fixture
def screen(enterprise: Enterprise, notice: Asset) -> Screen:
    screen = enterprise.lobby(notice, enterprise.picture())
    assert told(enterprise, screen)
    return screen


def take_out(asset: Asset) -> None:
    PlaylistItem.objects.filter(asset=asset).delete()


def rewrite(notice: Asset, **changes: Any) -> None:
    notice.content["data"] |= changes
    notice.save()


def test_it_cannot_be_taken_out(enterprise: Enterprise, screen: Screen, notice: Asset) -> None:
    take_out(notice)
    with pytest.raises(NoticeBinds, match=f"stands on {screen.name} until 2026-12-30: leave it"):
        told(enterprise, screen)


@pytest.mark.parametrize(
    "changes",
    [{"last": str(TODAY + timedelta(days=5))}, {"body": "又一版。"}, {"minutes_per_hour": 1},
     {"contact": "别处"}],
)  # fmt: skip
def test_it_cannot_be_shortened_or_rewritten(
    enterprise: Enterprise, screen: Screen, notice: Asset, changes: dict[str, Any]
) -> None:
    rewrite(notice, **changes)
    with pytest.raises(NoticeBinds, match="leave it there unchanged"):
        told(enterprise, screen)


def test_it_can_be_prolonged(enterprise: Enterprise, screen: Screen, notice: Asset) -> None:
    rewrite(notice, last=str(TODAY + timedelta(days=9)), minutes_per_hour=10)
    assert told(enterprise, screen)


def test_it_is_free_when_its_period_is_over(
    enterprise: Enterprise, screen: Screen, notice: Asset
) -> None:
    take_out(notice)
    enterprise.later(timedelta(days=7))
    assert told(enterprise, screen)


def test_no_other_way_of_publishing_passes_by(
    enterprise: Enterprise, screen: Screen, notice: Asset
) -> None:
    reviewer = enterprise.staff("reviewer", Role.REVIEWER_3)
    with pytest.raises(NoticeBinds):
        take_down(asset=notice, actor=reviewer, reason="wrong", now=enterprise.later())
    notice.refresh_from_db()
    assert notice.state == AssetState.READY, "the whole act was taken back"
    earlier = enterprise.lobby()
    first = told(enterprise, earlier)
    layout = screen.default_layout
    Screen.objects.filter(pk=earlier.pk).update(default_layout=layout)
    assert told(enterprise, earlier)
    with pytest.raises(NoticeBinds):
        undo(release=first, actor=None, reason="", now=enterprise.later())


def test_a_take_down_of_something_else_asks_for_no_share(
    enterprise: Enterprise, screen: Screen, notice: Asset
) -> None:
    other = Asset.objects.get(kind=AssetKind.IMAGE)
    assert take_down(asset=other, actor=None, reason="wrong", now=enterprise.later())


def test_an_hour_without_its_share_is_named(enterprise: Enterprise) -> None:
    film = enterprise.video(duration_ms=1_200_000)
    screen = enterprise.lobby(a_notice(enterprise), film)
    with pytest.raises(
        NoticeBinds, match=r"would have 0 of the 3 minutes .* from 2026-12-24 17:00"
    ):
        told(enterprise, screen)


def test_an_item_that_ends_before_the_period_is_found(enterprise: Enterprise) -> None:
    notice = a_notice(enterprise)
    screen = enterprise.lobby(notice, enterprise.picture())
    until = NOW + timedelta(days=3)
    PlaylistItem.objects.filter(asset=notice).update(valid_until=until)
    with pytest.raises(NoticeBinds, match=r"from 2026-12-2[78]"):
        told(enterprise, screen)


def test_an_administrator_ends_it_with_a_reason(
    enterprise: Enterprise, screen: Screen, notice: Asset
) -> None:
    now, administrator = enterprise.later(), enterprise.administrator
    editor = enterprise.staff("editor", Role.EDITOR)
    with pytest.raises(RightMissing):
        end_notice(asset=notice, reason="x", actor=editor, now=now)
    with pytest.raises(Invalid, match="Say why"):
        end_notice(asset=notice, reason=" ", actor=administrator, now=now)
    end_notice(asset=notice, reason="收到有效异议", actor=administrator, now=now)
    with pytest.raises(Conflict, match="ended already"):
        end_notice(asset=notice, reason="x", actor=administrator, now=now)
    row = AuditRow.objects.get(action="public-notice.end")
    assert (row.detail["reason"], row.actor) == ("收到有效异议", "administrator")
    assert NoticeEnd.objects.get().asset == notice.pk
    take_out(notice)
    assert told(enterprise, screen)


def test_nobody_reviews_in_vain_what_it_forbids(
    enterprise: Enterprise, screen: Screen, notice: Asset
) -> None:
    reviewing = Reviewing(enterprise)
    take_out(notice)
    with pytest.raises(NoticeBinds, match="leave it there unchanged"):
        reviewing.submit(screen)


def test_its_period_is_told_and_how_it_ended(enterprise: Enterprise, notice: Asset) -> None:
    assert period_of(enterprise.picture()) is None
    period = period_of(notice)
    assert period == Period(TODAY, TODAY + timedelta(days=6), 3, None)
    made = end_notice(asset=notice, reason="异议", actor=enterprise.administrator, now=NOW)
    ended = period_of(notice)
    assert ended is not None
    assert ended.ended == made


def test_only_a_public_notice_can_be_ended(enterprise: Enterprise) -> None:
    with pytest.raises(Invalid, match="is no public notice"):
        end_notice(
            asset=enterprise.picture("Map"), reason="x", actor=enterprise.administrator, now=NOW
        )


def test_the_period_of_the_tests_is_not_over() -> None:
    assert date(2026, 12, 24) == TODAY
