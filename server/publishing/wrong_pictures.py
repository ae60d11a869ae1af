"""Looks every few minutes which screens show something else than what is due, for the watch.

A box says with each heartbeat what it shows; that is compared with its newest manifest.  One that
has not activated that manifest yet is late, not wrong.
"""

from datetime import datetime, timedelta

from django.db import transaction

from server.publishing.glass import is_as_due, manifest_of, ready
from server.publishing.selectors import told
from server.screens.states import LATE_AFTER
from server.telemetry.models import Heartbeat
from server.watch.models import Trouble
from server.watch.troubles import troubles_note

__all__ = ["pictures_look"]

#: Screens that are compared at a time.
AT_A_TIME = 200

#: What a heartbeat says of a picture is about this long ago at most.
HEARD: timedelta = LATE_AFTER


def pictures_look(now: datetime) -> int:
    """Compare every screen that is heard; returns how many messages were told."""
    rows = Heartbeat.objects.filter(screen__retired_at=None, received_at__gt=now - HEARD)
    columns = rows.order_by("screen_id").values_list(
        "screen_id", "received_at", "generation_version", "body"
    )
    looked, wrong, last = set[int](), set[tuple[int, str]](), 0
    while some := list(columns.filter(screen_id__gt=last)[:AT_A_TIME]):
        newest = told([pk for pk, *_rest in some])
        ready(newest.values())
        for pk, heard_at, version, body in some:
            publication, picture = newest.get(pk), body.get("picture")
            if publication is None or picture is None or version != publication.version:
                continue
            looked.add(pk)
            if not is_as_due(manifest_of(publication), picture, heard_at):
                wrong.add((pk, "PICTURE_WRONG"))
        last = some[-1][0]
    with transaction.atomic():
        return troubles_note(source=Trouble.Source.PICTURE, looked=looked, found=wrong, now=now)
