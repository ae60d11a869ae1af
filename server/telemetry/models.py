"""What screens report.  Everything here came from a device: hostile until shown otherwise.

Only `telemetry.services` writes these, in batches.
"""

from typing import ClassVar

from django.db import models

from server.library.models import Blob
from server.screens.models import Screen

__all__ = [
    "Heartbeat",
    "HeartbeatSample",
    "LogTail",
    "PlayRecord",
    "Receipt",
    "ReportSegment",
    "ScreenFault",
    "Screenshot",
    "Wanted",
]


class Heartbeat(models.Model):
    """The newest heartbeat of a screen."""

    screen = models.OneToOneField(
        Screen, primary_key=True, on_delete=models.CASCADE, related_name="heartbeat"
    )
    received_at = models.DateTimeField(db_index=True)
    boot = models.CharField(max_length=36)
    address = models.GenericIPAddressField()
    generation_version = models.PositiveBigIntegerField(null=True, blank=True)
    body = models.JSONField()

    def __str__(self) -> str:
        return f"heartbeat of {self.screen}"


class HeartbeatSample(models.Model):
    """One heartbeat an hour, kept for `retention.heartbeats_days`: how a box has been."""

    screen = models.ForeignKey(Screen, on_delete=models.CASCADE, related_name="samples")
    hour = models.DateTimeField()
    body = models.JSONField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["screen", "hour"], name="sample_once_an_hour"),
        ]

    def __str__(self) -> str:
        return f"{self.screen} {self.hour}"


class ReportSegment(models.Model):
    """A segment of a screen's outbox that has been taken in: sent twice, it counts once."""

    screen = models.ForeignKey(Screen, on_delete=models.CASCADE, related_name="segments")
    name = models.CharField(max_length=80)
    received_at = models.DateTimeField(db_index=True)
    reports = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["screen", "name"], name="segment_once"),
        ]

    def __str__(self) -> str:
        return self.name


class PlayRecord(models.Model):
    """Proof of play: this item stood in this zone from `start` until `end`."""

    screen = models.ForeignKey(Screen, on_delete=models.CASCADE, related_name="plays")
    zone = models.CharField(max_length=64)
    item = models.CharField(max_length=64)
    asset = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64, blank=True)
    start = models.DateTimeField()
    end = models.DateTimeField()
    manifest_version = models.PositiveBigIntegerField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["screen", "zone", "start"], name="play_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["start"]),
            models.Index(fields=["asset", "start"]),
        ]

    def __str__(self) -> str:
        return f"{self.item} on {self.screen}"


class Receipt(models.Model):
    """A screen has activated this version."""

    screen = models.ForeignKey(Screen, on_delete=models.CASCADE, related_name="receipts")
    version = models.PositiveBigIntegerField()
    activated_at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["screen", "version"], name="receipt_once"),
        ]

    def __str__(self) -> str:
        return f"{self.screen} {self.version}"


class ScreenFault(models.Model):
    """Something wrong on a screen, from when it was seen until it was over.

    A `listed` one came with a heartbeat, and is over when a heartbeat does not name it any more; a
    `momentary` one was an event.  What nobody closes ends by itself (`telemetry.faults`).
    """

    screen = models.ForeignKey(Screen, on_delete=models.CASCADE, related_name="faults")
    code = models.CharField(max_length=60)
    severity = models.CharField(max_length=1, default="W")
    subject = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=1000)
    opened_at = models.DateTimeField(db_index=True)
    seen_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    count = models.PositiveIntegerField(default=1)
    listed = models.BooleanField(default=False)
    momentary = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["screen", "code", "subject"],
                condition=models.Q(closed_at__isnull=True),
                name="fault_open_once",
            ),
            models.CheckConstraint(
                condition=models.Q(severity__in=["I", "W", "E", "C"]), name="fault_severity_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} on {self.screen}"


class Screenshot(models.Model):
    """What stood on the glass; only the newest few of a screen are kept."""

    screen = models.ForeignKey(Screen, on_delete=models.CASCADE, related_name="screenshots")
    taken_at = models.DateTimeField()
    received_at = models.DateTimeField()
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["-taken_at"]
        indexes: ClassVar = [models.Index(fields=["screen", "-taken_at"])]

    def __str__(self) -> str:
        return f"{self.screen} {self.taken_at}"


class LogTail(models.Model):
    """The end of a box's log, sent because somebody asked."""

    screen = models.OneToOneField(
        Screen, primary_key=True, on_delete=models.CASCADE, related_name="log_tail"
    )
    received_at = models.DateTimeField()
    text = models.TextField()

    def __str__(self) -> str:
        return f"log of {self.screen}"


class Wanted(models.Model):
    """Something that a member of staff asks of a box: a screenshot, its log."""

    class Kind(models.TextChoices):
        """What is asked for."""

        SCREENSHOT = "screenshot", "截图"
        LOG = "log", "日志"

    screen = models.ForeignKey(Screen, on_delete=models.CASCADE, related_name="wanted")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    asked_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["screen", "kind"], name="wanted_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.screen}"
