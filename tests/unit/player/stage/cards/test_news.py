"""Pictures of headlines: in line, never stretched, and gone where there are none."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QRectF, QUrl
from PySide6.QtGui import QColor, QImage
from PySide6.QtQuick import QQuickItem

from tests.unit.player.stage.cards.conftest import Show, Shown
from tests.unit.player.stage.cards.ink import inks, over_the_foot, overlapping
from tests.unit.player.stage.cards.test_look import assert_plain_and_legible, place_of
from tests.unit.player.stage.cards.test_sheets import LONG, SIZES

_ROWS = [
    {"title": "首条", "published": "2026-11-22T11:00:00", "picture": "picture1"},
    {"title": "次条", "published": "2026-11-22T10:00:00"},
    {"title": "三条", "published": "2026-11-22T09:00:00", "picture": "picture2"},
]


def files(folder: Path, **shapes: tuple[int, int]) -> dict[str, Any]:
    """Blue pictures of these shapes, by their names."""
    for name, (width, height) in shapes.items():
        image = QImage(width, height, QImage.Format.Format_RGB32)
        image.fill(QColor("#3050A0"))
        image.save(str(folder / f"{name}.png"))
    return {name: QUrl.fromLocalFile(str(folder / f"{name}.png")).toString() for name in shapes}


def frames(shown: Shown) -> list[QQuickItem]:
    """The pictures that are seen."""
    return [
        item for item in shown.items()
        if item.metaObject().className().startswith("Framed") and item.width() > 1
    ]  # fmt: skip


def headlines(shown: Shown) -> list[QRectF]:
    """Where headlines stand."""
    return [
        place_of(text, shown.root)
        for text in shown.texts()
        if str(text.property("text")).endswith("条")
    ]


def lefts(shown: Shown) -> set[float]:
    """Where headlines begin."""
    return {each.left() for each in headlines(shown)}


@pytest.mark.parametrize("size", [(1920, 1080), (1080, 1920), (640, 980)])
def test_headlines_without_a_picture_stay_in_line_and_pictures_keep_their_shape(
    show_card: Show, tmp_path: Path, size: tuple[int, int]
) -> None:
    given = files(tmp_path, picture1=(300, 900), picture2=(900, 100))
    shown = show_card("news", {"rows": _ROWS}, size, 1080 if size[0] == 640 else None, files=given)
    assert len(lefts(shown)) == 1
    assert len(frames(shown)) == 2
    wide = 16 / 9 if size[0] == 1920 else 4 / 3
    for each in frames(shown):
        assert each.width() / each.height() == pytest.approx(wide, abs=0.02)
        place = place_of(each, shown.root)
        assert place.left() > max(words.right() for words in headlines(shown))
        middle = shown.picture().pixelColor(place.center().toPoint())
        assert middle.name() == "#3050a0"


def test_a_picture_that_is_missing_leaves_its_place_empty_beside_others(
    show_card: Show, tmp_path: Path
) -> None:
    shown = show_card(
        "news", {"rows": _ROWS}, (1920, 1080), files=files(tmp_path, picture2=(400, 300))
    )
    assert (len(frames(shown)), len(lefts(shown))) == (1, 1)


@pytest.mark.filterwarnings("default")
@pytest.mark.qt_log_ignore("Cannot open|Error decoding")
@pytest.mark.parametrize("are_there", [True, False])
def test_without_a_picture_that_can_be_read_the_words_have_all_of_the_width(
    show_card: Show, tmp_path: Path, are_there: bool
) -> None:
    given = files(tmp_path, picture1=(8, 8), picture2=(8, 8)) if are_there else {}
    for name in given:
        (tmp_path / f"{name}.png").write_bytes(b"no picture")
    bare = show_card("news", {"rows": [{**row, "picture": ""} for row in _ROWS]}, (1920, 1080))
    shown = show_card("news", {"rows": _ROWS}, (1920, 1080), files=given)
    assert frames(shown) == []
    assert lefts(shown) == lefts(bare)


@pytest.mark.parametrize(("size", "screen"), SIZES)
def test_much_beside_pictures_is_legible_in_every_zone(
    show_card: Show, tmp_path: Path, size: tuple[int, int], screen: int
) -> None:
    given = files(tmp_path, picture1=(1600, 900))
    rows = [
        {"title": LONG * 5, "summary": LONG * 12, "source": f"{n}" + LONG * 4,
         "published": "2025-11-22T09:00:00Z", "picture": "picture1"} for n in range(5)
    ]  # fmt: skip
    data = {"title": LONG, "issuer": LONG, "rows": rows, "page_s": 3}
    shown = show_card("news", data, size, screen, files=given)
    for page in range(min(3, shown["pageCount"])):
        shown["offsetMs"] = page * 3000
        assert_plain_and_legible(shown, screen)
        found = inks(shown)
        assert overlapping(found) == []
        assert over_the_foot(shown, found) == []
        for each in frames(shown):
            place = place_of(each, shown.root)
            assert (place.top() >= 0, place.bottom() <= size[1]) == (True, True)
