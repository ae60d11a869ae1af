"""What is hostile, or no picture, leaves its row without one, and is told in one sentence."""

import re
import zlib

import pytest
from django.utils import translation

from server.datasets import picture_fetching
from server.datasets.models import Dataset
from tests.simulators.newsroom import picture
from tests.unit.server.datasets.following import shown

PAGE = b"<!doctype html><title>Log in</title><p>Log in"


def bomb() -> bytes:
    """A PNG of a few bytes that says it is 60,000 pixels square."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        whole = kind + data
        return len(data).to_bytes(4, "big") + whole + zlib.crc32(whole).to_bytes(4, "big")

    side = (60_000).to_bytes(4, "big")
    head = chunk(b"IHDR", side + side + b"\x08\x02\x00\x00\x00")
    rows = chunk(b"IDAT", zlib.compress(bytes(1_000_000)))
    return b"\x89PNG\r\n\x1a\n" + head + rows + chunk(b"IEND", b"")


HOSTILE = {
    "/page.jpg": "This is a text or a web page",
    "/nothing.jpg": "answered 404",
    "/endless": "sends more than 10 MB",
    "/bomb.png": "The picture is too large: 60000 x 60000",
    "/cut.jpg": "damaged|cut off",
    "/empty.jpg": "is empty",
    "/film.mp4": "Files of this kind cannot be shown",
    "/to/http:!!inside.feed.example!a.jpg": "inside our own network",
    "http://inside.feed.example/a.jpg": "inside our own network",
    "/to/http:!!127.0.0.1!a.jpg": "not on the list of hosts",
    "http://elsewhere.example/a.jpg": "not on the list of hosts",
    "http://127.0.0.1/a.jpg": "not on the list of hosts",
}


@pytest.mark.parametrize("path", HOSTILE)
def test_what_is_hostile_or_no_picture_leaves_its_row_without_and_is_told(wire, newsroom, path):
    newsroom.pictures = {
        "/red.jpg": picture("red"), "/page.jpg": PAGE, "/bomb.png": bomb(), "/empty.jpg": b"",
        "/cut.jpg": picture("blue")[:400], "/film.mp4": b"\0\0\0\x18ftypmp42" + bytes(100),
    }  # fmt: skip
    assert wire.fetch(path, "/red.jpg") == "new"
    assert shown(wire.card()) == [None, "red"]
    assert re.match(
        r"1 of 2 pictures are missing, and their rows stand without: .+", wire.missing()
    )
    assert re.search(HOSTILE[path], wire.missing())
    wire.dataset.refresh_from_db()
    assert wire.dataset.trouble == {}
    with translation.override("zh-hans"):
        said = picture_fetching.missing_of(wire.dataset).local()
    assert said.startswith("2 张图片中缺 1 张")
    assert Dataset.objects.get().version == 1
