"""What people call a zone that nobody has named: those of the presets, by what they are for.

Manifests, and layouts that were made for one playlist, know a zone by its slug alone.
"""

from typing import Any

from django.utils.translation import gettext_lazy

__all__ = ["ZONE_WORDS", "zone_word"]

#: By slug; every zone of a preset is here.
ZONE_WORDS: dict[str, Any] = {
    "main": gettext_lazy("Main picture"),
    "side": gettext_lazy("Side"),
    "corner": gettext_lazy("Corner"),
    "ticker": gettext_lazy("Ticker"),
    "above": gettext_lazy("Above"),
    "below": gettext_lazy("Below"),
    "left": gettext_lazy("Left half"),
    "right": gettext_lazy("Right half"),
    "foot": gettext_lazy("Foot"),
    "text": gettext_lazy("Text"),
}


def zone_word(slug: str, name: str = "") -> str:
    """The name that somebody gave it; else the word for such a zone; else its slug."""
    return name or str(ZONE_WORDS.get(slug, slug))
