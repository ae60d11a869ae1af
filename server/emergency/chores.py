"""What screens say of an emergency is kept before it is forgotten; once a minute."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from server.configuration import Configuration
from server.emergency.board import board_of
from server.emergency.lines import Line
from server.emergency.models import EmergencyScreen
from server.programme.models import Takeover

__all__ = ["FOLLOWED", "keep_what_screens_say"]

#: How long after its end a screen may still come back and tell what it showed.
FOLLOWED = timedelta(days=7)

_FIELDS = ("received_at", "shown_at", "gone_at", "picture_at")


def keep_what_screens_say(_configuration: Configuration, now: datetime) -> None:
    """Write down what is known of emergencies that run, or ended lately."""
    rows = Takeover.objects.filter(emergency__isnull=False, ends_at__gt=now - FOLLOWED)
    for takeover in rows:
        kept = {
            each.screen_id: each
            for each in EmergencyScreen.objects.filter(emergency__takeover=takeover)
        }
        board = board_of(takeover, now)
        changed = list(_changed(board.lines, kept))
        EmergencyScreen.objects.bulk_update(changed, [*_FIELDS, "was_offline"], batch_size=200)


def _changed(
    lines: tuple[Line, ...], kept: dict[int, EmergencyScreen]
) -> Iterator[EmergencyScreen]:
    for line in lines:
        row = kept[line.screen.pk]
        known = {name: getattr(line, name) for name in _FIELDS}
        known["was_offline"] = row.was_offline or line.state != "online"
        if any(getattr(row, name) != value for name, value in known.items()):
            for name, value in known.items():
                setattr(row, name, value)
            yield row
