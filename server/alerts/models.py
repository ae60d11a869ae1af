"""The outbox: messages, to whom each is on its way, and what everybody chose.

Only `alerts.services` and the courier write these.
"""

from typing import ClassVar

from django.db import models

from server.accounts.models import Department, Staff
from server.alerts.kinds import Kind

__all__ = ["Choice", "Delivery", "Endpoint", "Message", "Receiver"]


class Message(models.Model):
    """Something that happened, told once: `key` "" may be told again."""

    kind = models.CharField(max_length=30)
    template = models.CharField(max_length=500)
    values = models.JSONField(default=dict)
    department = models.ForeignKey(
        Department, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    #: The path of a page of ours.
    link = models.CharField(max_length=200, blank=True)
    key = models.CharField(max_length=120, blank=True)
    #: The people that it is for, by key; empty: whoever has the right of its kind.
    people = models.JSONField(default=list)
    told_at = models.DateTimeField()
    not_before = models.DateTimeField()
    #: When its deliveries were made; None: they are not yet.
    spread_at = models.DateTimeField(null=True, blank=True)
    #: When what it asks for was done; None: it waits still, or it never asked for anything.
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["key"], condition=~models.Q(key=""), name="message_key_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["not_before"],
                condition=models.Q(spread_at__isnull=True),
                name="message_to_spread",
            ),
            models.Index(fields=["told_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Receiver(models.Model):
    """How somebody is reached: an address for mail, and the hours in which none is sent."""

    staff = models.OneToOneField(
        Staff, primary_key=True, on_delete=models.CASCADE, related_name="receiver"
    )
    address = models.EmailField(blank=True)
    #: On the organisation's clock; both None: never quiet.
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.staff} {self.address}"


class Choice(models.Model):
    """What somebody wants to hear of a kind, other than what is usual."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=30)
    on_page = models.BooleanField()
    by_mail = models.BooleanField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["staff", "kind"], name="choice_once"),
        ]

    def __str__(self) -> str:
        return f"{self.staff} {self.kind}"


class Endpoint(models.Model):
    """A webhook: another system that is told.  The secret is kept, since it signs."""

    name = models.CharField(max_length=60)
    url = models.CharField(max_length=500)
    secret = models.CharField(max_length=100)
    kinds = models.JSONField(default=list)
    department = models.ForeignKey(
        Department, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    #: Deliveries that failed one after the other.
    failures = models.PositiveIntegerField(default=0)
    disabled_at = models.DateTimeField(null=True, blank=True)
    why = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class Delivery(models.Model):
    """A message on its way to one reader: a notice on pages, a mail, a webhook."""

    class Channel(models.TextChoices):
        """By which way."""

        PAGE = "page", "页面"
        MAIL = "mail", "邮件"
        WEBHOOK = "webhook", "Webhook"

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    staff = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.CASCADE, related_name="notices"
    )
    endpoint = models.ForeignKey(
        Endpoint, null=True, blank=True, on_delete=models.CASCADE, related_name="deliveries"
    )
    due_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    #: A process works on it until then.
    held_until = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    status = models.PositiveIntegerField(null=True, blank=True)
    why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["message", "channel", "staff", "endpoint"], name="delivery_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(done_at__isnull=True, failed_at__isnull=True),
                name="delivery_due",
            ),
            models.Index(fields=["staff", "channel", "-id"], name="delivery_of_staff"),
        ]

    def __str__(self) -> str:
        return f"{self.message} by {self.channel}"


assert max(map(len, Kind)) <= 30, "the columns take 30 characters"
