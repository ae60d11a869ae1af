"""Cards and streams: what a manifest could not carry is refused in words, nothing is half made."""

from typing import Any

import pytest

from server.accounts.models import Role
from server.audit.models import AuditRow
from server.clock import SystemClock
from server.errors import Conflict, Forbidden, Invalid
from server.library import services
from server.library.authored import CARD_BYTES_LIMIT, CARD_DEPTH_LIMIT
from server.library.models import Asset
from tests.simulators import server_objects as objects

pytestmark = pytest.mark.django_db

NOW = SystemClock().now()


@pytest.fixture
def department():
    return objects.department()


@pytest.fixture
def editor(department):
    return objects.staff(Role.EDITOR, of=department)


def card(department, editor, data: dict[str, Any]) -> Asset:
    return services.card_create(
        title=" 今日提示 ",
        template="ticker",
        data=data,
        department=department,
        actor=editor,
        now=NOW,
    )


def nested(levels: int) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for _ in range(levels - 1):
        data = {"in": data}
    return data


def test_a_card_can_be_shown_at_once(department, editor):
    made = card(department, editor, {"messages": ["小心地滑"]})
    assert (made.state, made.kind, made.title) == ("ready", "card", "今日提示")
    assert made.content == {"template": "ticker", "data": {"messages": ["小心地滑"]}}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "小心地滑😀",
            "data.messages[0]: 😀 is an emoji, and the screens draw none; say it in words.",
        ),
        ("กข", "data.messages[0]: the screens cannot draw ก (U+0E01); write it otherwise."),
    ],
)
def test_what_the_screens_cannot_draw_is_named_with_its_field(department, editor, text, sentence):
    with pytest.raises(Invalid) as refused:
        card(department, editor, {"messages": [text]})
    assert (refused.value.message, refused.value.reason_code) == (sentence, "NOT_DRAWN")
    assert not Asset.objects.exists()


def test_a_reset_of_the_safe_days_stands_in_the_audit(department, editor):
    made = services.card_create(
        title="安全生产", template="safety-days", data={"since": "2026-01-01"},
        department=department, actor=editor, now=NOW,
    )  # fmt: skip
    for version, data in enumerate(
        ({"since": "2026-01-01", "place": "三号矿井"}, {"since": "2026-02-02"}), start=1
    ):
        services.card_change(asset=made, version=version, data=data, actor=editor, now=NOW)
    row = AuditRow.objects.get(action="safety-days.reset")
    assert row.actor == editor.username
    assert row.detail == {"before": "2026-01-01", "since": "2026-02-02"}


def test_data_that_a_manifest_cannot_carry_is_refused(department, editor):
    with pytest.raises(Invalid, match="there is no in"):
        card(department, editor, nested(CARD_DEPTH_LIMIT))
    with pytest.raises(Invalid, match="nested deeper"):
        card(department, editor, nested(CARD_DEPTH_LIMIT + 1))
    with pytest.raises(Invalid, match="larger than"):
        card(department, editor, {"messages": ["x" * CARD_BYTES_LIMIT]})
    assert Asset.objects.count() == 0


def test_what_the_stage_would_refuse_is_refused_at_the_form(department, editor):
    with pytest.raises(Invalid, match=r"data\.label: 17 characters, at most 16; shorten it"):
        card(department, editor, {"messages": ["x"], "label": "长" * 17})
    made = card(department, editor, {"messages": ["x"]})
    with pytest.raises(Invalid, match="expected a list"):
        services.card_change(
            asset=made, version=made.version, actor=editor, now=NOW, data={"messages": 7}
        )
    assert Asset.objects.get().content["data"] == {"messages": ["x"]}


def test_of_two_who_change_a_card_the_second_is_told(department, editor):
    made = card(department, editor, {"messages": ["old"]})
    common = {"asset": made, "version": made.version, "actor": editor, "now": NOW}
    changed = services.card_change(data={"messages": ["first"]}, **common)
    with pytest.raises(Conflict) as refused:
        services.card_change(data={"messages": ["second"]}, **common)
    assert refused.value.details["content"]["data"] == {"messages": ["first"]}
    assert changed.version == made.version + 1
    assert changed.title == "今日提示"


def test_a_picture_is_no_card(department, editor):
    picture = objects.asset(department)
    with pytest.raises(Invalid, match="is no card"):
        services.card_change(asset=picture, version=picture.version, data={}, actor=editor, now=NOW)


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "rtsp:camera", "javascript://x", "rtsp://甲"]
)
def test_only_sources_of_the_network_are_streams(department, editor, url):
    picture = objects.asset(department)
    with pytest.raises(Invalid, match="no address of a stream"):
        stream(department, editor, url, picture)


@pytest.mark.parametrize("url", ["rtsp://", "rtsp:///1", "https://:554/x", "rtsp://a:99999/1",
                                 "rtsp://a b/1", "https://[::1/x", "rtsp://-/1"])  # fmt: skip
def test_a_stream_comes_from_a_host(department, editor, url):
    picture = objects.asset(department)
    with pytest.raises(Invalid, match="stream"):
        stream(department, editor, url, picture)


@pytest.mark.parametrize("url", ["rtsp://viewer:secret@10.0.0.7:554/1", "udp://239.0.0.1:1234",
                                 "https://[2001:db8::1]:8443/hall.m3u8"])  # fmt: skip
def test_a_host_is_a_name_or_an_address(department, editor, url):
    assert stream(department, editor, url, objects.asset(department)).content["url"] == url


def test_a_stream_falls_back_to_something_on_the_disk(department, editor):
    made = stream(department, editor, "rtsp://camera/1", objects.asset(department))
    with pytest.raises(Invalid, match="not to a stream"):
        stream(department, editor, "rtsp://camera/2", made)


def stream(department, editor, url: str, fallback: Asset) -> Asset:
    return services.stream_create(
        title="门口",
        url=url,
        fallback=fallback,
        department=department,
        actor=editor,
        now=NOW,
    )


def test_an_auditor_writes_no_card(department):
    auditor = objects.staff(Role.AUDITOR, of=department)
    with pytest.raises(Forbidden):
        card(department, auditor, {})
