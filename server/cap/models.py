"""Where alerts come from, what each source may do, and what became of every alert.

Only `cap.services`, `cap.intake` and the chore write these.  What an alert puts on the glass is an
emergency of `server.emergency`; a row here says why, or why not.
"""

from typing import ClassVar

from django.db import models

from server.accounts.models import DIGEST_LENGTH, Department, Staff
from server.cap.document import CERTAINTIES, SEVERITIES, URGENCIES
from server.programme.models import Takeover
from server.screens.models import ScreenGroup

__all__ = ["CapAlert", "CapArea", "CapSource", "Drills", "Handling", "Outcome"]


def _levels(words: tuple[str, ...]) -> list[tuple[int, str]]:
    return list(enumerate(words))


class Handling(models.TextChoices):
    """What is done with an alert that is strong enough and means one of our places."""

    RECORD = "record", "只记录"
    REVIEW = "review", "人工确认后播出"
    AUTOMATIC = "automatic", "自动播出"


class Drills(models.TextChoices):
    """Which messages that are not real become drills (演练); the others are only recorded."""

    NONE = "none", "只记录"
    EXERCISE = "exercise", "Exercise 作为演练播出"
    ALL = "all", "Exercise 与 Test 作为演练播出"


class Outcome(models.TextChoices):
    """What became of an alert; why stands beside it."""

    NEW = "new", "待处理"
    RECORDED = "recorded", "只记录"
    WAITING = "waiting", "待确认"
    PLANNED = "planned", "待生效"
    SHOWN = "shown", "播出中"
    ENDED = "ended", "已结束"
    DECLINED = "declined", "不播出"


class CapSource(models.Model):
    """An authority, or a system that hands its alerts on; and the policy for what it says."""

    name = models.CharField(max_length=60)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    handling = models.CharField(max_length=10, choices=Handling.choices, default=Handling.REVIEW)
    drills = models.CharField(max_length=10, choices=Drills.choices, default=Drills.NONE)
    #: Places in the lists of `document`: what is weaker is only recorded.
    severity = models.PositiveSmallIntegerField(choices=_levels(SEVERITIES), default=3)
    urgency = models.PositiveSmallIntegerField(choices=_levels(URGENCIES), default=3)
    certainty = models.PositiveSmallIntegerField(choices=_levels(CERTAINTIES), default=2)
    #: The language to speak, if the alert has it: "zh".
    language = models.CharField(max_length=10, default="zh")
    #: How long an alert stands that names no end.
    usual_min = models.PositiveIntegerField(default=60)
    #: In whose name alerts are shown: whoever set the policy last.
    policy_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    policy_at = models.DateTimeField()
    #: From where it is asked for ("": alerts are posted), and how that goes.
    url = models.CharField(max_length=500, blank=True)
    every_min = models.PositiveIntegerField(default=5)
    due_at = models.DateTimeField(null=True, blank=True, db_index=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(max_length=500, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class CapArea(models.Model):
    """Which screens a place of the alerts means.

    `scheme` "" stands for the description of an area, else it is the name of a system of codes.  A
    `value` that ends in * takes all that begin so: 1101* is Beijing with its districts.
    """

    source = models.ForeignKey(CapSource, on_delete=models.CASCADE, related_name="areas")
    scheme = models.CharField(max_length=200, blank=True)
    value = models.CharField(max_length=200)
    group = models.ForeignKey(ScreenGroup, on_delete=models.CASCADE, related_name="+")

    class Meta:
        ordering: ClassVar = ["scheme", "value", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source", "scheme", "value", "group"], name="cap_area_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme} {self.value}".strip()


class CapAlert(models.Model):
    """One message as it came, and what became of it."""

    source = models.ForeignKey(CapSource, on_delete=models.PROTECT, related_name="alerts")
    #: `document.Reference.key`, as a digest: a message comes once.
    name_sha256 = models.CharField(max_length=DIGEST_LENGTH)
    sender = models.CharField(max_length=200)
    identifier = models.CharField(max_length=200)
    sent = models.DateTimeField()
    status = models.CharField(max_length=10)
    kind = models.CharField(max_length=10)
    #: The digests of the messages that it names.
    references = models.JSONField(default=list)
    headline = models.CharField(max_length=200, blank=True)
    severity = models.CharField(max_length=10, blank=True)
    body = models.BinaryField()
    #: From where it came: an address, or the account that posted it.
    came_from = models.CharField(max_length=500, blank=True)
    received_at = models.DateTimeField(db_index=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.NEW)
    #: A sentence of the catalogue: {"template": …, "values": …}.
    why = models.JSONField(default=dict)
    begins_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    takeover = models.ForeignKey(
        Takeover, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_by = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "name_sha256"], name="cap_alert_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["outcome"], name="cap_alert_outcome")]

    def __str__(self) -> str:
        return self.headline or self.identifier
