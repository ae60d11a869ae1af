"""What a card says on the wall stands in its text, too: nothing is lost on the way to the phone."""

from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
import pytest

from cards.catalogue import DRAWN, card_for
from manifest.model import CardAsset
from server.portal.reading import card_text
from tests.golden.cases import CASES

AT = datetime(2026, 11, 23, 11, 40, tzinfo=ZoneInfo("Asia/Shanghai"))

#: What a face says to the stage alone, or where there is no room or nothing, or in its seal.
_NOT_READ = {"shorter", "short", "empty", "language", "family", "kind", "portrait", "label", "tone",
             "to", "state", "sign", "sky",
             "typed"}  # fmt: skip

#: Signs of the stage, and spaces, do not count.
_SPACES = {ord(each): None for each in "\u2060\u200b\xa0\u3000 "}

#: Codes that change are for those who stand before the wall.
FOR_THE_WALL = {each.name for each in CASES if each.template == "qr"
                and ("{" in each.data.get("address", "{"))}  # fmt: skip

READ = [
    each
    for each in CASES
    if each.template not in {"clock", "emergency"} and each.name not in FOR_THE_WALL
]


def said(value):
    """Every text of a face, without its spaces."""
    if isinstance(value, str):
        return {value.translate(_SPACES)}
    if isinstance(value, dict):
        return set().union(*(said(each) for key, each in value.items() if key not in _NOT_READ))
    return set().union(*map(said, value)) if isinstance(value, list | tuple) else set()


def test_every_template_is_among_the_cases():
    assert {each.template for each in CASES} == set(DRAWN)


@pytest.mark.parametrize("case", READ, ids=lambda each: each.name)
def test_nothing_that_a_card_says_is_lost(case):
    card = CardAsset(title=case.name, template=case.template, data=case.data)
    text = card_text(card, AT)
    assert text is not None
    told = "\n".join(said(msgspec.to_builtins(text)))
    on_the_wall = said(card_for(card, AT).face.data)
    assert [each for each in on_the_wall if len(each) > 1 and each not in told] == []


@pytest.mark.parametrize("name", sorted(FOR_THE_WALL))
def test_a_code_that_changes_is_for_the_wall_alone(name):
    (case,) = [each for each in CASES if each.name == name]
    assert card_text(CardAsset(case.name, case.template, case.data), AT) is None


def test_a_fixed_address_is_a_link():
    data = {"address": "https://forms.example.com/canteen", "text": "评一评"}
    text = card_text(CardAsset("", "qr", data), AT)
    assert text is not None
    assert text.link == "https://forms.example.com/canteen"
    assert text.blocks == (("text", "评一评"),)


def test_a_message_of_a_ticker_is_read_in_one_piece_with_where_it_is_from():
    lines = [{"text": "今天有小雪，路面湿滑，上下井请慢行" * 2, "source": "安全提示"}]
    text = card_text(CardAsset("", "ticker", {"lines": lines, "messages": ["关灯"]}), AT)
    assert text.blocks == (("text", "关灯"), ("text", f"安全提示　{lines[0]['text']}"))
