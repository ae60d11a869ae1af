"""Charts of days as columns: where each part of the drawing is.  Pure; a template writes the SVG.

A day of which something is unknown has that part hatched above what is known, so that nobody takes
it for nothing.
"""

from collections.abc import Sequence
from datetime import date
from math import ceil, log10

from msgspec import Struct

__all__ = ["Chart", "Column", "Line", "Point", "chart_of"]

#: The drawing, in units of its own; it is scaled to the page.
WIDTH, HEIGHT = 960, 220
#: Room for the numbers on the left, and for the days below.
LEFT, BOTTOM, TOP = 56, 26, 10

#: How many days have their date below them, at most.
LABELS = 10


class Point(Struct, frozen=True):
    """What a day is worth: what is known of it, and what is unknown on top of that."""

    day: date
    value: float
    unknown: float = 0.0


class Column(Struct, frozen=True):
    """The bars of a day, in units of the drawing."""

    point: Point
    x: float
    width: float
    y: float
    height: float
    unknown_y: float
    unknown_height: float
    middle: float
    is_labelled: bool


class Line(Struct, frozen=True):
    """A horizontal line of the grid, and what it stands for."""

    y: float
    value: float


class Chart(Struct, frozen=True):
    """All of it."""

    columns: list[Column]
    lines: list[Line]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    bottom: int = HEIGHT - BOTTOM


def chart_of(points: Sequence[Point], most: float | None = None) -> Chart:
    """Place the columns of these days; `most` is the top of the scale, else a round number."""
    top = most or _round_up(max((each.value + each.unknown for each in points), default=0.0))
    room = (WIDTH - LEFT) / max(1, len(points))
    every = max(1, ceil(len(points) / LABELS))
    scale = (HEIGHT - BOTTOM - TOP) / top
    columns = [
        _column(each, n, room, scale, n % every == 0) for n, each in enumerate(points)
    ]  # fmt: skip
    lines = [Line(_up(top * part / 4 * scale), top * part / 4) for part in (0, 2, 4)]
    return Chart(columns, lines)


def _column(point: Point, number: int, room: float, scale: float, is_labelled: bool) -> Column:
    gap = min(4.0, room * 0.25)
    x = LEFT + number * room + gap / 2
    height, unknown = point.value * scale, point.unknown * scale
    return Column(
        point,
        round(x, 1),
        round(room - gap, 1),
        round(_up(height), 1),
        round(height, 1),
        round(_up(height + unknown), 1),
        round(unknown, 1),
        round(x + (room - gap) / 2, 1),
        is_labelled,
    )


def _up(height: float) -> float:
    return HEIGHT - BOTTOM - height


def _round_up(value: float) -> float:
    """The next number that a scale ends with."""
    if value <= 0:
        return 1.0
    power = 10.0 ** int(log10(value)) if value >= 1 else 1.0
    return next(step * power for step in (1, 2, 3, 4, 5, 6, 8, 10) if step * power >= value)
