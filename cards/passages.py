"""The body of a notice as paragraphs: a small part of Markdown, read into values.

What is read: blank lines between paragraphs, `# heading`, `- bullet` (also `* ` and `• `),
`1. ` and `1、` numbered points, a line that is bold as a whole (a heading), and a bold label that
opens a paragraph (`**时间：** 9:00`).  Anything else, tags and links included, is text and is shown
as it stands.  Pure.
"""

import re
from typing import Literal

from msgspec import Struct

__all__ = ["Block", "blocks_of"]

Kind = Literal["text", "heading", "bullet", "number", "term"]

_HEADING = re.compile(r"#{1,6}\s+(?P<text>\S.*)|\*\*(?P<bold>[^*]+)\*\*")
_BULLET = re.compile(r"[-*•·]\s+(?P<text>\S.*)")
_NUMBER = re.compile(
    r"(?P<label>\d{1,2}[.、)]|[(（][一二三四五六七八九十\d]{1,3}[)）])\s*(?P<text>\D.*)"
)
_TERM = re.compile(r"\*\*(?P<label>[^*]{1,20})\*\*\s*(?P<text>\S.*)")


class Block(Struct, frozen=True):
    """One paragraph: `text` beside the `label` that it hangs from ("" for none)."""

    kind: Kind
    text: str
    label: str = ""


def blocks_of(body: str) -> list[Block]:
    """Read `body` into paragraphs; each line is one, and blank lines say nothing."""
    return [_block(line.strip()) for line in body.split("\n") if line.strip()]


def _block(line: str) -> Block:
    if found := _HEADING.fullmatch(line):
        return Block("heading", (found["text"] or found["bold"]).strip())
    if found := _BULLET.fullmatch(line):
        return Block("bullet", found["text"], "•")
    if found := _NUMBER.fullmatch(line):
        return Block("number", found["text"], found["label"])
    if found := _TERM.fullmatch(line):
        return Block("term", found["text"], found["label"].strip())
    return Block("text", line)
