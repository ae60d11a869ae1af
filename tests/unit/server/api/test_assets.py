"""What scripts are told of an asset: why it cannot be used, and what to know of it, to people."""

import pytest
from django.test import Client

from server.accounts.services import token_issue
from server.clock import SystemClock

pytestmark = pytest.mark.django_db


@pytest.fixture
def script(enterprise):
    secret = token_issue(
        staff=enterprise.administrator,
        name="test",
        expires_at=None,
        actor=enterprise.administrator,
        now=SystemClock().now(),
    )[1]
    return Client(headers={"Authorization": f"Bearer {secret}"})


def test_a_file_that_cannot_be_used_says_why_in_both_languages(enterprise, script):
    kept = enterprise.picture(
        state="failed", failure_code="TOOL_MISSING", failure_detail={"tool": "heif-convert"}
    )
    told = script.get(f"/api/v1/assets/{kept.pk}/").json()
    assert told["failure_code"] == "TOOL_MISSING"
    assert told["failure"]["details"] == {"tool": "heif-convert"}
    assert "（heif-convert）" in told["failure"]["zh"]
    assert "(heif-convert)" in told["failure"]["en"]
    assert "点“重试”" in told["failure"]["zh"]


def test_remarks_are_told_in_both_languages(enterprise, script):
    kept = enterprise.picture(remarks=["SMALL_PICTURE", "OF_A_NEWER_VERSION"])
    told = script.get(f"/api/v1/assets/{kept.pk}/").json()
    assert told["failure"] is None
    known, unknown = told["remarks"]
    assert known["zh"].startswith("图片较小")
    assert known["en"].startswith("The picture is small")
    assert unknown == {"code": "OF_A_NEWER_VERSION", "zh": "", "en": ""}
