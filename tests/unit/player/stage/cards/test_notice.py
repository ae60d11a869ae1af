"""A notice: pages that cut no letter, words that fill their place, a calm turn."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QColor, QImage
from PySide6.QtQuick import QQuickItem
from pytestqt.qtbot import QtBot

from tests.unit.player.stage.cards.conftest import Show, Shown

LONG = (
    "# 一、总体要求\n请各部门提前清理疏散通道，检查插座与充电设备，确认灭火器在有效期内。\n"
    "- 每两小时巡查一次，并做好记录；发现隐患立即整改，不得拖延。\n"
    "**时间：** 11月25日9:00—17:00，其间请勿占用消防通道及电梯厅。\n"
) * 6

NOTICE = {"title": "冬季消防检查", "body": LONG, "issuer": "安全环保部", "date": "2026-11-22"}

SIZES = [((1920, 1080), 1080), ((1080, 1920), 1920), ((600, 980), 1080), ((480, 270), 1080)]


def named(shown: Shown, predicate: Callable[[QQuickItem], bool]) -> QQuickItem:
    (found,) = (item for item in shown.items() if predicate(item))
    return found


def leaf(shown: Shown) -> QQuickItem:
    """The window onto the page: the one clipped item with the text inside."""
    return named(shown, lambda item: item.property("room") is not None)


def rows_are_paper(image: QImage, shown: Shown, rows: list[int]) -> bool:
    ratio = image.width() / shown.root.width()
    left, right = int(leaf(shown).x()), int(leaf(shown).x() + leaf(shown).width())
    return all(
        QColor(image.pixel(int(x * ratio), int(y * ratio))).lightness() > 240
        for y in rows
        for x in range(left, right)
    )


@pytest.mark.parametrize(("size", "screen"), SIZES)
def test_pages_hold_every_line_once_and_none_is_too_high(
    show_card: Show, size: tuple[int, int], screen: int
) -> None:
    shown = show_card("notice", NOTICE, size, screen)
    pages, room, line = shown["pages"], leaf(shown).property("room"), shown["lineHeight"]
    assert len(pages) > 1
    for page, after in zip(pages, [*pages[1:], None], strict=True):
        assert 0 < page["height"] <= room
        if after:
            gap = after["top"] - (page["top"] + page["height"])
            assert 0 <= gap < line, "no line is left out, none shown twice"
    content = leaf(shown).childItems()[0]
    assert pages[-1]["top"] + pages[-1]["height"] == content.implicitHeight()


@pytest.mark.parametrize(("size", "screen"), SIZES)
def test_no_page_cuts_a_letter(show_card: Show, size: tuple[int, int], screen: int) -> None:
    shown = show_card("notice", NOTICE | {"page_s": 3}, size, screen)
    for number in range(len(shown["pages"])):
        shown["offsetMs"] = number * 3000
        assert shown["page"] == number
        image, window = shown.picture(), leaf(shown)
        top = window.y()
        edges = [
            int(top),
            int(top) + 1,
            int(top + window.height()) - 2,
            int(top + window.height()) - 1,
        ]
        assert rows_are_paper(image, shown, edges)
    middle = int(leaf(shown).y()) + shown["lineHeight"] // 2
    assert not rows_are_paper(shown.picture(), shown, [middle]), "the test sees letters"


def test_a_heading_never_ends_a_page(show_card: Show) -> None:
    for height in range(700, 1100, 40):
        shown = show_card("notice", NOTICE, (900, height), 1080)
        passages = leaf(shown).childItems()[0].childItems()
        headings = [
            (item.y(), item.y() + item.height()) for item in passages if item.property("heading")
        ]
        ends = [page["top"] + page["height"] for page in shown["pages"]]
        assert headings
        assert not any(bottom == end for _, bottom in headings for end in ends)


def test_few_words_are_set_large_and_many_small(show_card: Show) -> None:
    few = show_card("notice", NOTICE | {"body": "明日停水。"}, (1920, 1080))
    many = show_card("notice", NOTICE, (1920, 1080))
    assert few["bodySize"] == 2 * few["legible"]
    assert len(few["pages"]) == 1
    assert many["bodySize"] < few["bodySize"]


def test_title_issuer_and_date_stand_on_every_page(show_card: Show) -> None:
    shown = show_card("notice", NOTICE, (600, 980), 1080)
    for number in range(len(shown["pages"])):
        shown["page"] = number
        words = "".join(text.property("text") for text in shown.texts())
        words = words.replace("\u00a0", "").replace("\u2060", "")
        for due in (
            "冬季消防检查",
            "安全环保部",
            "2026年",
            f"{number + 1} / {len(shown['pages'])}",
        ):
            assert due in words


def test_a_zone_too_small_for_a_head_still_says_everything(show_card: Show) -> None:
    shown = show_card("notice", NOTICE, (480, 270), 1080)
    words = "".join(text.property("text") for text in shown.texts()).replace("\u2060", "")
    assert "冬季消防检查" in words
    assert "安全环保部" in words


@pytest.mark.parametrize(("offset_ms", "page"), [(0, 0), (2999, 0), (3000, 1), (6000, 2)])
def test_the_page_is_a_matter_of_the_time_since_the_item_began(
    show_card: Show, offset_ms: int, page: int
) -> None:
    shown = show_card("notice", NOTICE | {"page_s": 3}, offsetMs=offset_ms)
    assert len(shown["pages"]) > 2
    assert shown["page"] == page


def test_a_running_notice_turns_its_page_when_due(show_card: Show, qtbot: QtBot) -> None:
    shown = show_card("notice", NOTICE | {"page_s": 3}, offsetMs=2950)
    shown["running"] = True
    qtbot.waitUntil(lambda: shown["page"] == 1)
    qtbot.waitUntil(lambda: any(item.property("room") for item in shown.items()))


def test_a_notice_at_rest_draws_nothing(show_card: Show, qtbot: QtBot) -> None:
    shown = show_card("notice", NOTICE | {"page_s": 3}, offsetMs=2950)
    assert still(shown, qtbot)


def test_a_single_page_draws_nothing_even_while_it_runs(show_card: Show, qtbot: QtBot) -> None:
    shown = show_card("notice", NOTICE | {"body": "明日停水。"})
    shown["running"] = True
    assert still(shown, qtbot)


def still(shown: Shown, qtbot: QtBot) -> bool:
    """Say whether a third of a second passes without a frame."""
    shown.picture()
    frames: list[int] = []

    def count() -> None:
        frames.append(1)

    qtbot.wait(100)
    shown.view.frameSwapped.connect(count)
    qtbot.wait(300)
    shown.view.frameSwapped.disconnect(count)
    return not frames


def photo(folder: Path) -> dict[str, Any]:
    image = QImage(400, 300, QImage.Format.Format_RGB32)
    image.fill(QColor("#3050A0"))
    image.save(str(folder / "photo.png"))
    return {"photo": QUrl.fromLocalFile(str(folder / "photo.png"))}


@pytest.mark.parametrize(("size", "at"), [((1920, 1080), (1800, 540)), ((1080, 1920), (540, 300))])
def test_a_photo_stands_beside_or_above_the_words(
    show_card: Show, tmp_path: Path, size: tuple[int, int], at: tuple[int, int]
) -> None:
    shown = show_card("notice", NOTICE, size, files=photo(tmp_path))
    assert QColor(shown.picture().pixel(*at)).name() == "#3050a0"


@pytest.mark.filterwarnings("default")
@pytest.mark.qt_log_ignore("Cannot open|Error decoding")
def test_a_photo_that_cannot_be_read_leaves_its_place_to_the_words(
    show_card: Show, tmp_path: Path
) -> None:
    (tmp_path / "photo.png").write_bytes(b"no picture")
    files = {"photo": QUrl.fromLocalFile(str(tmp_path / "photo.png"))}
    without = show_card("notice", NOTICE, (1920, 1080))
    shown = show_card("notice", NOTICE, (1920, 1080), files=files)
    assert shown["textWidth"] == without["textWidth"]
