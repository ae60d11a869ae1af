"""Mail: what came together in one letter, as plain text and as HTML, in its reader's language."""

from collections import Counter
from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from msgspec import Struct

from server.accounts.models import Staff
from server.alerts.kinds import KINDS
from server.alerts.models import Message
from server.alerts.selectors import said_of
from server.sentences import local

__all__ = ["LISTED", "letter"]

#: Messages that stand in one letter; of the others it says how many they are.
LISTED = 30


class Line(Struct, frozen=True):
    """One message of a letter; `link` is a whole address, or "" where we have none."""

    said: str
    link: str
    message: Message


def letter(reader: Staff, address: str, messages: Sequence[Message]) -> EmailMultiAlternatives:
    """The letter in which somebody is told of these messages, at least one."""
    base = settings.PUBLIC_URLS[0].rstrip("/") if settings.PUBLIC_URLS else ""
    with translation.override(reader.language):
        lines = [
            Line(local(said_of(each)), base + each.link if base and each.link else "", each)
            for each in messages[:LISTED]
        ]
        context = {
            "reader": reader,
            "lines": lines,
            "more": len(messages) - len(lines),
            "language": reader.language,
            "base": base,
        }
        made = EmailMultiAlternatives(
            subject=_subject(messages),
            body=render_to_string("alerts/letter.txt", context),
            from_email=settings.CONFIGURATION.mail.sender or None,
            to=[address],
            headers={"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"},
        )
        made.attach_alternative(render_to_string("alerts/letter.html", context), "text/html")
    return made


def _subject(messages: Sequence[Message]) -> str:
    """One line: the message itself if it is alone, else what kinds came how often."""
    name = settings.CONFIGURATION.organisation.name or _("Yingbi")
    if len(messages) == 1:
        said = local(said_of(messages[0]))
    else:
        counted = Counter(each.kind for each in messages)
        named = [
            f"{KINDS[kind].label} ({number})"  # type: ignore[index]  # a StrEnum is its text
            for kind, number in counted.most_common(3)
            if kind in KINDS
        ]
        said = _("%(n)d notices: %(kinds)s") % {
            "n": len(messages),
            "kinds": ", ".join(named),
        }
    return " ".join(f"[{name}] {said}".split())[:150]
