"""Which assets a page of the library lists: what was typed and chosen, as a query.

Reads only, and only what the reader may see.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from msgspec import Struct, structs

from cards.music import MUSIC
from server.accounts.models import Staff
from server.accounts.policy import Act, in_reach
from server.library.models import Asset, AssetKind, AssetState
from server.library.search import terms_of
from server.programme.models import PlaylistItem

__all__ = ["SHOWS", "SOON", "SORTS", "Filters", "assets_found", "expiring"]

#: How many days before its last one an asset is warned about.
SOON = timedelta(days=7)

#: The kinds that can be asked for, and what they are called.
KINDS = (*AssetKind.choices, (MUSIC.name, _("Music")))

#: What can be asked for besides kind, tag and department.
SHOWS = {
    "mine": _("Mine"), "unused": _("Used nowhere"), "moving": _("Being made ready"),
    "failed": _("Cannot be used"), "expiring": _("Expiring soon"), "expired": _("Expired"),
    "withdrawn": _("Withdrawn"), "emergency": _("Emergency cards"),
}  # fmt: skip

#: In which order assets come.
SORTS = {
    "newest": _("Newest first"), "oldest": _("Oldest first"), "title": _("By title"),
    "expiry": _("Expiring first"), "largest": _("Largest first"),
}  # fmt: skip

_ORDERS: Mapping[str, tuple[object, ...]] = {
    "newest": ("-created_at", "-pk"), "oldest": ("created_at", "pk"), "title": ("title", "pk"),
    "expiry": (F("valid_until").asc(nulls_last=True), "-pk"),
    "largest": (F("original__bytes").desc(nulls_last=True), "-pk"),
}  # fmt: skip


class Filters(Struct, frozen=True):
    """What was typed and chosen; what is unknown is as if it were not there."""

    q: str = ""
    kind: str = ""
    tag: str = ""
    department: str = ""
    show: str = ""
    sort: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> "Filters":
        """Read the query of an address."""
        sent = {name: request.GET.get(name, "").strip()[:100] for name in cls.__struct_fields__}
        known = {"kind": [name for name, _word in KINDS], "show": SHOWS, "sort": SORTS}
        return cls(**{
            name: value for name, value in sent.items() if value in known.get(name, (value,))
        })  # fmt: skip

    @property
    def is_narrow(self) -> bool:
        """Does it leave anything out?"""
        return any((self.q, self.kind, self.tag, self.department, self.show))

    @property
    def query(self) -> str:
        """The same as the query of an address."""
        return urlencode({name: each for name, each in structs.asdict(self).items() if each})


def assets_found(staff: Staff, filters: Filters, now: datetime) -> QuerySet[Asset]:
    """The assets that `staff` may see and that match, in order."""
    rows = Asset.objects.filter(in_reach(staff, Act.VIEW), replaces=None)
    if filters.show != "emergency":
        rows = rows.exclude(pk__in=_emergency_cards(rows))
    for term in terms_of(filters.q):
        rows = rows.filter(Q(search__contains=term) | Q(title__icontains=term))
    if filters.kind:
        rows = _of_kind(rows, filters.kind)
    if filters.tag:
        rows = rows.filter(tags__name=filters.tag)
    if filters.department.isdigit():
        rows = rows.filter(department=int(filters.department[:9]))
    if filters.show:
        rows = _shown(rows, filters.show, staff, now)
    return rows.order_by(*_ORDERS[filters.sort or "newest"])  # type: ignore[arg-type]  # stubs want one type


def _of_kind(rows: QuerySet[Asset], kind: str) -> QuerySet[Asset]:
    """Those of a kind; music is kept as cards, and yet is another thing to an editor."""
    is_music = Q(content__template=MUSIC.name)
    if kind == MUSIC.name:
        return rows.filter(is_music, kind=AssetKind.CARD)
    if kind == AssetKind.CARD:
        return rows.filter(~is_music, kind=kind)  # each card has a template: NULL is not met here
    return rows.filter(kind=kind)


def _shown(rows: QuerySet[Asset], show: str, staff: Staff, now: datetime) -> QuerySet[Asset]:
    match show:
        case "mine":
            return rows.filter(uploaded_by=staff)
        case "unused":
            return _unused(rows)
        case "moving":
            return rows.filter(state__in=[AssetState.RECEIVED, AssetState.PROCESSING])
        case "expiring":
            return expiring(rows, now)
        case "emergency":
            return _emergency_cards(rows)
        case "expired":
            return rows.filter(valid_until__lte=now)
        case _:
            return rows.filter(state=show)


def _emergency_cards(rows: QuerySet[Asset]) -> QuerySet[Asset]:
    """What was written for one emergency or drill: kept for the record, shown once."""
    return rows.filter(kind=AssetKind.CARD, content__template="emergency")


def _unused(rows: QuerySet[Asset]) -> QuerySet[Asset]:
    """Neither in a playlist nor the stand-in of a stream."""
    streams = Asset.objects.filter(kind=AssetKind.STREAM).values_list("content", flat=True)
    stand_ins = [each["fallback"] for each in streams if isinstance(each.get("fallback"), int)]
    used = PlaylistItem.objects.filter(asset=OuterRef("pk"))
    return rows.filter(~Exists(used)).exclude(pk__in=stand_ins)


def expiring(rows: QuerySet[Asset], now: datetime) -> QuerySet[Asset]:
    """Those whose last day comes within `SOON`."""
    return rows.filter(valid_until__gt=now, valid_until__lte=now + SOON)
