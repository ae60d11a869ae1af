"""The picture of a card while it is being written: drawn by the stage, nothing is kept.

For the form's script, which asks after each pause, and for its button where there is no script.
"""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_POST

from manifest.model import Canvas
from server.accounts.models import Staff
from server.accounts.policy import Act, require_somewhere
from server.errors import ApplicationError, Invalid
from server.library.authored import files_of, sound_card
from server.library.models import Asset, Blob
from server.publishing.preview import Preview, card_preview
from server.publishing.shapes import SHAPES, shapes_of
from server.staff.cards.forms import CardForm
from server.staff.cards.offered import require_offered
from server.staff.cards.pictures import Pictures
from server.staff.full_size import picture_of
from server.staff.requests import login_required, now, staff_of
from server.staff.rows import visible

__all__ = ["card_drawn", "drawn_card"]

#: Wide enough to be judged beside a form, in pixels.
WIDTH = 960

#: Fields that say nothing on the wall.
_UNSEEN = frozenset({"title", "department", "version"})


@login_required
@require_POST
def card_drawn(request: HttpRequest, template: str) -> HttpResponse:
    """The card as it is typed now, as PNG; 422 with a sentence for what cannot be drawn yet."""
    require_offered(template)
    require_somewhere(staff_of(request), Act.UPLOAD)
    key = request.GET.get("card", "")
    kept = visible(request, Asset).filter(pk=key).first() if key.isdecimal() else None
    content = kept.content if kept and kept.content.get("template") == template else {}
    pictures = Pictures(template, visible(request, Asset), content.get("blobs", {}))
    form = CardForm(request.POST, template, {}, pictures=pictures)
    return picture_of(lambda: drawn_card(request, form, template))


def drawn_card(request: HttpRequest, form: CardForm, template: str) -> Preview:
    """Draw what the form says.  Raises `Invalid` about the first field that does not fit."""
    at, staff = now(), staff_of(request)
    data, files = _typed(form, template, staff, at)
    content = {"data": data, "blobs": files_of(files)}
    return card_preview(
        template=template, content=content, now=at, width=WIDTH,
        canvas=_shape(request, template), line=f"card {staff.pk}",
    )  # fmt: skip


def _shape(request: HttpRequest, template: str) -> Canvas:
    """The shape that was asked for, or the template's usual one."""
    asked, offered = request.GET.get("shape", ""), shapes_of(template)
    return SHAPES[asked if asked in offered else offered[0]]


def _typed(
    form: CardForm, template: str, actor: Staff, at: datetime
) -> tuple[dict[str, Any], dict[str, Blob]]:
    form.is_valid()
    if not _wrong(form):
        try:
            data, files = form.card_of(actor)
            return sound_card(template, data, at), files
        except ApplicationError as error:
            form.refuse_card(error)
            if not _wrong(form):
                raise
    name = _wrong(form)[0]
    label, reason = form.fields[name].label or "", form.errors[name][0]
    raise Invalid(_("%(field)s: %(reason)s"), values={"field": str(label), "reason": str(reason)})


def _wrong(form: CardForm) -> list[str]:
    return [name for name in form.fields if name in form.errors and name not in _UNSEEN]
