"""What boxes report is taken in, once, whatever is wrong with single reports."""

import io
import uuid

from PIL import Image


def a_play(second: int, **more):
    return {
        "kind": "played",
        "item": "i1",
        "asset": "a1",
        "zone": "main",
        "from": f"2026-11-22T03:00:{second:02d}.000Z",
        "until": f"2026-11-22T03:00:{second + 5:02d}.000Z",
        **more,
    }


def test_a_heartbeat_is_answered_with_the_time_and_what_is_wanted(box):
    answer = box.post("heartbeat", {"boot": str(uuid.uuid4())})
    assert answer.status_code == 200
    assert answer.json()["wanted"] == []
    assert answer.json()["poll_s"] == 30


def test_a_report_that_is_not_as_described_is_refused_alone(box):
    reports = [a_play(0), a_play(5, zone="<script>"), {"kind": "nothing"}, 7]
    answer = box.post("reports", {"segment": "000000000001-stage-17", "reports": reports})
    assert answer.json() == {"accepted": 1, "refused": 3}


def test_a_screenshot_and_a_log_are_kept(box):
    picture = io.BytesIO()
    Image.new("RGB", (640, 360), "#c8102e").save(picture, "WEBP")
    webp = {"Content-Type": "image/webp"}
    kept = box.ask("PUT", "screenshots", data=picture.getvalue(), headers=webp)
    assert (kept.status_code, kept.text) == (204, "")
    refused = box.ask("PUT", "screenshots", data=b"<svg/>", headers=webp)
    assert refused.json()["error"]["code"] == "BAD_PICTURE"
    text = {"Content-Type": "text/plain; charset=utf-8"}
    assert box.ask("PUT", "logs", data=b"one\0two\n", headers=text).status_code == 204
