"""The templates that are offered to write by hand, and a line on what each is for."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext_lazy as _

__all__ = ["OFFERED", "WRITTEN", "require_offered"]

#: Templates that are offered, what each is for; an emergency has pages of its own.
OFFERED: dict[str, Any] = {
    "notice": _("Who says what, since when: a text of one or more pages."),
    "menu": _("What is served now and next; dishes by day and meal."),
    "agenda": _("Meetings of today by room; of one room, the sign at its door."),
    "weather": _("The weather now and of the coming days, with warnings."),
    "welcome": _("Guests who are expected at this hour, with host and place."),
    "safety-days": _("Days without an accident, counted by themselves."),
    "countdown": _("Days until an event; on the day, and after it, other words."),
    "ticker": _("Short messages that run in a strip."),
    "qr": _("A code to scan: to sign in, to say something, to read on the telephone."),
    "ranking": _("Places, stars, or red and black board, sorted by themselves."),
    "progress": _("Projects: plan against actual, and the milestones."),
    "news": _("Headlines, newest first, with how old each is."),
    "honour": _("People with portrait, post and deeds."),
    "birthday": _("Party members whose day of joining is today or this month."),
    "public-notice": _("A notice that must hang for a period, with a certificate at the end."),
    "table": _("Any rows under up to eight headings."),
    "clock": _("Time, date and the lunar calendar."),
}

#: What is not made here and yet changed: music comes as a file.
WRITTEN: dict[str, Any] = {
    "music": _("How loud it is by itself, and while a video is heard."),
}


def require_offered(template: str) -> None:
    """Raise 404 for what nobody is offered to write."""
    if template not in OFFERED:
        raise Http404
