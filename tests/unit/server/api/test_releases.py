"""Releases by scripts: whoever takes something down is told where it still stands."""

import json

import pytest
from django.test import Client

from server.accounts.services import token_issue
from server.clock import SystemClock

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("approvers", [0, 1])
def test_a_release_says_where_approvers_must_sign_first(enterprise_without_keys, approvers):
    enterprise = enterprise_without_keys
    enterprise.install_keys(approvers)
    screen = enterprise.lobby()
    _token, secret = token_issue(
        staff=enterprise.administrator,
        name="test",
        actor=None,
        now=SystemClock().now(),
        expires_at=None,
    )
    answer = Client().post(
        "/api/v1/publish/",
        json.dumps({"reason": "Opening."}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {secret}"},
    )
    release = answer.json()["release"]
    assert release["screens"] == [screen.pk]
    assert release["waiting"] == ([screen.pk] if approvers else [])
