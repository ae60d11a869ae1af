"""Playlists and their items; part of `programme.models`, where all others take them from.

Only `programme.services` writes them.
"""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from server.accounts.models import Department, Staff
from server.library.models import Asset

__all__ = [
    "LEAST_DURATION_MS",
    "LONGEST_DURATION_MS",
    "Fit",
    "Playlist",
    "PlaylistItem",
    "Transition",
]

#: Milliseconds that an item may be shown (docs/manifest.md, section 2).
LEAST_DURATION_MS, LONGEST_DURATION_MS = 100, 86_400_000

_DURATION_VALIDATORS = [
    MinValueValidator(LEAST_DURATION_MS),
    MaxValueValidator(LONGEST_DURATION_MS),
]


class Fit(models.TextChoices):
    """How an item fills its zone."""

    CONTAIN = "contain", "完整显示"
    COVER = "cover", "铺满"
    STRETCH = "stretch", "拉伸"


class Transition(models.TextChoices):
    """How an item takes the place of the one before."""

    CUT = "cut", "直接切换"
    FADE = "fade", "淡入"
    SLIDE = "slide", "滑入"


class Playlist(models.Model):
    """An endless loop of items."""

    class Order(models.TextChoices):
        """In which order the items come."""

        LISTED = "listed", "按顺序"
        SHUFFLED = "shuffled", "随机"

    name = models.CharField(max_length=100)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="playlists")
    order = models.CharField(max_length=10, choices=Order.choices, default=Order.LISTED)
    #: What items begin with that are added from now on; those that are there stay as they are.
    default_duration_ms = models.PositiveIntegerField(
        null=True, blank=True, validators=_DURATION_VALIDATORS
    )
    default_fit = models.CharField(max_length=10, choices=Fit.choices, default=Fit.CONTAIN)
    default_transition = models.CharField(
        max_length=10, choices=Transition.choices, default=Transition.FADE
    )
    default_transition_ms = models.PositiveIntegerField(default=600)
    version = models.PositiveIntegerField(default=1)
    #: Who saved the newest version, and when; None: the server itself, or before this was kept.
    changed_by = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    changed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["name", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["department", "name"], name="playlist_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class PlaylistItem(models.Model):
    """An asset in a playlist; of a document all pages, unless `page` names one."""

    Fit = Fit
    Transition = Transition

    playlist = models.ForeignKey(Playlist, on_delete=models.CASCADE, related_name="items")
    #: The name that an editor's page gave a new item, so that saving twice makes it once.
    key = models.CharField(max_length=36, null=True, blank=True)
    position = models.PositiveIntegerField()
    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="items")
    page = models.PositiveIntegerField(null=True, blank=True)
    #: None: a video's own length; ten seconds for all else.
    duration_ms = models.PositiveIntegerField(
        null=True, blank=True, validators=_DURATION_VALIDATORS
    )
    weight = models.PositiveSmallIntegerField(
        default=1, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    fit = models.CharField(max_length=10, choices=Fit.choices, default=Fit.CONTAIN)
    transition = models.CharField(
        max_length=10, choices=Transition.choices, default=Transition.FADE
    )
    transition_ms = models.PositiveIntegerField(default=600)
    #: A film is shown without its sound.
    is_muted = models.BooleanField(default=False)
    valid_from = models.DateTimeField(null=True, blank=True)
    valid_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["playlist", "position"],
                name="item_position_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(fields=["playlist", "key"], name="item_key_once"),
            models.CheckConstraint(
                condition=models.Q(duration_ms__isnull=True)
                | models.Q(duration_ms__range=(LEAST_DURATION_MS, LONGEST_DURATION_MS)),
                name="item_duration_in_range",
            ),
            models.CheckConstraint(
                condition=models.Q(weight__range=(1, 20)), name="item_weight_in_range"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_from__isnull=True)
                | models.Q(valid_until__isnull=True)
                | models.Q(valid_until__gt=models.F("valid_from")),
                name="item_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}: {self.asset}"
