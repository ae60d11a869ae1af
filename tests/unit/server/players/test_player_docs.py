"""docs/player-interface.md tells of every request, error, limit and report, and of nothing else."""

import re
from pathlib import Path

import msgspec
import pytest

from server import errors as common
from server.players import errors, wire
from server.players.gate import LIMITS
from server.players.operations import describe
from server.screens import errors as screens

DOCS = (Path(__file__).parents[4] / "docs" / "player-interface.md").read_text()


def codes():
    for module in (common, errors, screens):
        for name in module.__all__:
            yield getattr(module, name).code


@pytest.mark.parametrize(
    "code", sorted(set(codes()) - {"REFUSED", "LOGIN_REFUSED", "FORBIDDEN", "CONFLICT"})
)
def test_every_error_stands_in_the_docs(code):
    assert f"`{code}`" in DOCS


def test_every_request_stands_in_the_docs():
    paths = msgspec.json.decode(describe())["paths"]
    for path, methods in paths.items():
        for method in methods:
            assert f"`{method.upper()} {path}" in DOCS, f"{method} {path}"


def test_every_limit_stands_in_the_docs_with_its_figures():
    for kind, limit in LIMITS.items():
        assert re.search(rf"\| {kind}[^|]*\| {limit.burst} \| {limit.each_s:g} s \|", DOCS), kind


@pytest.mark.parametrize("report", [wire.Played, wire.Fault, wire.Receipt, wire.ReportsLost])
def test_every_kind_of_report_stands_in_the_docs_with_its_fields(report):
    kind = report.__struct_config__.tag
    (row,) = [line for line in DOCS.splitlines() if line.startswith(f"| `{kind}` |")]
    for field in msgspec.structs.fields(report):
        assert f"`{field.encode_name}`" in row, field.name
