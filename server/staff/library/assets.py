"""One asset: what was made of it, what is said of it, where it is used, what was done to it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from cards.emergency import EMERGENCY
from server.accounts.policy import Act, may, may_anywhere
from server.library import services
from server.library.details import page_numbers
from server.library.ingest.failures import FAILURES, Language
from server.library.ingest.remarks import REMARKS
from server.library.models import Asset, AssetKind, AssetState, Purpose
from server.library.tagging import tagged, tags_among
from server.programme.models import Playlist
from server.publishing.notices import period_of
from server.staff.full_size import shown_for
from server.staff.library.forms import DetailsForm, initial_of, instant_after, tags_in
from server.staff.library.history import history_of
from server.staff.library.pictures import SHOWN, with_thumbnail
from server.staff.library.places import places_of
from server.staff.library.web_pages import page_of
from server.staff.requests import login_required, now, staff_of
from server.staff.rows import found, visible
from server.staff.unplayable import screens_that_cannot_show
from server.staff.whom_to_ask import whom_to_ask

__all__ = ["asset", "asset_state"]


@login_required
@require_http_methods(["GET", "POST"])
def asset(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one asset, and change what is said of it."""
    kept = found(with_thumbnail(visible(request, Asset)), pk)
    form = DetailsForm(request.POST or None, initial=dict(initial_of(kept)))
    if request.method == "POST" and form.is_valid():
        with form.refusing(lambda: initial_of(Asset.objects.get(pk=pk))):
            _change(request, kept, form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect("staff:asset", pk)
    context = _context(request, kept) | _around(request, kept) | {"form": form}
    return render(request, "staff/library/asset.html", context, status=422 if form.errors else 200)


def _change(request: HttpRequest, kept: Asset, typed: dict[str, Any]) -> None:
    services.asset_change(
        asset=kept,
        version=typed["version"],
        title=typed["title"],
        tags=tags_in(typed["tags"]),
        valid_until=instant_after(typed["last_day"]),
        actor=staff_of(request),
        now=now(),
    )


def _context(request: HttpRequest, kept: Asset) -> dict[str, Any]:
    language: Language = "zh" if (get_language() or "").startswith("zh") else "en"
    failure = FAILURES.get(kept.failure_code) if kept.state == AssetState.FAILED else None
    pages = page_numbers(kept)
    return {
        "asset": kept,
        "now": now(),
        "failure": failure.sentence(language, kept.failure_detail) if failure else "",
        "remarks": [getattr(REMARKS[code], language) for code in kept.remarks if code in REMARKS],
        "renditions": kept.renditions.exclude(purpose__in=[*SHOWN, Purpose.STRIP])
        .filter(page__lte=1)
        .select_related("blob"),
        "is_moving": kept.state in {AssetState.RECEIVED, AssetState.PROCESSING},
        "pages": pages,
        "picked": kept.picked_pages or pages,
        "shown": shown_for(kept.pk, pages[0] if pages else None),
        **_refusing(request, kept),
        "can_write": kept.kind == AssetKind.CARD and kept.content["template"] != EMERGENCY.name,
        "can_change": may(staff_of(request), Act.UPLOAD, kept.department_id),
    }


def _refusing(request: HttpRequest, kept: Asset) -> dict[str, Any]:
    """The screens that report that they cannot show it; of those elsewhere only how many."""
    screens = screens_that_cannot_show([kept.pk], now()).get(kept.pk, [])
    named = [each for each in screens if may(staff_of(request), Act.VIEW, each.department_id)]
    return {"refusing": named, "refusing_elsewhere": len(screens) - len(named)}


def _around(request: HttpRequest, kept: Asset) -> dict[str, Any]:
    staff = staff_of(request)
    return {
        "places": places_of(kept, staff),
        "tags": tagged(kept),
        "known_tags": tags_among(visible(request, Asset)),
        "history": history_of(kept),
        "can_arrange": may_anywhere(staff, Act.ARRANGE),
        "playlists": visible(request, Playlist, Act.ARRANGE).order_by("name"),
        **page_of(request, kept),
        "period": period_of(kept),
        "can_end": may(staff, Act.END_NOTICE, kept.department_id),
        "can_take_down": may(staff, Act.TAKE_DOWN, kept.department_id),
        "askable": whom_to_ask(Act.TAKE_DOWN, kept.department),
        "successor": kept.successors.filter(deleted_at=None).order_by("-pk").first(),
    }


@login_required
@require_GET
def asset_state(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the page that changes while the asset is made ready."""
    kept = found(with_thumbnail(visible(request, Asset)), pk)
    return render(request, "staff/library/parts/asset_body.html", _context(request, kept))
