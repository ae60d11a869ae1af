"""Sources of alerts: where they come from, what may be shown, and which screens a place means."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from server.accounts.models import Department
from server.accounts.policy import Act, may, require, require_somewhere
from server.cap.models import CapSource
from server.cap.policy import Place
from server.cap.sources import Told, areas_set, source_close, source_save
from server.errors import ApplicationError, Conflict, Invalid
from server.screens.models import ScreenGroup
from server.staff.cap.labels import CERTAINTY, DRILLS, HANDLING, SEVERITY, URGENCY
from server.staff.conflicts import sides_of
from server.staff.forms import choices
from server.staff.refusals import sentence_of
from server.staff.requests import login_required, now, staff_of
from server.staff.rows import departments_for, found, visible
from server.staff.seen import SeenForm, hold_as_seen, seal_of, with_seal

__all__ = ["close", "create", "places", "places_of", "source", "stored_of"]

#: Empty lines at the end of the table of places.
_NEW_LINES = 3


def _level(label: Any, words: list[tuple[int, object]]) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label=label, choices=words, coerce=int)


class SourceForm(SeenForm):
    """The policy of a source."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    handling = forms.ChoiceField(
        label=gettext_lazy("A strong alert for one of our places"),
        choices=HANDLING, widget=forms.RadioSelect,
    )  # fmt: skip
    severity = _level(gettext_lazy("Severity: at least"), SEVERITY)
    urgency = _level(gettext_lazy("Urgency: at least"), URGENCY)
    certainty = _level(gettext_lazy("Certainty: at least"), CERTAINTY)
    drills = forms.ChoiceField(label=gettext_lazy("Exercises and tests"), choices=DRILLS)
    language = forms.CharField(
        label=gettext_lazy("Language"), max_length=10,
        help_text=gettext_lazy("Of an alert in several languages this one is shown: zh, en."),
    )  # fmt: skip
    usual_min = forms.IntegerField(
        label=gettext_lazy("Minutes, if an alert names no end"), min_value=1, max_value=10_080
    )
    url = forms.CharField(
        label=gettext_lazy("Address to ask"), max_length=500, required=False,
        help_text=gettext_lazy("CAP, Atom or RSS; empty: alerts are sent to us."),
    )  # fmt: skip
    every_min = forms.IntegerField(
        label=gettext_lazy("Every so many minutes"), min_value=1, max_value=1440
    )
    reason = forms.CharField(
        label=gettext_lazy("Why? It stands in the audit."), max_length=500, required=False
    )

    def __init__(
        self, request: HttpRequest, row: CapSource | None, *, is_sent: bool = True
    ) -> None:
        usual = Told(name="") if row is None else row
        sent = request.POST or None if is_sent else None
        super().__init__(sent, initial=with_seal(stored_of(usual)))
        if row is None:
            owners = departments_for(request, Act.MANAGE_SCREENS)
            field = forms.ChoiceField(label=_("Department"), choices=choices(owners))
            self.fields = {"department": field} | self.fields

    @property
    def told(self) -> Told:
        """What the service takes."""
        said = self.cleaned_data
        return Told(**{name: said[name] for name in Told.__struct_fields__})


def stored_of(row: CapSource | Told) -> dict[str, Any]:
    """The policy as it is stored; a reason is given anew each time."""
    return {name: getattr(row, name) for name in Told.__struct_fields__}


@login_required
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Make a source."""
    require_somewhere(staff_of(request), Act.MANAGE_SCREENS)
    form = SourceForm(request, None)
    if request.method == "POST" and form.is_valid():
        with form.refusing():
            owner = Department.objects.get(pk=form.cleaned_data["department"])
            made = _saved(request, form, None, owner)
            messages.success(request, _("Saved.  Say next which screens each place means."))
            return redirect("staff:cap_source", made.pk)
    return _page(request, form, None, {})


def _saved(
    request: HttpRequest, form: SourceForm, row: CapSource | None, owner: Department
) -> CapSource:
    return source_save(
        source=row, department=owner, told=form.told, reason=form.cleaned_data["reason"],
        actor=staff_of(request), now=now(),
    )  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
def source(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a source, and change its policy."""
    row = _row(request, pk)
    form = SourceForm(request, row)
    if request.method == "POST":
        require(staff_of(request), Act.MANAGE_SCREENS, row.department)
    if request.method == "POST" and form.is_valid():
        same = CapSource.objects.filter(pk=pk)

        def stored() -> dict[str, Any]:
            return stored_of(same.get())

        with form.refusing(stored), form.seen(same, stored):
            _saved(request, form, row, row.department)
            messages.success(request, _("Saved."))
            return redirect("staff:cap_source", pk)
    return _page(request, form, row, {})


def _row(request: HttpRequest, pk: int) -> CapSource:
    rows = visible(request, CapSource).filter(closed_at=None)
    return found(rows.select_related("department", "policy_by"), pk)


def _page(
    request: HttpRequest, form: SourceForm, row: CapSource | None, more: dict[str, Any]
) -> HttpResponse:
    groups = visible(request, ScreenGroup).order_by("name")
    context = {
        "form": form, "source": row, "groups": groups,
        "places": places_of(row) if row else [], "new_lines": range(_NEW_LINES),
        "can_change": row is None or may(staff_of(request), Act.MANAGE_SCREENS, row.department_id),
        "seen": _seal(places_of(row)) if row else "",
    } | more  # fmt: skip
    status = 422 if form.errors or more else 200
    return render(request, "staff/cap/source.html", context, status=status)


@login_required
@require_POST
def places(request: HttpRequest, pk: int) -> HttpResponse:
    """Say which screens each place means."""
    row = _row(request, pk)
    same, seen, sent = CapSource.objects.filter(pk=pk), request.POST.get("version", ""), []
    try:
        sent = _places_sent(request)
        with transaction.atomic():
            hold_as_seen(same, seen, lambda: {"places": places_of(row)})
            areas_set(source=row, places=sent, actor=staff_of(request), now=now())
    except Conflict as error:
        require(staff_of(request), Act.MANAGE_SCREENS, row.department)
        return _overtaken(request, row, sent, sentence_of(error))
    except ApplicationError as error:
        messages.error(request, sentence_of(error))
    else:
        messages.success(request, _("Saved."))
    return redirect("staff:cap_source", pk)


def places_of(row: CapSource) -> list[Place]:
    """The table of places as it is stored."""
    return [Place(each.scheme, each.value, each.group_id) for each in row.areas.all()]


def _seal(table: list[Place]) -> str:
    return seal_of({"places": table})


def _overtaken(
    request: HttpRequest, row: CapSource, sent: list[Place], trouble: str
) -> HttpResponse:
    """Somebody else has saved the table: what was typed stays in it, beside what is stored."""
    sides = sides_of([(_("Which screens a place means"), _said(sent), _said(places_of(row)))])
    unsent = SourceForm(request, row, is_sent=False)
    more = {"places": sent, "places_sides": sides, "places_trouble": trouble,
            "stored_at": reverse("staff:cap_source", args=[row.pk])}  # fmt: skip
    return _page(request, unsent, row, more)


def _said(table: list[Place]) -> list[str]:
    groups = ScreenGroup.objects.in_bulk({each.group for each in table})
    return [f"{each.scheme} {each.value} → {groups[each.group]}".strip() for each in table]


def _places_sent(request: HttpRequest) -> list[Place]:
    """The lines with a value and a group that the sender may see."""
    sent, mine = request.POST, set(visible(request, ScreenGroup).values_list("pk", flat=True))
    lines = zip(sent.getlist("scheme"), sent.getlist("value"), sent.getlist("group"), strict=False)
    made = []
    for scheme, value, group in lines:
        if not value.strip():
            continue
        if not group.isdigit() or len(group) > 18 or int(group) not in mine:
            raise Invalid("Choose a group of screens for “%(place)s”.", values={"place": value})
        made.append(Place(scheme.strip()[:200], value.strip()[:200], int(group)))
    return made


@login_required
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Take no more alerts of it."""
    source_close(source=_row(request, pk), actor=staff_of(request), now=now())
    messages.success(request, _("It is closed; what it brought stays in the list."))
    return redirect("staff:cap")
