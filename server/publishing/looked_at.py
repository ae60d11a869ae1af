"""Manifests that somebody is looking at: kept a while, so that every picture is of the same one.

A page is given a reel and asks for its pictures one by one; by then the programme may be another,
or the manifest was made of edits that were never saved.  Kept by digest, those used last.
"""

import contextlib
import hashlib
import os
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core import signing
from django.utils.translation import gettext_noop as _

from content_cache.disk import RealDisk
from content_cache.durable import read_whole
from manifest.codec import MAX_MANIFEST_BYTES, decode, encode
from manifest.errors import ManifestFormatError
from manifest.model import Manifest
from server.accounts.models import Staff
from server.library.fetched import trim
from server.publishing.errors import NothingToShow

__all__ = ["KEPT_BYTES", "keep", "kept"]

#: What all of them may take together.
KEPT_BYTES = 64 * 2**20

#: So many are kept decoded, for the pictures that follow one another.
DECODED = 4

_SALT = "yingbi.preview"


def keep(manifest: Manifest, reader: Staff) -> str:
    """Keep a manifest; returns the token with which this member of staff finds it again."""
    content = encode(manifest)
    digest = hashlib.sha256(content).hexdigest()
    path = _folder() / digest
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        temporary = path.with_suffix(f".{os.getpid()}.part")
        temporary.write_bytes(content)
        temporary.replace(path)
        trim(path.parent, KEPT_BYTES)
    return signing.dumps([digest, reader.pk], salt=_SALT)


def kept(token: str, reader: Staff) -> Manifest:
    """What was kept.  Raises `NothingToShow` for a token of somebody else, or too old."""
    with contextlib.suppress(signing.BadSignature, OSError, ManifestFormatError, ValueError):
        digest, owner = signing.loads(token, salt=_SALT)
        if owner == reader.pk:
            path = _folder() / str(digest)
            os.utime(path)  # used now
            return _decoded(path)
    raise NothingToShow(_("This preview is too old: load the page again."))


@lru_cache(maxsize=DECODED)
def _decoded(path: Path) -> Manifest:
    return decode(read_whole(RealDisk(), path, MAX_MANIFEST_BYTES))


def _folder() -> Path:
    return Path(settings.DATA) / "previews" / "manifests"
