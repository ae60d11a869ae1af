"""Copies of blobs from a distant store (S3) on this machine's disk, for serving them.

`blobs` alone fetches here.  A copy is checked against its digest before it has its name; the copies
used longest ago go when there are more than `FETCHED_BYTES` of them.  Losing all of it costs time.
"""

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

__all__ = ["FETCHED_BYTES", "open_fetched", "trim"]

#: What all copies together may take.
FETCHED_BYTES = 20 * 10**9


def open_fetched(folder: Path, sha256: str, chunks: Callable[[str], Iterator[bytes]]) -> int:
    """A descriptor of the copy in `folder`, fetched by `chunks` if it is not there.

    Raises `OSError`; a blob whose bytes are not those of its name is an `OSError` too.
    """
    path = folder / sha256
    with contextlib.suppress(FileNotFoundError):
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        os.utime(descriptor)  # used now
        return descriptor
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _fetch(path, sha256, chunks)
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    trim(folder, FETCHED_BYTES)
    return descriptor


def _fetch(path: Path, sha256: str, chunks: Callable[[str], Iterator[bytes]]) -> None:
    digest = hashlib.sha256()
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            for chunk in chunks(sha256):
                digest.update(chunk)
                file.write(chunk)
        if digest.hexdigest() == sha256:
            temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    if digest.hexdigest() != sha256:
        raise OSError(f"the store holds other bytes under {sha256}: upload the file again")


def trim(folder: Path, limit_bytes: int) -> None:
    """Remove files of a cache that were used longest ago, by their times, until it fits.

    Whoever reads one now reads on.
    """
    copies = []
    for path in folder.iterdir():
        with contextlib.suppress(FileNotFoundError):
            found = path.stat()
            copies.append((found.st_mtime, found.st_size, path))
    total = sum(size for _when, size, _path in copies)
    for _when, size, path in sorted(copies)[:-1]:
        if total <= limit_bytes:
            return
        path.unlink(missing_ok=True)
        total -= size
