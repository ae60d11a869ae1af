"""Makes an enterprise as one would show it, in the home of a server: rows and files.

Run as a command in the environment of the home; prints as JSON where every page is (`pages`: by
name, its `path` and `as` whom it is read) and the sessions of those who read them (`sessions`).
"""

import json
from pathlib import Path
from typing import Any, NamedTuple

from tests.simulators.paired_screens import said
from tests.simulators.server_process import Home

__all__ = ["ShownPage", "shown_pages"]


class ShownPage(NamedTuple):
    """A page: its name, where it is, and the session of who reads it ("": nobody)."""

    name: str
    path: str
    session: str


def shown_pages(home: Home) -> list[ShownPage]:
    """Make the enterprise; every page of the staff side."""
    made = said(home, "tests.simulators.shown_pages")
    return [
        ShownPage(name, each["path"], made["sessions"].get(each["as"], ""))
        for name, each in made["pages"].items()
    ]


def _made() -> Any:
    from server.project import set_up

    set_up()
    from django.conf import settings

    from tests.simulators.shown_enterprise import shown_in

    return shown_in(Path(settings.DATA))


if __name__ == "__main__":
    print(json.dumps(_made()))
