"""What a card's data may be, and the one sentence an editor reads when it may not."""

import re
from datetime import datetime
from pathlib import Path
from typing import Any, get_args, get_type_hints
from zoneinfo import ZoneInfo

import pytest
from msgspec import Struct, structs

from cards.catalogue import DRAWN, TEMPLATES, card_for
from cards.notice import MAX_BODY, MAX_ISSUER, MAX_PARAGRAPHS, MAX_TITLE, PAGE_S
from cards.sheet import SheetData
from cards.template import CardRefusedError, Template
from cards.ticker import MAX_LABEL, MAX_MESSAGES, MAX_TICKER, PIECE, SPEED
from manifest.model import CardAsset, FileReference

ROOT = Path(__file__).parents[3]
NOON = datetime(2026, 11, 22, 12, tzinfo=ZoneInfo("Asia/Shanghai"))

NOTICE = {
    "title": "班车改停东门",
    "body": "请提前到达。",
    "issuer": "后勤服务中心",
    "date": "2026-11-22",
}
TICKER = {"messages": ["欢迎光临"]}


def card(template: str, data: dict[str, Any]) -> CardAsset:
    return CardAsset("a card", template, data)


def refusal(template: str, data: dict[str, Any]) -> str:
    with pytest.raises(CardRefusedError) as refused:
        card_for(card(template, data), NOON)
    return str(refused.value)


def pieces(**data: Any) -> list[dict[str, str]]:
    found = card_for(card("ticker", data), NOON).face.data["pieces"]
    assert isinstance(found, list)
    return found


def test_a_ticker_mixes_lines_of_several_sources_the_urgent_ones_before_all_others() -> None:
    lines = [
        {"text": "小雪", "source": "气象"},
        {"text": "演练", "source": "调度", "urgent": True},
        {"text": "\u2066", "source": "空"},
    ]
    assert [each["text"] for each in pieces(messages=["关灯"], priority=["停电"], lines=lines)] == [
        "停电", "", "调度　", "演练", "", "关灯", "", "气象　", "小雪", "",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("template", "data", "sentence"),
    [
        (
            "notice",
            NOTICE | {"title": "长" * 81},
            "data.title: 81 characters, at most 80; shorten it",
        ),
        ("notice", NOTICE | {"title": 7}, "data.title: expected text, got 7"),
        ("notice", NOTICE | {"title": " \u202e\n"}, "data.title: empty; it is always shown"),
        ("notice", NOTICE | {"issuer": ""}, "data.issuer: empty; it is always shown"),
        (
            "notice",
            NOTICE | {"body": "\x00\n"},
            "data.body: nothing to read; write at least one sentence",
        ),
        (
            "notice",
            NOTICE | {"body": "字" * 10_000},
            "data.body: 10,000 characters, at most 4,000; shorten it",
        ),
        (
            "notice",
            NOTICE | {"date": "22.11.2026"},
            'data.date: "22.11.2026" is no date; write it like 2026-11-22',
        ),
        (
            "notice",
            NOTICE | {"level": "panic"},
            'data.level: "panic" is none of notice, announcement, urgent',
        ),
        (
            "notice",
            NOTICE | {"html": "<b>"},
            (
                "data: there is no html; there are title, body, issuer, date, level, family, "
                "language, page_s"
            ),
        ),
        (
            "notice",
            {"title": "x"},
            "data: body is missing",
        ),
        ("notice", NOTICE | {"page_s": 0.5}, "data.page_s: 0.5 is out of range; at least 3"),
        ("ticker", {}, "data.messages: nothing to read; write at least one message"),
        (
            "ticker",
            {"messages": ["\u2066"]},
            "data.messages: nothing to read; write at least one message",
        ),
        (
            "ticker",
            {"messages": ["字" * 3000] * 2},
            "data.messages: 6,000 characters together, at most 5,000; leave some out",
        ),
        (
            "ticker",
            TICKER | {"characters_per_s": 90},
            "data.characters_per_s: 90 is out of range; at most 12",
        ),
        ("ticker", TICKER | {"messages": "x"}, 'data.messages: expected a list, got "x"'),
        ("ticker", {"messages": ["一", 2]}, "data.messages[1]: expected text, got 2"),
        (
            "ticker",
            {"messages": ["一"] * 51},
            "data.messages: 51 entries, at most 50; shorten it",
        ),
        (
            "poster",
            {},
            (
                'template: there is no "poster"; there are agenda, birthday, clock, countdown, '
                "emergency, honour, menu, music, news, notice, progress, public-notice, qr, "
                "ranking, safety-days, table, ticker, weather, welcome"
            ),
        ),
    ],
)
def test_data_that_does_not_fit_is_refused_in_one_sentence(
    template: str, data: dict[str, Any], sentence: str
) -> None:
    assert refusal(template, data) == sentence


def test_a_file_that_the_template_does_not_know_is_refused() -> None:
    file = FileReference("0" * 64, 1, "image/png")
    with pytest.raises(CardRefusedError, match=r'^blobs: notice knows no "logo"; it takes photo$'):
        card_for(CardAsset("a card", "notice", NOTICE, {"logo": file}), NOON)


def test_every_template_has_its_qml_file() -> None:
    folder = ROOT / "player" / "stage" / "qml" / "cards"
    assert [each.name for each in DRAWN.values() if not (folder / each.qml).is_file()] == []


def test_an_urgent_notice_is_of_the_safety_family_whatever_was_asked() -> None:
    plan = card_for(card("notice", NOTICE | {"level": "urgent", "family": "party"}), NOON)
    assert (plan.face.data["family"], plan.face.data["label"]) == ("safety", "紧急")


@pytest.mark.parametrize(
    ("language", "dateline", "label"),
    [("zh", "2026\u00a0年 11\u00a0月 22\u00a0日", "通知"), ("en", "22 November 2026", "Notice")],
)
def test_the_date_is_written_out_in_the_language_of_the_notice(
    language: str, dateline: str, label: str
) -> None:
    data = card_for(card("notice", NOTICE | {"language": language}), NOON).face.data
    assert (data["dateline"], data["label"]) == (dateline, label)


def test_priority_messages_lead_each_round_and_a_separator_follows_each() -> None:
    found = pieces(messages=["一", "二"], priority=["火警演练"])
    assert [(piece["kind"], piece["text"]) for piece in found] == [
        ("priority", "火警演练"),
        ("separator", ""),
        ("message", "一"),
        ("separator", ""),
        ("message", "二"),
        ("separator", ""),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "通勤班车因道路施工改停东门请提前到达" * 20,
        "please sign in at the front desk " * 20,
        "x" * 500,
        "שלום עולם " * 40,
        "👩‍👩‍👧‍👦" * 40,
        "a\u0301" * 200,
    ],
)
def test_a_long_message_is_cut_into_pieces_that_join_to_the_same_text(text: str) -> None:
    found = [piece["text"] for piece in pieces(messages=[text]) if piece["kind"] == "message"]
    assert "".join(found) == text.strip()
    assert all(len(piece) <= 4 * PIECE for piece in found)
    assert len(found) > 1


def test_messages_on_several_lines_run_as_one() -> None:
    assert pieces(messages=["上午\n下午"])[0]["text"] == "上午　下午"


DOCS = (ROOT / "docs" / "cards.md").read_text()


def documented(section: str) -> list[str]:
    return re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)


def shapes_of(template: Template[Any]) -> dict[str, type[Struct]]:
    """A card's own shape under "", and those of its rows by the names of their lists."""
    hints = get_type_hints(template.shape)
    rows = {name: (get_args(hint) or (None,))[0] for name, hint in hints.items()}
    return {"": template.shape} | {
        name: shape for name, shape in rows.items()
        if isinstance(shape, type) and issubclass(shape, Struct)
    }  # fmt: skip


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=TEMPLATES)
def test_every_field_stands_in_the_documentation(template: Template[Any]) -> None:
    """Fields of a sheet stand once for all of them; rows stand under "A row of `name`"."""
    chapter = DOCS.split(f"\n## {template.name}\n")[1].split("\n## ")[0]
    own, *tables = re.split(r"\nA row of `", chapter)
    told = {"": documented(own)} | {
        table.split("`")[0]: documented(table) for table in tables
    }  # fmt: skip
    shared = documented(DOCS.split("\n## What every sheet has\n")[1].split("\n## ")[0])
    fields = {
        name: sorted(field.name for field in structs.fields(shape))
        for name, shape in shapes_of(template).items()
    }
    if issubclass(template.shape, SheetData):
        told[""] = told[""] + shared
    assert {name: sorted(names) for name, names in told.items()} == fields


@pytest.mark.parametrize("template", DRAWN.values(), ids=DRAWN)
def test_every_template_has_a_picture_in_the_documentation(template: Template[Any]) -> None:
    chapter = DOCS.split(f"\n## {template.name}\n")[1].split("\n## ")[0]
    pictures = re.findall(r"!\[[^]]+\]\(([^)]+)\)", chapter)
    assert pictures
    assert [each for each in pictures if not (ROOT / "docs" / each).is_file()] == []


def test_every_limit_stands_in_the_documentation() -> None:
    for limit in (
        MAX_TITLE,
        MAX_BODY,
        MAX_ISSUER,
        MAX_MESSAGES,
        MAX_PARAGRAPHS,
        MAX_TICKER,
        MAX_LABEL,
    ):
        assert f"{limit:,}" in DOCS
    for low, high in (SPEED, PAGE_S):
        assert f"{low:g}–{high:g}" in DOCS
