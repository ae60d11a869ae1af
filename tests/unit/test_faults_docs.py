"""The table of faults names tests that there are, and leaves no row of the catalogue out."""

import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
TABLE = (TESTS.parent / "docs" / "faults.md").read_text("utf-8")
ROWS = dict(re.findall(r"^\| ([A-Z]\d\d) \|.*\| (.*) \|$", TABLE, re.MULTILINE))

#: How many rows the catalogue has by letter: network, manifest, time (wall), identity, server.
CATALOGUE = {"N": 26, "M": 27, "W": 10, "I": 14, "S": 27}


def test_every_row_names_tests_that_there_are() -> None:
    for row, shown in ROWS.items():
        named = re.findall(r"`([\w/.]+)::(\w+)`", shown)
        assert named, f"{row} is shown by nothing"
        for file, test in named:
            source = (TESTS / file).read_text("utf-8")
            assert re.search(rf"^ *def {test}\(", source, re.MULTILINE), f"{row}: {file}::{test}"


def test_no_row_of_the_catalogue_is_left_out() -> None:
    due = {f"{letter}{n:02}" for letter, count in CATALOGUE.items() for n in range(1, count + 1)}
    assert due <= set(ROWS)
    assert all(row[0] in CATALOGUE or row[0] == "E" for row in ROWS)
