"""What the head of an answer says, before any body."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from requests.structures import CaseInsensitiveDict

from content_cache.fetch_errors import (
    CaptivePortal,
    FetchError,
    ProxyRefused,
    Redirected,
    ServerRefused,
    WrongContent,
)
from content_cache.http_answer import (
    Answer,
    BlobStart,
    check_blob,
    check_document,
    retry_after_s,
    strong_etag,
)

WHERE = "https://signage.example/player/v1/manifest"


def answer(status: int, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(WHERE, status, CaseInsensitiveDict(named))


def test_a_document_has_a_body_or_is_unchanged() -> None:
    assert check_document(answer(200), conditional=False)
    assert check_document(answer(200, content_encoding="GZIP"), conditional=True)
    assert not check_document(answer(304), conditional=True)


@pytest.mark.parametrize(
    ("given", "error"),
    [
        (answer(304), ServerRefused),  # nobody asked for that
        (answer(204), ServerRefused),
        (answer(206), ServerRefused),
        (answer(100), ServerRefused),
        (answer(404), ServerRefused),
        (answer(301, location="https://elsewhere.example"), Redirected),
        (answer(300), Redirected),
        (answer(407), ProxyRefused),
        (answer(511), CaptivePortal),
        (answer(200, content_type="text/html; charset=utf-8"), CaptivePortal),
        (answer(200, content_type="Application/XHTML+XML"), CaptivePortal),
        (answer(200, content_encoding="br"), WrongContent),
        (answer(200, content_encoding="gzip, gzip"), WrongContent),
    ],
)
def test_a_document_is_nothing_else(given: Answer, error: type[FetchError]) -> None:
    with pytest.raises(FetchError) as raised:
        check_document(given, conditional=False)
    assert type(raised.value) is error
    assert WHERE in str(raised.value)


def test_a_blob_begins_where_it_was_asked_for_or_at_its_beginning() -> None:
    part = answer(206, content_range="bytes 10-99/100", content_length="90", etag='"a"')
    assert check_blob(part, 100, 10, '"a"') == BlobStart(10, '"a"')
    part = answer(206, content_range="bytes 10-99/*")
    assert check_blob(part, 100, 10, '"a"') == BlobStart(10, '"a"')
    whole = answer(200, content_length="100", etag='W/"weak"')
    assert check_blob(whole, 100, 10, '"a"') == BlobStart(0, None)


@pytest.mark.parametrize(
    "given",
    [
        answer(200, content_length="99"),
        answer(200, content_length="+100"),
        answer(200, content_encoding="gzip"),
        answer(206, content_range="bytes 11-99/100"),
        answer(206, content_range="bytes 10-98/100"),
        answer(206, content_range="bytes 10-99/101"),
        answer(206, content_range="items 10-99/100"),
        answer(206),
        answer(206, content_range="bytes 10-99/100", etag='"another"'),
        answer(206, content_range="bytes 10-99/100", content_length="91"),
        answer(416),
    ],
)
def test_a_blob_of_another_length_place_or_version_is_refused(given: Answer) -> None:
    with pytest.raises(WrongContent) as raised:
        check_blob(given, 100, 10, '"a"')
    assert not raised.value.concerns_link


@given(
    st.integers(100, 599),
    st.dictionaries(
        st.sampled_from(
            [
                "Content-Range",
                "Content-Length",
                "Content-Type",
                "ETag",
                "Location",
                "Retry-After",
                "Date",
            ]
        ),
        st.text(max_size=60),
    ),
)
def test_any_head_is_taken_or_refused_by_name(status: int, headers: dict[str, str]) -> None:
    given = Answer(WHERE, status, CaseInsensitiveDict(headers))
    for check in (
        lambda: check_document(given, conditional=True),
        lambda: check_blob(given, 100, 10, '"a"'),
        lambda: check_blob(given, 100, 0, None),
    ):
        with suppress(FetchError):
            check()


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "120"}, 120.0),
        ({"Retry-After": "0"}, 0.0),
        ({"Retry-After": "-5"}, None),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "9" * 30}, None),
        ({}, None),
        ({"Retry-After": "Sun, 22 Nov 2026 08:00:30 GMT"}, None),  # against which clock?
        (
            {
                "Retry-After": "Sun, 22 Nov 2026 08:00:30 GMT",
                "Date": "Sun, 22 Nov 2026 08:00:00 GMT",
            },
            30.0,
        ),
        (
            {
                "Retry-After": "Sun, 22 Nov 2026 07:00:00 GMT",
                "Date": "Sun, 22 Nov 2026 08:00:00 GMT",
            },
            0.0,
        ),
    ],
)
def test_retry_after_in_seconds_or_as_a_date(
    headers: dict[str, str], seconds: float | None
) -> None:
    assert retry_after_s(headers) == seconds


@pytest.mark.parametrize(
    ("text", "strong"),
    [
        ('"abc"', '"abc"'),
        ('W/"abc"', None),
        ("abc", None),
        ('""', None),
        ('"a b"', None),
        ('"a\r\nSet-Cookie: x"', None),
        (None, None),
    ],
)
def test_only_a_strong_validator_can_resume(text: str | None, strong: str | None) -> None:
    assert strong_etag(text) == strong
