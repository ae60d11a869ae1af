"""A code that can be scanned, or words: what the card draws is what the server reckons with."""

import pytest

from cards.qr_code import code_px, least_px
from tests.unit.player.stage.cards.conftest import Show

ADDRESSES = ["https://a.cn", "https://oa.example.cn/" + "x" * 120]
SIZES = [
    ((1920, 1080), 1080),
    ((1080, 1920), 1920),
    ((640, 980), 1080),
    ((480, 1080), 1080),
    ((384, 1080), 1080),
    ((300, 1080), 1080),
    ((720, 405), 1080),
    ((640, 360), 1080),
    ((640, 340), 1080),
    ((640, 320), 1080),
    ((480, 270), 1080),
    ((1920, 220), 1080),
    ((1080, 640), 1920),
    ((540, 960), 1920),
]


@pytest.mark.parametrize("address", ADDRESSES, ids=["short", "long"])
@pytest.mark.parametrize(("size", "screen"), SIZES)
def test_the_server_knows_where_a_code_is_drawn(
    show_card: Show, size: tuple[int, int], screen: int, address: str
) -> None:
    shown = show_card("qr", {"address": address, "text": "扫码签到"}, size, screen)
    side = shown["cardData"]["side"]
    assert shown["least"] == least_px(side, screen)
    assert shown["scannable"] == (code_px(side, *size, screen) >= least_px(side, screen))


def said(shown: object) -> list[str]:
    return [text.property("text") for text in shown.texts()]  # type: ignore[attr-defined]


def test_where_no_code_fits_the_address_stands_in_letters(show_card: Show) -> None:
    shown = show_card("qr", {"address": "https://oa.cn/a?b=1", "text": "签到"}, (640, 300), 1080)
    assert not shown["scannable"]
    assert "oa.cn/a?b=1" in said(shown)
    assert "签到" not in said(shown)


def test_an_address_that_changes_is_nothing_to_type(show_card: Show) -> None:
    data = {"address": "https://oa.cn/{period}", "text": "签到"}
    assert "oa.cn" in said(show_card("qr", data, (640, 300), 1080))


def test_one_that_is_too_long_for_the_zone_is_named_by_its_host(show_card: Show) -> None:
    data = {"address": "https://oa.cn/" + "x" * 280}
    assert "oa.cn" in said(show_card("qr", data, (640, 300), 1080))
