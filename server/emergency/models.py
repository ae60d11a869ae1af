"""Prepared cards (预案), emergencies, and what each of their screens has said.

Only `emergency.services` and its chore write these.  What is on the glass is a takeover
(`programme.models`); a row here says how it came about, and keeps for the record what the screens'
own reports, which are forgotten after a year, said of it.
"""

from typing import ClassVar

from django.db import models

from server.accounts.models import DIGEST_LENGTH, Department, Staff
from server.programme.models import Takeover
from server.screens.models import Screen

__all__ = [
    "Emergency",
    "EmergencyScreen",
    "Hazard",
    "PreparedApproval",
    "PreparedCard",
]


class Hazard(models.TextChoices):
    """What it is about: the word and the sign on the card, the order of the tiles."""

    FIRE = "fire", "火警"
    GAS = "gas", "瓦斯超限"
    POWER = "power", "停电"
    WEATHER = "weather", "恶劣天气"
    EVACUATE = "evacuate", "紧急疏散"
    QUAKE = "quake", "地震"
    WATER = "water", "停水"
    GENERAL = "general", "紧急通知"


class PreparedCard(models.Model):
    """A card that only wants its blanks filled: words in {braces} are asked for when it goes."""

    name = models.CharField(max_length=60)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    hazard = models.CharField(max_length=10, choices=Hazard.choices, default=Hazard.GENERAL)
    title = models.CharField(max_length=80)
    body = models.TextField(max_length=400, blank=True)
    issuer = models.CharField(max_length=40)
    changed_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["name", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["department", "name"],
                condition=models.Q(archived_at__isnull=True),
                name="prepared_card_name_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PreparedApproval(models.Model):
    """Somebody has looked at just these words and said yes, in a step of its own."""

    card = models.ForeignKey(PreparedCard, on_delete=models.CASCADE, related_name="approvals")
    step = models.PositiveSmallIntegerField()
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=DIGEST_LENGTH)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["step"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["card", "sha256", "step"], name="prepared_step_once"),
            models.UniqueConstraint(
                fields=["card", "sha256", "staff"], name="prepared_step_each_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.card}: {self.step}"


class Emergency(models.Model):
    """How a takeover came about: asked once (`request`), with which words, how it ended."""

    takeover = models.OneToOneField(
        Takeover, primary_key=True, on_delete=models.PROTECT, related_name="emergency"
    )
    #: Drawn by the page that asks: sent twice, it begins once.
    request = models.UUIDField(unique=True)
    hazard = models.CharField(max_length=10, choices=Hazard.choices, default=Hazard.GENERAL)
    card = models.ForeignKey(
        PreparedCard, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(max_length=500, blank=True)
    #: The end that screens were told last: there it ends by itself, whatever comes.
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["-pk"]
        verbose_name_plural = "emergencies"

    def __str__(self) -> str:
        return str(self.takeover)


class EmergencyScreen(models.Model):
    """What one screen has said of an emergency, kept for good.

    `version` is the manifest that brought it, `end_version` the one that ended it by hand (None: it
    ended by itself).  Instants are those of the box where it named one.
    """

    emergency = models.ForeignKey(Emergency, on_delete=models.CASCADE, related_name="screens")
    screen = models.ForeignKey(Screen, on_delete=models.PROTECT, related_name="emergencies")
    version = models.PositiveBigIntegerField(null=True, blank=True)
    end_version = models.PositiveBigIntegerField(null=True, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)
    shown_at = models.DateTimeField(null=True, blank=True)
    gone_at = models.DateTimeField(null=True, blank=True)
    picture_at = models.DateTimeField(null=True, blank=True)
    was_offline = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["emergency", "screen"], name="emergency_screen_once"),
        ]

    def __str__(self) -> str:
        return f"{self.screen} in {self.emergency}"
