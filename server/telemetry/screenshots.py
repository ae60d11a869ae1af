"""Pictures of the glass: made anew before they are kept, the newest few of each screen.

What a box sends is decoded in the child process that looks at uploads (limits, no network), and
only what the child wrote is kept: nothing that came from a box ever reaches a browser.
"""

import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from server.errors import Invalid, Unavailable
from server.library.blobs import digest_of
from server.library.ingest.child import StepFailed, run
from server.library.ingest.failures import Refused
from server.library.ingest.limits import Limits
from server.library.ingest.protocol import Job, Made, Product, Wall
from server.library.keeping import Stored, keep_blobs
from server.library.models import Blob
from server.telemetry.models import Screenshot, Wanted
from server.telemetry.services import wanted_came

__all__ = ["KEPT", "SCREENSHOT_BYTES", "screenshot_keep", "screenshots_forget"]

#: The most bytes that a box may send.
SCREENSHOT_BYTES = 512 * 1024

#: Pictures that are kept of each screen.
KEPT = 10

#: A picture of the glass fits in here, and needs no more than this.
_SIZE = Wall(1280, 720)
_LIMITS = Limits(total_s=30, stall_s=30, cpu_s=20, memory_bytes=2 << 30, file_bytes=16 << 20)


class BadPicture(Invalid):
    """What came is no picture."""

    code = "BAD_PICTURE"


def screenshot_keep(*, screen: int, picture: bytes, taken_at: datetime, now: datetime) -> None:
    """Make the picture anew, keep it, and let the oldest go.  Raises `BadPicture`."""
    above = settings.DATA / "ingest"  # what a killed process leaves there is cleared at night
    above.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(prefix="screenshot-", dir=above) as folder:
        made = _made_anew(Path(folder), picture)
        path = Path(folder) / made.file
        stored = Stored(path, digest_of(path), made.mime)
        keep_blobs([stored], now, lambda rows: _keep(screen, rows[0], taken_at, now))


def _made_anew(folder: Path, picture: bytes) -> Product:
    source = folder / "sent"
    source.write_bytes(picture)
    job = Job("picture", str(source), str(folder), kind="webp", reader="WEBP", wall=_SIZE)
    try:
        answer = run(job, limits=_LIMITS)
    except Refused:
        raise BadPicture("This is no picture that can be read: send it as WebP.") from None
    except StepFailed as error:
        raise Unavailable(
            "The picture could not be looked at (%(why)s): send it later.",
            values={"why": error},
            retry_after_s=60,
        ) from error
    assert isinstance(answer, Made), "a picture is made"
    return next(product for product in answer.products if product.purpose == "wall")


def _keep(screen: int, blob: Blob, taken_at: datetime, now: datetime) -> None:
    Screenshot.objects.create(screen_id=screen, taken_at=taken_at, received_at=now, blob=blob)
    mine = Screenshot.objects.filter(screen=screen).order_by("-taken_at", "-pk")
    old = list(mine.values_list("pk", flat=True)[KEPT:])
    Screenshot.objects.filter(pk__in=old).delete()  # the collection of orphans takes the files
    wanted_came(screen, Wanted.Kind.SCREENSHOT)


def screenshots_forget(*, now: datetime, after: timedelta) -> int:
    """Let go of pictures that are older than this; return how many."""
    return Screenshot.objects.filter(received_at__lt=now - after).delete()[0]
