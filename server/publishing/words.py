"""What a dry run says, in words: codes with values, and one template for each code.

For people through pages and commands, for programs through `code` and `values`.  Templates go
through gettext, so that a page says them in its reader's language.
"""

from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from msgspec import Struct

from server.publishing.values import said, written

__all__ = ["TEMPLATES", "Sentence", "say"]

#: `confirm`: publishing asks for a yes first; `note`: it is said, and nothing more.
Weight = Literal["change", "note", "confirm"]

TEMPLATES: dict[str, tuple[Weight, str]] = {
    # What will be another.
    "NEW_SCREEN": ("change", gettext_noop("The screen was told nothing yet.")),
    "ITEM_ADDED": ("change", gettext_noop("“%(item)s” comes into %(playlist)s.")),
    "ITEM_REMOVED": ("change", gettext_noop("“%(item)s” leaves %(playlist)s.")),
    "ITEM_MOVED": ("change", gettext_noop("“%(item)s” gets another place in %(playlist)s.")),
    "ITEM_TIMES": (
        "change",
        gettext_noop("“%(item)s” in %(playlist)s: %(before)s, will be %(after)s."),
    ),
    "ITEM_LOOK": ("change", gettext_noop("“%(item)s” in %(playlist)s is shown another way.")),
    "FILE_REPLACED": ("change", gettext_noop("“%(item)s” has another file.")),
    "PLAYLIST_ORDER": ("change", gettext_noop("%(playlist)s plays in another order.")),
    "LAYOUT_CHANGED": ("change", gettext_noop("%(layout)s is arranged in another way.")),
    "ENTRY_ADDED": ("change", gettext_noop("%(entry)s is due: %(window)s.")),
    "ENTRY_REMOVED": ("change", gettext_noop("%(entry)s is due no more.")),
    "ENTRY_TIMES": ("change", gettext_noop("%(entry)s: “%(before)s” becomes “%(after)s”.")),
    "ENTRY_TURN": ("change", gettext_noop("%(entry)s takes its turns at another pace.")),
    "ENTRY_LAYOUT": ("change", gettext_noop("%(entry)s shows another layout: %(layout)s.")),
    "ENTRY_PRIORITY": (
        "change",
        gettext_noop("%(entry)s: priority %(before)s, will be %(after)s."),
    ),
    "TAKEOVER_ADDED": ("change", gettext_noop("%(takeover)s takes over until %(until)s.")),
    "TAKEOVER_REMOVED": ("change", gettext_noop("%(takeover)s takes over no more.")),
    "FALLBACK": ("change", gettext_noop("When nothing is due: %(after)s instead of %(before)s.")),
    "CALENDAR": ("change", gettext_noop("The holidays and exchanged working days are others.")),
    "SCREEN_SETTINGS": (
        "change",
        gettext_noop("The screen's size, clock or panel hours are others."),
    ),
    # What to look at before it is published.
    "EMPTY_PLAYLIST": (
        "confirm",
        gettext_noop("%(playlist)s has no items: its zone will be empty."),
    ),
    "ALL_INVALID": (
        "confirm",
        gettext_noop("Nothing in %(playlist)s can be shown: not ready, taken down or over."),
    ),
    "NOTHING_TO_SHOW": (
        "confirm",
        gettext_noop("From now on for %(hours)s hours nothing is due: the slate will stand there."),
    ),
    "GAP": ("note", gettext_noop("Nothing is due from %(since)s to %(until)s: the slate.")),
    "NOT_READY": ("note", gettext_noop("“%(item)s” is not ready yet and is left out.")),
    "TAKEN_DOWN": ("note", gettext_noop("“%(item)s” was taken down and is left out.")),
    "ITEM_TOO_LONG": (
        "note",
        gettext_noop(
            "“%(item)s” takes longer (%(item_s)s s) than %(entry)s lasts (%(entry_s)s s)."
        ),
    ),
    "EXPIRING": ("note", gettext_noop("“%(item)s” may be shown until %(until)s only.")),
    "PAGE_CHANGES": (
        "note",
        gettext_noop("“%(item)s” changes with the web page %(address)s, without another review."),
    ),
    "TEXT_SMALL": (
        "note",
        gettext_noop(
            "The text of “%(item)s” is %(percent)s %% of the screen's height in %(layout)s; from 8 "
            "metres %(least)s %% can be read: write less on it, or give it a larger zone."
        ),
    ),
    "ZONE_LOW": (
        "note",
        gettext_noop(
            "“%(item)s” is text, and its zone in %(layout)s is too low for a line that can be read "
            "from 8 metres: make the zone higher."
        ),
    ),
    "CODE_SMALL": (
        "note",
        gettext_noop(
            "The code of “%(item)s” cannot be scanned in %(layout)s: it needs %(least)s %% of the "
            "screen's height and has %(percent)s %%.  Words stand there instead; make the zone "
            "larger or the address shorter."
        ),
    ),
    "MUSIC_IN_ZONE": (
        "note",
        gettext_noop(
            "“%(item)s” in %(playlist)s is music: %(layout)s stands empty there meanwhile."
        ),
    ),
    "PICTURE_IN_MUSIC": (
        "note",
        gettext_noop("“%(item)s” in %(playlist)s is not seen: %(layout)s has it as its music."),
    ),
    "ASPECT": (
        "note",
        gettext_noop("%(layout)s was made for %(made)s, and the screen has %(screen)s."),
    ),
}


class Sentence(Struct, frozen=True):
    """One thing to say; its values are kept as `values.written` writes them, in no language."""

    code: str
    values: dict[str, str] = {}

    @property
    def needs_confirmation(self) -> bool:
        """Must somebody say yes to it before it is published?"""
        return TEMPLATES[self.code][0] == "confirm"

    def __str__(self) -> str:
        """The sentence, in the language of now."""
        return _(TEMPLATES[self.code][1]) % said(self.code, self.values)


def say(code: str, **values: object) -> Sentence:
    """A sentence of `TEMPLATES` with its values: names, numbers, instants, windows, items."""
    return Sentence(code, {name: written(value) for name, value in values.items()})
