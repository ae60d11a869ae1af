"""Many screens at once: tags and groups given and taken, each screen with its audit row."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F

from server.accounts.models import Staff
from server.accounts.policy import Act, require
from server.audit.services import record
from server.errors import Invalid
from server.screens.models import Screen, ScreenGroup, ScreenTag
from server.sentences import Sentence

__all__ = ["AT_ONCE", "TAGS_LIMIT", "grouping", "tag_names", "tagging"]

#: Screens of one act, and tags of one screen.
AT_ONCE, TAGS_LIMIT = 500, 20

_LONGEST = 30


def tag_names(text: str) -> list[str]:
    """The tags of a text that was typed: separated by commas (，、 too), each once."""
    for mark in "，、;；\n":
        text = text.replace(mark, ",")
    found = [" ".join(each.split())[:_LONGEST] for each in text.split(",")]
    return list(dict.fromkeys(each for each in found if each))


@transaction.atomic
def tagging(
    *,
    screens: Iterable[Screen],
    add: Iterable[str] = (),
    remove: Iterable[str] = (),
    actor: Staff,
    now: datetime,
    address: str = "",
) -> int:
    """Give and take tags; returns how many screens changed.  Raises `Invalid`."""
    chosen, given, taken = _checked(screens, actor), list(add), set(remove)
    new = [ScreenTag.objects.get_or_create(name=each)[0] for each in given]
    changed = 0
    for screen in chosen:
        before = set(screen.tags.values_list("name", flat=True))
        after = (before - taken) | set(given)
        if after == before:
            continue
        if len(after) > TAGS_LIMIT:
            raise Invalid(
                "%(screen)s would have more than %(most)d tags: take some away first.",
                values={"screen": screen, "most": TAGS_LIMIT},
            )
        screen.tags.remove(*screen.tags.filter(name__in=taken))
        screen.tags.add(*new)
        changed += 1
        detail = {"tags": [sorted(before), sorted(after)]}
        record(
            actor=actor, action="screen.tag", subject=screen, detail=detail, now=now,
            address=address,
        )  # fmt: skip
    ScreenTag.objects.filter(screens=None).delete()
    return changed


@transaction.atomic
def grouping(
    *,
    screens: Iterable[Screen],
    group: ScreenGroup,
    joins: bool,
    actor: Staff,
    now: datetime,
    address: str = "",
) -> int:
    """Put screens into a group, or take them out; returns how many changed."""
    require(actor, Act.MANAGE_SCREENS, group.department)
    changed = 0
    for screen in _checked(screens, actor):
        if group.screens.filter(pk=screen.pk).exists() == joins:
            continue
        (group.screens.add if joins else group.screens.remove)(screen)
        changed += 1
        detail = {"group": group.name, "joins": joins}
        record(
            actor=actor, action="screen.group", subject=screen, detail=detail, now=now,
            address=address,
        )  # fmt: skip
    if changed:
        ScreenGroup.objects.filter(pk=group.pk).update(version=F("version") + 1)
    return changed


def _checked(screens: Iterable[Screen], actor: Staff) -> list[Screen]:
    chosen = list(screens)
    if not 1 <= len(chosen) <= AT_ONCE:
        raise Invalid(
            "Choose 1 to %(most)d screens.",
            values={"most": AT_ONCE},
            details={"screens": Sentence("Choose screens first.")},
        )
    for screen in chosen:
        require(actor, Act.MANAGE_SCREENS, screen.department)
    return chosen
