"""The document of alerts names every kind that is told of."""

import re
from pathlib import Path

from server.alerts.kinds import Kind

DOCUMENT = Path(__file__).parents[4] / "docs" / "alerts.md"


def test_the_table_of_alerts_names_every_kind_and_no_other():
    rows = [line.split("|") for line in DOCUMENT.read_text().splitlines() if line.startswith("| ")]
    named = {word for row in rows for word in re.findall(r"`([a-z]+(?:-[a-z]+)*)`", row[2])}
    assert named == {kind.value for kind in Kind}
