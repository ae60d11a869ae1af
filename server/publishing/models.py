"""Releases, the signed manifests in them, and the chain of root documents.

Only `publishing.services` writes these.  Releases, publications and roots are never changed or
deleted: they are the record of what was on the wall.  `Kept` refuses it here, triggers refuse it in
the database (migration 0003), and the audit's chain holds the digests.
"""

from typing import ClassVar

from django.db import models

from server.accounts.models import Staff
from server.publishing.kept import Kept
from server.screens.models import Screen

__all__ = [
    "FreshnessFloor",
    "FreshnessRound",
    "NoticeEnd",
    "Publication",
    "Release",
    "RootDocument",
]


class RootDocument(Kept):
    """A signed root, as screens fetch it (docs/trust.md)."""

    version = models.PositiveIntegerField(unique=True)
    epoch = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64, unique=True)
    envelope = models.BinaryField()
    installed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["version"]

    def __str__(self) -> str:
        return f"root {self.version}"


class Release(Kept):
    """One act of publishing: the publications of all screens that it changed."""

    class Kind(models.TextChoices):
        """What was done."""

        PUBLISH = "publish", "发布"
        UNDO = "undo", "恢复"
        TAKE_DOWN = "take-down", "撤播"
        TAKEOVER = "takeover", "应急插播"
        RENEWAL = "renewal", "自动续签"
        DATA = "data", "数据更新"

    kind = models.CharField(max_length=20, choices=Kind.choices)
    at = models.DateTimeField(db_index=True)
    #: None when the server did it by itself (renewal).
    by = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="releases"
    )
    reason = models.CharField(max_length=500)
    #: The release whose content this one brings back.
    restores = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Publication(Kept):
    """What one screen was told in a release: the manifest's raw bytes and its envelope."""

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="publications")
    screen = models.ForeignKey(Screen, on_delete=models.PROTECT, related_name="publications")
    #: Unix milliseconds, or one more than the last (docs/trust.md).
    version = models.PositiveBigIntegerField()
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    payload_sha256 = models.CharField(max_length=64)
    #: Over the manifest without version, issued_at and expires_at: equal when nothing changed.
    content_sha256 = models.CharField(max_length=64)
    payload_bytes = models.PositiveIntegerField()
    envelope = models.BinaryField()
    #: False while approvers' signatures are missing (level 2).
    complete = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["screen", "version"], name="publication_version_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["screen", "-version"])]

    def __str__(self) -> str:
        return f"{self.screen} {self.version}"


class FreshnessRound(models.Model):
    """The moment from which all processes say the same of what is newest: one row."""

    at = models.DateTimeField()
    version = models.PositiveBigIntegerField()

    objects: ClassVar[models.Manager["FreshnessRound"]] = models.Manager()

    def __str__(self) -> str:
        return f"round {self.version}"


class FreshnessFloor(models.Model):
    """The version of the last answer to a screen's challenge; later freshness lies above it."""

    screen = models.OneToOneField(
        Screen, primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    version = models.PositiveBigIntegerField()

    objects: ClassVar[models.Manager["FreshnessFloor"]] = models.Manager()

    def __str__(self) -> str:
        return f"{self.screen} above {self.version}"


class NoticeEnd(models.Model):
    """An administrator ended the period of a public notice early; once, and with a reason.

    It names the asset by its key: the record outlives what it is about.
    """

    asset = models.PositiveBigIntegerField(unique=True)
    title = models.CharField(max_length=200)
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects: ClassVar[models.Manager["NoticeEnd"]] = models.Manager()

    def __str__(self) -> str:
        return f"the end of {self.title}"
