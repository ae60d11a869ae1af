"""Rules for reviews, submissions, what in them must be looked at, and verdicts.

Only `review.services` writes these.  A submission is never deleted and its digests never change:
with the audit it is the record of who approved what.
"""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from server.accounts.models import DIGEST_LENGTH, Department, Staff
from server.accounts.policy import Act
from server.screens.models import Screen

__all__ = [
    "MOST_STEPS",
    "REVIEW_ACTS",
    "Absence",
    "Counts",
    "Opening",
    "Remark",
    "ReviewRule",
    "Submission",
    "SubmissionItem",
    "SubmissionScreen",
    "Verdict",
]

#: The right that each step asks for.
REVIEW_ACTS = {1: Act.REVIEW_1, 2: Act.REVIEW_2, 3: Act.REVIEW_3}

#: 一审, 二审, 三审.
MOST_STEPS = 3

#: The longest that a step may take before others are told, in hours.
MOST_HOURS = 24 * 30


class Counts(models.TextChoices):
    """Which hours a deadline counts."""

    CLOCK = "clock", "自然时间"
    WORKING = "working", "工作时间"


class ReviewRule(models.Model):
    """How many steps the screens of a department and level need; None is for everywhere."""

    department = models.ForeignKey(
        Department, null=True, blank=True, on_delete=models.CASCADE, related_name="review_rules"
    )
    level = models.CharField(max_length=10, choices=Screen.Level.choices)
    steps = models.PositiveSmallIntegerField(validators=[MaxValueValidator(MOST_STEPS)])
    #: How long one step may take, in hours, before it is escalated.
    hours = models.PositiveSmallIntegerField(
        default=24, validators=[MinValueValidator(1), MaxValueValidator(MOST_HOURS)]
    )

    counts = models.CharField(max_length=10, choices=Counts.choices, default=Counts.CLOCK)
    #: The same for what was shown first, always by the clock.
    urgent_hours = models.PositiveSmallIntegerField(
        default=24, validators=[MinValueValidator(1), MaxValueValidator(MOST_HOURS)]
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["department", "level"], name="review_rule_once"),
            models.UniqueConstraint(
                fields=["level"],
                condition=models.Q(department__isnull=True),
                name="review_rule_everywhere_once",
            ),
            models.CheckConstraint(
                condition=models.Q(steps__lte=MOST_STEPS), name="review_steps_in_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.department or '*'} {self.level}: {self.steps}"


class Submission(models.Model):
    """A programme change that somebody asks to be reviewed, screen by screen."""

    class State(models.TextChoices):
        """How far it is."""

        IN_REVIEW = "in-review", "审核中"
        APPROVED = "approved", "已通过"
        RETURNED = "returned", "已退回"
        WITHDRAWN = "withdrawn", "已撤回"
        #: Submitted anew, by a later submission of one of its screens.
        SUPERSEDED = "superseded", "已被替代"

    title = models.CharField(max_length=100)
    note = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.IN_REVIEW)
    #: None when the server put it on the wall by itself (an alert).
    submitted_by = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="submissions"
    )
    submitted_at = models.DateTimeField(db_index=True)
    #: Everybody who made one of the changes in it: none of them may review it.
    authors = models.ManyToManyField(Staff, blank=True, related_name="+")
    steps = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(MOST_STEPS)]
    )
    #: The step that is asked for now; `steps` when all are done.
    step = models.PositiveSmallIntegerField(default=1)
    #: When the step that is asked for should be done.
    due_at = models.DateTimeField()
    #: When something new would be seen first, as it was when it was submitted; None: not soon.
    first_at = models.DateTimeField(null=True, blank=True)
    hours = models.PositiveSmallIntegerField(default=24)
    counts = models.CharField(max_length=10, choices=Counts.choices, default=Counts.CLOCK)
    #: Since when the step is asked for.
    step_at = models.DateTimeField(null=True, blank=True)
    #: Who is asked to do it, among those who may; the others may as well.
    asked = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    #: The one that was returned, or took its place, and that this one improves upon.
    follows = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="followers"
    )
    #: It was shown first and is reviewed afterwards.
    is_urgent = models.BooleanField(default=False)
    #: Over the digests of all its screens; what a reviewer says yes to.
    sha256 = models.CharField(max_length=DIGEST_LENGTH)
    #: What was to be changed, as `ChangeDraft`s, for the record.
    changes = models.JSONField(default=list)

    class Meta:
        ordering: ClassVar = ["-submitted_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(steps__range=(1, MOST_STEPS), step__range=(1, MOST_STEPS))
                & models.Q(step__lte=models.F("steps")),
                name="submission_step_in_range",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class SubmissionScreen(models.Model):
    """What one screen would show: the digest of its manifest's body, without takeovers."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="screens")
    screen = models.ForeignKey(Screen, on_delete=models.PROTECT, related_name="submissions")
    sha256 = models.CharField(max_length=DIGEST_LENGTH)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["submission", "screen"], name="submission_names_a_screen_once"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["screen", "sha256"])]

    def __str__(self) -> str:
        return f"{self.screen} in {self.submission}"


class SubmissionItem(models.Model):
    """Something to look at: an asset (or a page of one) that is new on these screens."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveIntegerField()
    #: The primary key of the asset, and the page of a document.
    asset = models.PositiveBigIntegerField()
    page = models.PositiveIntegerField(null=True, blank=True)
    kind = models.CharField(max_length=10)
    title = models.CharField(max_length=200)
    #: Over what the asset is in the manifest: its file's own digest, a card's data.
    sha256 = models.CharField(max_length=DIGEST_LENGTH)
    remark = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["submission", "position"], name="submission_item_position_once"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Remark(models.Model):
    """A word in the talk about a submission, or about one item of it.  Never changed."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="remarks")
    item = models.ForeignKey(
        SubmissionItem, null=True, blank=True, on_delete=models.CASCADE, related_name="remarks"
    )
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=500)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["at", "pk"]

    def __str__(self) -> str:
        return self.text[:40]


class Absence(models.Model):
    """A reviewer is away until an instant; `stand_in` hears of what would wait for them."""

    staff = models.OneToOneField(
        Staff, primary_key=True, on_delete=models.CASCADE, related_name="absence"
    )
    until = models.DateTimeField()
    stand_in = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    def __str__(self) -> str:
        return f"{self.staff} until {self.until:%F}"


class Opening(models.Model):
    """Somebody opened something in full size; it counts wherever the same bytes come again."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="+")
    sha256 = models.CharField(max_length=DIGEST_LENGTH)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["staff", "sha256"], name="opening_once"),
        ]

    def __str__(self) -> str:
        return f"{self.staff} saw {self.sha256[:12]}"


class Verdict(models.Model):
    """What a reviewer said in a step, about which bytes."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="verdicts")
    step = models.PositiveSmallIntegerField()
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="verdicts")
    approves = models.BooleanField()
    reason = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()
    #: The submission's digest, as the reviewer's page had it.
    sha256 = models.CharField(max_length=DIGEST_LENGTH)

    class Meta:
        ordering: ClassVar = ["at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["submission", "step"], name="verdict_once_a_step"),
            models.UniqueConstraint(fields=["submission", "staff"], name="verdict_once_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.submission}: {self.step} {self.approves}"
