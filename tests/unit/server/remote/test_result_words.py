"""What boxes say of commands is said in the reader's language; the unknown, as it was told."""

import ast
from pathlib import Path

import pytest
from django.utils.translation import override

from content_cache.outcome import Ending, SyncOutcome
from server.remote.result_words import RESULT_WORDS, result_sentence
from server.sentences import local

AGENT = Path(__file__).parents[4] / "player" / "agent"

#: What stands in the holes of a sentence; the first that the table takes counts.
FILLINGS = ("30", "on", "why it is so")


def told_by(module: str, names: set[str]) -> list[list[str]]:
    """The sentences that stand in calls of `names` in a module of the agent, holes filled."""
    found = []
    for node in ast.walk(ast.parse((AGENT / module).read_text())):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in names:
            for given in node.args:
                if isinstance(given, ast.Constant) and " " in str(given.value):
                    found.append([str(given.value)])
                elif isinstance(given, ast.JoinedStr):
                    found.append(sorted(filled(given)))
    return found


def filled(text: ast.JoinedStr) -> set[str]:
    """The text with its holes filled in each way (numbers and words may stand together)."""
    made = {""}
    for part in text.values:
        plain = [str(part.value)] if isinstance(part, ast.Constant) else FILLINGS
        made = {before + each for before in made for each in plain}
    return made


SAID = [
    *told_by("deeds.py", {"Result"}), *told_by("commands.py", {"Result"}),
    *told_by("glass.py", {"NoPicture"}),
    *[[str(SyncOutcome(each, 12))] for each in Ending],
]  # fmt: skip


def chinese(told: str) -> str:
    with override("zh-hans"):
        return local(result_sentence(told))


@pytest.mark.parametrize("ways", SAID, ids=lambda ways: ways[0][:40])
def test_every_sentence_of_the_agent_is_known(ways):
    assert any(chinese(each) != each for each in ways)


def test_the_agents_sentences_were_found_at_all():
    assert len(SAID) >= 25


@pytest.mark.parametrize(
    ("told", "zh", "en"),
    [
        ("It is on, for 60 min.", "显示屏已开启，保持 60 分钟。", "The panel is on, for 60 min."),
        ("unchanged (manifest 7)", "已经是最新节目（第 7 版）。",
         "It had the newest programme (7)."),
        ("incomplete (manifest 7), 1,024 bytes left: it is away",
         "还没有下载完（第 7 版），还差 1,024 字节，下次接着下载。it is away",
         "Not all has arrived yet (7), 1,024 bytes left; it goes on where it stopped. it is away"),
        ("unreached", "设备连不上服务器，继续播出原有节目。",
         "The box cannot reach the server; it shows what it has."),
        ("12 files, 3.5 MB.", "已删除 12 个文件，共 3.5 MB。", "12 files deleted, 3.5 MB."),
        ("<b>{version}</b> of tomorrow", "<b>{version}</b> of tomorrow",
         "<b>{version}</b> of tomorrow"),
        ("", "", ""),
    ],
)  # fmt: skip
def test_it_is_said_in_both_languages(told, zh, en):
    assert chinese(told) == zh
    with override("en"):
        assert local(result_sentence(told)) == en


def test_what_a_box_puts_into_a_hole_is_never_a_template():
    assert chinese("The disk of the box takes nothing: {0} %(x)s") == (
        "设备的磁盘无法写入：{0} %(x)s"
    )


def test_no_two_patterns_are_one():
    assert len({each.pattern.pattern for each in RESULT_WORDS}) == len(RESULT_WORDS)
