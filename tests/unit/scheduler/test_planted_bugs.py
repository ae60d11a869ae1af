"""Could the comparison with the oracle see a bug at all?  Each of these is one that it must see."""

import sys
from bisect import bisect_right
from datetime import date, datetime, time
from itertools import count

import pytest

from scheduler import (
    activity,
    occurrences,
    recurrence,
    rotation,
    selection,
    series,
    wallclock,
    windows,
    working_days,
)
from tests.unit.scheduler.test_timeline_against_oracle import differences

#: A bug that shows in none of so many programmes could hide from the daily run.
PROGRAMMES = 1250


def plant_second_pass_of_the_repeated_hour(patch):
    def offset_at(self, day, second):
        hour, rest = divmod(second, 3600)
        wall = datetime.combine(date.fromordinal(day), time(hour, rest // 60, rest % 60, fold=1))
        return int(wall.replace(tzinfo=self._zone).utcoffset().total_seconds())

    patch.setattr(wallclock.WallClock, "_offset_at", offset_at)


def plant_touching_occurrences_stay_apart(patch):
    def joined(runs):
        found = []
        for start, end in runs:
            if found and start < found[-1][1]:
                found[-1] = found[-1][0], max(end, found[-1][1])
            else:
                found.append((start, end))
        return found

    patch.setattr(windows, "joined", joined)
    patch.setattr(occurrences, "joined", joined)


def plant_takeovers_end_late(patch):
    patch.setattr(
        selection.TakeoverSpan, "is_active", lambda self, t: self.since <= t <= self.until
    )


def plant_windows_close_late(patch):
    right = activity._Chapter.active_at
    patch.setattr(
        activity._Chapter, "active_at", lambda self, t: right(self, t) | right(self, t - 1)
    )


def plant_no_rule_for_the_seam(patch):
    def arranged(self, number):
        return rotation._Cycle(self._items, [at for _digest, at in sorted(self._steps(number))])

    patch.setattr(rotation._ShuffledLoop, "_arranged", arranged)


def plant_a_seam_before_the_first_cycle(patch):
    right = rotation._ShuffledLoop._arranged

    def arranged(self, number):
        if number != 0 or len(self._items) < 2:
            return right(self, number)
        order = [item for _digest, item in sorted(self._steps(0))]
        last = max(self._steps(-1))[1]
        if order[0] == last:
            other = next(at for at, item in enumerate(order) if item != last)
            order.insert(0, order.pop(other))
        return rotation._Cycle(self._items, order)

    patch.setattr(rotation._ShuffledLoop, "_arranged", arranged)


def plant_later_items_win_ties(patch):
    def claim(self, step, total):
        return step * self._weight - self._rounds * total, self._places[self._next]

    patch.setattr(rotation._WeightClass, "claim", claim)


def plant_loops_that_do_not_restart(patch):
    def slot_at(self, t, turn_start):
        loop = self._loop(bisect_right(self._changes, t))
        return loop and loop.slot_at(t, turn_start)

    patch.setattr(rotation.Rotation, "slot_at", slot_at)


def plant_an_anchor_that_forgets_ends(patch):
    right = activity.Activity.latest_change

    def latest_change(self, t, priority):
        change = right(self, t, priority)
        active = [self._windows[place] for place in self.active_at(t)]
        starts = [window._latest_run(t, -(2**62)) for window in active]
        return max((run[0] for run in starts if run and run[0] <= change), default=change)

    patch.setattr(activity.Activity, "latest_change", latest_change)


def plant_a_default_that_always_counts_from_1970(patch):
    patch.setattr(activity.Activity, "latest_end", lambda self, t: None)


def plant_count_without_dtstart(patch):
    right = series.Series.__init__

    def init(self, rule, start, clock):
        right(self, rule, start, clock)
        if self._count is not None:
            self._count += 1
            self._counted = self._counted[0], self._count

    patch.setattr(series.Series, "__init__", init)


def plant_an_exclusive_until(patch):
    right = series._Until.__init__

    def init(self, until, clock):
        right(self, until, clock)
        self._second -= 1
        self._ms -= 1

    patch.setattr(series._Until, "__init__", init)


def plant_holidays_that_beat_the_days_worked_for_them(patch):
    patch.setattr(
        working_days.WorkingDays,
        "is_working",
        lambda self, day: day not in self._rest and (day in self._work or (day - 1) % 7 < 5),
    )


def plant_weeks_that_always_begin_on_monday(patch):
    patch.setattr(recurrence.Recurrence, "_week", lambda self, day: (day - 1) // 7)


def plant_empty_turns_of_a_minute(patch):
    patch.setattr(selection, "_EMPTY_TURN_MS", 60_000)


def plant_turns_measured_by_reduced_cycles(patch):
    def loop_ms(self, t):
        valid = self._valid(bisect_right(self._changes, t))
        return sum(item.duration_ms for item in valid)

    patch.setattr(rotation.Rotation, "loop_ms", loop_ms)


def forget():
    """Empty what the scheduler keeps for all: a planted bug must neither hide in it nor outlive."""
    for name, module in list(sys.modules.items()):
        if name.startswith("scheduler."):
            for kept in vars(module).values():
                if hasattr(kept, "cache_clear"):
                    kept.cache_clear()


@pytest.fixture(autouse=True)
def _nothing_kept():
    """Set up before the bug is planted, torn down when it is gone (fixtures end in reverse)."""
    forget()
    yield
    forget()


BUGS = [planted for name, planted in sorted(globals().items()) if name.startswith("plant_")]


@pytest.mark.parametrize("plant", BUGS, ids=lambda plant: plant.__name__[6:])
def test_the_comparison_sees(plant, monkeypatch):
    plant(monkeypatch)
    for seed in count():
        assert seed < PROGRAMMES, "the planted bug was not seen"
        if differences(seed):
            return
