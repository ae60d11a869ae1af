"""Drafts, open pages and ways back.  Only `desk.services` and `desk.ways` write here."""

from typing import ClassVar

from django.db import models

from server.accounts.models import Staff

__all__ = ["KEY_LENGTH", "Draft", "OpenPage", "WayBack"]

#: The longest name of a form or page, in characters.
KEY_LENGTH = 200


class Draft(models.Model):
    """What somebody has typed into a form and not saved: pairs of a field's name and its value.

    `version` is that of the row when it was typed; None where there is no row yet.
    """

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="drafts")
    key = models.CharField(max_length=KEY_LENGTH)
    fields = models.JSONField()
    version = models.PositiveBigIntegerField(null=True, blank=True)
    saved_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["staff", "key"], name="draft_once"),
        ]

    def __str__(self) -> str:
        return f"{self.key} of {self.staff}"


class OpenPage(models.Model):
    """Somebody has this page open, or had it until `seen_at`."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="open_pages")
    page = models.CharField(max_length=KEY_LENGTH)
    seen_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["page", "staff"], name="open_page_once"),
        ]

    def __str__(self) -> str:
        return f"{self.page}, {self.staff}"


class WayBack(models.Model):
    """What `staff` has just done, with all that it takes to undo it; `kind` says what it was."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="ways_back")
    kind = models.CharField(max_length=40)
    facts = models.JSONField()
    made_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.kind} of {self.staff}"
