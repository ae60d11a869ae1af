"""Which of the screens of a dry run somebody has ticked, and what they saw of each.

Each tick says the screen and the digest of what it would be told (`ScreenPlan.sha256`), so that a
part of what was looked at can be submitted or published, and nothing else.
"""

import re
from collections.abc import Mapping

from django.http import HttpRequest

from server.errors import Invalid
from server.publishing.preparation import digest_of

__all__ = ["require_some", "seen_digest", "seen_screens"]

_TICK = re.compile(r"(\d{1,18})(?::([0-9a-f]{64}))?")


def seen_screens(request: HttpRequest) -> dict[int, str]:
    """The digests ("": not told) of the ticked screens, by primary key."""
    ticks = map(_TICK.fullmatch, request.POST.getlist("screens"))
    return {int(each[1]): each[2] or "" for each in ticks if each}


def require_some(screens: Mapping[int, str]) -> None:
    """Raise `Invalid` if nobody ticked a screen."""
    if not screens:
        raise Invalid("Tick at least one screen.")


def seen_digest(request: HttpRequest, screens: Mapping[int, str]) -> str | None:
    """What stands for all that was seen of them; None: nothing was told of that."""
    if screens and all(screens.values()):
        return digest_of(screens)
    return request.POST.get("digest")
