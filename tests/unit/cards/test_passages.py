"""The small part of Markdown that a notice understands."""

import pytest

from cards.passages import Block, blocks_of


@pytest.mark.parametrize(
    ("line", "block"),
    [
        ("只是一段话", Block("text", "只是一段话")),
        ("# 一、放假时间", Block("heading", "一、放假时间")),
        ("**重要提示**", Block("heading", "重要提示")),
        ("- 第一点", Block("bullet", "第一点", "•")),
        ("* 第一点", Block("bullet", "第一点", "•")),
        ("1. 检查", Block("number", "检查", "1.")),
        ("2、检查", Block("number", "检查", "2、")),
        ("（三）检查", Block("number", "检查", "（三）")),
        ("**时间：** 9:00", Block("term", "9:00", "时间：")),
        ("3.5 亿元", Block("text", "3.5 亿元")),
        ("10月1日放假", Block("text", "10月1日放假")),
        ("-5 ℃", Block("text", "-5 ℃")),
        ("#话题", Block("text", "#话题")),
        ("<b>粗</b> [x](http://y)", Block("text", "<b>粗</b> [x](http://y)")),
        ("**没有结尾", Block("text", "**没有结尾")),
    ],
)
def test_a_line_becomes_a_paragraph(line: str, block: Block) -> None:
    assert blocks_of(line) == [block]


def test_blank_lines_say_nothing() -> None:
    assert blocks_of("\n\n一\n\n \n二\n") == [Block("text", "一"), Block("text", "二")]
