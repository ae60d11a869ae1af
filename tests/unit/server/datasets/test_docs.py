"""docs/datasets.md tells of every kind of column and of the limits that hold."""

from pathlib import Path

from server.datasets.columns import Kind
from server.datasets.versions import VERSIONS_KEPT
from server.library.ingest.table_cells import CHARACTERS_LIMIT, COLUMNS_LIMIT, ROWS_LIMIT

PAGE = (Path(__file__).parents[4] / "docs" / "datasets.md").read_text("utf-8")


def test_every_kind_of_column_stands_in_the_docs():
    assert [each for each in Kind if f"| `{each}` |" not in PAGE] == []


def test_the_limits_in_the_docs_are_those_of_the_code():
    for limit in (CHARACTERS_LIMIT, COLUMNS_LIMIT, ROWS_LIMIT, VERSIONS_KEPT):
        assert f"{limit:,}" in PAGE
