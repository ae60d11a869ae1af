"""The library as its users have it: upload a file, let a worker prepare it, look at it."""

from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

from django_tasks_db.models import DBTaskResult

from server.accounts.models import Staff
from server.library import services
from server.library.assets import BIN_KEEPS, bin_empty
from server.library.blobs import store
from server.library.ingest.tasks import ingest_asset
from server.library.models import Asset, Rendition, Upload
from tests.simulators import server_objects

#: How much a test sends at a time.
PIECE_BYTES = 64 * 1024


class MovedClock:
    """A clock that stands until it is moved."""

    def __init__(self, at: datetime) -> None:
        self._at, self._seconds = at, count(1000.0)

    def now(self) -> datetime:
        return self._at

    def monotonic(self) -> float:
        """Each look is a second later, so that progress is written every time."""
        return next(self._seconds)

    def move(self, **span: float) -> None:
        self._at += timedelta(**span)


class Library:
    """An editor with a department, and what they do."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.department = server_objects.department()
        self.editor: Staff = server_objects.editor(self.department)
        self.clock = MovedClock(server_objects.NOW)

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def begin(self, content: bytes, name: str = "a.png", size: int | None = None) -> Upload:
        return services.upload_begin(
            actor=self.editor,
            department=self.department,
            name=name,
            size=len(content) if size is None else size,
            now=self.now,
        )

    def append(self, upload: Upload, offset: int, content: bytes) -> int:
        pieces = [content[at : at + PIECE_BYTES] for at in range(0, len(content), PIECE_BYTES)]
        return services.upload_append(
            actor=self.editor, upload_id=upload.pk, offset=offset, chunks=pieces, now=self.now
        )

    def finish(self, upload: Upload, **fields: str) -> Asset:
        return services.upload_finish(
            actor=self.editor, upload_id=upload.pk, now=self.now, **fields
        )

    def upload(self, content: bytes, name: str = "a.png") -> Asset:
        upload = self.begin(content, name)
        self.append(upload, 0, content)
        return self.finish(upload)

    def upload_file(self, path: Path) -> Asset:
        return self.upload(path.read_bytes(), path.name)

    def prepare(self, asset: Asset) -> Asset:
        """Let a worker do its task; the asset as it is then."""
        ingest_asset(asset.pk, self.clock)
        asset.refresh_from_db()
        return asset

    def delete_for_good(self, asset: Asset) -> None:
        """Put it into the bin, as if that had been long ago, and empty the bin."""
        long_ago = self.now - BIN_KEEPS - timedelta(days=1)
        services.asset_delete(asset=asset, actor=self.editor, now=long_ago)
        assert bin_empty(now=self.now) == 1

    def tasks(self, asset: Asset) -> int:
        """How many tasks wait for a worker."""
        words = {"args": [asset.pk], "kwargs": {}}
        return DBTaskResult.objects.filter(status="READY", args_kwargs=words).count()


def content_of(rendition: Rendition) -> bytes:
    """The stored bytes, which must be those of their name."""
    assert store().verify(rendition.blob_id) == "good"
    return b"".join(store().chunks(rendition.blob_id))
