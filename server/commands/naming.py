"""The names on a command line as rows: screens, the member of staff who acts, their department.

For commands after `set_up_initialised`.  Each raises `Failed` with what is there instead.
"""

import argparse
import os
from typing import TYPE_CHECKING

from command import Failed

if TYPE_CHECKING:
    from server.accounts.models import Department, Staff
    from server.screens.models import Screen

__all__ = ["acting", "chosen_screens", "home"]


def chosen_screens(options: argparse.Namespace) -> "list[Screen]":
    """The screens that `--screen`, `--group` and `--all` name, in the order of their names."""
    from django.db.models import Q

    from server.screens.models import Screen, ScreenGroup

    if not (options.screen or options.group or options.all):
        raise Failed("name the screens: --screen, --group or --all", os.EX_USAGE)
    on_duty = Screen.objects.filter(retired_at=None).select_related("site")
    chosen = Q() if options.all else Q(pk__in=())
    for name in options.screen:
        site, _slash, slug = name.rpartition("/")
        where = Q(slug=slug, site__slug=site) if site else Q(slug=slug)
        if on_duty.filter(where).count() != 1:
            known = ", ".join(f"{each.site.slug}/{each.slug}" for each in on_duty[:20])
            raise Failed(f"there is no single screen {name}; there is: {known}", os.EX_DATAERR)
        chosen |= where
    for name in options.group:
        if not ScreenGroup.objects.filter(name=name).exists():
            raise Failed(f"there is no group {name}", os.EX_DATAERR)
        chosen |= Q(groups__name=name)
    return list(on_duty.filter(chosen).distinct().order_by("site__slug", "slug"))


def acting(name: str | None) -> "Staff":
    """Who acts: the member of staff of this name, or the first administrator of everything."""
    from server.accounts.models import Role, Staff

    staff = Staff.objects.filter(is_active=True)
    if name is not None:
        found = staff.filter(username__iexact=name).first()
    else:
        everywhere = staff.filter(grants__role=Role.ADMINISTRATOR, grants__department=None)
        found = everywhere.order_by("pk").first()
    if found is None:
        who = name or "administrator"
        raise Failed(f"there is no {who}: see yingbi-server user", os.EX_DATAERR)
    return found


def home(actor: "Staff") -> "Department":
    """Where what a script brings belongs: with who does it, or at the top."""
    from server.accounts.models import Department

    found = actor.department or Department.objects.filter(parent=None).order_by("pk").first()
    if found is None:
        raise Failed("there is no department yet: make one on the pages of staff", os.EX_DATAERR)
    return found
