"""Writes sites, screens and groups, each act with its audit row; pairing has modules of its own.

`actor` None is the command line.  Who changes something says which version they saw: if another
was faster, `Conflict` says so and nothing is lost.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import F, QuerySet

from manifest.codec import windows
from manifest.errors import ManifestFormatError
from manifest.times import timezone
from server.accounts.models import Department, Staff
from server.accounts.policy import Act, require
from server.audit.services import record
from server.errors import Conflict, Invalid
from server.screens.models import Screen, ScreenGroup, Site
from server.screens.short_names import short_name
from server.screens.tokens import tokens_forget
from server.sentences import Sentence
from server.validation import cleaned

__all__ = [
    "free_slug",
    "group_change",
    "group_create",
    "group_delete",
    "screen_change",
    "screen_create",
    "screen_retire",
    "site_change",
    "site_create",
]

#: What may be changed of a screen.  Its slug and site are its identity in every signed document.
SCREEN_FIELDS = frozenset(
    {
        "name",
        "department",
        "place",
        "level",
        "canvas_width",
        "canvas_height",
        "timezone",
        "default_layout",
        "panel_on",
    }
)

GROUP_FIELDS = frozenset({"name", "allow_4k"})

Versioned = TypeVar("Versioned", Screen, ScreenGroup)


def free_slug(name: str, others: QuerySet[Any]) -> str:
    """Return a short name made of `name` that none of `others` has."""
    return short_name(name, set(others.values_list("slug", flat=True)))


def _require(actor: Staff | None, department: Department | None) -> None:
    if actor is not None:
        require(actor, Act.MANAGE_SCREENS, department)


@transaction.atomic
def site_create(
    *, slug: str, name: str, actor: Staff | None, now: datetime, address: str = ""
) -> Site:
    """Make a site; for administrators of everything, since every department may use it.

    Without a `slug` one is made of its name.
    """
    _require(actor, None)
    slug = slug.strip() or free_slug(name, Site.objects.all())
    site = cleaned(Site(slug=slug, name=name.strip()))
    site.save()
    record(actor=actor, action="site.create", subject=site, now=now, address=address)
    return site


@transaction.atomic
def site_change(
    *, site: Site, name: str, actor: Staff | None, now: datetime, address: str = ""
) -> Site:
    """Call a site something else; its slug stays, since screens know it."""
    _require(actor, None)
    detail = {"name": [site.name, name.strip()]}
    site.name = name.strip()
    cleaned(site).save()
    record(actor=actor, action="site.change", subject=site, detail=detail, now=now, address=address)
    return site


@transaction.atomic
def screen_create(
    *,
    slug: str,
    name: str,
    site: Site,
    department: Department,
    groups: Iterable[ScreenGroup] = (),
    actor: Staff | None,
    now: datetime,
    address: str = "",
    **more: Any,
) -> Screen:
    """Make a screen; `more` are fields of `SCREEN_FIELDS`.  Raises `Invalid`.

    Without a `slug` one is made of its name.
    """
    _require(actor, department)
    slug = slug.strip() or free_slug(name, Screen.objects.filter(site=site))
    screen = Screen(slug=slug, site=site, department=department, created_at=now)
    _set(screen, {"name": name.strip(), **more}, SCREEN_FIELDS)
    _checked(screen).save()
    screen.groups.set(_own(groups, department))
    record(actor=actor, action="screen.create", subject=screen, now=now, address=address)
    return screen


@transaction.atomic
def screen_change(
    *,
    screen: Screen,
    version: int,
    groups: Iterable[ScreenGroup] | None = None,
    actor: Staff | None,
    now: datetime,
    address: str = "",
    **changes: Any,
) -> Screen:
    """Change fields of `SCREEN_FIELDS`, and the groups if they are given.

    `version` is the one that the actor saw.  Raises `Conflict`, `Invalid`.
    """
    _require(actor, screen.department)
    held = _held(Screen.objects.all(), screen.pk, version)
    before = {field: getattr(held, field) for field in changes if field in SCREEN_FIELDS}
    _set(held, changes, SCREEN_FIELDS)
    if held.department != screen.department:
        _require(actor, held.department)
    _checked(held).save()
    if groups is not None:
        held.groups.set(_own(groups, held.department))
    detail = {field: [str(old), str(getattr(held, field))] for field, old in before.items()}
    record(
        actor=actor, action="screen.change", subject=held, detail=detail, now=now, address=address
    )
    return held


@transaction.atomic
def screen_retire(*, screen: Screen, actor: Staff | None, now: datetime, address: str = "") -> None:
    """Take a screen out of use for good: its box is locked out, its records and its slug stay."""
    _require(actor, screen.department)
    if Screen.objects.filter(pk=screen.pk, retired_at=None).update(
        retired_at=now, version=F("version") + 1
    ):
        screen.groups.clear()
        tokens_forget(screen, now)
        record(actor=actor, action="screen.retire", subject=screen, now=now, address=address)


@transaction.atomic
def group_create(
    *,
    name: str,
    department: Department,
    screens: Iterable[Screen] = (),
    allow_4k: bool = False,
    actor: Staff | None,
    now: datetime,
    address: str = "",
) -> ScreenGroup:
    """Make a group of screens of one department and those below it."""
    _require(actor, department)
    group = cleaned(ScreenGroup(name=name.strip(), department=department, allow_4k=allow_4k))
    group.save()
    group.screens.set(_reachable(actor, screens))
    record(actor=actor, action="group.create", subject=group, now=now, address=address)
    return group


@transaction.atomic
def group_change(
    *,
    group: ScreenGroup,
    version: int,
    screens: Iterable[Screen] | None = None,
    actor: Staff | None,
    now: datetime,
    address: str = "",
    **changes: Any,
) -> ScreenGroup:
    """Change fields of `GROUP_FIELDS`, and the members if they are given."""
    _require(actor, group.department)
    held = _held(ScreenGroup.objects.all(), group.pk, version)
    _set(held, changes, GROUP_FIELDS)
    cleaned(held).save()
    if screens is not None:
        held.screens.set(_reachable(actor, screens))
    detail = {field: str(value) for field, value in changes.items()}
    record(
        actor=actor, action="group.change", subject=held, detail=detail, now=now, address=address
    )
    return held


@transaction.atomic
def group_delete(
    *, group: ScreenGroup, actor: Staff | None, now: datetime, address: str = ""
) -> None:
    """Dissolve a group; its screens stay."""
    _require(actor, group.department)
    record(actor=actor, action="group.delete", subject=group, now=now, address=address)
    group.delete()


def _held(rows: QuerySet[Versioned], pk: int, version: int) -> Versioned:
    """The row, held until the end of the transaction, with its next version."""
    held = rows.select_for_update().get(pk=pk)
    if held.version != version:
        raise Conflict(
            "%(name)s was changed by somebody else meanwhile: look at it again, then change it.",
            values={"name": held},
            details={"version": held.version},
        )
    held.version += 1
    return held


def _set(row: Screen | ScreenGroup, changes: Mapping[str, Any], allowed: frozenset[str]) -> None:
    unknown = sorted(set(changes) - allowed)
    if unknown:
        raise Invalid(
            "%(fields)s: no such field, or one that never changes.",
            values={"fields": ", ".join(unknown)},
            details=dict.fromkeys(unknown, Sentence("cannot be changed")),
        )
    for field, value in changes.items():
        setattr(row, field, value.strip() if isinstance(value, str) else value)


def _checked(screen: Screen) -> Screen:
    cleaned(screen)
    try:
        timezone(screen.timezone)
    except ManifestFormatError as error:
        raise _unreadable("timezone", error) from None
    try:
        windows([] if screen.panel_on is None else screen.panel_on)
    except ManifestFormatError as error:
        raise _unreadable("panel_on", error) from None
    return screen


def _unreadable(field: str, error: ManifestFormatError) -> Invalid:
    template = (
        "This is no time zone: write one such as Asia/Shanghai."
        if field == "timezone"
        else "These are no hours of a panel: look at the example in the documents."
    )
    return Invalid(
        "%(field)s: %(why)s",
        values={"field": field, "why": error},
        details={field: Sentence(template)},
    )


def _own(groups: Iterable[ScreenGroup], department: Department) -> list[ScreenGroup]:
    """A screen is in groups of its own department, and of those above."""
    above: set[int] = set()
    at: Department | None = department
    while at is not None and at.pk not in above:
        above.add(at.pk)
        at = at.parent
    chosen = list(groups)
    strangers = [group.name for group in chosen if group.department_id not in above]
    if strangers:
        raise Invalid(
            "groups: %(groups)s belong to another department.",
            values={"groups": ", ".join(strangers)},
        )
    return chosen


def _reachable(actor: Staff | None, screens: Iterable[Screen]) -> list[Screen]:
    chosen = list(screens)
    for screen in chosen:
        _require(actor, screen.department)
        if screen.retired_at is not None:
            raise Conflict(
                "%(screen)s is retired: it cannot be in a group.", values={"screen": screen}
            )
    return chosen
