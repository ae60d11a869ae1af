"""Blobs over the wire: whole, in parts, conditionally; only for whoever's manifest names them."""

import hashlib

import pytest

from tests.simulators.paired_screens import PICTURE

SIZE = len(PICTURE)


def test_a_blob_is_what_its_name_says_and_may_be_kept_for_ever(box):
    answer = box.get(f"blobs/{box.sha256}")
    assert answer.status_code == 200
    assert hashlib.sha256(answer.content).hexdigest() == box.sha256
    assert answer.headers["ETag"] == f'"{box.sha256}"'
    assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert answer.headers["Accept-Ranges"] == "bytes"


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=100-199", 100, 200),
        (f"bytes={SIZE - 7}-", SIZE - 7, SIZE),
        ("bytes=-500", SIZE - 500, SIZE),
        (f"bytes=10-{SIZE * 2}", 10, SIZE),
    ],
)
def test_a_part_is_sent_where_a_part_was_asked_for(box, asked, start, end):
    answer = box.get(f"blobs/{box.sha256}", Range=asked)
    assert answer.status_code == 206
    assert answer.content == PICTURE[start:end]
    assert answer.headers["Content-Range"] == f"bytes {start}-{end - 1}/{SIZE}"


def test_a_part_behind_the_end_is_416_with_the_size(box):
    answer = box.get(f"blobs/{box.sha256}", Range=f"bytes={SIZE}-")
    assert answer.status_code == 416
    assert answer.headers["Content-Range"] == f"bytes */{SIZE}"
    assert answer.json()["error"]["code"] == "NO_SUCH_RANGE"


@pytest.mark.parametrize("asked", ["bytes=5-2", "lines=1-2", "bytes=0-1,5-6", "bytes=-"])
def test_what_is_no_single_range_is_answered_with_the_whole(box, asked):
    answer = box.get(f"blobs/{box.sha256}", Range=asked)
    assert (answer.status_code, answer.content) == (200, PICTURE)


def test_a_range_of_another_version_is_answered_with_the_whole(box):
    path, part = f"blobs/{box.sha256}", "bytes=0-9"
    assert box.get(path, Range=part, If_Range=f'"{box.sha256}"').status_code == 206
    assert box.get(path, Range=part, If_Range='"another"').status_code == 200
    assert box.get(path, Range=part, If_Range=f'W/"{box.sha256}"').status_code == 200
    assert box.get(path, Range=part, If_Range="Sun, 22 Nov 2026 03:00:00 GMT").status_code == 200


def test_whoever_has_it_is_told_so_and_head_has_no_body(box):
    same = box.get(f"blobs/{box.sha256}", If_None_Match=f'"x", W/"{box.sha256}"')
    assert (same.status_code, same.content) == (304, b"")
    head = box.ask("HEAD", f"blobs/{box.sha256}")
    assert (head.status_code, head.headers["Content-Length"]) == (200, str(SIZE))


def test_a_blob_of_nobody_s_manifest_is_not_there(box):
    store = box.server.home.data / "blobs"
    other = hashlib.sha256(b"secret").hexdigest()
    (store / other[:2]).mkdir(exist_ok=True)
    (store / other[:2] / other).write_bytes(b"secret")
    assert box.get("blobs/..%2F..%2Fsecret.key").status_code == 404
    for name in (other, "0" * 64, "no-digest"):
        answer = box.get(f"blobs/{name}")
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "NO_SUCH_BLOB")


def test_a_blob_that_is_damaged_or_missing_on_the_disk_is_not_sent(site):
    box = site().boxes[0]
    file = box.server.home.data / "blobs" / box.sha256[:2] / box.sha256
    file.write_bytes(file.read_bytes() + b"and more")
    assert box.get(f"blobs/{box.sha256}").json()["error"]["code"] == "NO_SUCH_BLOB"
    file.unlink()
    assert box.get(f"blobs/{box.sha256}").json()["error"]["code"] == "NO_SUCH_BLOB"
