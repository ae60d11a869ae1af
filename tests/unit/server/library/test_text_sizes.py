"""How high the text of a page is, measured in real PDFs that this test sets itself."""

import io

import pypdfium2
import pytest

from server.library.ingest.text_sizes import LEAST_LETTERS, text_percent
from server.paper import pdf_of

BODY = "班车因道路施工改停东门请提前到达 "


def page_of(body: str, style: str = ""):
    """A page of 1600 x 900 px whose sizes are percents of its height at 9 px each."""
    # By way of the child: WeasyPrint tells Pillow to take torn pictures in its whole process.
    html = f"<style>@page{{size:1600px 900px;margin:0}}body{{margin:0;{style}}}</style>{body}"
    document = pypdfium2.PdfDocument(io.BytesIO(pdf_of(html)))
    return document[0]


@pytest.mark.parametrize("percent", [1.5, 3.0, 5.0, 10.0])
def test_text_is_as_high_as_it_was_set(percent: float) -> None:
    found = text_percent(page_of(f'<p style="font-size:{9 * percent}px">{BODY * 2}</p>'))
    assert found == pytest.approx(percent, rel=0.02)


def test_a_headline_does_not_hide_that_the_body_is_small() -> None:
    page = page_of(
        f'<h1 style="font-size:90px">{BODY}</h1><p style="font-size:18px">{BODY * 4}</p>'
    )
    assert text_percent(page) == pytest.approx(2.0, rel=0.02)


def test_a_page_number_and_a_source_do_not_count() -> None:
    page = page_of(
        f'<p style="font-size:54px">{BODY * 3}</p><p style="font-size:9px">资料来源：年报 12</p>'
    )
    assert text_percent(page) == pytest.approx(6.0, rel=0.02)


def test_what_is_scaled_counts_as_it_is_seen() -> None:
    page = page_of(f'<p style="font-size:18px;transform:scale(2)">{BODY * 2}</p>')
    assert text_percent(page) == pytest.approx(4.0, rel=0.02)


@pytest.mark.parametrize("body", ["", "停水", "字" * (LEAST_LETTERS - 1)])
def test_a_page_with_next_to_no_text_is_a_picture(body: str) -> None:
    assert text_percent(page_of(f"<p>{body}</p>")) is None
