"""Sites, groups, screens, and what makes a box one of them: pairings, enrolment keys, tokens.

Only `screens.services` writes these.  A screen's state (online, late, offline) is derived from
its last heartbeat (`telemetry`), never stored.
"""

import uuid
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models

from server.accounts.models import Department, Staff

__all__ = [
    "EnrolmentKey",
    "Pairing",
    "PairingTry",
    "Screen",
    "ScreenGroup",
    "ScreenTag",
    "ScreenToken",
    "Site",
]

#: Ids that go into a manifest (docs/manifest.md, section 2).
MANIFEST_ID = RegexValidator(r"\A[A-Za-z0-9._-]{1,64}\Z")

#: The sides of a canvas, in pixels.
LEAST_SIDE, LARGEST_SIDE = 16, 16_384


class Site(models.Model):
    """A place with screens; `slug` is the manifest's `site`."""

    slug = models.CharField(max_length=64, unique=True, validators=[MANIFEST_ID])
    name = models.CharField(max_length=100)

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class ScreenGroup(models.Model):
    """Screens that show the same; `allow_4k` when all of them can play it."""

    name = models.CharField(max_length=100)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="groups")
    allow_4k = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["department", "name"], name="group_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class ScreenTag(models.Model):
    """A word by which screens are found, whatever group they are in."""

    name = models.CharField(max_length=30, unique=True)

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class Screen(models.Model):
    """One screen.  `slug` is the manifest's `screen`; retired screens keep theirs for ever."""

    class Level(models.TextChoices):
        """How much it matters what stands there: rules of review differ by it."""

        ORDINARY = "ordinary", "普通"
        PROMINENT = "prominent", "重点"

    slug = models.CharField(max_length=64, validators=[MANIFEST_ID])
    name = models.CharField(max_length=100)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="screens")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="screens")
    groups = models.ManyToManyField(ScreenGroup, blank=True, related_name="screens")
    tags = models.ManyToManyField(ScreenTag, blank=True, related_name="screens")
    place = models.CharField(max_length=200, blank=True)
    level = models.CharField(max_length=10, choices=Level.choices, default=Level.ORDINARY)
    canvas_width = models.PositiveIntegerField(
        default=1920,
        validators=[MinValueValidator(LEAST_SIDE), MaxValueValidator(LARGEST_SIDE)],
    )
    canvas_height = models.PositiveIntegerField(
        default=1080,
        validators=[MinValueValidator(LEAST_SIDE), MaxValueValidator(LARGEST_SIDE)],
    )
    timezone = models.CharField(max_length=64, default="Asia/Shanghai")
    default_layout = models.ForeignKey(
        "programme.Layout", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    #: Windows in which the panel is lit, as in the manifest; None is always.
    panel_on = models.JSONField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "slug"], name="screen_slug_once_a_site"),
            models.CheckConstraint(
                condition=models.Q(
                    canvas_width__range=(LEAST_SIDE, LARGEST_SIDE),
                    canvas_height__range=(LEAST_SIDE, LARGEST_SIDE),
                ),
                name="screen_canvas_in_range",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ScreenToken(models.Model):
    """What a paired box shows to be let in; only its digest is kept."""

    screen = models.ForeignKey(Screen, on_delete=models.CASCADE, related_name="tokens")
    sha256 = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"token {self.pk} of {self.screen}"


class EnrolmentKey(models.Model):
    """A key in a box's settings that pairs it without a person; each use makes one screen."""

    name = models.CharField(max_length=60)
    sha256 = models.CharField(max_length=64, unique=True)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="enrolment_keys")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    groups = models.ManyToManyField(ScreenGroup, blank=True, related_name="+")
    uses_left = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class Pairing(models.Model):
    """A box that asks to become a screen: shows `code` until an administrator claims it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    secret_sha256 = models.CharField(max_length=64, unique=True)
    #: Six digits, unique among the pairings that wait; None when an enrolment key was used.
    code = models.CharField(max_length=6, null=True, blank=True)
    device = models.JSONField(default=dict)
    address = models.GenericIPAddressField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    screen = models.ForeignKey(
        Screen, null=True, blank=True, on_delete=models.CASCADE, related_name="pairings"
    )
    claimed_by = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    claimed_at = models.DateTimeField(null=True, blank=True)
    token = models.ForeignKey(
        ScreenToken, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["code"],
                condition=models.Q(closed_at__isnull=True),
                name="pairing_code_once_while_open",
            ),
        ]

    def __str__(self) -> str:
        return f"pairing {self.code or self.id}"


class PairingTry(models.Model):
    """A code that nobody showed, for the limits against guessing."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"wrong code of {self.staff}"
