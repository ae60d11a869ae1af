"""Commands: what a box was told to do, and what became of it.

Only `remote.services` writes these.  `sentence` came from a box: text to be escaped.
"""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from server.accounts.models import Staff
from server.screens.models import Screen

__all__ = ["Command"]


class Command(models.Model):
    """One box is to do one thing, once, before `expires_at`."""

    class Kind(models.TextChoices):
        """What is to be done (docs/player-interface.md, "Commands")."""

        SCREENSHOT = "screenshot", _("Take a picture of the glass")
        IDENTIFY = "identify", _("Show its name on the glass")
        RESYNC = "resync", _("Fetch the programme anew")
        RESTART_PLAYER = "restart-player", _("Restart the player")
        PANEL_ON = "panel-on", _("Switch the panel on")
        PANEL_OFF = "panel-off", _("Switch the panel off")
        LOG = "log", _("Send the end of the log")
        CLEAR_CACHE = "clear-cache", _("Delete unused files")
        RESTART_BOX = "restart-box", _("Restart the box")

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting", _("Waits for the box")
        SENT = "sent", _("The box has it")
        DONE = "done", _("Done")
        REFUSED = "refused", _("Refused")
        FAILED = "failed", _("Failed")
        EXPIRED = "expired", _("Not fetched in time")
        CANCELLED = "cancelled", _("Taken back")

    screen = models.ForeignKey(Screen, on_delete=models.CASCADE, related_name="commands")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    #: For how long a panel is to stay as it is told, in minutes; None where it means nothing.
    minutes = models.PositiveIntegerField(null=True, blank=True)
    #: Commands that were given together have one.
    batch = models.UUIDField(db_index=True)
    asked_by = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(db_index=True)
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    sentence = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["screen", "kind"],
                condition=models.Q(ended_at__isnull=True),
                name="command_open_once",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["screen", "-id"], name="command_of_screen")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.screen}"
