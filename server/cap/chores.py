"""By the minute: alerts begin when they take effect, last as long as they say, and end."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop as _

from server.cap.intake import settle
from server.cap.models import CapAlert, Outcome
from server.cap.polling import ask_soon
from server.cap.showing import close, look_at_ends, prolong_due, show_due
from server.configuration import Configuration
from server.sentences import Sentence

__all__ = ["minutely"]


def minutely(_configuration: Configuration, now: datetime) -> None:
    """Ask who is due; take up what was broken off; begin, prolong and end what is due."""
    ask_soon(now=now)
    rows = CapAlert.objects.select_related("source", "takeover")
    for row in rows.filter(outcome=Outcome.NEW).order_by("pk"):
        settle(row, now)
    expired = rows.filter(outcome__in=[Outcome.WAITING, Outcome.PLANNED], expires_at__lte=now)
    with transaction.atomic():
        close(expired, Sentence(_("It expired before it was shown.")), now)
    for row in rows.filter(outcome=Outcome.PLANNED, begins_at__lte=now).order_by("pk"):
        show_due(row, now)
    shown = list(rows.filter(outcome=Outcome.SHOWN))
    look_at_ends(shown, now)
    prolong_due(shown, now)
