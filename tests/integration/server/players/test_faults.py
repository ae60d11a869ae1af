"""What goes wrong around the interface; boxes notice nothing, or hear when to come again."""

import os
import sqlite3
import threading
import uuid

import pytest
import requests

from tests.simulators.patience import until
from tests.simulators.postgresql import PostgreSQL


def a_play(second: int) -> dict[str, str]:
    at = "2026-11-22T03:00:{:02d}Z".format
    return {
        "kind": "played", "item": "i1", "asset": "a1", "zone": "main",
        "from": at(second), "until": at(second + 1),
    }  # fmt: skip


@pytest.fixture
def own_cluster():
    """A PostgreSQL that a test may stop."""
    cluster = PostgreSQL()
    yield cluster
    cluster.remove()


def test_polls_go_on_while_the_database_is_down_and_reports_come_later(own_cluster, paired_in):
    site = paired_in(own_cluster)
    known, unknown = site.boxes[0], site.boxes[1]
    etag = known.get("freshness").headers["ETag"]
    manifest = known.get("manifest").headers["ETag"]
    assert known.get(f"blobs/{known.sha256}").status_code == 200
    own_cluster.stop()
    site.server.expects_log("notifications broke off")
    report = {"segment": "000000000001-stage", "reports": [a_play(0)]}
    assert known.get("freshness", If_None_Match=etag).status_code == 304
    assert known.get("manifest", If_None_Match=manifest).status_code == 304
    assert known.get("manifest").status_code == 200
    assert known.get(f"blobs/{known.sha256}").status_code == 200
    assert known.post("heartbeat", {"boot": str(uuid.uuid4())}).status_code == 200
    refused = known.post("reports", report)
    assert refused.status_code == 503
    assert int(refused.headers["Retry-After"]) > 0
    unknown.token = "ybs_never-seen"
    stranger = unknown.get("freshness")
    assert stranger.status_code == 503, "nobody is told that a token does not count"
    own_cluster.start()
    until(lambda: known.post("reports", report).status_code == 200, "the database is back")
    assert known.post("reports", report).json() == {"accepted": 1, "refused": 0}


def test_polling_writes_nothing(box):
    etag = box.get("freshness").headers["ETag"]
    if box.server.home.cluster:
        pytest.skip("ONLY SQLITE: it is SQLite's count of commits that is looked at")
    file = box.server.home.data / "yingbi.sqlite3"
    with sqlite3.connect(file) as line:
        until(lambda: _quiet(line), "the database rests")
        before = line.execute("PRAGMA data_version").fetchone()
        for _poll in range(200):
            assert box.get("freshness", If_None_Match=etag).status_code == 304
        assert line.execute("PRAGMA data_version").fetchone() == before
        assert box.post("reports", {"segment": "w", "reports": []}).status_code == 200
        after = line.execute("PRAGMA data_version").fetchone()
        assert after != before, "the control: a write is seen"
    line.close()


def _quiet(line: sqlite3.Connection) -> bool:
    """No heartbeat of another test waits to be written (they are every two seconds)."""
    before = line.execute("PRAGMA data_version").fetchone()
    threading.Event().wait(2.5)
    return bool(line.execute("PRAGMA data_version").fetchone() == before)


@pytest.mark.parametrize(
    ("path", "size"), [("heartbeat", 10_000_000), ("reports", 10_000_000), ("pairing", 100_000)]
)
def test_a_body_of_ten_megabytes_is_not_read(box, path, size):
    answer = box.ask("POST", path, data=b"[" * size)
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "TOO_LARGE")


def test_who_reports_without_end_is_slowed_down_and_others_are_not(shared_site):
    loud, quiet = shared_site.next_box(), shared_site.next_box()
    statuses = [
        loud.ask("PUT", "logs", data=b"x", headers={"Content-Type": "text/plain"}).status_code
        for _request in range(80)
    ]
    assert set(statuses) == {204, 429}
    assert statuses.count(429) > 10
    assert loud.get("freshness").status_code == 200, "its polls go on"
    log = quiet.ask("PUT", "logs", data=b"x", headers={"Content-Type": "text/plain"})
    assert log.status_code == 204


def test_tokens_cannot_be_tried_out(site):
    box = site().boxes[0]
    statuses = []
    for guess in range(300):
        headers = {"Authorization": f"Bearer ybs_{guess}"}
        answer = box.session.get(box.url("freshness"), headers=headers, timeout=20)
        statuses.append(answer.status_code)
    assert set(statuses) == {401, 429}
    assert statuses[0] == 401
    assert statuses[-1] == 429
    assert box.get("freshness").status_code == 200, "who has one is not kept waiting"


def test_what_boxes_say_is_kept_as_text(box, rows):
    script = "<script>alert(1)</script>\0\u202e"
    beat = {"boot": str(uuid.uuid4()), "versions": {"os": script}, "addresses": [script]}
    assert box.post("heartbeat", beat).status_code == 200
    fault = {"kind": "fault", "code": "X", "subject": script, "reason": script * 20}
    sent = {"segment": "000000000009-agent", "reports": [fault]}
    assert box.post("reports", sent).json() == {"accepted": 1, "refused": 0}
    (kept,) = rows(box, "SELECT subject FROM telemetry_screenfault WHERE screen_id = {screen}")
    assert kept == ("<script>alert(1)</script>",)


def test_two_boxes_with_one_identity_become_a_fault_and_both_are_served(box, rows):
    one, two = str(uuid.uuid4()), str(uuid.uuid4())
    for boot in (one, two, one, two):
        assert box.post("heartbeat", {"boot": boot}).status_code == 200
    asked = "SELECT code FROM telemetry_screenfault WHERE screen_id = {screen}"
    until(lambda: rows(box, asked) == [("DUP_IDENTITY",)], "the fault is recorded")


def test_connections_that_wait_do_not_keep_the_server_from_ending(site):
    made = site()
    box = made.boxes[0]
    headers = {"Authorization": f"Bearer {box.token}"}
    push = box.session.get(box.url("push"), headers=headers, stream=True, timeout=30)
    assert next(push.iter_content(None)).startswith(b"retry:")
    made.server.end()
    assert made.server.process.returncode == os.EX_OK
    with pytest.raises(requests.RequestException):
        box.get("freshness")
