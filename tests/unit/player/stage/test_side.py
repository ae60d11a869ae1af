"""What a fault says of an item: its name once, and never a digest."""

from pathlib import Path

import pytest

from player.stage.side import without_name

BLOB = Path("/cache/blobs/ab/" + "ab" * 32)


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        (
            f"{BLOB.name!r}: the file is empty; upload it again",
            "the file is empty; upload it again",
        ),
        (f"{BLOB.name!r} is broken: decoder error -2", "it is broken: decoder error -2"),
        ("no answer within 10 s", "no answer within 10 s"),
    ],
)
def test_the_name_of_the_file_is_left_to_the_item(reason, told):
    assert without_name(reason, BLOB) == told


def test_what_is_no_file_keeps_its_words():
    assert without_name("'udp://x': the stream is lost", None) == "'udp://x': the stream is lost"
