"""Keeps drafts, and notes who looks at what.  Each person changes only their own drafts."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from server.accounts.models import Staff
from server.desk.models import KEY_LENGTH, Draft, OpenPage, WayBack
from server.desk.ways import WAYS_KEPT
from server.errors import ApplicationError

__all__ = [
    "DRAFTS_KEPT",
    "SEEN_FOR",
    "draft_drop",
    "draft_keep",
    "draft_of",
    "forget",
    "others_on",
    "page_close",
    "page_look",
]

#: A draft that nobody has touched for so long goes.
DRAFTS_KEPT = timedelta(days=30)

#: Drafts of one person; the oldest goes when another comes.
MOST_DRAFTS = 100

#: The most pairs in one draft, and the most characters of all their values.
MOST_FIELDS, MOST_CHARACTERS = 2_000, 200_000

#: A page counts as open for so long after its browser last asked; it is noted anew half-way.
SEEN_FOR = timedelta(seconds=30)


@transaction.atomic
def draft_keep(
    *,
    staff: Staff,
    key: str,
    fields: Sequence[tuple[str, str]],
    version: int | None,
    now: datetime,
) -> Draft:
    """Keep what `staff` has typed into the form `key`, in the place of what was kept before.

    Raises `ApplicationError` (413) where it is too much, (400) where it is no draft.
    """
    if not 0 < len(key) <= KEY_LENGTH:
        raise ApplicationError("This draft has no name; load the page again.", code="NO_DRAFT")
    if len(fields) > MOST_FIELDS or sum(len(value) for _name, value in fields) > MOST_CHARACTERS:
        raise ApplicationError(
            "This is too much for a draft; save it instead.", code="DRAFT_TOO_LARGE", status=413
        )
    kept, _made = Draft.objects.update_or_create(
        staff=staff,
        key=key,
        defaults={"fields": [list(each) for each in fields], "version": version, "saved_at": now},
    )
    surplus = Draft.objects.filter(staff=staff).order_by("-saved_at").values("pk")[MOST_DRAFTS:]
    Draft.objects.filter(pk__in=[each["pk"] for each in surplus]).delete()
    return kept


def draft_of(staff: Staff, key: str) -> Draft | None:
    """What `staff` has typed into the form `key` and not saved."""
    return Draft.objects.filter(staff=staff, key=key).first()


def draft_drop(*, staff: Staff, key: str) -> None:
    """Forget it: it was saved, or given up."""
    Draft.objects.filter(staff=staff, key=key).delete()


def page_look(*, staff: Staff, page: str, now: datetime) -> None:
    """Note that `staff` has `page` open.  Writes at most once in half of `SEEN_FOR`."""
    fresh = OpenPage.objects.filter(
        staff=staff, page=page[:KEY_LENGTH], seen_at__gt=now - SEEN_FOR / 2
    )
    if not fresh.exists():
        OpenPage.objects.update_or_create(
            staff=staff, page=page[:KEY_LENGTH], defaults={"seen_at": now}
        )


def page_close(*, staff: Staff, page: str) -> None:
    """Note that `staff` has left `page`."""
    OpenPage.objects.filter(staff=staff, page=page[:KEY_LENGTH]).delete()


def others_on(page: str, staff: Staff, now: datetime) -> list[Staff]:
    """Who else has `page` open, by name.  One query."""
    rows = OpenPage.objects.filter(page=page[:KEY_LENGTH], seen_at__gt=now - SEEN_FOR)
    return [each.staff for each in rows.exclude(staff=staff).select_related("staff")]


def forget(now: datetime) -> None:
    """Forget drafts that nobody touches any more, and pages that were closed long ago."""
    Draft.objects.filter(saved_at__lt=now - DRAFTS_KEPT).delete()
    OpenPage.objects.filter(seen_at__lt=now - SEEN_FOR).delete()
    WayBack.objects.filter(made_at__lt=now - WAYS_KEPT).delete()
