"""Operating hours of places, how each screen stands with the watch, and how each day went.

Only `watch.services`, `watch.rounds` and `watch.days` write these.
"""

from typing import ClassVar

from django.db import models

from server.screens.models import Screen, ScreenGroup, Site

__all__ = ["Attendance", "DayHealth", "OperatingHours", "Trouble", "WatchLook"]


class OperatingHours(models.Model):
    """When screens of a site or a group are expected to be on; those of a group win."""

    site = models.OneToOneField(
        Site, null=True, blank=True, on_delete=models.CASCADE, related_name="hours"
    )
    group = models.OneToOneField(
        ScreenGroup, null=True, blank=True, on_delete=models.CASCADE, related_name="hours"
    )
    #: Windows as in the manifest; None is always.
    windows = models.JSONField(null=True, blank=True)
    #: Not on the public holidays of the calendar, whatever the windows say.
    not_on_holidays = models.BooleanField(default=False)
    grace_minutes = models.PositiveIntegerField(default=10)
    #: Nobody is told of these screens.
    is_muted = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(site__isnull=True) ^ models.Q(group__isnull=True),
                name="hours_of_one_place",
            ),
        ]

    def __str__(self) -> str:
        return f"hours of {self.site or self.group}"


class Attendance(models.Model):
    """How a screen stands with the watch (`attendance.Seen`)."""

    screen = models.OneToOneField(
        Screen, primary_key=True, on_delete=models.CASCADE, related_name="attendance"
    )
    state = models.CharField(max_length=10)
    since = models.DateTimeField(null=True, blank=True)
    back_at = models.DateTimeField(null=True, blank=True)
    absences = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.screen} is {self.state}"


class Trouble(models.Model):
    """Something that is wrong on a screen, as the watch sees it (`watch.troubles`)."""

    class Source(models.TextChoices):
        """Who looks for it."""

        BOX = "box"
        PICTURE = "picture"

    screen = models.ForeignKey(Screen, on_delete=models.CASCADE, related_name="troubles")
    code = models.CharField(max_length=60)
    source = models.CharField(max_length=10, choices=Source.choices)
    since = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)
    gone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["screen", "source", "code"], name="trouble_once"),
        ]

    def __str__(self) -> str:
        return f"{self.code} on {self.screen}"


class WatchLook(models.Model):
    """When the watch last looked, and since when the server has been there; one row."""

    looked_at = models.DateTimeField()
    up_since = models.DateTimeField()

    def __str__(self) -> str:
        return f"looked at {self.looked_at}"


class DayHealth(models.Model):
    """How a box was on one day (UTC dates are not used: days are the organisation's).

    `heard` and `looked` are minutes in which it was heard, and in which anybody looked.
    """

    screen = models.ForeignKey(Screen, on_delete=models.CASCADE, related_name="health_days")
    day = models.DateField()
    heard = models.PositiveIntegerField(default=0)
    looked = models.PositiveIntegerField(default=0)
    temperature_c = models.FloatField(null=True, blank=True)
    free_share = models.FloatField(null=True, blank=True)
    load = models.FloatField(null=True, blank=True)
    offset_ms = models.BigIntegerField(null=True, blank=True)
    restarts = models.PositiveIntegerField(default=0)
    boot = models.CharField(max_length=36, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["screen", "day"], name="health_once_a_day"),
        ]
        indexes: ClassVar = [models.Index(fields=["day"])]

    def __str__(self) -> str:
        return f"{self.screen} on {self.day}"
