"""Where a layout is used, and which screens a change of it will touch.

Reads only; who asks says which screens and entries somebody may see.
"""

from datetime import datetime

from django.db.models import Q, QuerySet

from server.programme.models import Entry, Layout, Takeover
from server.screens.models import Screen

__all__ = ["entries_of", "screens_of", "takeovers_of"]


def entries_of(layout: Layout) -> QuerySet[Entry]:
    """Return the entries by which it is due."""
    return Entry.objects.filter(layout=layout).order_by("name")


def takeovers_of(layout: Layout, now: datetime) -> QuerySet[Takeover]:
    """Return the takeovers that show it now or later."""
    return Takeover.objects.filter(layout=layout, ends_at__gt=now).order_by("name")


def screens_of(layout: Layout) -> QuerySet[Screen]:
    """Return every screen that may come to show it: by an entry, or while nothing else is due."""
    entries = Entry.objects.filter(layout=layout, enabled=True)
    due = Q(default_layout=layout) | Q(entries__in=entries) | Q(groups__entries__in=entries)
    return Screen.objects.filter(due).distinct().order_by("name")
