"""The second click and the typed word: where, until when, how it will look; and go."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from cards.emergency import MOST_BODY_EMS, MOST_TITLE_EMS
from server.accounts.policy import Act, require_somewhere
from server.emergency.errors import SomebodyElseBegan
from server.emergency.models import PreparedCard
from server.emergency.prepared import missing_steps, words_of
from server.emergency.services import begin
from server.emergency.words import (
    CONFIRMING,
    Words,
    blanks_in,
    card_data,
    filled,
)
from server.errors import ApplicationError
from server.library.authored import files_of
from server.library.models import Asset
from server.library.pictures import picture_blob, pictures_of
from server.publishing.preview import Preview, card_preview
from server.publishing.shapes import SHAPES, WIDE
from server.staff.emergency.forms import GoForm
from server.staff.emergency.places import running_for
from server.staff.full_size import picture_of
from server.staff.library import with_thumbnail
from server.staff.refusals import sentence_of
from server.staff.requests import login_required, now, staff_of
from server.staff.rows import found, visible

__all__ = ["go", "preview"]

#: How wide the picture is that is drawn before it goes, in pixels.
PREVIEW_WIDTH = 960

#: So many pictures of the library are offered at once, the newest first.
OFFERED = 24


@login_required
@require_http_methods(["GET", "POST"])
def go(request: HttpRequest) -> HttpResponse:
    """Ask where and until when, show how it will look, and begin."""
    require_somewhere(staff_of(request), Act.TAKE_OVER)
    card, picture = _card(request), _picture(request)
    if request.GET.get("kind") == "picture" and picture is None:
        return _offer_pictures(request)
    is_drill = request.GET.get("drill") == "1"
    at = now()
    form = GoForm(request, card, picture, at)
    if request.method == "POST" and form.is_valid():
        seen = [int(pk) for pk in request.POST.getlist("seen") if pk.isdigit() and len(pk) < 19]
        try:
            made = begin(
                asked=form.asked(is_drill=is_drill, seen=seen), actor=staff_of(request), now=at
            )
        except ApplicationError as error:
            form.add_error(None, sentence_of(error))
            if isinstance(error, SomebodyElseBegan):
                messages.warning(request, _("Somebody else has begun an emergency just now."))
        else:
            return redirect("staff:emergency_board", made.pk)
    return _page(request, form, is_drill=is_drill)


def _page(request: HttpRequest, form: GoForm, *, is_drill: bool) -> HttpResponse:
    zh, en = CONFIRMING[is_drill]
    card = form.card
    context = {
        "form": form,
        "card": card,
        "words": words_of(card) if card else None,
        "waits": bool(card and missing_steps(card) and not is_drill),
        "picture": form.picture,
        "is_drill": is_drill,
        "word": zh if (get_language() or "").startswith("zh") else en,
        "accepted": f"{zh}|{en}",
        "running": running_for(request, now()),
        "groups": form.groups,
        "screens": form.screens,
        "everywhere": form.everywhere,
        "has_upright": any(each.canvas_height > each.canvas_width for each in form.screens),
        "most_title": MOST_TITLE_EMS,
        "most_body": MOST_BODY_EMS,
        "query": request.GET.urlencode(),
        "draft_key": _draft_key(form, is_drill=is_drill),
        "preview": reverse("staff:emergency_preview") + "?" + _preview_query(form, is_drill),
        "chosen": {
            name: set(request.POST.getlist(name)) for name in ("groups", "screens", "everywhere")
        },
    }
    status = 422 if form.errors else 200
    return render(request, "staff/emergency/go.html", context, status=status)


def _draft_key(form: GoForm, *, is_drill: bool) -> str:
    """One draft for each kind of thing to say: what was typed for a drill is not for the real."""
    what = (
        f"card {form.card.pk}" if form.card else f"picture {form.picture.pk if form.picture else 0}"
    )
    return f"emergency:{'drill' if is_drill else 'real'}:{what}"


def _preview_query(form: GoForm, is_drill: bool) -> str:
    """What the preview is asked for before anybody has typed anything more."""
    told = form.words if form.is_bound and not form.errors else None
    if told is None and form.card is not None:
        told = words_of(form.card)
    if told is None:
        told = Words(
            str(form["title"].value() or ""),
            str(form["body"].value() or "") if "body" in form.fields else "",
            str(form["issuer"].value() or ""),
            str(form["hazard"].value() or "general"),
        )
    query = {
        "title": told.title, "body": told.body, "issuer": told.issuer, "hazard": told.hazard,
        "drill": int(is_drill),
    }  # fmt: skip
    if form.picture is not None:
        query["picture"] = form.picture.pk
    return urlencode(query)


def _card(request: HttpRequest) -> PreparedCard | None:
    wanted = request.GET.get("card", "")
    if not wanted:
        return None
    rows = visible(request, PreparedCard).filter(archived_at=None)
    return found(rows, _number(wanted))


def _picture(request: HttpRequest) -> Asset | None:
    wanted = request.GET.get("picture", "")
    return found(pictures_of(visible(request, Asset)), _number(wanted)) if wanted else None


def _number(text: str) -> int:
    if not text.isdigit() or len(text) > 18:
        raise Http404
    return int(text)


def _offer_pictures(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "").strip()[:100]
    rows = pictures_of(visible(request, Asset)).filter(title__icontains=query)
    context = {
        "pictures": with_thumbnail(rows)[:OFFERED],
        "query": query,
        "is_drill": request.GET.get("drill") == "1",
    }
    return render(request, "staff/emergency/pictures.html", context)


@login_required
@require_GET
def preview(request: HttpRequest) -> HttpResponse:
    """The card as the stage draws it, or the sentence that says why it would be refused."""
    require_somewhere(staff_of(request), Act.TAKE_OVER)
    asked, at = request.GET, now()

    def drawn() -> Preview:
        words = Words(
            _marked(asked.get("title", "")[:200]).strip() or _("Headline"),
            _marked(asked.get("body", "")[:1000]),
            asked.get("issuer", "")[:100].strip() or "……",
            asked.get("hazard", "general"),
        )  # fmt: skip
        data = card_data(words, is_drill=asked.get("drill") == "1", since=localtime(at))
        content: dict[str, Any] = {"data": data}
        if asked.get("picture", "").isdigit():
            blob = picture_blob(_number(asked["picture"]), staff_of(request))
            content["blobs"] = files_of({"picture": blob})
        return card_preview(
            template="emergency", content=content, now=at, width=PREVIEW_WIDTH,
            canvas=SHAPES["tall" if asked.get("upright") == "1" else WIDE],
        )  # fmt: skip

    return picture_of(drawn)


def _marked(text: str) -> str:
    """The text with its empty blanks to be seen as such."""
    return filled(text, {name: f"〔{name}〕" for name in blanks_in(text)})
