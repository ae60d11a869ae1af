"""A web page of which pictures are taken.  Only this app writes it."""

from typing import ClassVar

from django.db import models

from server.accounts.models import Staff
from server.library.models import Asset

__all__ = ["Shape", "WebPage"]


class Shape(models.TextChoices):
    """The wall that a page is drawn for."""

    LANDSCAPE = "16:9", "横屏 16:9"
    PORTRAIT = "9:16", "竖屏 9:16"


class WebPage(models.Model):
    """Where the picture of an asset comes from, how often, and how that goes."""

    asset = models.OneToOneField(Asset, on_delete=models.CASCADE, related_name="web_page")
    url = models.CharField(max_length=500)
    every_min = models.PositiveIntegerField()
    shape = models.CharField(max_length=10, choices=Shape.choices, default=Shape.LANDSCAPE)
    #: How long it is given after it has loaded, in seconds, and how large it is drawn, in percent.
    wait_s = models.PositiveSmallIntegerField(default=0)
    scale_percent = models.PositiveSmallIntegerField(default=100)
    due_at = models.DateTimeField(null=True, blank=True, db_index=True)
    #: When it was last taken, and when that last gave another picture.
    taken_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(null=True, blank=True)
    #: Hosts that the page asks for and that may not be asked: what they hold is missing.
    left_out = models.JSONField(default=list, blank=True)
    #: Why it could not be taken the last time (template and values of a sentence), and since when.
    trouble = models.JSONField(default=dict, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    #: New pictures go to the walls without review (ADR 0024): since when, and who said so.
    unreviewed_since = models.DateTimeField(null=True, blank=True)
    unreviewed_by = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    #: It has another picture, without review, and the walls have not been told yet.
    is_owed = models.BooleanField(default=False, db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(shape__in=Shape.values), name="web_page_shape_known"
            ),
            models.CheckConstraint(
                condition=models.Q(every_min__gte=1), name="web_page_taken_not_always"
            ),
        ]

    def __str__(self) -> str:
        return self.url
