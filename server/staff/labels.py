"""Words for what the database keeps as codes: states, kinds, roles; in the reader's tongue.

Codes of devices are looked up here and nowhere printed raw as a sentence; what a device says of its
own is text, shown escaped beside our words.
"""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from server.alerts.kinds import KINDS

__all__ = ["WORDS", "word"]

#: A word for each value that pages show, whatever column it stands in.
WORDS: Mapping[str, str | Promise] = {
    # what is told of
    **{kind.value: facts.label for kind, facts in KINDS.items()},
    # assets
    "image": _("Picture"), "video": _("Video"), "document": _("Document"), "card": _("Card"),
    "stream": _("Live stream"), "music": _("Music"), "received": _("Received"),
    "processing": _("Being made ready"),
    "ready": _("Ready"), "failed": _("Cannot be used"), "withdrawn": _("Withdrawn"),
    "wall": _("For screens"), "wall-4k": _("For 4K screens"), "thumbnail": _("Thumbnail"),
    "poster": _("Poster frame"),
    # playlists
    "listed": _("In this order"), "shuffled": _("Shuffled"), "contain": _("Whole picture"),
    "cover": _("Fill, cut off edges"), "stretch": _("Stretch"), "cut": _("Cut"),
    "fade": _("Fade"), "slide": _("Slide"),
    # screens
    "online": _("Online"), "late": _("Late"), "offline": _("Offline"),
    "never": _("Never heard"), "retired": _("Retired"),
    "on": _("On"), "off": _("Off"),
    # releases
    "publish": _("Published"), "undo": _("Undone"), "take-down": _("Withdrawn everywhere"),
    "takeover": _("Takeover"), "renewal": _("Renewed by itself"),
    "data": _("New data"),
    # reviews
    "in-review": _("In review"), "approved": _("Approved"), "returned": _("Returned"),
    "superseded": _("Submitted anew"), "needed": _("Needs a review"),
    "ordinary": _("Ordinary"), "prominent": _("Prominent"),
    # roles
    "editor": _("Editor"), "reviewer-1": _("Reviewer, step 1"),
    "reviewer-2": _("Reviewer, step 2"), "reviewer-3": _("Reviewer, step 3"),
    "administrator": _("Administrator"), "auditor": _("Auditor"),
    # days of the calendar
    "rest": _("Day off"), "work": _("Working day"),
    # what may have the screen
    "entry": _("Entry"), "default": _("Fallback"),
    # where an asset is used
    "playlist": _("Playlist"), "asset": _("Asset"), "layout": _("Layout"),
}  # fmt: skip


def word(value: object) -> str:
    """Return the word for a value, or the value itself where there is none."""
    return str(WORDS.get(str(value), value))
