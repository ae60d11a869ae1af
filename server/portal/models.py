"""Addresses at which the published items of a playlist can be read without logging in."""

from typing import ClassVar

from django.db import models

from server.accounts.models import Staff
from server.programme.models import Playlist

__all__ = ["PortalLink"]


class PortalLink(models.Model):
    """One address; whoever has it may read.  `key` is a secret, or (`is_public`) a plain word."""

    playlist = models.ForeignKey(Playlist, on_delete=models.CASCADE, related_name="portal_links")
    key = models.CharField(max_length=60, unique=True)
    is_public = models.BooleanField(default=False)
    title = models.CharField(max_length=100)
    language = models.CharField(max_length=10, default="zh-hans")
    made_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return self.title
