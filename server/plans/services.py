"""Floor plans as administrators keep them; their pictures are made anew before they are kept."""

import tempfile
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction

from server.accounts.models import Department, Staff
from server.accounts.policy import Act, require
from server.audit.services import record
from server.errors import Conflict, Invalid, TooLarge, Unavailable
from server.library.blobs import digest_of
from server.library.ingest.child import StepFailed, run
from server.library.ingest.failures import Refused
from server.library.ingest.limits import Limits
from server.library.ingest.protocol import Job, Made, Product, Wall
from server.library.keeping import Stored, keep_blobs
from server.library.models import Blob
from server.plans.models import WHOLE, FloorPlan, Pin
from server.screens.models import Screen, Site
from server.sentences import Sentence

__all__ = ["PICTURE_BYTES", "pin_remove", "pin_set", "plan_create", "plan_delete"]

#: The largest picture of a plan, in bytes.
PICTURE_BYTES = 20 * 1024 * 1024

_SIZE = Wall(2400, 2400)
_LIMITS = Limits(total_s=60, stall_s=60, cpu_s=40, memory_bytes=2 << 30, file_bytes=64 << 20)

#: What a picture begins with, and who reads it.
_READERS = ((b"\x89PNG", "png", "PNG"), (b"\xff\xd8", "jpeg", "JPEG"), (b"RIFF", "webp", "WEBP"))


def plan_create(
    *,
    site: Site,
    department: Department,
    name: str,
    picture: bytes,
    actor: Staff,
    now: datetime,
    address: str = "",
) -> FloorPlan:
    """Keep a plan; its picture (PNG, JPEG, WebP) is made anew.  Raises `Invalid`, `TooLarge`."""
    require(actor, Act.MANAGE_SCREENS, department)
    if len(picture) > PICTURE_BYTES:
        raise TooLarge("The picture of a plan has at most 20 MB: make it smaller.")
    above = settings.DATA / "ingest"
    above.mkdir(parents=True, exist_ok=True, mode=0o700)
    kept: list[FloorPlan] = []
    with tempfile.TemporaryDirectory(prefix="plan-", dir=above) as folder:
        made = _made_anew(Path(folder), picture)
        path = Path(folder) / made.file
        width, height = _size(path)
        stored = Stored(path, digest_of(path), made.mime)

        def keep(rows: list[Blob]) -> None:
            row = FloorPlan(
                site=site, department=department, name=name.strip()[:60], blob=rows[0],
                width=width, height=height,
            )  # fmt: skip
            row.save()
            record(actor=actor, action="plan.create", subject=row, now=now, address=address)
            kept.append(row)

        try:
            keep_blobs([stored], now, lambda rows: keep(list(rows)))
        except IntegrityError:
            raise Conflict(
                "This site has a plan of this name already: choose another name."
            ) from None
    return kept[0]


def _made_anew(folder: Path, picture: bytes) -> Product:
    found = [each for each in _READERS if picture.startswith(each[0])]
    if not found:
        raise _no_picture()
    _magic, kind, reader = found[0]
    source = folder / "sent"
    source.write_bytes(picture)
    job = Job("picture", str(source), str(folder), kind=kind, reader=reader, wall=_SIZE)
    try:
        answer = run(job, limits=_LIMITS)
    except Refused:
        raise _no_picture() from None
    except StepFailed as error:
        raise Unavailable(
            "The picture could not be looked at (%(why)s): send it later.",
            values={"why": error},
            retry_after_s=60,
        ) from error
    assert isinstance(answer, Made), "a picture is made"
    return next(product for product in answer.products if product.purpose == "wall")


def _no_picture() -> Invalid:
    return Invalid(
        "This is no picture that can be read: send a PNG, JPEG or WebP.",
        details={"picture": Sentence("Send a PNG, JPEG or WebP.")},
    )


def _size(path: Path) -> tuple[int, int]:
    from PIL import Image

    with Image.open(path) as picture:
        return picture.size


@transaction.atomic
def plan_delete(*, plan: FloorPlan, actor: Staff, now: datetime, address: str = "") -> None:
    """Forget a plan; its screens stay, and hang nowhere."""
    require(actor, Act.MANAGE_SCREENS, plan.department)
    record(actor=actor, action="plan.delete", subject=plan, now=now, address=address)
    plan.delete()


@transaction.atomic
def pin_set(
    *,
    screen: Screen,
    plan: FloorPlan,
    x: int,
    y: int,
    actor: Staff,
    now: datetime,
    address: str = "",
) -> Pin:
    """Say where a screen hangs, in thousandths; it leaves whatever plan it was on."""
    require(actor, Act.VIEW, plan.department)
    require(actor, Act.MANAGE_SCREENS, screen.department)
    if screen.site_id != plan.site_id:
        raise Invalid("%(screen)s is at another site than this plan.", values={"screen": screen})
    if not (0 <= x <= WHOLE and 0 <= y <= WHOLE):
        raise Invalid("A place on a plan is told by two numbers from 0 to 1000.")
    pin, _new = Pin.objects.update_or_create(screen=screen, defaults={"plan": plan, "x": x, "y": y})
    detail = {"plan": str(plan), "x": x, "y": y}
    record(
        actor=actor, action="screen.place", subject=screen, detail=detail, now=now, address=address
    )
    return pin


@transaction.atomic
def pin_remove(*, screen: Screen, actor: Staff, now: datetime, address: str = "") -> None:
    """Take a screen off its plan."""
    require(actor, Act.MANAGE_SCREENS, screen.department)
    if Pin.objects.filter(screen=screen).delete()[0]:
        record(actor=actor, action="screen.unplace", subject=screen, now=now, address=address)
