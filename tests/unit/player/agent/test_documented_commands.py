"""The document of the agent names every command that a box knows."""

import re
from pathlib import Path
from typing import Any, cast

from player.agent.deeds import deeds_of

DOCUMENT = Path(__file__).parents[4] / "docs" / "agent.md"


def test_the_table_of_commands_names_every_deed_and_no_other():
    chapter = DOCUMENT.read_text().split("\n## Commands\n")[1].split("\n## ")[0]
    rows = [line.split("|")[1] for line in chapter.splitlines() if line.startswith("| `")]
    named = {word for kinds in rows for word in re.findall(r"`([a-z-]+)`", kinds)}
    assert named == set(deeds_of(cast("Any", None)))  # only its names: nothing is done
