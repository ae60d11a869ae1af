"""What is allowed in a layout and yet looks wrong on the wall: said before it is there.

Pure: zones and a canvas in, sentences out.  `checks.zones` says what is not allowed at all.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise
from math import hypot

from msgspec import Struct

from manifest.model import Canvas
from server.programme.drafts import ZoneDraft
from server.sentences import Sentence

__all__ = ["Caution", "Viewing", "cautions", "heard", "least_text_px", "legible_px", "lines_in"]

#: Text lower than this part of the screen's height is not read from where people stand.
BODY_SHARE = 0.037

#: Text is read from 300 times its height, on glass and in a hall.
DISTANCE_TO_HEIGHT = 300

#: A line of text with the space to the next one, in heights of the text.
LINE_HEIGHT = 1.5

#: A stripe of nothing narrower than this part of the canvas is meant to be there.
LEAST_GAP_SHARE = 0.01

_MM_PER_INCH = 25.4


class Caution(Struct, frozen=True):
    """A sentence, and the zones (slugs) that it is about."""

    sentence: Sentence
    zones: tuple[str, ...] = ()


class Viewing(Struct, frozen=True):
    """How large a screen is (its diagonal), and from how far it is read."""

    inches: float = 55.0
    distance_m: float = 8.0

    def height_mm(self, canvas: Canvas) -> float:
        """The height of the glass."""
        diagonal_px = hypot(canvas.width, canvas.height)
        return self.inches * _MM_PER_INCH * canvas.height / diagonal_px


def least_text_px(canvas: Canvas, viewing: Viewing) -> int:
    """Return the height of the lowest text that is read there, in pixels of the canvas."""
    share = viewing.distance_m * 1000 / DISTANCE_TO_HEIGHT / viewing.height_mm(canvas)
    least = max(share, BODY_SHARE if canvas.height <= canvas.width else 0.0)
    return max(1, round(least * canvas.height))


def legible_px(canvas: Canvas) -> float:
    """Return the height of the text below which nothing of ours is set, in pixels of the canvas.

    3.7 % of a level screen's height (`Theme.legible`); of an upright one what is read from 8 m.
    """
    if canvas.height <= canvas.width:
        return BODY_SHARE * canvas.height
    return least_text_px(canvas, Viewing())


def heard(zones: Sequence[ZoneDraft]) -> ZoneDraft | None:
    """Return the zone whose films are heard on the stage: the largest; of several the lowest."""
    lowest_first = sorted(zones, key=lambda each: (each.z, each.slug))
    return max(lowest_first, key=lambda each: each.width * each.height, default=None)


def lines_in(zone: ZoneDraft, canvas: Canvas, viewing: Viewing) -> int:
    """Return how many lines of such text a zone holds."""
    return int(zone.height / (least_text_px(canvas, viewing) * LINE_HEIGHT))


def cautions(
    zones: Sequence[ZoneDraft],
    canvas: Canvas,
    viewing: Viewing = Viewing(),  # noqa: B008  (frozen)
) -> list[Caution]:
    """Return what looks wrong, the worst first."""
    zones = [each for each in zones if each.is_seen]
    return [
        *_outside(zones, canvas),
        *_overlaps(zones),
        *_uncovered(zones, canvas),
        *_low(zones, canvas, viewing),
    ]


def _outside(zones: Sequence[ZoneDraft], canvas: Canvas) -> Iterator[Caution]:
    for zone in zones:
        right, below = zone.x + zone.width - canvas.width, zone.y + zone.height - canvas.height
        if (over := max(right, below, -zone.x, -zone.y)) > 0:
            sentence = Sentence(
                "“%(zone)s” leaves the screen by %(pixels)d pixels.",
                {"zone": zone.title, "pixels": over},
            )
            yield Caution(sentence, (zone.slug,))


def _overlaps(zones: Sequence[ZoneDraft]) -> Iterator[Caution]:
    for one, other in combinations(sorted(zones, key=lambda each: (each.z, each.slug)), 2):
        if not (shared := _shared(one, other)):
            continue
        percent = max(1, round(100 * shared / max(1, one.width * one.height)))
        if one.z == other.z:
            sentence = Sentence(
                "“%(one)s” and “%(other)s” overlap on one level: put one in front.",
                {"one": one.title, "other": other.title},
            )
        else:
            sentence = Sentence(
                "“%(other)s” covers %(percent)d %% of “%(one)s”.",
                {"one": one.title, "other": other.title, "percent": percent},
            )
        yield Caution(sentence, (one.slug, other.slug))


def _shared(one: ZoneDraft, other: ZoneDraft) -> int:
    width = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    height = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    return width * height if width > 0 and height > 0 else 0


def _uncovered(zones: Sequence[ZoneDraft], canvas: Canvas) -> Iterator[Caution]:
    share = 1 - _covered(zones, canvas) / (canvas.width * canvas.height)
    if zones and share >= LEAST_GAP_SHARE:
        yield Caution(
            Sentence(
                "%(percent)d %% of the screen shows the background alone.",
                {"percent": round(100 * share)},
            )
        )


def _covered(zones: Sequence[ZoneDraft], canvas: Canvas) -> int:
    """The area that is under any zone, by the cells between all their edges."""
    xs = sorted({_within(x, canvas.width) for z in zones for x in (z.x, z.x + z.width)})
    ys = sorted({_within(y, canvas.height) for z in zones for y in (z.y, z.y + z.height)})
    return sum(
        (right - left) * (below - above)
        for left, right in pairwise(xs)
        for above, below in pairwise(ys)
        if any(
            z.x <= left and right <= z.x + z.width and z.y <= above and below <= z.y + z.height
            for z in zones
        )
    )


def _within(position: int, side: int) -> int:
    return min(max(position, 0), side)


def _low(zones: Sequence[ZoneDraft], canvas: Canvas, viewing: Viewing) -> Iterator[Caution]:
    least = least_text_px(canvas, viewing)
    for zone in zones:
        if zone.height > 0 and not lines_in(zone, canvas, viewing):
            sentence = Sentence(
                "“%(zone)s” is too low for a line of text that can be read from there: it needs"
                " %(pixels)d pixels.",
                {"zone": zone.title, "pixels": round(least * LINE_HEIGHT) + 1},
            )
            yield Caution(sentence, (zone.slug,))
