"""What another system is told by webhook when something really is published or returned."""

import json

import pytest

from server.alerts.endpoints import endpoint_create
from server.alerts.kinds import Kind
from server.alerts.models import Delivery
from server.alerts.spreading import spread
from server.alerts.webhooks import body_of
from server.publishing.services import publish
from server.review.services import return_to_editor
from tests.unit.server.review.conftest import reviewing

__all__ = ["reviewing"]


@pytest.fixture
def hook(enterprise):
    kinds = [Kind.PUBLISHED, Kind.REVIEW_RETURNED, Kind.SCREEN_OFFLINE]
    return endpoint_create(
        name="Portal", url="https://portal.example/hook", kinds=kinds, department=None,
        actor=enterprise.administrator, now=enterprise.now,
    )  # fmt: skip


def sent(hook, now):
    """The bodies that the courier would send, oldest first."""
    spread(now)
    rows = Delivery.objects.filter(endpoint=hook).order_by("pk").select_related("message")
    return [json.loads(body_of(each.message, "https://signage.example")) for each in rows]


def test_a_publication_is_told_with_its_reason_in_both_languages(enterprise, hook):
    screen = enterprise.lobby(enterprise.picture("Poster"))
    publish(
        screens=[screen], actor=enterprise.administrator, reason="Safety month.",
        now=enterprise.later(),
    )  # fmt: skip
    (told,) = sent(hook, enterprise.now)
    assert told["kind"] == "published"
    assert told["values"]["reason"] == "Safety month."
    assert set(told["text"]) == {"zh", "en"}
    assert told["link"] == "https://signage.example/publish/"


def test_what_is_returned_is_told_to_systems_too_not_only_to_its_author(
    enterprise, reviewing, hook
):
    submission = reviewing.submit(enterprise.lobby(enterprise.picture("Wrong date")))
    reviewing.look(submission, reviewing.first)
    (item,) = submission.items.all()
    return_to_editor(
        submission=submission, reason="The date.", actor=reviewing.first, now=enterprise.later(),
        remarks={item.pk: "It is the 24th."},
    )  # fmt: skip
    (told,) = sent(hook, enterprise.now)
    assert told["kind"] == "review-returned"
    assert told["link"].endswith(f"/reviews/{submission.pk}/")
