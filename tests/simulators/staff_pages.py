"""Every address of the staff side, and things of a department for each of them to name.

For the tests that go through all pages: as every role, and in a real browser.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from django.urls import URLPattern, URLResolver

from server.accounts.models import Department, Role
from server.accounts.services import token_issue
from server.clock import SystemClock
from server.library.models import Purpose
from server.plans.models import FloorPlan
from server.remote.models import Command
from server.remote.services import command_ask
from server.staff.urls import urlpatterns
from server.telemetry.models import Screenshot
from tests.simulators.enterprise import Enterprise
from tests.simulators.two_departments import Things
from tests.unit.server.staff.page_rights import PARAMETERS, Line

__all__ = ["TABLE", "Owned", "address_of", "addresses"]

#: Where it is said what each address takes.
TABLE = "tests/unit/server/staff/page_rights.py"

_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


def addresses(
    patterns: Sequence[URLPattern | URLResolver] = urlpatterns, prefix: str = ""
) -> Iterator[tuple[str, str]]:
    """Every (route, name) of the staff side, those of included lists too."""
    for each in patterns:
        route = prefix + str(each.pattern)
        if isinstance(each, URLPattern):
            yield route, str(each.name)
        else:
            yield from addresses(each.url_patterns, route)


def address_of(route: str, line: Line, things: Any, act: str = "") -> str:
    """The path of a route for these things; says where to say what a parameter is."""

    def value(found: re.Match[str]) -> str:
        name = found[1]
        if name == "act":
            return act or "x"
        if name == "pk":
            assert line.of, f'say in {TABLE} what <pk> of "/{route}" is: of="…"'
            return str(getattr(things, line.of).pk)
        assert name in PARAMETERS, f'say in PARAMETERS of {TABLE} what <{name}> of "/{route}" is'
        return str(PARAMETERS[name](things))

    return "/" + _PARAMETER.sub(value, route)


class Owned(Things):
    """Things of a department, with what else addresses name."""

    def __init__(self, enterprise: Enterprise, department: Department, screens: int = 1) -> None:
        super().__init__(enterprise, department, screens)
        self.editor = self.people[Role.EDITOR]
        at = SystemClock().now()
        self.token, _secret = token_issue(
            staff=self.editor, name="script", expires_at=None, actor=self.editor, now=at
        )
        for purpose in (Purpose.THUMBNAIL, Purpose.POSTER, Purpose.STRIP):
            if not self.asset.renditions.filter(purpose=purpose).exists():
                content = f"{purpose} {department.pk}"
                enterprise.rendition(self.asset, content, "image/webp", purpose=purpose)
        small = self.asset.renditions.get(purpose=Purpose.THUMBNAIL).blob
        self.shot = Screenshot.objects.create(
            screen=self.screen, taken_at=at, received_at=at, blob=small
        )
        self.plan = FloorPlan.objects.create(
            site=self.screen.site, department=department, name=f"1 {department.pk}", blob=small,
            width=800, height=600,
        )  # fmt: skip
        (self.command,) = command_ask(
            screens=[self.screen], kind=Command.Kind.IDENTIFY, actor=enterprise.administrator,
            now=at,
        )  # fmt: skip
        self.change()
