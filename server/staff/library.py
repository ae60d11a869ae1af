"""The library: what there is, what becomes of it, where it is used; withdraw, retry, delete."""

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Min, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from server.accounts.models import Department
from server.accounts.policy import Act, may, may_anywhere, require, require_somewhere
from server.errors import ApplicationError
from server.library import services
from server.library.blobs import store
from server.library.ingest.failures import FAILURES, Language
from server.library.ingest.remarks import REMARKS
from server.library.models import Asset, AssetKind, AssetState, Purpose, Rendition
from server.library.uses import uses_of
from server.publishing.services import take_down
from server.staff.refusals import sentence_of
from server.staff.requests import login_required, now, staff_of
from server.staff.rows import departments_for, found, page_of, visible

__all__ = ["asset", "asset_act", "asset_state", "library", "thumbnail"]

#: What a browser is given to show: pictures that the server made.
_SHOWN = (Purpose.THUMBNAIL, Purpose.POSTER)
_MIMES = frozenset({"image/webp", "image/jpeg", "image/png"})


@login_required
@require_http_methods(["GET", "POST"])
def library(request: HttpRequest) -> HttpResponse:
    """Show what there is, and take files (from a browser without script, whole)."""
    if request.method == "POST":
        return _take(request)
    query, kind = request.GET.get("q", "").strip()[:100], request.GET.get("kind", "")
    rows = visible(request, Asset)
    if query:
        rows = rows.filter(Q(title__icontains=query) | Q(original_name__icontains=query))
    if kind in AssetKind.values:
        rows = rows.filter(kind=kind)
    page = page_of(request, with_thumbnail(rows).order_by("-created_at", "-pk"))
    kept = urlencode({name: value for name, value in (("q", query), ("kind", kind)) if value})
    context = {
        "page": page,
        "assets": page.object_list,
        "page_query": f"{kept}&" if kept else "",
        "query": query,
        "kind": kind,
        "kinds": AssetKind.choices,
        "can_upload": may_anywhere(staff_of(request), Act.UPLOAD),
        "departments": departments_for(request, Act.UPLOAD),
    }
    return render(request, "staff/library.html", context)


def with_thumbnail(rows: QuerySet[Asset]) -> QuerySet[Asset]:
    """Add to each asset the page whose thumbnail stands for it (None: it has none yet)."""
    shown = Q(renditions__purpose__in=_SHOWN)
    return rows.annotate(thumbnail_page=Min("renditions__page", filter=shown))


def _take(request: HttpRequest) -> HttpResponse:
    staff = staff_of(request)
    require_somewhere(staff, Act.UPLOAD)
    wanted = request.POST.get("department", "")
    owner = departments_for(request, Act.UPLOAD).filter(pk=wanted if wanted.isdigit() else 0)
    department = owner.first()
    require(staff, Act.UPLOAD, department)
    files = request.FILES.getlist("files")
    if not files:
        messages.warning(request, _("Choose a file first."))
    for file in files:
        if department is not None:
            _take_one(request, file, department)
    return redirect("staff:library")


def _take_one(request: HttpRequest, file: "UploadedFile[Any]", department: Department) -> None:
    name = file.name or ""
    try:
        upload = services.upload_begin(
            actor=staff_of(request), department=department, name=name, size=file.size or 0,
            now=now(),
        )  # fmt: skip
        services.upload_append(
            actor=staff_of(request), upload_id=upload.pk, offset=0, chunks=file.chunks(), now=now()
        )
        services.upload_finish(actor=staff_of(request), upload_id=upload.pk, now=now())
    except ApplicationError as error:
        messages.error(request, f"{name}: {sentence_of(error)}")
    else:
        messages.success(request, _("%(name)s: received; being made ready") % {"name": name})


def _context(request: HttpRequest, kept: Asset) -> dict[str, object]:
    language: Language = "zh" if (get_language() or "").startswith("zh") else "en"
    failure = FAILURES.get(kept.failure_code) if kept.state == AssetState.FAILED else None
    staff = staff_of(request)
    return {
        "asset": kept,
        "failure": failure.sentence(language, kept.failure_detail) if failure else "",
        "remarks": [getattr(REMARKS[code], language) for code in kept.remarks if code in REMARKS],
        "renditions": kept.renditions.exclude(purpose__in=_SHOWN).select_related("blob"),
        "pictures": kept.renditions.filter(purpose__in=_SHOWN).order_by("page"),
        "uses": uses_of(kept),
        "is_moving": kept.state in {AssetState.RECEIVED, AssetState.PROCESSING},
        "can_change": may(staff, Act.UPLOAD, kept.department_id),
        "can_take_down": may(staff, Act.TAKE_DOWN, kept.department_id),
    }


@login_required
@require_GET
def asset(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one asset: what was made of it, why it failed, where it is used."""
    kept = found(with_thumbnail(visible(request, Asset)), pk)
    return render(request, "staff/asset.html", _context(request, kept))


@login_required
@require_GET
def asset_state(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the page that changes while the asset is made ready."""
    kept = found(with_thumbnail(visible(request, Asset)), pk)
    return render(request, "staff/parts/asset_body.html", _context(request, kept))


@login_required
@require_POST
def asset_act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Withdraw, bring back, prepare anew, or delete."""
    kept = found(visible(request, Asset), pk)
    staff = staff_of(request)
    require(staff, Act.TAKE_DOWN if act == "withdraw" else Act.UPLOAD, kept.department_id)
    try:
        if act == "withdraw":
            take_down(asset=kept, actor=staff, reason=request.POST.get("reason", "")[:500],
                      now=now())  # fmt: skip
            messages.success(request, _("Withdrawn: every screen is told at once."))
        elif act == "restore":
            services.asset_restore(asset=kept, actor=staff, now=now())
        elif act == "retry":
            services.asset_retry(asset=kept, actor=staff, now=now())
        elif act == "delete":
            services.asset_delete(asset=kept, actor=staff, now=now())
            messages.success(request, _("“%(title)s” is deleted.") % {"title": kept.title})
            return redirect("staff:library")
        else:
            raise Http404
    except ApplicationError as error:
        messages.error(request, sentence_of(error))
    return redirect("staff:asset", pk)


@login_required
@require_GET
def thumbnail(request: HttpRequest, pk: int, page: int) -> HttpResponse:
    """A small picture that the server made; nothing that was uploaded ever reaches a browser."""
    kept = found(visible(request, Asset), pk)
    shown = Rendition.objects.filter(asset=kept, page=page, purpose__in=_SHOWN)
    made = shown.select_related("blob").order_by("purpose").first()
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
