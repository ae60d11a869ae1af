"""Where blobs lie, behind Django's storage API: this machine's disk, or an S3 store by setting.

`blobs` alone uses these.  The disk's storage is durable: what `save` has returned outlives a power
cut.  Files are named by digests below a folder that nothing serves or runs.
"""

import contextlib
import os
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any
from uuid import uuid4

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, Storage

from content_cache.disk import RealDisk
from content_cache.durable import make_folders, sync_folder
from content_cache.errors import StorageError
from server.configuration import StorageSettings
from server.errors import Unavailable

__all__ = ["DurableFileSystemStorage", "storage_for"]

#: Files that are read by nginx as well, when it stands in front.
FILE_MODE = 0o644
_COPY_BYTES = 1 << 20


class DurableFileSystemStorage(FileSystemStorage):
    """Django's storage on a disk, whose files are complete and durable under their names.

    `save` takes over a file that lies on the same disk (`temporary_file_path`) by a hard link,
    without copying it; other content is copied to a temporary name first.  Saving a name again
    replaces the file, atomically.
    """

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """The name itself: whoever saves it again has the same bytes."""
        del max_length
        return name

    def _save(self, name: str, content: "File[Any]") -> str:
        target = Path(self.path(name))
        with _plain_errors():
            make_folders(RealDisk(), target.parent)
        temporary = target.with_name(f".{target.name}.{uuid4().hex}.new")
        try:
            self._bring(content, temporary)
            temporary.replace(target)
        except BaseException:
            with contextlib.suppress(OSError):
                temporary.unlink()
            raise
        with _plain_errors():
            sync_folder(RealDisk(), target.parent)
        return name

    @staticmethod
    def _bring(content: "File[Any]", temporary: Path) -> None:
        """The bytes of `content` under the temporary name, on the medium."""
        source: str | None = getattr(content, "temporary_file_path", lambda: None)()
        linked = False
        if source is not None:
            with contextlib.suppress(OSError):  # another disk, or one without links
                os.link(source, temporary)
                linked = True
        if not linked:
            with temporary.open("xb") as copy:
                shutil.copyfileobj(_stream(content), copy, _COPY_BYTES)
        with temporary.open("rb") as written:
            os.fsync(written.fileno())
        temporary.chmod(FILE_MODE)


@contextlib.contextmanager
def _plain_errors() -> Iterator[None]:
    """The errors of durable writes as what they were: storages raise `OSError`."""
    try:
        yield
    except StorageError as error:
        cause = error.__cause__
        raise (cause if isinstance(cause, OSError) else OSError(str(error))) from error


def storage_for(settings: StorageSettings, folder: Path) -> Storage:
    """The storage that the maintainer chose; `folder` is that of the disk's."""
    if settings.kind == "file":
        return DurableFileSystemStorage(location=folder)
    from storages.backends.s3 import S3Storage

    options: dict[str, Any] = {
        "bucket_name": settings.s3_bucket,
        "endpoint_url": settings.s3_endpoint,
        "region_name": settings.s3_region or None,
        "addressing_style": "path",  # the store has one host, whatever its buckets are called
        "signature_version": "s3v4",
        "file_overwrite": True,
        "default_acl": None,
        "location": "blobs",
        **_credentials(settings.s3_credentials_file),
    }
    storage: Storage = S3Storage(**options)
    return storage


def _credentials(path: Path | None) -> dict[str, str]:
    if path is None:
        return {}
    try:
        read = tomllib.loads(path.read_text("utf-8"))
        return {"access_key": str(read["access_key"]), "secret_key": str(read["secret_key"])}
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError) as error:
        raise Unavailable(
            "The credentials of the S3 store cannot be read from %(path)s: write the two lines"
            " access_key and secret_key into it.",
            values={"path": path},
        ) from error


def _stream(content: "File[Any]") -> IO[bytes]:
    content.seek(0)
    stream: IO[bytes] = content.file if content.file is not None else content
    return stream
