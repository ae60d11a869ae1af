"""What holds for all that the stage draws itself, at every size: plain, legible, in sight."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor
from PySide6.QtQuick import QQuickItem

from player.stage.card_slot import QML_FOLDER
from player.stage.glyphs import SANS, SERIF
from player.stage.slate import SLATE_QML, slate_face
from tests.unit.player.stage.cards.conftest import Show, Shown

LEGIBLE = 0.037
PLAIN_TEXT = 0  # Text.PlainText

HOSTILE = {
    "tags": '<b>粗体</b><img src="http://127.0.0.1:9/x.png"><script>alert(1)</script>',
    "entities": "&lt;&amp;&#20320; &nbsp;",
    "right to left": "שלום \u202eעולם مرحبا بالعالم",
    "emoji": "👩‍👩‍👧‍👦🇨🇳😀 e\u0301",
    "nul and bells": "一\x00二\x07三\x1b[31m四",
    "lines": "一\n\n\n二\r\n三\u2028四",
    "no break anywhere": "长" * 30 + "W" * 200,
    "only marks": "，。！？（《“”》）、；：……——",
    "percent signs": "%1 %s {} ${x} %n",
}

SIZES = [
    ((1920, 1080), 1080),
    ((1080, 1920), 1920),
    ((960, 1080), 1080),
    ((600, 980), 1080),
    ((480, 270), 1080),
    ((320, 180), 180),
    ((1920, 220), 1080),
]

BODIES = {
    "one word": "好。",
    "short": "自12月1日起，晚餐供应时间延长至20:00。",
    "points": "**时间：** 9:00\n- 第一点\n1. 第二点\n# 标题\n请提前到达。",
    "overfull": "请各部门提前清理疏散通道，检查插座与充电设备，确认灭火器在有效期内。\n" * 40,
}


def notice(**fields: Any) -> dict[str, Any]:
    return {
        "title": "冬季消防检查",
        "body": "好。",
        "issuer": "安全环保部",
        "date": "2026-11-22",
    } | fields


def place_of(item: QQuickItem, root: QQuickItem) -> QRectF:
    corner = item.mapToItem(root, QPointF(0, 0))
    return QRectF(corner.x(), corner.y(), item.width(), item.height())


def assert_plain_and_legible(shown: Shown, screen: int) -> None:
    texts = shown.texts()
    assert texts
    for text in texts:
        assert shown.evaluate(text, "textFormat") == PLAIN_TEXT, "no text may be markup"
        font = text.property("font")
        assert font.family() in {SANS, SERIF}
        assert font.pixelSize() >= screen * LEGIBLE, text.property("text")


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
@pytest.mark.parametrize(("size", "screen"), SIZES)
def test_a_notice_of_any_length_is_legible_and_inside_its_zone(
    show_card: Show, size: tuple[int, int], screen: int, body: str
) -> None:
    shown = show_card("notice", notice(body=body), size, screen)
    assert_plain_and_legible(shown, screen)
    zone = QRectF(0, 0, *size)
    for text in shown.texts():
        place = place_of(text, shown.root)
        assert place.left() >= 0
        assert place.right() <= zone.right() + 1, text.property("text")


#: As full as it may be, in both languages.
EMERGENCIES = {
    "short": {"title": "火警", "body": ""},
    "full": {"title": "三" * 24, "body": "请" * 120},
    "lines": {"title": "三号楼停电", "body": "一\n二\n三\n四\n五\n六"},
    "english": {"title": "Fire in building three, go", "body": "Leave now. " * 17},
}


@pytest.mark.parametrize("drill", [False, True])
@pytest.mark.parametrize("words", EMERGENCIES.values(), ids=EMERGENCIES)
@pytest.mark.parametrize(
    ("size", "screen"),
    [((1920, 1080), 1080), ((1080, 1920), 1920), ((3840, 1080), 1080), ((320, 180), 180)],
)
def test_an_emergency_is_legible_and_whole_on_one_page(
    show_card: Show, size: tuple[int, int], screen: int, words: dict[str, str], drill: bool
) -> None:
    data = words | {"drill": drill, "issuer": "总值班室", "since": "2026-11-22T09:28:00"}
    shown = show_card("emergency", data, size, screen)
    assert_plain_and_legible(shown, screen)
    said = {text.property("text"): text for text in shown.texts()}
    assert ("演练 DRILL" in said) is drill
    glass = QRectF(0, 0, *size)
    foot = next(item for text, item in said.items() if text.startswith("总值班室"))
    wanted = [each for each in (words["title"], words["body"].strip()) if each]
    for text in wanted:
        item = next(item for letters, item in said.items() if plain(letters) == plain(text))
        place = place_of(item, shown.root)
        assert glass.contains(place), text
        assert place.bottom() <= place_of(foot, shown.root).top() + 1, text


def plain(text: str) -> str:
    """Without what only says where lines may break."""
    return "".join(sign for sign in text if sign not in "\u2060\u200b\u00a0 ")


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_is_shown_as_it_stands(show_card: Show, text: str) -> None:
    shown = show_card("notice", notice(title=text[:80], body=text, issuer=text[:40]))
    assert_plain_and_legible(shown, 540)
    ticker = show_card("ticker", {"messages": [text], "priority": [text]}, (960, 60), 540)
    assert_plain_and_legible(ticker, 540)


def test_tags_are_letters_on_the_glass(show_card: Show) -> None:
    shown = show_card("notice", notice(body="<b>粗体</b>"))
    assert "<b>粗体</b>" in [text.property("text") for text in shown.texts()]


@pytest.mark.parametrize("size", [(1920, 1080), (1080, 1920), (640, 360)])
def test_the_slate_is_plain_legible_and_inside_the_screen(
    show_qml: Show, size: tuple[int, int]
) -> None:
    now = datetime(2026, 11, 22, 1, 28, tzinfo=UTC)
    face = slate_face("总部大厅东侧", "waiting", now, ZoneInfo("Asia/Shanghai"))
    shown = show_qml(QML_FOLDER / SLATE_QML, face.properties(), size)
    assert_plain_and_legible(shown, size[1])
    for drift in (0.0, 1.0):
        shown["driftX"] = shown["driftY"] = drift
        for text in shown.texts():
            place = place_of(text, shown.root)
            assert QRectF(0, 0, *size).contains(place), text.property("text")
            assert not text.property("truncated")


def luminance(colour: QColor) -> float:
    """Relative luminance as WCAG 2 defines it."""
    channels = (colour.redF(), colour.greenF(), colour.blueF())
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: QColor, other: QColor) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_every_pair_of_colours_that_letters_take_reaches_seven_to_one(
    show_qml: Show, tmp_path: Path
) -> None:
    probe = tmp_path / "Probe.qml"
    theme = (QML_FOLDER / "theme").as_uri()
    probe.write_text(
        f'import QtQuick\nimport "{theme}"\nItem {{\n  property var theme: Theme\n'
        "  property var families: Theme.families\n}"
    )
    shown = show_qml(probe, {}, (8, 8))
    theme = shown["theme"]
    colour = {
        name: theme.property(name)
        for name in (
            "paper",
            "tint",
            "hairline",
            "ink",
            "inkSoft",
            "moon",
            "moonSoft",
            "night",
            "nightHigh",
            "nightLow",
        )
    }
    white = QColor("white")
    pairs = [(colour["ink"], colour["paper"]), (colour["inkSoft"], colour["paper"])]
    pairs += [(colour[ink], colour["tint"]) for ink in ("ink", "inkSoft")]
    pairs += [(colour["ink"], colour["hairline"])]
    for ground in ("night", "nightHigh", "nightLow"):
        pairs += [(colour["moon"], colour[ground]), (colour["moonSoft"], colour[ground])]
    for family in shown["families"].values():
        text, light = QColor(family["text"]), QColor(family["glow"])
        pairs += [(text, colour["paper"]), (white, text), (light, colour["night"])]
    assert len(pairs) == 20
    too_low = {f"{a.name()} on {b.name()}": contrast(a, b) for a, b in pairs if contrast(a, b) < 7}
    assert too_low == {}
    assert contrast(QColor("#C8102E"), white) < 7, "the measure sees what is too low"
