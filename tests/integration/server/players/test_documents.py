"""What a paired box is told: freshness, manifest, roots; and 304 when it has them already."""

import json

import pytest


@pytest.mark.parametrize("path", ["freshness", "manifest"])
def test_a_document_is_sent_once_and_then_only_confirmed(box, path):
    first = box.get(path)
    assert first.status_code == 200, first.text
    assert set(json.loads(first.content)) == {"payloadType", "payload", "signatures"}
    again = box.get(path, If_None_Match=first.headers["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]


def test_the_root_is_there_and_the_next_one_is_not(box):
    assert box.get("root/1").status_code == 200
    missing = box.get("root/2")
    assert missing.status_code == 404
    assert missing.json()["error"]["code"] == "NOT_FOUND"


def test_a_freshness_says_which_root_is_the_newest(box):
    assert box.get("freshness").headers["Yingbi-Root"] == "1"


def test_without_a_token_nothing_is_said(box):
    box.token = "ybs_of-somebody-else"
    for path in ("freshness", "manifest", "root/1", "blobs/" + "0" * 64):
        refused = box.get(path)
        assert refused.status_code == 401
        assert refused.json()["error"]["code"] == "TOKEN_REFUSED"
