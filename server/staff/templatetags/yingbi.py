"""Filters and small tags for the templates of the staff pages.  They format; they read nothing."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django import template
from django.core.paginator import Page
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from server.publishing.planning import Coming
from server.remote.result_words import result_sentence
from server.sentences import local
from server.staff.labels import word
from server.staff.layouts.zone_words import zone_word
from server.staff.library.finding import SOON
from server.staff.library.forms import last_day_of
from server.staff.reports.act_words import words_of_act

register = template.Library()

_TONES = {
    "ready": "good", "online": "good", "failed": "bad", "offline": "bad", "late": "warn",
    "received": "warn", "processing": "warn", "E": "bad", "C": "bad", "W": "warn",
    "in-review": "warn", "approved": "good", "returned": "bad", "needed": "bad",
    "waiting": "warn", "sent": "warn", "done": "good", "refused": "warn", "expired": "bad",
}  # fmt: skip


@register.filter
def review_state(state: str) -> str:
    """The state of a submission: one that was taken back has nothing to do with the walls."""
    return _("Taken back") if state == "withdrawn" else word(state)


@register.filter
def label(value: object) -> str:
    """The word for a code of the database."""
    return word(value)


@register.filter
def said(sentence: str) -> str:
    """A sentence of a service, in the reader's language."""
    return local(sentence)


@register.filter
def told_by_box(sentence: str) -> str:
    """What a box told of a command, in the reader's language."""
    return local(result_sentence(sentence))


@register.filter
def tone(value: object) -> str:
    """The class of a badge for a state: good, warn, bad or none."""
    found = _TONES.get(str(value))
    return f"badge-{found}" if found else ""


@register.filter
def wall(instant: datetime) -> str:
    """A wall time as a form takes it, on the clock that the instant has."""
    return f"{instant:%Y-%m-%dT%H:%M:%S}"


@register.filter
def wall_time(instant: datetime) -> str:
    """The time of day, on the clock that the instant has."""
    return f"{instant:%H:%M:%S}"


#: Time zones that people call by a name of their own.
_ZONES = {
    "Asia/Shanghai": gettext_lazy("Beijing time"),
    "UTC": gettext_lazy("Universal time (UTC)"),
}


@register.filter
def zone_name(timezone: str) -> str:
    """A time zone as people call it; the name of the database, where they have none."""
    return str(_ZONES.get(timezone, timezone))


@register.filter
def part_name(slug: str) -> str:
    """A zone of a layout, of which only the slug is known, as people call it."""
    return zone_word(slug)


@register.filter
def step_name(step: int) -> str:
    """一审, 二审, 三审."""
    return (_("First review"), _("Second review"), _("Third review"))[step - 1]


@register.filter
def length_of(milliseconds: int | None) -> str:
    """A length such as 1:05 or 0:10.5."""
    if milliseconds is None:
        return "–"
    seconds = timedelta(milliseconds=milliseconds).total_seconds()
    minutes, rest = divmod(seconds, 60)
    whole = f"{int(rest):02d}" if rest == int(rest) else f"{rest:04.1f}"
    return f"{int(minutes)}:{whole}"


@register.filter
def last_day(valid_until: datetime) -> str:
    """The last day of what ends at this instant: 2026-12-31."""
    return last_day_of(valid_until)


@register.filter
def soon(valid_until: datetime, now: datetime) -> str:
    """The class of a badge for a last day: warn, if it comes soon."""
    return "badge-warn" if valid_until <= now + SOON else ""


@register.simple_tag
def icon(name: str) -> SafeString:
    """A sign of `icons.svg`; the words beside it, or the name of its button, say what it means."""
    address = static("staff/icons.svg")
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', address, name
    )


@register.simple_tag
def together(kind: str, pk: int, version: int | str = "") -> SafeString:
    """The place where a page says who else has it open (`server.staff.together`).

    With a version also that somebody changed it, or deleted it; a page that hears of that by itself
    gives none.
    """
    gone = _("Somebody deleted this meanwhile. What you typed stays here.")
    return format_html(
        '<div class="together" data-together="{}:{}" data-version="{}" data-address="{}"'
        ' data-gone="{}" aria-live="polite"></div>',
        *(kind, pk, version, reverse("staff:together"), gone if version else ""),
    )


@register.filter
def span(length: timedelta) -> str:
    """How long something took, such as 0:05:09 or 26:00:00."""
    seconds = max(0, int(length.total_seconds()))
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


@register.filter
def act_word(action: str) -> str:
    """The words of an act of the audit."""
    return words_of_act(action)


@register.filter
def count(value: float, digits: int = 0) -> str:
    """A number with its thousands apart, in every language."""
    return f"{value:,.{digits}f}"


@register.filter
def share(value: float | None) -> str:
    """A share of one as per cent; rounded down, so that only what is whole is 100 %."""
    return "–" if value is None else f"{int(value * 1000 + 1e-9) / 10:g} %"


@register.filter
def hours(milliseconds: int) -> str:
    """Milliseconds as hours."""
    return f"{milliseconds / 3_600_000:,.2f}"


@register.filter
def seconds(milliseconds: int | str | None) -> str:
    """Seconds as a person types them: 10, 7.5."""
    return f"{int(milliseconds or 0) / 1000:g}"


@register.filter
def runs(pictures: Iterable[Coming]) -> list[tuple[Coming, int]]:
    """Pictures that follow one another and look alike as one: the first, and how many there are."""
    alike = groupby(pictures, lambda each: (each.layout, each.titles))
    return [(run[0], len(run)) for run in (list(each) for _look, each in alike)]


@register.filter
def numbers(page: Page[Any]) -> list[int]:
    """The numbers of the pages around this one, with the first and last; 0 stands for a gap."""
    elided = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    return [each if isinstance(each, int) else 0 for each in elided]
