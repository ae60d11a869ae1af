"""Layouts, zones, playlists, entries, takeovers, calendar days: what editors arrange.

Field meanings and limits are those of docs/manifest.md; `publishing.compile` turns these rows
into manifests.  Only `programme.services` writes them; `version` is how two editors at once are
told apart.
"""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models

from server.accounts.models import Department, Staff
from server.library.models import Asset
from server.programme.playlist_models import (
    LEAST_DURATION_MS,
    LONGEST_DURATION_MS,
    Fit,
    Playlist,
    PlaylistItem,
    Transition,
)
from server.screens.models import LARGEST_SIDE, LEAST_SIDE, MANIFEST_ID, Screen, ScreenGroup

__all__ = [
    "LEAST_DURATION_MS",
    "LONGEST_DURATION_MS",
    "CalendarDay",
    "Entry",
    "Fit",
    "Layout",
    "Playlist",
    "PlaylistItem",
    "Takeover",
    "Transition",
    "Zone",
]

#: Seconds that an occurrence of a window may last.
LONGEST_WINDOW_S = 604_800

COLOUR = RegexValidator(r"\A#[0-9a-fA-F]{6}\Z")


class Layout(models.Model):
    """A full-screen arrangement of zones for canvases of one size."""

    name = models.CharField(max_length=100)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="layouts")
    canvas_width = models.PositiveIntegerField(default=1920)
    canvas_height = models.PositiveIntegerField(default=1080)
    background = models.CharField(max_length=7, default="#101820", validators=[COLOUR])
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["name", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["department", "name"], name="layout_name_once"),
            models.CheckConstraint(
                condition=models.Q(
                    canvas_width__range=(LEAST_SIDE, LARGEST_SIDE),
                    canvas_height__range=(LEAST_SIDE, LARGEST_SIDE),
                ),
                name="layout_canvas_in_range",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Zone(models.Model):
    """A rectangle of a layout that plays one playlist; a larger `z` is above."""

    layout = models.ForeignKey(Layout, on_delete=models.CASCADE, related_name="zones")
    slug = models.CharField(max_length=64, validators=[MANIFEST_ID])
    #: What people call it; "" is its slug.  Screens do not know it.
    name = models.CharField(max_length=60, blank=True, default="")
    x = models.PositiveIntegerField()
    y = models.PositiveIntegerField()
    width = models.PositiveIntegerField(validators=[MinValueValidator(1)])
    height = models.PositiveIntegerField(validators=[MinValueValidator(1)])
    z = models.IntegerField(default=0)
    playlist = models.ForeignKey(Playlist, on_delete=models.PROTECT, related_name="zones")

    class Meta:
        ordering: ClassVar = ["z", "slug"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["layout", "slug"], name="zone_slug_once"),
            models.CheckConstraint(
                condition=models.Q(width__gte=1, height__gte=1), name="zone_has_a_size"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} of {self.layout}"

    @property
    def title(self) -> str:
        """What people call it."""
        return self.name or self.slug


class Entry(models.Model):
    """A layout that is due on some screens in a window of wall time (docs/manifest.md, 3)."""

    class Days(models.TextChoices):
        """On which days of the calendar."""

        ANY = "any", "每天"
        WORK = "work", "工作日"
        REST = "rest", "休息日"

    name = models.CharField(max_length=100)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="entries")
    layout = models.ForeignKey(Layout, on_delete=models.PROTECT, related_name="entries")
    screens = models.ManyToManyField(Screen, blank=True, related_name="entries")
    groups = models.ManyToManyField(ScreenGroup, blank=True, related_name="entries")
    enabled = models.BooleanField(default=True)
    priority = models.IntegerField(default=10)
    turn_ms = models.PositiveIntegerField(null=True, blank=True)
    #: A wall time without an offset, `YYYY-MM-DDTHH:MM:SS`, on the clock of each screen.
    start = models.CharField(
        max_length=19, validators=[RegexValidator(r"\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\Z")]
    )
    duration_s = models.PositiveIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_WINDOW_S)]
    )
    rrule = models.CharField(max_length=500, blank=True)
    rdates = models.JSONField(default=list, blank=True)
    exdates = models.JSONField(default=list, blank=True)
    days = models.CharField(max_length=10, choices=Days.choices, default=Days.ANY)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["-priority", "name", "pk"]
        verbose_name_plural = "entries"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(duration_s__range=(1, LONGEST_WINDOW_S)),
                name="entry_duration_in_range",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Takeover(models.Model):
    """An urgent layout, or one asset alone, above all entries.

    Only its end is ever changed once it is published: it is ended early, or prolonged.
    """

    name = models.CharField(max_length=100)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="takeovers")
    layout = models.ForeignKey(
        Layout, null=True, blank=True, on_delete=models.PROTECT, related_name="takeovers"
    )
    #: What fills the screens by itself, where there is no layout.
    asset = models.ForeignKey(
        Asset, null=True, blank=True, on_delete=models.PROTECT, related_name="takeovers"
    )
    #: 演练: what it shows says so itself; here it is for pages and records.
    is_drill = models.BooleanField(default=False)
    screens = models.ManyToManyField(Screen, blank=True, related_name="takeovers")
    groups = models.ManyToManyField(ScreenGroup, blank=True, related_name="takeovers")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    priority = models.IntegerField(default=0)
    created_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-starts_at"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gte=models.F("starts_at")),
                name="takeover_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=models.Q(layout__isnull=True, asset__isnull=False)
                | models.Q(layout__isnull=False, asset__isnull=True),
                name="takeover_shows_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CalendarDay(models.Model):
    """A public holiday, or a day worked in exchange for one (调休), for the whole organisation."""

    class Kind(models.TextChoices):
        """Rest or work, whatever the weekday."""

        REST = "rest", "休息"
        WORK = "work", "上班"

    date = models.DateField(unique=True)
    kind = models.CharField(max_length=4, choices=Kind.choices)
    name = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering: ClassVar = ["date"]

    def __str__(self) -> str:
        return f"{self.date} {self.kind}"
