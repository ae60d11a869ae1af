"""Small pictures of assets: which stands for one, and how it is sent.

Nothing that was uploaded ever reaches a browser, only pictures that the server made of it.
"""

from collections.abc import Iterable

from django.db.models import Min, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from server.accounts.policy import Act, in_reach
from server.library.blobs import store
from server.library.models import Asset, Purpose, Rendition
from server.staff.requests import login_required, staff_of
from server.staff.rows import found

__all__ = ["SHOWN", "in_order", "picture_answer", "strip", "thumbnail", "with_thumbnail"]

#: What stands for an asset in lists.
SHOWN = (Purpose.THUMBNAIL, Purpose.POSTER)
_MIMES = frozenset({"image/webp", "image/jpeg", "image/png"})


def with_thumbnail(rows: QuerySet[Asset]) -> QuerySet[Asset]:
    """Add to each asset the page whose thumbnail stands for it (None: it has none yet).

    For rows that are shown, not for all that a search looks through: see `in_order`.
    """
    shown = Q(renditions__purpose__in=SHOWN)
    return rows.annotate(thumbnail_page=Min("renditions__page", filter=shown))


def in_order(keys: Iterable[int]) -> list[Asset]:
    """The assets of these keys, in this order, each with its thumbnail."""
    keys = list(keys)
    rows = with_thumbnail(Asset.objects.filter(pk__in=keys)).select_related("department")
    by_key = {each.pk: each for each in rows.prefetch_related("tags")}
    return [by_key[key] for key in keys if key in by_key]


@login_required
@require_GET
def thumbnail(request: HttpRequest, pk: int, page: int) -> HttpResponse:
    """A small picture of an asset, or of a page of it; of what lies in the bin too."""
    return _made(request, pk, page, SHOWN)


@login_required
@require_GET
def strip(request: HttpRequest, pk: int) -> HttpResponse:
    """The frames of a whole video, side by side."""
    return _made(request, pk, 0, (Purpose.STRIP,))


def _made(request: HttpRequest, pk: int, page: int, purposes: tuple[Purpose, ...]) -> HttpResponse:
    kept = found(Asset.with_bin.filter(in_reach(staff_of(request), Act.VIEW)), pk)
    shown = Rendition.objects.filter(asset=kept, page=page, purpose__in=purposes)
    made = shown.select_related("blob").order_by("-purpose").first()
    if made is None or made.blob.mime not in _MIMES:
        raise Http404
    return picture_answer(made.blob.sha256, made.blob.mime)


def picture_answer(sha256: str, mime: str) -> HttpResponse:
    """Return a picture that the server made; browsers may keep it, and guess nothing."""
    try:
        body = b"".join(store().chunks(sha256))
    except FileNotFoundError:
        raise Http404 from None
    answer = HttpResponse(body, content_type=mime)
    answer["Cache-Control"] = "private, max-age=86400"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
