"""避头尾: what may not begin or end a line, shaped by the real fonts at many widths."""

import itertools

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QFont, QGuiApplication, QTextLayout, QTextOption

from cards.plain_text import joined, spaced
from player.stage.glyphs import SANS

NEVER_FIRST = set("，。、；：！？）》〉」』】〕％%…·,.;:!?)]’”")
NEVER_LAST = set("（《〈「『【〔([‘“")
SIZE = 40

pytestmark = pytest.mark.usefixtures("qapp")

SENTENCES = [
    "为切实做好冬季消防安全工作，定于11月25日9:00—17:00对办公区域（1—18层）开展专项检查。",
    "“安全第一、预防为主、综合治理”是我们的方针；《安全生产法》第三条对此作了规定！",
    "他说：“请问，（一）哪里报名？（二）何时截止？”——答复见“通知公告”栏目……",
    "本月发电128,600千瓦时，同比增长5.2%，折合减排二氧化碳102.3吨（按0.7956计算）。",
    "「引号」『套引号』【方头】〔六角〕〈单书名〉《双书名》，逐一检查。",
]


RULED = QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere
UNRULED = QTextOption.WrapMode.WrapAnywhere


def lines(text: str, ems: int, mode: QTextOption.WrapMode = RULED) -> list[str]:
    font = QFont(SANS)
    font.setPixelSize(SIZE)
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setWrapMode(mode)
    layout.setTextOption(option)
    layout.beginLayout()
    found = []
    while (line := layout.createLine()).isValid():
        line.setLineWidth(ems * SIZE)
        found.append(text[line.textStart() : line.textStart() + line.textLength()])
    layout.endLayout()
    return [line.strip(" \u00a0\u2060\u200b") for line in found]


def broken_rules(text: str, ems: int, mode: QTextOption.WrapMode = RULED) -> list[str]:
    found = lines(joined(spaced(text)), ems, mode)
    return [
        f"{before!r} / {after!r}"
        for before, after in itertools.pairwise(found)
        if after[:1] in NEVER_FIRST or before[-1:] in NEVER_LAST
    ]


@pytest.mark.parametrize("text", SENTENCES)
def test_no_line_begins_or_ends_with_the_wrong_mark(text: str) -> None:
    assert [broken_rules(text, ems) for ems in range(8, 33)] == [[]] * 25


LETTERS = st.sampled_from("安全生产月检查通知电")
MARKS = st.sampled_from("，。、；：！？")
PAIRS = st.sampled_from(["（{}）", "“{}”", "《{}》", "「{}」"])


@st.composite
def passages(draw: st.DrawFn) -> str:
    words = draw(st.lists(st.text(LETTERS, min_size=1, max_size=5), min_size=4, max_size=14))
    return "".join(
        (draw(PAIRS).format(word) if draw(st.integers(0, 3)) == 0 else word)
        + (draw(MARKS) if draw(st.booleans()) else "")
        for word in words
    )


@example("（产）“产”（产）", 8)
@settings(deadline=None, max_examples=150)
@given(passages(), st.integers(8, 31))
def test_whatever_is_written_the_rule_holds(text: str, ems: int) -> None:
    assert QGuiApplication.instance() is not None
    assert broken_rules(text, ems) == []


@pytest.mark.parametrize("text", SENTENCES)
def test_the_test_sees_the_marks_that_a_layout_without_the_rule_puts_first(text: str) -> None:
    assert any(broken_rules(text, ems, UNRULED) for ems in range(8, 33))


@pytest.mark.parametrize("ems", range(6, 20))
def test_a_figure_stays_with_its_unit_and_a_range_in_one_piece(ems: int) -> None:
    text = spaced("定于2026年11月25日9:00—17:00，共7天，用电128千瓦时")
    for line in lines(text, ems)[1:]:
        assert not line.startswith(("年", "月", "日", "天", "千瓦时", "—")), line


@pytest.mark.parametrize("ems", range(6, 20))
def test_no_paragraph_ends_with_a_single_letter(ems: int) -> None:
    last = lines(joined("请各部门提前清理疏散通道并检查充电设备"), ems)[-1]
    assert len(last.replace("\u2060", "")) >= 2
