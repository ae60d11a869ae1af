"""The certificate of a public notice says what stood where, day by day, and what is not known."""

from datetime import timedelta

from pypdfium2 import PdfDocument

from server.paper import pdf_of
from server.reports.certificates import certificate_of
from server.reports.models import PlayDay, ScreenDay
from server.screens.models import Screen
from server.staff.library.certificates import certificate_html
from tests.simulators.enterprise import NOW, Enterprise

TODAY = NOW.date()


def test_a_certificate_says_what_stood_and_what_is_missing(enterprise: Enterprise) -> None:
    assert certificate_of(enterprise.card("公示"), Screen.objects.all(), NOW) is None
    notice = enterprise.public_notice("公示", TODAY - timedelta(days=2), TODAY)
    screen = enterprise.lobby(notice)
    first = TODAY - timedelta(days=2)
    PlayDay.objects.create(
        screen=screen, day=first, item="i1", asset=f"a{notice.pk}", full=9, cut=1, ms=1_800_000,
        planned_ms=2_400_000,
    )  # fmt: skip
    ScreenDay.objects.create(screen=screen, day=first, due=0b1111, heard=0b0011, played=0b0001)
    told = certificate_of(notice, Screen.objects.all(), NOW)
    assert told is not None
    assert [(d.day, d.times, d.minutes, d.gap, d.unknown) for d in told.days] == [
        (first, 10, 30.0, 10.0, 2),
        (first + timedelta(days=1), 0, 0.0, None, 0),
        (TODAY, 0, 0.0, None, 0),
    ]
    assert not told.is_over
    later = certificate_of(notice, Screen.objects.all(), NOW + timedelta(days=1))
    assert later is not None
    assert later.is_over
    text = PdfDocument(pdf_of(certificate_html(told, NOW)))[0].get_textpage().get_text_range()
    assert told.sha256[:40] in text.replace("\r\n", "")
    assert "30.0" in text
