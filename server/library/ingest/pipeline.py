"""The way of one asset: scan, inspect, convert, store.  Called by the task, in the worker.

Every look into the file happens in a child (`child`).  Nothing of an asset changes but its
progress until all its files are in the store; then renditions and state change in one transaction.
"""

import contextlib
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings
from msgspec import Struct

from server.clock import Clock
from server.library.authored import music
from server.library.blobs import digest_of, store
from server.library.ingest import child
from server.library.ingest.child import ChildCrashed, DiskFull, Watch
from server.library.ingest.protocol import STEPS, Inspected, Job, Made, Product, Wall
from server.library.ingest.scanning import scan
from server.library.ingest.sounds import SOUND_MIME
from server.library.keeping import Stored, keep_blobs
from server.library.models import Asset, AssetKind, AssetState, Blob, Purpose, Rendition
from server.library.quotas import free_bytes, megabytes
from server.screens.models import Screen, ScreenGroup

__all__ = [
    "Lost",
    "Reporter",
    "made_file",
    "make_ready",
    "prepare",
    "refuse_full_disk",
    "rendition_of",
]

_WALL, _WALL_4K = Wall(1920, 1080), Wall(3840, 2160)

#: Percent of the whole at which each step begins, and how much of it the step is.
_SPANS = {
    "scan": (0, 2),
    "inspect": (2, 2),
    "office": (4, 26),
    "convert": (4, 92),
    "pages": (30, 66),
    "store": (96, 4),
}

#: The media types that ever go to a wall or a page.
_MIMES = frozenset({"image/jpeg", "image/png", "image/webp", "video/mp4", SOUND_MIME})


class Lost(Exception):  # noqa: N818
    """The asset is not ours to prepare any more: deleted, withdrawn, or taken up by another."""


class Reporter(Struct, frozen=True):
    """How the task follows: `at` takes percent and step; `go_on` says whether to."""

    at: Callable[[int, str], None]
    go_on: Callable[[], bool]

    def watch(self, step: str, span_of: str | None = None) -> Watch:
        """A child's view of it: its 0..100 become the part of the whole that the step has."""
        begin, span = _SPANS[span_of or step]
        self.at(begin, step)
        return Watch(
            lambda percent: self.at(begin + span * percent // 100, step), self._go_on_with_room
        )

    def _go_on_with_room(self) -> bool:
        """Whether to go on; raises `DiskFull` before a conversion fills the disk for all others."""
        refuse_full_disk()
        return self.go_on()


def prepare(asset: Asset, reporter: Reporter, clock: Clock) -> None:
    """Make all renditions of `asset` and say that it is ready.

    Raises `Refused`, `child.StepFailed` (`DiskFull` among them), `child.Stopped`, `Lost`,
    `OSError`, and what the database or an S3 client raises.
    """
    refuse_full_disk()
    with _job_folder(asset) as folder:
        source = _source(asset, folder)
        reporter.at(0, "scan")
        scan(source)
        look = Job("inspect", str(source), str(_new(folder, "inspect")))
        found = child.run(look, reporter.watch("inspect"))
        assert isinstance(found, Inspected)
        made, where = _converted(asset, found, source, folder, reporter)
        reporter.at(_SPANS["store"][0], "store")
        made = Made(made.products, (*found.remarks, *made.remarks), made.source_ms)
        _store(asset, made, where, reporter, clock.now())


def _converted(
    asset: Asset, found: Inspected, source: Path, folder: Path, reporter: Reporter
) -> tuple[Made, Path]:
    """The files for the wall, and the folder that they are in."""
    kind, reader = found.name, found.reader
    if found.family == "office":
        where = _new(folder, "office")
        child.run(Job("office", str(source), str(where), kind), reporter.watch("office"))
        source, kind, reader = _regular(where / "document.pdf"), "pdf", "pdf"
    where = _new(folder, "made")
    wall_4k = _WALL_4K if _wants_4k(found.family) else None
    step = STEPS[found.family]
    job = Job(step, str(source), str(where), kind, reader, _WALL, wall_4k,
              start_ms=asset.trim_from_ms or 0, end_ms=asset.trim_until_ms,
              poster_ms=asset.poster_ms)  # fmt: skip
    made = child.run(job, reporter.watch("convert", "pages" if kind == "pdf" else "convert"))
    assert isinstance(made, Made)
    return made, where


def _regular(path: Path) -> Path:
    """The path, if a file lies there: a child taken over could leave a link to our keys."""
    try:
        is_file = stat.S_ISREG(path.lstat().st_mode)
    except FileNotFoundError:
        is_file = False
    if not is_file:
        raise ChildCrashed(f"its answer names {path.name!r}, which is no file")
    return path


def made_file(product: Product, where: Path) -> Stored:
    """What a child made, as a file to be stored; its word is not taken for more than it may be."""
    if product.mime not in _MIMES:
        raise ChildCrashed(f"its answer has the media type {product.mime!r}")
    path = _regular(where / Path(product.file).name)
    return Stored(path, digest_of(path), product.mime)


def _wants_4k(family: str) -> bool:
    """Is there a wall for it?  Pictures always have a large rendition: it costs little."""
    if family == "image":
        return True
    if ScreenGroup.objects.filter(allow_4k=True).exists():
        return True
    return (
        family in {"pdf", "office"} and Screen.objects.filter(canvas_width__gt=_WALL.width).exists()
    )


def _store(asset: Asset, made: Made, where: Path, reporter: Reporter, now: datetime) -> None:
    """Put all files into the store, and change the asset in one transaction."""
    stored = [made_file(product, where) for product in made.products]
    if not reporter.go_on():
        raise Lost

    def change(blobs: list[Blob]) -> None:
        kept = Asset.objects.select_for_update().filter(pk=asset.pk, leased_by=asset.leased_by)
        held = kept.exclude(state=AssetState.WITHDRAWN).first()
        if held is None:
            raise Lost
        Rendition.objects.filter(asset=held).delete()
        pairs = zip(made.products, blobs, strict=True)
        files = [rendition_of(held, *pair) for pair in pairs]
        Rendition.objects.bulk_create(files)
        make_ready(held, made, files)

    keep_blobs(stored, now, change)


def make_ready(asset: Asset, made: Made, files: list[Rendition]) -> None:
    """Say of a locked asset that it can be shown, with what was made of it."""
    asset.state, asset.kind = AssetState.READY, _kind(made)
    tracks = [each.blob for each in files if each.blob.mime == SOUND_MIME]
    if tracks:
        asset.content = music(tracks[0], asset.content)
    asset.remarks, asset.source_ms = list(made.remarks), made.source_ms
    asset.progress_percent, asset.progress_step = 100, ""
    asset.failure_code, asset.failure_detail = "", {}
    asset.leased_by, asset.leased_until = "", None
    asset.version += 1
    asset.save()


def rendition_of(asset: Asset, product: Product, blob: Blob) -> Rendition:
    """The row of a file that was made; not saved."""
    return Rendition(
        asset=asset,
        purpose=Purpose(product.purpose),
        page=product.page,
        blob=blob,
        width=product.width,
        height=product.height,
        duration_ms=product.duration_ms,
        audio=product.audio,
        text_percent=product.text_percent,
    )


def _kind(made: Made) -> AssetKind:
    """What it is on the wall: an animation may be a video by now; music is a card that is heard."""
    if any(product.page for product in made.products):
        return AssetKind.DOCUMENT
    if any(product.mime == SOUND_MIME for product in made.products):
        return AssetKind.CARD
    moving = any(product.mime.startswith("video/") for product in made.products)
    return AssetKind.VIDEO if moving else AssetKind.IMAGE


def refuse_full_disk() -> None:
    """Conversions may use half of what uploads leave free: rows and reports need the rest."""
    free, reserve = free_bytes(settings.DATA), settings.MIN_FREE_BYTES // 2
    if free < reserve:
        raise DiskFull(f"{megabytes(free)} are free, and {megabytes(reserve)} of them are kept")


@contextlib.contextmanager
def _job_folder(asset: Asset) -> Iterator[Path]:
    above: Path = settings.DATA / "ingest"
    above.mkdir(parents=True, exist_ok=True, mode=0o700)
    for left in above.glob(f"{asset.pk}-*"):  # of a worker that was killed: we hold the lease
        shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{asset.pk}-", dir=above))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _source(asset: Asset, folder: Path) -> Path:
    """The original on this machine's disk; fetched when the store is elsewhere."""
    assert asset.original_id is not None
    path = store().local_path(asset.original_id)
    if path is not None and path.exists():
        return path
    copy = folder / "original"
    store().copy_to(asset.original_id, copy)
    return copy


def _new(folder: Path, name: str) -> Path:
    path = folder / name
    path.mkdir(mode=0o700)
    return path
