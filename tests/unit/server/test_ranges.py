"""Which part of a blob is meant: RFC 9110, sections 13 and 14."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.ranges import Part, part_of, same_tag

TAG = '"' + "a" * 64 + '"'


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        (None, Part(0, 100, whole=True)),
        ("bytes=0-9", Part(0, 10, whole=False)),
        ("bytes=90-", Part(90, 100, whole=False)),
        ("bytes=90-1000", Part(90, 100, whole=False)),
        ("bytes=-10", Part(90, 100, whole=False)),
        ("bytes=-1000", Part(0, 100, whole=False)),
        ("BYTES=1-2", Part(1, 3, whole=False)),
        ("bytes=100-", Part(-1, -1, whole=False)),
        ("bytes=-0", Part(-1, -1, whole=False)),
        ("bytes=9-1", Part(0, 100, whole=True)),
        ("bytes=-", Part(0, 100, whole=True)),
        ("bytes=0-1,3-4", Part(0, 100, whole=True)),
        ("bytes=0x1-2", Part(0, 100, whole=True)),
        ("bytes=١-٢", Part(0, 100, whole=True)),
        ("seconds=1-2", Part(0, 100, whole=True)),
    ],
)
def test_a_range_means_what_the_standard_says(asked, part):
    assert part_of(100, TAG, asked, None) == part


def test_no_byte_of_an_empty_blob_can_be_asked_for():
    assert part_of(0, TAG, None, None) == Part(0, 0, whole=True)
    for asked in ("bytes=0-", "bytes=-1", "bytes=0-0"):
        assert part_of(0, TAG, asked, None).start == -1


def test_if_range_holds_for_the_strong_tag_alone():
    assert not part_of(100, TAG, "bytes=0-9", TAG).whole
    for other in (f"W/{TAG}", '"b"', "Sun, 22 Nov 2026 03:00:00 GMT", "*", ""):
        assert part_of(100, TAG, "bytes=0-9", other).whole


@given(size=st.integers(0, 50), asked=st.text("bytes=0123456789-, ", max_size=20))
def test_whatever_is_asked_for_lies_inside(size, asked):
    part = part_of(size, TAG, asked, None)
    assert part.start == -1 or 0 <= part.start <= part.end <= size
    assert part.whole or part.start == -1 or part.start < part.end


def test_a_tag_is_found_among_others_weak_or_not():
    assert same_tag(f'"x", W/{TAG}', TAG)
    assert same_tag("*", TAG)
    assert not same_tag('"x"', TAG)
    assert not same_tag(None, TAG)
