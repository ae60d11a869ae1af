"""Many screens at once: tags, groups, commands; with a table of results as they come."""

import uuid
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from server.errors import ApplicationError
from server.remote.models import Command
from server.remote.services import command_ask
from server.screens.bulk import grouping, tag_names, tagging
from server.screens.models import Screen, ScreenGroup
from server.staff.refusals import sentence_of
from server.staff.requests import login_required
from server.staff.rows import found, visible
from server.staff.screens.answers import who
from server.staff.toasts import say
from server.staff.undo.ways import leave

__all__ = ["batch", "many"]


@login_required
@require_POST
def many(request: HttpRequest) -> HttpResponse:
    """Do something to the screens that were ticked."""
    pks = [int(each) for each in request.POST.getlist("screens") if each.isdigit()][:1000]
    chosen = list(visible(request, Screen).filter(pk__in=pks, retired_at=None))
    if len(chosen) != len(set(pks)):
        raise Http404
    act = request.POST.get("act", "")
    deeds: dict[str, Callable[[HttpRequest, list[Screen]], HttpResponse]] = {
        "tag": _tag, "untag": _tag, "join": _group, "leave": _group, "command": _command,
    }  # fmt: skip
    if act not in deeds:
        raise Http404
    try:
        return deeds[act](request, chosen)
    except ApplicationError as error:
        if error.http_status in {403, 404}:
            raise
        say(request, sentence_of(error), tone="error")
    return redirect("staff:screens")


def _tag(request: HttpRequest, chosen: list[Screen]) -> HttpResponse:
    names = tag_names(request.POST.get("tags", ""))
    if request.POST["act"] == "tag":
        count = tagging(screens=chosen, add=names, **who(request))
        _changed(request, count)
    else:
        rows = [(each, each.tags.filter(name__in=names)) for each in chosen]
        lost = {each.pk: list(tags.values_list("name", flat=True)) for each, tags in rows}
        count = tagging(screens=chosen, remove=names, **who(request))
        _changed(request, count, "screen-tags", {"tags": lost})
    return redirect("staff:screens")


def _group(request: HttpRequest, chosen: list[Screen]) -> HttpResponse:
    pk = request.POST.get("group", "")
    group = found(visible(request, ScreenGroup), int(pk) if pk.isdigit() else 0)
    joins = request.POST["act"] == "join"
    inside = set(group.screens.values_list("pk", flat=True))
    moved = [each.pk for each in chosen if (each.pk in inside) != joins]
    count = grouping(screens=chosen, group=group, joins=joins, **who(request))
    facts: dict[str, Any] = {"group": group.pk, "left": [], "joined": []}
    facts["joined" if joins else "left"] = moved
    _changed(request, count, "members", facts)
    return redirect("staff:screens")


def _changed(
    request: HttpRequest, count: int, kind: str = "", facts: dict[str, Any] | None = None
) -> None:
    said = ngettext("%(n)d screen changed.", "%(n)d screens changed.", count) % {"n": count}
    leave(request, said, kind, facts if count else None)


def _command(request: HttpRequest, chosen: list[Screen]) -> HttpResponse:
    kind = request.POST.get("kind", "")
    if kind not in Command.Kind.values:
        say(request, _("Choose what the boxes are to do."), tone="error")
        return redirect("staff:screens")
    asked = command_ask(screens=chosen, kind=Command.Kind(kind), **who(request))
    return redirect("staff:command_batch", asked[0].batch)


@login_required
@require_GET
def batch(request: HttpRequest, batch: uuid.UUID) -> HttpResponse:
    """The results of commands that were given together, as they come."""
    mine = visible(request, Screen)
    rows = Command.objects.filter(batch=batch, screen__in=mine)
    rows = rows.select_related("screen__site", "asked_by").order_by("screen__name")
    commands = list(rows)
    if not commands:
        raise Http404
    context = {
        "commands": commands,
        "kind": commands[0].get_kind_display(),
        "first": commands[0],
        "is_open": any(each.ended_at is None for each in commands),
        "done": sum(each.state == Command.State.DONE for each in commands),
    }
    part = request.GET.get("part") == "results"
    page = "staff/screens/batch_results.html" if part else "staff/screens/batch.html"
    return render(request, page, context)
