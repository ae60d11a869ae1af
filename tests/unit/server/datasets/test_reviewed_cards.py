"""A data set that is trusted is not trusted with what only a review may change."""

import pytest

from server.accounts.models import Role
from server.audit.models import AuditRow
from server.datasets import fed_cards, services, trust, versions
from server.datasets.columns import Column, Kind
from server.datasets.models import DatasetVersion, FedCard
from server.datasets.tables import rows_typed
from server.publishing.fed_release import publish_owed
from server.publishing.services import publish
from server.review.errors import NotReviewed

COLUMNS = (Column("day", "起算日期", Kind.DATE),)


@pytest.mark.parametrize("trusted_first", [True, False])
def test_a_reset_of_the_safe_days_waits_for_its_review_though_the_data_is_trusted(
    enterprise, reviewing, trusted_first
):
    editor = enterprise.staff("gate", Role.EDITOR)

    def put(day: str) -> None:
        dataset.refresh_from_db()
        versions.rows_put(
            dataset=dataset, rows=rows_typed([{"day": day}], COLUMNS),
            origin=DatasetVersion.Origin.GRID, actor=editor, now=enterprise.later(),
        )  # fmt: skip

    def let_trust() -> None:
        trust.unreviewed_set(
            dataset=dataset, is_unreviewed=True, reason="A counter writes it.",
            actor=enterprise.administrator, now=enterprise.now,
        )  # fmt: skip

    dataset = services.dataset_create(
        name="安全天数", columns=COLUMNS, department=enterprise.department, actor=editor,
        now=enterprise.now,
    )  # fmt: skip
    put("2026-01-01")
    if trusted_first:
        let_trust()
    card = fed_cards.card_bind(
        dataset=dataset, title="安全天数", template="safety-days", mapping={"since": "day"},
        fixed={}, department=enterprise.department, actor=editor, now=enterprise.now,
    )  # fmt: skip
    if not trusted_first:
        let_trust()
    screen = enterprise.lobby(card)
    reviewing.approve_all(reviewing.submit(screen))
    assert publish(screens=[screen], actor=None, reason="", now=enterprise.later())
    put("2026-12-20")
    assert not FedCard.objects.filter(is_owed=True).exists()
    assert publish_owed(enterprise.later()) is None, "the wall was told without a review"
    with pytest.raises(NotReviewed):
        publish(screens=[screen], actor=None, reason="", now=enterprise.later())
    row = AuditRow.objects.get(action="safety-days.reset")
    assert row.detail == {"before": "2026-01-01", "since": "2026-12-20"}
    reviewing.approve_all(reviewing.submit(screen))
    assert publish(screens=[screen], actor=None, reason="", now=enterprise.later())
