"""The pages on which a card is made by hand: which one, its form, and the same form later."""

from base64 import b64encode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods
from msgspec import Struct

from cards.catalogue import DRAWN
from server.accounts.models import Department
from server.accounts.policy import Act, require, require_somewhere
from server.datasets.models import FedCard
from server.errors import ApplicationError
from server.library import services
from server.library.models import Asset, AssetKind, AssetState
from server.publishing.shapes import shapes_of
from server.staff.cards.drawing import drawn_card
from server.staff.cards.forms import CardForm
from server.staff.cards.offered import OFFERED, WRITTEN, require_offered
from server.staff.cards.pictures import OFFERED as OFFERED_PICTURES
from server.staff.cards.pictures import Pictures, offered_pictures
from server.staff.cards.typed_rows import ROWS_LIMIT, Arranged, arranged
from server.staff.data.words import template_named
from server.staff.full_size import shown_for
from server.staff.library.finding import Filters, assets_found
from server.staff.requests import login_required, now, staff_of
from server.staff.rows import departments_for, found, visible

__all__ = ["card_choose", "card_create", "card_edit", "card_pictures"]


#: What the shapes are called.
_SHAPES = {
    "wide": "16:9",
    "tall": "9:16",
    "side": gettext_lazy("Side zone"),
    "corner": gettext_lazy("Corner"),
    "strip": gettext_lazy("Strip, level screen"),
    "short-strip": gettext_lazy("Strip, upright screen"),
}


class Tile(Struct, frozen=True):
    """A template to choose."""

    template: str
    label: str
    line: str
    picture: str


@login_required
@require_GET
def card_choose(request: HttpRequest) -> HttpResponse:
    """Choose what kind of card to write."""
    require_somewhere(staff_of(request), Act.UPLOAD)
    tiles = [
        Tile(name, template_named(name), str(line), static(f"staff/cards/{name}.webp"))
        for name, line in OFFERED.items()
    ]
    return render(request, "staff/cards/choose.html", {"tiles": tiles})


@login_required
@require_http_methods(["GET", "POST"])
def card_create(request: HttpRequest, template: str) -> HttpResponse:
    """Write a card of this template."""
    require_offered(template)
    staff = staff_of(request)
    require_somewhere(staff, Act.UPLOAD)
    told = _told(request)
    form = CardForm(
        told.typed if told else None, template, {}, owners=departments_for(request, Act.UPLOAD),
        pictures=Pictures(template, visible(request, Asset), {}), focus=told.focus if told else "",
    )  # fmt: skip
    if _is_sent(request) and form.is_valid():
        try:
            data, files = form.card_of(staff)
            made = services.card_create(
                title=form.cleaned_data["title"], template=template, data=data, pictures=files,
                department=Department.objects.get(pk=form.cleaned_data["department"]),
                actor=staff, now=now(),
            )  # fmt: skip
        except ApplicationError as error:
            form.refuse_card(error)
        else:
            messages.success(request, _("Saved.  This is how the screens will show it."))
            return redirect("staff:card_edit", made.pk)
    return _page(request, form, template, None)


@login_required
@require_http_methods(["GET", "POST"])
def card_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a card anew; one that a data set fills is changed there."""
    kept = found(visible(request, Asset).filter(kind=AssetKind.CARD), pk)
    template = str(kept.content["template"])
    if template not in OFFERED | WRITTEN:
        raise Http404
    require(staff_of(request), Act.UPLOAD, kept.department)
    if "feed" in kept.content:
        return redirect("staff:dataset_mapping", FedCard.objects.get(asset=kept).pk)
    data = kept.content["data"]
    if any(isinstance(rows, list) and len(rows) > ROWS_LIMIT for rows in data.values()):
        messages.error(request, _("This card has too many rows for a form: change it by program."))
        return redirect("staff:asset", pk)
    head = {"title": kept.title, "version": kept.version}
    pictures = Pictures(template, visible(request, Asset), kept.content.get("blobs", {}))
    told = _told(request)
    form = CardForm(
        told.typed if told else None, template, data, head=head, pictures=pictures,
        focus=told.focus if told else "",
    )  # fmt: skip
    if _is_sent(request) and form.is_valid():
        try:
            _change(request, kept, form)
        except ApplicationError as error:
            form.refuse_card(error, Asset.objects.get(pk=pk).content["data"])
        else:
            messages.success(request, _("Saved.  This is how the screens will show it."))
            return redirect("staff:card_edit", pk)
    return _page(request, form, template, kept)


@login_required
@require_GET
def card_pictures(request: HttpRequest) -> HttpResponse:
    """The pictures that a cell may show: the newest, or those that a search (`q`) finds."""
    require_somewhere(staff_of(request), Act.UPLOAD)
    filters = Filters(q=request.GET.get("q", "").strip()[:100], kind=AssetKind.IMAGE)
    rows = assets_found(staff_of(request), filters, now()).filter(state=AssetState.READY)
    offered = offered_pictures(rows[: OFFERED_PICTURES + 1])
    context = {
        "offered": offered[:OFFERED_PICTURES],
        "has_more": len(offered) > OFFERED_PICTURES,
        "query": filters.q,
    }
    return render(request, "staff/parts/offered_pictures.html", context)


def _change(request: HttpRequest, kept: Asset, form: CardForm) -> None:
    data, files = form.card_of(staff_of(request))
    services.card_change(
        asset=kept, version=form.cleaned_data["version"], data=data,
        pictures=None if kept.is_music else files,
        title=form.cleaned_data["title"], actor=staff_of(request), now=now(),
    )  # fmt: skip


def _page(request: HttpRequest, form: CardForm, template: str, kept: Asset | None) -> HttpResponse:
    context = {
        "form": form,
        "template": template,
        "label": template_named(template),
        "line": (OFFERED | WRITTEN)[template],
        "asset": kept,
        "shown": shown_for(kept.pk, None) if kept else None,
        "is_drawn": template in DRAWN,
        "example": static(f"staff/cards/{template}.webp"),
        "shapes": [(name, _SHAPES[name]) for name in shapes_of(template)],
        "is_typed": request.method == "POST",
        "has_pictures": form.has_pictures,
    }
    if request.POST.get("do") == "draw":
        context |= _drawn(request, form, template)
    elif request.POST.get("do"):  # only a row was moved: what is not written yet is no mistake
        form.errors.clear()
    status = 422 if _is_sent(request) and form.errors else 200
    return render(request, "staff/cards/card.html", context, status=status)


def _drawn(request: HttpRequest, form: CardForm, template: str) -> dict[str, str]:
    """The picture of what is typed, for a page without script; or why there is none."""
    try:
        picture = drawn_card(request, form, template).path.read_bytes()
    except ApplicationError as error:
        return {"not_drawn": error.message.local()}
    return {"drawn": f"data:image/png;base64,{b64encode(picture).decode()}"}


def _is_sent(request: HttpRequest) -> bool:
    """Is it to be saved?  (Else only a row comes or goes.)"""
    return request.method == "POST" and not request.POST.get("do")


def _told(request: HttpRequest) -> Arranged | None:
    """What was typed, after the button that moved a row; None: nothing yet."""
    if request.method != "POST":
        return None
    return arranged(request.POST, request.POST.get("do", ""))
