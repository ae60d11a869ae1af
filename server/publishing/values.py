"""What stands in a dry run's sentences beside names: windows, instants, how an item is shown.

Kept as texts that belong to no language (programs read them in `values`, a submission stores them),
and said in the language of whoever reads.  A text that is none of ours is said as it stands: that
is what submissions of former versions hold.  Pure but for gettext and the clock's zone.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

import msgspec
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from msgspec import Struct

from manifest import times
from manifest.errors import ManifestFormatError
from manifest.model import Item, Window
from server.programme.drafts import WindowDraft
from server.programme.repetition import written as wall_written
from server.programme.repetition_words import words_of

__all__ = ["Showing", "said", "showing_of", "written"]


class Showing(Struct, frozen=True, omit_defaults=True):
    """How long, how often a round, and within which time an item is shown."""

    duration_ms: int
    weight: int = 1
    valid_from: datetime | None = None
    valid_until: datetime | None = None


def showing_of(item: Item) -> Showing:
    """Return what is said of how an item is shown."""
    return Showing(item.duration_ms, item.weight, item.valid_from, item.valid_until)


def written(value: object) -> str:
    """Return the text of a value: an instant as documents have it, windows and showings as JSON."""
    if isinstance(value, datetime):
        return times.write(value)
    if isinstance(value, Window | Showing):
        return msgspec.json.encode(value).decode()
    return str(value)


def said(code: str, values: Mapping[str, str]) -> dict[str, str]:
    """Return the values of a sentence of this code as its reader is told them."""
    if code == "ENTRY_TIMES":
        return dict(values) | _both_windows(values["before"], values["after"])
    sayers = _SAYERS.get(code, {})
    return {name: sayers[name](text) if name in sayers else text for name, text in values.items()}


def _both_windows(before: str, after: str) -> dict[str, str]:
    """Two windows; where their words are the same, with the days from which on they hold."""
    both = {"before": _window(before), "after": _window(after)}
    if len(set(both.values())) == 1:
        both = {"before": _from_its_first(before), "after": _from_its_first(after)}
    return both


def _window(text: str, *, with_first: bool = False) -> str:
    try:
        window = msgspec.json.decode(text, type=Window)
    except msgspec.MsgspecError:
        return text
    return words_of(_draft(window), with_first=with_first)


def _from_its_first(text: str) -> str:
    return _window(text, with_first=True)


def _draft(window: Window) -> WindowDraft:
    return WindowDraft(
        start=wall_written(window.start),
        duration_s=window.duration_s,
        rrule=window.rrule or "",
        rdates=tuple(map(wall_written, window.rdates)),
        exdates=tuple(map(wall_written, window.exdates)),
        days=window.days,
    )


def _instant(text: str) -> str:
    try:
        return f"{localtime(times.instant(text)):%Y-%m-%d %H:%M}"
    except ManifestFormatError:
        return text


def _showing(text: str) -> str:
    try:
        shown = msgspec.json.decode(text, type=Showing)
    except msgspec.MsgspecError:
        return text
    words = [_length(shown.duration_ms)]
    if shown.weight != 1:
        words.append(_("%(n)d times a round") % {"n": shown.weight})
    if shown.valid_from is not None:
        words.append(_("from %(at)s") % {"at": f"{localtime(shown.valid_from):%Y-%m-%d %H:%M}"})
    if shown.valid_until is not None:
        words.append(_("until %(at)s") % {"at": f"{localtime(shown.valid_until):%Y-%m-%d %H:%M}"})
    return _(", ").join(words)


def _length(ms: int) -> str:
    minutes, rest = divmod(ms, 60_000)
    seconds = f"{rest / 1000:g}"
    if not minutes:
        return _("%(n)s seconds") % {"n": seconds}
    if not rest:
        return _("%(n)d minutes") % {"n": minutes}
    return _("%(m)d min %(s)s s") % {"m": minutes, "s": seconds}


#: How the values of each sentence are said; those that are not named stand as they are.
_SAYERS: Mapping[str, Mapping[str, Callable[[str], str]]] = {
    "ENTRY_ADDED": {"window": _from_its_first},
    "ITEM_TIMES": {"before": _showing, "after": _showing},
    "TAKEOVER_ADDED": {"until": _instant},
    "GAP": {"since": _instant, "until": _instant},
    "EXPIRING": {"until": _instant},
}
