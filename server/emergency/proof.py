"""A screen that has taken an emergency over is asked for a picture of its glass, without anybody.

Called when receipts come in (`telemetry.listeners`), in that transaction.
"""

from collections.abc import Collection
from datetime import datetime

from server import news
from server.emergency.models import EmergencyScreen
from server.telemetry.models import Wanted

__all__ = ["ask_for_pictures"]


def ask_for_pictures(receipts: Collection[tuple[int, int]], now: datetime) -> None:
    """Ask those of the screens that have an emergency now and were not pictured with it yet."""
    rows = EmergencyScreen.objects.filter(
        emergency__takeover__ends_at__gt=now, picture_at=None, version__isnull=False
    )
    versions = {pk: version or 0 for pk, version in rows.values_list("screen_id", "version")}
    asked = {pk for pk, version in receipts if version >= versions.get(pk, version + 1)}
    if not asked:
        return
    Wanted.objects.bulk_create(
        [Wanted(screen_id=pk, kind=Wanted.Kind.SCREENSHOT, asked_at=now) for pk in sorted(asked)],
        ignore_conflicts=True,
    )
    news.tell()
