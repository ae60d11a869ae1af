"""How a box has been, as small drawings: bars of the days, lines of what it measured.  Pure.

Each drawing has a table beside it, for whoever does not see it; coordinates are attributes, since
pages carry no inline style.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _
from msgspec import Struct

from server.watch.models import DayHealth

__all__ = ["SPANS", "Bar", "Chart", "bars_of", "charts_of", "online_share"]

#: Days that can be looked at.
SPANS = (30, 90)

#: The size of a drawing, in its own units; the width goes to the page's.
WIDTH, HEIGHT = 720, 60


class Bar(Struct, frozen=True):
    """One day: how much of it the box was heard (None: nobody looked); its place in the drawing."""

    day: date
    share: float | None
    x: float
    y: float
    width: float
    height: float

    @property
    def tone(self) -> str:
        """How the bar is coloured."""
        if self.share is None:
            return "none"
        return "good" if self.share >= 0.99 else "warn" if self.share >= 0.9 else "bad"

    @property
    def percent(self) -> int | None:
        """The share, in percent; what is not the whole day is never 100."""
        if self.share is None:
            return None
        return 100 if self.share >= 1 else min(int(self.share * 100), 99)


class Chart(Struct, frozen=True):
    """A line over the days: its name, unit, points of the drawing, and values for the table."""

    name: object
    unit: str
    points: str
    values: tuple[tuple[date, str], ...]
    least: str
    most: str


def bars_of(rows: Sequence[DayHealth], last: date, days: int) -> list[Bar]:
    """A bar for each of the `days` days up to `last`."""
    by_day = {row.day: row for row in rows}
    step = WIDTH / days
    found = []
    for number in range(days):
        day = last - timedelta(days=days - 1 - number)
        row = by_day.get(day)
        share = min(row.heard / row.looked, 1.0) if row is not None and row.looked else None
        height = HEIGHT if share is None else max(HEIGHT * share, 2.0)
        found.append(
            Bar(day, share, round(number * step, 2), round(HEIGHT - height, 2),
                round(step * 0.8, 2), round(height, 2))
        )  # fmt: skip
    return found


def online_share(rows: Sequence[DayHealth]) -> float | None:
    """How much of the time it was heard, in percent; None where nobody looked."""
    looked = sum(row.looked for row in rows)
    return round(100 * min(sum(row.heard for row in rows) / looked, 1.0), 1) if looked else None


def charts_of(rows: Sequence[DayHealth], last: date, days: int) -> list[Chart]:
    """The lines of what the box measured, those that it measures at all."""
    wanted: tuple[tuple[object, str, Callable[[DayHealth], float | None]], ...] = (
        (_("Highest temperature"), "°C", lambda row: row.temperature_c),
        (_("Least free disk"), "%", lambda row: _percent(row.free_share)),
        (_("Highest load"), "", lambda row: row.load),
        (_("Clock offset"), "ms", lambda row: row.offset_ms),
    )
    made = (_chart(name, unit, read, rows, last, days) for name, unit, read in wanted)
    return [each for each in made if each is not None]


def _percent(share: float | None) -> float | None:
    return None if share is None else share * 100


def _chart(  # noqa: PLR0917  (one line of the table above, drawn)
    name: object,
    unit: str,
    read: Callable[[DayHealth], float | None],
    rows: Sequence[DayHealth],
    last: date,
    days: int,
) -> Chart | None:
    found = [(row.day, value) for row in rows if (value := read(row)) is not None]
    if not found:
        return None
    low, high = min(value for _day, value in found), max(value for _day, value in found)
    span = (high - low) or 1.0
    first = last - timedelta(days=days - 1)
    step = WIDTH / max(days - 1, 1)
    points = " ".join(
        f"{(day - first).days * step:.1f},{4 + (HEIGHT - 8) * (1 - (value - low) / span):.1f}"
        for day, value in found
    )
    values = tuple((day, f"{value:g}"[:8]) for day, value in found)
    return Chart(name, unit, points, values, f"{low:.4g}", f"{high:.4g}")
