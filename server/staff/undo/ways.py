"""Leaves a way back when something is done, and goes it when somebody says undo."""

from collections.abc import Mapping
from typing import Any

from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from server.desk.taken import taken
from server.desk.ways import way_keep, way_take
from server.errors import ApplicationError
from server.staff.refusals import sentence_of
from server.staff.requests import login_required, now, staff_of
from server.staff.toasts import say
from server.staff.undo.kinds import KINDS

__all__ = ["kept", "leave", "way_back"]


def kept(*rows: models.Model) -> dict[str, Any] | None:
    """Ask before rows are deleted: what `leave` needs to bring them back, if they go at all."""
    return taken(*rows)


def leave(request: HttpRequest, said: str, kind: str, facts: Mapping[str, Any] | None) -> None:
    """Say what was done, with a button that undoes it."""
    if facts is None:
        say(request, said)
        return
    if kind not in KINDS:
        raise KeyError(kind)
    way = way_keep(staff=staff_of(request), kind=kind, facts=facts, now=now())
    say(request, said, undo=reverse("staff:way_back", args=[way.pk]))


@login_required
@require_POST
def way_back(request: HttpRequest, number: int) -> HttpResponse:
    """Undo: all of it, or nothing and the way is still there."""
    try:
        with transaction.atomic():
            way = way_take(staff=staff_of(request), pk=number, now=now())
            page = KINDS[way.kind](request, way.facts)
    except ApplicationError as error:
        say(request, sentence_of(error), tone="error")
        return redirect("staff:overview")
    say(request, _("Undone."))
    return redirect(page)
