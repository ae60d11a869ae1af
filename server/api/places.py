"""Where screens are, for scripts: sites, groups, keys for boxes that come alone."""

from datetime import datetime
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from server.accounts.policy import Act, require
from server.api.interface import Call, Operation
from server.api.layouts import Slug
from server.api.reading import (
    BEFORE,
    Instant,
    Key,
    Keys,
    Name,
    Version,
    department,
    found,
    found_all,
    page_of,
    visible,
)
from server.api.resource import Resource, sent
from server.screens import services
from server.screens.enrolment import USES_LIMIT, enrolment_key_create, enrolment_key_revoke
from server.screens.models import EnrolmentKey, Screen, ScreenGroup, Site

__all__ = ["OPERATIONS"]


class NewSite(Struct, forbid_unknown_fields=True):
    """A site to be made; `slug` never changes."""

    slug: Slug
    name: Name


class SiteValue(Struct):
    """A place with screens."""

    id: int
    slug: str
    name: str


class SiteList(Struct):
    """All sites."""

    sites: list[SiteValue]


class NewGroup(Struct, forbid_unknown_fields=True):
    """A group of screens to be made."""

    name: Name
    department: Key | None = None
    screens: Keys = []
    allow_4k: bool = False


class GroupChange(Struct, forbid_unknown_fields=True):
    """What will be another; `screens` replaces all members."""

    version: Version
    name: Name | UnsetType = UNSET
    screens: Keys | UnsetType = UNSET
    allow_4k: bool | UnsetType = UNSET


class GroupValue(Struct):
    """Screens that show the same."""

    id: int
    name: str
    department: int
    screens: list[int]
    allow_4k: bool
    version: int


class GroupList(Struct):
    """Some groups; `next` is the `before` of the next page, or None."""

    groups: list[GroupValue]
    next: int | None


class NewKey(Struct, forbid_unknown_fields=True):
    """An enrolment key to be made: for how many boxes, until when, and what they become."""

    name: Annotated[str, Meta(min_length=1, max_length=60)]
    site: Key
    expires_at: Instant
    department: Key | None = None
    groups: Keys = []
    uses: Annotated[int, Meta(ge=1, le=USES_LIMIT)] = 1


class KeyValue(Struct):
    """An enrolment key; `secret` is told once, when it is made."""

    id: int
    name: str
    site: int
    department: int
    uses_left: int
    expires_at: datetime
    revoked_at: datetime | None
    secret: str | None = None


class KeyList(Struct):
    """Some enrolment keys; `next` is the `before` of the next page, or None."""

    keys: list[KeyValue]
    next: int | None


def _site(site: Site) -> SiteValue:
    return SiteValue(site.pk, site.slug, site.name)


def site_list(_call: Call) -> SiteList:
    """List sites: they belong to everybody."""
    return SiteList([_site(each) for each in Site.objects.order_by("pk")])


def site_create(call: Call) -> SiteValue:
    """Make a site."""
    made = services.site_create(
        slug=call.body.slug,
        name=call.body.name,
        actor=call.actor,
        now=call.now,
        address=call.address,
    )
    return _site(made)


def _group_value(group: ScreenGroup) -> GroupValue:
    members = sorted(group.screens.values_list("pk", flat=True))
    return GroupValue(
        group.pk, group.name, group.department_id, members, group.allow_4k, group.version
    )


def _group_create(call: Call) -> ScreenGroup:
    body = call.body
    return services.group_create(
        name=body.name,
        department=department(call, body.department, Act.MANAGE_SCREENS),
        screens=found_all(visible(call, Screen), body.screens, "screen"),
        allow_4k=body.allow_4k,
        actor=call.actor,
        now=call.now,
        address=call.address,
    )


def _group_change(call: Call, group: ScreenGroup) -> ScreenGroup:
    require(call.actor, Act.MANAGE_SCREENS, group.department_id)
    changes = sent(call.body, "name", "allow_4k", "screens")
    if "screens" in changes:
        changes["screens"] = found_all(visible(call, Screen), changes["screens"], "screen")
    return services.group_change(
        group=group,
        version=call.body.version,
        actor=call.actor,
        now=call.now,
        address=call.address,
        **changes,
    )


def _group_delete(call: Call, group: ScreenGroup) -> None:
    services.group_delete(group=group, actor=call.actor, now=call.now, address=call.address)


def _key_value(key: EnrolmentKey, secret: str | None = None) -> KeyValue:
    return KeyValue(
        key.pk, key.name, key.site_id, key.department_id, key.uses_left, key.expires_at,
        key.revoked_at, secret,
    )  # fmt: skip


def key_list(call: Call) -> KeyList:
    """List the enrolment keys of departments whose screens one manages."""
    rows, following = page_of(call, visible(call, EnrolmentKey, act=Act.MANAGE_SCREENS))
    return KeyList([_key_value(each) for each in rows], following)


def key_create(call: Call) -> KeyValue:
    """Make an enrolment key."""
    body = call.body
    owner = department(call, body.department, Act.MANAGE_SCREENS)
    groups = found_all(visible(call, ScreenGroup, act=Act.MANAGE_SCREENS), body.groups, "group")
    key, secret = enrolment_key_create(
        name=body.name,
        site=found(Site.objects.all(), body.site, "site"),
        department=owner,
        groups=groups,
        uses=body.uses,
        expires_at=body.expires_at,
        actor=call.actor,
        now=call.now,
        address=call.address,
    )
    return _key_value(key, secret)


def key_revoke(call: Call, key: int) -> None:
    """Let nobody in with this key any more."""
    row = found(visible(call, EnrolmentKey), key, "enrolment key")
    enrolment_key_revoke(key=row, actor=call.actor, now=call.now, address=call.address)


_MANAGE = Act.MANAGE_SCREENS

GROUPS = Resource(
    ScreenGroup, "group", _MANAGE, value=_group_value, answer=GroupValue, listing=GroupList
)

OPERATIONS = (
    Operation("GET", "sites/", "site_list", site_list, "List sites", answer=SiteList, act=None),
    Operation("POST", "sites/", "site_create", site_create,
              "Make a site; for administrators of everything", NewSite, SiteValue, 201,
              act=_MANAGE),
    GROUPS.list("List groups"),
    GROUPS.create(_group_create, NewGroup, "Make a group of screens"),
    GROUPS.look("Look at a group"),
    GROUPS.change(_group_change, GroupChange, "Change a group; screens replaces all members"),
    GROUPS.delete(_group_delete, "Dissolve a group; its screens stay"),
    Operation("GET", "enrolment-keys/", "key_list", key_list, "List enrolment keys",
              answer=KeyList, act=_MANAGE, parameters=(BEFORE,)),
    Operation("POST", "enrolment-keys/", "key_create", key_create,
              "Make a key by which boxes become screens without a person", NewKey, KeyValue, 201,
              act=_MANAGE),
    Operation("POST", "enrolment-keys/<int:key>/revoke/", "key_revoke", key_revoke,
              "Let nobody in with this key any more", act=_MANAGE),
)  # fmt: skip
