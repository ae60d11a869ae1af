"""Is what an editor sends possible?  In the editor's words, before the manifest's codec sees it.

Pure: values in, a sentence for each mistake out, all of them at once, by field.  The limits are
those of docs/manifest.md, section 2.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

from django.utils.translation import gettext as _

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

__all__ = ["Mistake", "items", "refuse", "window", "zones"]

#: A field and what is wrong with it.
Mistake = tuple[str, str]

#: The longest that one item may take to come, in milliseconds.
LONGEST_TRANSITION_MS = 60_000

#: How often an item may come in one cycle (docs/manifest.md, section 2).
MOST_WEIGHT = 20

#: Extra and excepted dates of one entry.
MOST_DATES = 400


def refuse(mistakes: Iterable[Mistake]) -> None:
    """Raise `Invalid` with every mistake; do nothing if there is none."""
    by_field: dict[str, str] = {}
    for field, sentence in mistakes:
        by_field[field] = f"{by_field[field]} {sentence}" if field in by_field else sentence
    if by_field:
        raise Invalid(" ".join(by_field.values()), details=by_field)


def items(drafts: Sequence[ItemDraft]) -> Iterator[Mistake]:
    """What is wrong with the items of a playlist."""
    if len(drafts) > MAX_ITEMS:
        yield (
            "items",
            _("A playlist has at most %(most)d items, and this one has %(number)d: split it.")
            % {"most": MAX_ITEMS, "number": len(drafts)},
        )
        return
    seen: set[int] = set()
    for number, draft in enumerate(drafts, start=1):
        yield from _item(number, draft)
        if draft.pk is None:
            continue
        if draft.pk in seen:
            yield f"items.{number}", _("Item %(n)d is there twice.") % {"n": number}
        seen.add(draft.pk)


def _item(number: int, draft: ItemDraft) -> Iterator[Mistake]:
    field, at = f"items.{number}", {"n": number}
    shown = draft.duration_ms
    if shown is not None and not LEAST_DURATION_MS <= shown <= LONGEST_DURATION_MS:
        yield field, _("Item %(n)d: show it from 0.1 seconds up to 24 hours.") % at
    if not 1 <= draft.weight <= MOST_WEIGHT:
        yield (
            field,
            _("Item %(n)d: it comes 1 to %(most)d times a round.") % (at | {"most": MOST_WEIGHT}),
        )
    if draft.fit not in PlaylistItem.Fit.values:
        yield field, _("Item %(n)d: fit is contain, cover or stretch.") % at
    if draft.transition not in PlaylistItem.Transition.values:
        yield field, _("Item %(n)d: the transition is cut, fade or slide.") % at
    if not 0 <= draft.transition_ms <= LONGEST_TRANSITION_MS:
        yield field, _("Item %(n)d: a transition takes up to 60 seconds.") % at
    if draft.valid_from and draft.valid_until and draft.valid_from >= draft.valid_until:
        yield field, _("Item %(n)d: it ends before it begins.") % at


def zones(drafts: Sequence[ZoneDraft], canvas: Canvas) -> Iterator[Mistake]:
    """What is wrong with the zones of a layout."""
    seen: set[str] = set()
    for draft in drafts:
        field, at = f"zones.{draft.slug}", {"zone": draft.slug}
        if draft.slug in seen:
            yield field, _("Two zones are called “%(zone)s”: rename one.") % at
        seen.add(draft.slug)
        if min(draft.width, draft.height) < 1 or min(draft.x, draft.y) < 0:
            yield field, _("Zone “%(zone)s” has no area on the screen.") % at
        elif draft.x + draft.width > canvas.width or draft.y + draft.height > canvas.height:
            yield (
                field,
                _("Zone “%(zone)s” leaves the screen of %(width)d x %(height)d: make it smaller.")
                % (at | {"width": canvas.width, "height": canvas.height}),
            )


def window(draft: WindowDraft) -> Iterator[Mistake]:
    """What is wrong with when an entry is due."""
    yield from _read(times.wall_time, draft.start, "start", _("The start is no date and time"))
    if not 1 <= draft.duration_s <= LONGEST_WINDOW_S:
        yield "duration_s", _("It lasts from one second up to seven days each time.")
    if draft.rrule:
        yield from _read(rule, draft.rrule, "rrule", _("The repetition is not understood"))
    if draft.days not in Entry.Days.values:
        yield "days", _("It is due on any days, on working days or on days off.")
    for field in ("rdates", "exdates"):
        dates: tuple[str, ...] = getattr(draft, field)
        if len(dates) > MOST_DATES:
            yield (
                field,
                _("At most %(most)d single dates: repeat it by a rule.") % {"most": MOST_DATES},
            )
        for date in dates:
            yield from _read(times.wall_time, date, field, _("This is no date and time"))


def _read(
    reader: Callable[[object], object], value: str, field: str, sentence: str
) -> Iterator[Mistake]:
    try:
        reader(value)
    except ManifestFormatError as error:
        yield field, f"{sentence}: {value!r} ({error.expected})."
