"""What scripts have asked with an `Idempotency-Key`, and what they were answered."""

from typing import ClassVar

from django.db import models

from server.accounts.models import DIGEST_LENGTH, Staff

__all__ = ["SentOnce"]


class SentOnce(models.Model):
    """A request that counts once: sent again with its key, it has the same answer."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=100)
    request_sha256 = models.CharField(max_length=DIGEST_LENGTH)
    status = models.PositiveSmallIntegerField(default=0)
    answer = models.BinaryField(default=bytes)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["staff", "key"], name="sent_key_once"),
        ]

    def __str__(self) -> str:
        return f"{self.staff} {self.key}"
