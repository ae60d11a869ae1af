"""Floor plans and the pins on them.  Only `plans.services` writes these."""

from typing import ClassVar

from django.core.validators import MaxValueValidator
from django.db import models

from server.accounts.models import Department
from server.library.models import Blob
from server.screens.models import Screen, Site

__all__ = ["WHOLE", "FloorPlan", "Pin"]

#: A place on a plan is told in thousandths of its width and height.
WHOLE = 1000


class FloorPlan(models.Model):
    """The picture of a floor of a site; a department keeps it."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="plans")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar = ["site__name", "name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "department", "name"], name="plan_name_once"),
        ]

    def __str__(self) -> str:
        return f"{self.site} · {self.name}"


class Pin(models.Model):
    """Where a screen hangs, in thousandths from the left and from the top of its plan."""

    screen = models.OneToOneField(
        Screen, primary_key=True, on_delete=models.CASCADE, related_name="pin"
    )
    plan = models.ForeignKey(FloorPlan, on_delete=models.CASCADE, related_name="pins")
    x = models.PositiveIntegerField(validators=[MaxValueValidator(WHOLE)])
    y = models.PositiveIntegerField(validators=[MaxValueValidator(WHOLE)])

    def __str__(self) -> str:
        return f"{self.screen} on {self.plan}"
