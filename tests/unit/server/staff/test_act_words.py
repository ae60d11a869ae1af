"""Every act that the server writes into the audit has words: nobody reads a code there."""

import ast
from pathlib import Path

import server
from server.staff.reports.act_words import words_of_act

ROOT = Path(server.__file__).parent


def acts():
    """Every literal `action=`, and those that authors hand to their `_record`."""
    for file in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                told = [each.value for each in node.keywords if each.arg == "action"]
                told += node.args[1:2] if name in {"RowKind", "_record"} else []
                for each in told:
                    if isinstance(each, ast.Constant) and isinstance(each.value, str):
                        yield each.value


def test_every_act_has_words():
    known = {each for each in acts() if "." in each}
    assert len(known) > 80
    assert sorted(each for each in known if words_of_act(each) == each) == []
