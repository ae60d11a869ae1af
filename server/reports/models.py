"""Sums by day: of plays, and of the hours in which a screen was due, heard of, and playing.

Days and hours are those of the screen's own clock.  Only this app's chores write them; all of them
could be made anew from what screens reported, as long as that is kept.
"""

from typing import ClassVar

from django.db import models

from server.screens.models import Screen

__all__ = ["CountingMark", "PlayDay", "ScreenDay"]


class CountingMark(models.Model):
    """How far plays are counted: one row.

    Plays up to the key `counted` are in `PlayDay`.  `noted` was the newest key at the last look:
    rows up to it are counted at the next one, so that a transaction which took its keys early and
    ended late is not passed by.
    """

    counted = models.PositiveBigIntegerField(default=0)
    noted = models.PositiveBigIntegerField(default=0)
    counted_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"counted up to {self.counted}"


class PlayDay(models.Model):
    """An item on a screen on a day: how often, how long, and for how long it was due.

    `full` plays had their whole length; `cut` ones ended sooner; of `other` ones it is not known
    how long they were due, because what they belong to was not published here.  `ms` is the time
    on the glass, `planned_ms` what the scheduler had due (None: not worked out yet).
    """

    screen = models.ForeignKey(Screen, on_delete=models.CASCADE, related_name="play_days")
    day = models.DateField()
    item = models.CharField(max_length=64)
    asset = models.CharField(max_length=64)
    playlist = models.CharField(max_length=64, blank=True)
    title = models.CharField(max_length=200, blank=True)
    full = models.PositiveIntegerField(default=0)
    cut = models.PositiveIntegerField(default=0)
    other = models.PositiveIntegerField(default=0)
    ms = models.PositiveBigIntegerField(default=0)
    planned_ms = models.PositiveBigIntegerField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["screen", "day", "item", "asset"], name="play_day_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["day"]),
            models.Index(fields=["asset", "day"]),
            models.Index(fields=["playlist", "day"]),
        ]

    def __str__(self) -> str:
        return f"{self.item} on {self.screen}, {self.day}"


class ScreenDay(models.Model):
    """The hours of a screen's day, a bit for each (bit 0: from midnight to one o'clock).

    `due`: its panel was to be lit for half of it or more.  `heard`: the box gave a sign of life.
    `played`: it has reported a play.  An hour that is neither heard nor played is unknown: nobody
    can say what stood there.
    """

    screen = models.ForeignKey(Screen, on_delete=models.CASCADE, related_name="hour_days")
    day = models.DateField()
    due = models.PositiveIntegerField(default=0)
    heard = models.PositiveIntegerField(default=0)
    played = models.PositiveIntegerField(default=0)
    #: Is what was due on this day in `PlayDay`?
    is_planned = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["screen", "day"], name="screen_day_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["day"])]

    def __str__(self) -> str:
        return f"{self.screen}, {self.day}"
