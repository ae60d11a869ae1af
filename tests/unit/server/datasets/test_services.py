"""Versions never change, bad rows change nothing, the walls follow by review or by trust."""

from typing import TYPE_CHECKING, Any

import pytest

from manifest.model import CardAsset
from server.accounts.models import Role
from server.alerts.models import Message
from server.audit.models import AuditRow
from server.audit.selectors import verify_chain
from server.datasets import fed_cards, services, trust, versions
from server.datasets.columns import Column, Kind
from server.datasets.errors import CellsRefused
from server.datasets.models import Dataset, DatasetVersion, FedCard
from server.datasets.tables import rows_typed
from server.errors import Conflict, Forbidden, Invalid
from server.library.services import card_change
from server.publishing.amend import body_in
from server.publishing.fed_release import publish_owed
from server.publishing.models import Publication, Release
from server.publishing.selectors import payload_in
from server.publishing.services import publish
from server.review.errors import NotReviewed

if TYPE_CHECKING:
    from tests.simulators.enterprise import Enterprise
    from tests.simulators.reviewers import Reviewing

COLUMNS = (Column("line", "提示", Kind.TEXT), Column("n", "数量", Kind.WHOLE))
GRID = DatasetVersion.Origin.GRID


class Canteen:
    """A data set of lines, an editor of it, and a screen whose playlist has the card it fills."""

    def __init__(self, enterprise: "Enterprise") -> None:
        self.enterprise = enterprise
        self.editor = enterprise.staff("lines", Role.EDITOR)
        self.dataset = services.dataset_create(
            name="提示", columns=COLUMNS, department=enterprise.department, actor=self.editor,
            now=enterprise.now,
        )  # fmt: skip
        self.put("小心地滑")
        self.card = fed_cards.card_bind(
            dataset=self.dataset, title="今日提示", template="ticker",
            mapping={"messages": "line"}, fixed={"label": "提示"},
            department=enterprise.department, actor=self.editor, now=enterprise.now,
        )  # fmt: skip
        self.screen = enterprise.lobby()
        assert self.screen.default_layout is not None
        enterprise.add(self.screen.default_layout.zones.get().playlist, self.card)

    def put(self, *lines: str, **more: Any) -> DatasetVersion:
        rows = rows_typed([{"line": each} for each in lines], COLUMNS)
        self.dataset.refresh_from_db()
        return versions.rows_put(
            dataset=self.dataset, rows=rows, origin=GRID,
            **{"actor": self.editor, "now": self.enterprise.later()} | more,
        )  # fmt: skip

    def shown(self) -> tuple[str, ...]:
        """What the card says on the wall."""
        payload = payload_in(Publication.objects.filter(screen=self.screen)[0].envelope)
        asset = body_in(payload).manifest.assets[f"a{self.card.pk}"]
        assert isinstance(asset, CardAsset)
        return tuple(asset.data["messages"])


@pytest.fixture
def canteen(enterprise):
    return Canteen(enterprise)


def published(canteen):
    return publish(screens=[canteen.screen], actor=None, reason="", now=canteen.enterprise.later())


def test_a_version_is_who_when_and_from_where_and_is_never_changed(canteen):
    made = canteen.put("请走侧门")
    assert (made.number, made.by, made.origin, made.row_count) == (2, canteen.editor, "grid", 1)
    with pytest.raises(AssertionError):
        made.save()
    assert canteen.put("请走侧门").number == 2, "the same rows are no new version"


def test_a_bad_cell_changes_nothing(canteen):
    with pytest.raises(CellsRefused) as refused:
        versions.rows_put(
            dataset=canteen.dataset, rows=rows_typed([{"line": "x", "n": "many"}], COLUMNS),
            origin=GRID, actor=canteen.editor, now=canteen.enterprise.now,
        )  # fmt: skip
    assert refused.value.details["faults"][0]["address"] == "B1"
    assert Dataset.objects.get().version == 1


def test_whoever_was_slower_is_told_who_was_faster(canteen):
    canteen.put("请走侧门", version=1)
    with pytest.raises(Conflict, match="Lines"):
        canteen.put("请走正门", version=1)


def test_the_card_is_filled_with_every_version_and_by_nobody_else(canteen):
    canteen.put("请走侧门", "下班关灯")
    canteen.card.refresh_from_db()
    assert canteen.card.content["data"] == {"messages": ["请走侧门", "下班关灯"], "label": "提示"}
    with pytest.raises(Invalid, match="change the rows there"):
        card_change(
            asset=canteen.card, version=canteen.card.version, data={"messages": ["x"]},
            actor=canteen.editor, now=canteen.enterprise.now,
        )  # fmt: skip


def test_rows_that_the_card_cannot_show_leave_it_as_it_was_and_are_told(canteen):
    canteen.put("x" * 1900, "y" * 1900, "z" * 1900)
    canteen.card.refresh_from_db()
    assert canteen.card.content["data"]["messages"] == ["小心地滑"]
    said = fed_cards.trouble_of(FedCard.objects.get())
    assert "at most 5,000" in str(said)
    assert Message.objects.filter(kind="data-trouble").count() == 1
    canteen.put("短")
    assert fed_cards.trouble_of(FedCard.objects.get()) is None


def test_an_old_version_comes_back_as_a_new_one(canteen):
    canteen.put("请走侧门")
    made = versions.version_restore(
        dataset=canteen.dataset, number=1, actor=canteen.editor, now=canteen.enterprise.later()
    )
    assert (made.number, made.rows, made.origin) == (
        3,
        [{"line": "小心地滑", "n": None}],
        "restored",
    )


def test_columns_change_with_their_rows_and_not_away_from_a_card(canteen):
    without = (Column("n", "数量", Kind.WHOLE),)
    with pytest.raises(Invalid, match="shows the column line"):
        services.columns_change(
            dataset=canteen.dataset, version=1, columns=without, actor=canteen.editor,
            now=canteen.enterprise.now,
        )  # fmt: skip
    renamed = (Column("line", "一句话", Kind.TEXT),)
    services.columns_change(
        dataset=canteen.dataset, version=1, columns=renamed, actor=canteen.editor,
        now=canteen.enterprise.now,
    )  # fmt: skip
    assert canteen.dataset.versions.get(number=2).rows == [{"line": "小心地滑"}]


def test_a_data_set_that_a_card_shows_stays(canteen):
    with pytest.raises(Conflict, match="今日提示"):
        services.dataset_delete(
            dataset=canteen.dataset, actor=canteen.editor, now=canteen.enterprise.now
        )


# --- review -----------------------------------------------------------------------------------


def test_new_rows_are_a_change_of_programme_that_is_reviewed(canteen, reviewing: "Reviewing"):
    reviewing.approve_all(reviewing.submit(canteen.screen))
    published(canteen)
    assert canteen.shown() == ("小心地滑",)
    canteen.put("请走侧门")
    assert publish_owed(canteen.enterprise.later()) is None
    with pytest.raises(NotReviewed):
        published(canteen)
    submission = reviewing.submit(canteen.screen)
    assert [each.title for each in submission.items.all()] == ["今日提示"]
    reviewing.approve_all(submission)
    published(canteen)
    assert canteen.shown() == ("请走侧门",)


def test_trusted_rows_reach_the_walls_alone_and_void_no_approval(canteen, reviewing: "Reviewing"):
    enterprise = canteen.enterprise
    with pytest.raises(Forbidden):
        trust.unreviewed_set(
            dataset=canteen.dataset, is_unreviewed=True, reason="x", actor=canteen.editor,
            now=enterprise.now,
        )  # fmt: skip
    trust.unreviewed_set(
        dataset=canteen.dataset, is_unreviewed=True, reason="Sensors write it.",
        actor=enterprise.administrator, now=enterprise.now,
    )  # fmt: skip
    reviewing.approve_all(reviewing.submit(canteen.screen))
    published(canteen)
    reviewing.add(canteen.screen.default_layout.zones.get().playlist, enterprise.picture("Draft"))
    waiting = reviewing.approve_all(reviewing.submit(canteen.screen))
    canteen.put("请走侧门")
    release = publish_owed(enterprise.later())
    assert release is not None
    assert release.kind == Release.Kind.DATA
    assert canteen.shown() == ("请走侧门",)
    payload = payload_in(Publication.objects.filter(screen=canteen.screen)[0].envelope)
    assert b"Draft" not in payload, "what was being edited went out with the rows"
    assert publish_owed(enterprise.later()) is None, "told twice"
    assert waiting.state == "approved"
    assert published(canteen), "the approval of the picture was voided by new rows"
    canteen.card.refresh_from_db()
    fed_cards.mapping_change(
        asset=canteen.card, mapping={"priority": "line"}, fixed={}, actor=canteen.editor,
        now=enterprise.later(),
    )  # fmt: skip
    with pytest.raises(NotReviewed):
        published(canteen)
    assert AuditRow.objects.filter(action="dataset.unreviewed").count() == 1
    assert verify_chain().holds
