"""One row an act, each sealed with the digest of the one before.

Only `audit.services.record` writes here, in the transaction of the act itself.
"""

from typing import ClassVar

from django.db import models

__all__ = ["AuditRow"]


class AuditRow(models.Model):
    """Who did what to what.  `sha256` is over this row's canonical JSON and `previous_sha256`.

    Names are copied, not referred to: the row must say the same when the actor has left.
    """

    number = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField(db_index=True)
    actor = models.CharField(max_length=60)
    actor_name = models.CharField(max_length=60)
    address = models.CharField(max_length=45, blank=True)
    action = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=64)
    subject_name = models.CharField(max_length=200)
    detail = models.JSONField(default=dict)
    previous_sha256 = models.CharField(max_length=64, unique=True)
    sha256 = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering: ClassVar = ["number"]
        indexes: ClassVar = [
            models.Index(fields=["subject_kind", "subject_id"]),
            models.Index(fields=["actor", "at"]),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.actor} {self.action} {self.subject_kind} {self.subject_id}"
