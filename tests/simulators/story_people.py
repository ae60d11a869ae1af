"""The people of the story from a file to the wall: an editor and a reviewer for each step.

Run as a command in the environment of a server's home where `paired_screens` has made a screen: it
asks for three steps of review everywhere, and prints the session of each as JSON, by role.
"""

import json
from typing import Any

from tests.simulators.paired_screens import said
from tests.simulators.server_process import Home

__all__ = ["story_people"]


def story_people(home: Home) -> dict[str, str]:
    """Make them; the session of each, by role."""
    sessions: dict[str, str] = said(home, "tests.simulators.story_people")
    return sessions


def _made() -> Any:
    from server.project import set_up

    set_up()
    from server.accounts.models import Role, Staff
    from server.clock import SystemClock
    from server.review.services import rule_set
    from server.screens.models import Screen
    from tests.simulators import server_objects as objects
    from tests.simulators.shown_enterprise import PEOPLE, session_of

    screen = Screen.objects.get()
    screen.name = "办公楼大堂"
    screen.save()
    rule_set(
        department=None, level="ordinary", steps=3, hours=24,
        actor=Staff.objects.get(username="administrator"), now=SystemClock().now(),
    )  # fmt: skip
    roles = (Role.EDITOR, Role.REVIEWER_1, Role.REVIEWER_2, Role.REVIEWER_3)
    return {
        str(role): session_of(objects.staff(role, of=screen.department, full_name=PEOPLE[role]))
        for role in roles
    }


if __name__ == "__main__":
    print(json.dumps(_made()))
