"""Is what an editor sends possible?  In the editor's words, before the manifest's codec sees it.

Pure: values in, a sentence for each mistake out, all of them at once, by field.  The limits are
those of docs/manifest.md, section 2.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

from django.utils.translation import gettext_noop as _

from manifest import times
from manifest.errors import ManifestFormatError
from manifest.model import Canvas
from manifest.recurrence import rule
from manifest.references import MAX_ITEMS
from server.errors import Invalid
from server.programme.drafts import ItemDraft, WindowDraft, ZoneDraft
from server.programme.models import (
    LEAST_DURATION_MS,
    LONGEST_DURATION_MS,
    LONGEST_WINDOW_S,
    Entry,
    PlaylistItem,
)
from server.sentences import Sentence, joined

__all__ = ["Mistake", "items", "refuse", "window", "zones"]

#: A field and what is wrong with it.
Mistake = tuple[str, str]

#: The longest that one item may take to come, in milliseconds.
LONGEST_TRANSITION_MS = 60_000

#: How often an item may come in one cycle (docs/manifest.md, section 2).
MOST_WEIGHT = 20

# What is said of a value that cannot be read; `expected` is the manifest's own word.
_START = _("The start is no date and time: '%(value)s' (%(expected)s).")
_REPETITION = _("The repetition is not understood: '%(value)s' (%(expected)s).")
_DATE = _("This is no date and time: '%(value)s' (%(expected)s).")

#: Extra and excepted dates of one entry.
MOST_DATES = 400


def refuse(mistakes: Iterable[Mistake]) -> None:
    """Raise `Invalid` with every mistake; do nothing if there is none."""
    by_field: dict[str, list[str]] = {}
    for field, sentence in mistakes:
        by_field.setdefault(field, []).append(sentence)
    if by_field:
        details = {field: joined(sentences) for field, sentences in by_field.items()}
        raise Invalid(joined(details.values()), details=details)


def items(drafts: Sequence[ItemDraft]) -> Iterator[Mistake]:
    """What is wrong with the items of a playlist."""
    if len(drafts) > MAX_ITEMS:
        yield (
            "items",
            Sentence(
                "A playlist has at most %(most)d items, and this one has %(number)d: split it.",
                {"most": MAX_ITEMS, "number": len(drafts)},
            ),
        )
        return
    seen: set[int | str] = set()
    for number, draft in enumerate(drafts, start=1):
        yield from _item(number, draft)
        names = {each for each in (draft.pk, draft.key) if each is not None}
        if names & seen:
            yield f"items.{number}", Sentence("Item %(n)d is there twice.", {"n": number})
        seen |= names


def _item(number: int, draft: ItemDraft) -> Iterator[Mistake]:
    field = f"items.{number}"
    shown = draft.duration_ms
    if shown is not None and not LEAST_DURATION_MS <= shown <= LONGEST_DURATION_MS:
        yield field, Sentence("Item %(n)d: show it from 0.1 seconds up to 24 hours.", {"n": number})
    if not 1 <= draft.weight <= MOST_WEIGHT:
        yield (
            field,
            Sentence(
                "Item %(n)d: it comes 1 to %(most)d times a round.",
                {"n": number, "most": MOST_WEIGHT},
            ),
        )
    if draft.fit not in PlaylistItem.Fit.values:
        yield field, Sentence("Item %(n)d: fit is contain, cover or stretch.", {"n": number})
    if draft.transition not in PlaylistItem.Transition.values:
        yield field, Sentence("Item %(n)d: the transition is cut, fade or slide.", {"n": number})
    if not 0 <= draft.transition_ms <= LONGEST_TRANSITION_MS:
        yield field, Sentence("Item %(n)d: a transition takes up to 60 seconds.", {"n": number})
    if draft.valid_from and draft.valid_until and draft.valid_from >= draft.valid_until:
        yield field, Sentence("Item %(n)d: it ends before it begins.", {"n": number})


def zones(drafts: Sequence[ZoneDraft], canvas: Canvas) -> Iterator[Mistake]:
    """What is wrong with the zones of a layout."""
    seen: set[str] = set()
    for draft in drafts:
        field = f"zones.{draft.slug}"
        if draft.slug in seen:
            yield (
                field,
                Sentence("Two zones are called “%(zone)s”: rename one.", {"zone": draft.title}),
            )
        seen.add(draft.slug)
        if min(draft.width, draft.height) < 1 or min(draft.x, draft.y) < 0:
            yield (
                field,
                Sentence("Zone “%(zone)s” has no area on the screen.", {"zone": draft.title}),
            )
        elif draft.x + draft.width > canvas.width or draft.y + draft.height > canvas.height:
            yield (
                field,
                Sentence(
                    "Zone “%(zone)s” leaves the screen of %(width)d x %(height)d: make it smaller.",
                    {"zone": draft.title, "width": canvas.width, "height": canvas.height},
                ),
            )


def window(draft: WindowDraft) -> Iterator[Mistake]:
    """What is wrong with when an entry is due."""
    yield from _read(times.wall_time, draft.start, "start", _START)
    if not 1 <= draft.duration_s <= LONGEST_WINDOW_S:
        yield "duration_s", Sentence("It lasts from one second up to seven days each time.")
    if draft.rrule:
        yield from _read(rule, draft.rrule, "rrule", _REPETITION)
    if draft.days not in Entry.Days.values:
        yield "days", Sentence("It is due on any days, on working days or on days off.")
    for field in ("rdates", "exdates"):
        dates: tuple[str, ...] = getattr(draft, field)
        if len(dates) > MOST_DATES:
            yield (
                field,
                Sentence(
                    "At most %(most)d single dates: repeat it by a rule.", {"most": MOST_DATES}
                ),
            )
        for date in dates:
            yield from _read(times.wall_time, date, field, _DATE)


def _read(
    reader: Callable[[object], object], value: str, field: str, template: str
) -> Iterator[Mistake]:
    try:
        reader(value)
    except ManifestFormatError as error:
        yield field, Sentence(template, {"value": value, "expected": error.expected})
