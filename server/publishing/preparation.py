"""What each screen would be told now, and whether that differs from what it was told last.

For the dry run and for publishing, which must agree: both start here.  Reads and compiles; signs
and writes nothing.
"""

import hashlib
from collections.abc import Collection, Mapping
from datetime import datetime

from django.utils.translation import gettext_noop as _
from msgspec import Struct

from manifest.errors import ManifestFormatError
from server.publishing.compile import Body, Compiler, sheet_of
from server.publishing.errors import ProgrammeInvalid
from server.publishing.facts import Facts, ScreenFacts
from server.publishing.loader import load_facts
from server.publishing.selectors import Told, told

__all__ = ["Preparation", "digest_of", "prepare"]


class Preparation(Struct, frozen=True):
    """The programme of some screens, compiled.

    `told` has what counts as published: with `waiting`, publications that still wait for
    approval too.  `changed` are the screens (primary keys) whose body differs from that.
    """

    facts: Facts
    bodies: dict[int, Body]
    told: dict[int, Told]
    changed: tuple[int, ...]

    @property
    def digest(self) -> str:
        """One digest of all of it."""
        return digest_of({pk: body.sha256 for pk, body in self.bodies.items()})


def prepare(screens: Collection[int], now: datetime, *, waiting: bool = False) -> Preparation:
    """Compile the programme of these screens.  Raises `ProgrammeInvalid`."""
    facts = load_facts(screens)
    before = told(screens, waiting=waiting)
    compiler = Compiler(facts)
    bodies: dict[int, Body] = {}
    changed = []
    for pk, screen in sorted(facts.screens.items()):
        known = before.get(pk)
        body = _unchanged(compiler, screen, known) or _body(compiler, screen, now)
        bodies[pk] = body
        if known is None or body.sha256 != known.content_sha256:
            changed.append(pk)
    return Preparation(facts, bodies, before, tuple(changed))


def digest_of(digests: Mapping[int, str]) -> str:
    """One digest of what each screen (primary key) would show."""
    lines = [f"{pk} {sha256}\n" for pk, sha256 in sorted(digests.items())]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _unchanged(compiler: Compiler, screen: ScreenFacts, known: Told | None) -> Body | None:
    """The body, if it is what was told; takeovers that ended since then are no change."""
    if known is None:
        return None
    body = _body(compiler, screen, known.issued_at)
    return body if body.sha256 == known.content_sha256 else None


def _body(compiler: Compiler, screen: ScreenFacts, since: datetime) -> Body:
    try:
        return compiler.body(sheet_of(compiler.facts, screen, since))
    except ManifestFormatError as error:
        raise ProgrammeInvalid(
            _("The programme of %(screen)s cannot be published: %(error)s."),
            values={"screen": screen.name, "error": error},
            details={"screen": screen.slug, "path": error.path},
        ) from error
