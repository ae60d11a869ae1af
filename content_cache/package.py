"""Offline packages: a folder, on a stick say, that brings a release to a screen without a network.

For `yingbi-cache import` and `export`.  The folder holds

    bundle.json              the signed list: for each screen of a site, its manifest
    manifests/SCREEN.json    the manifests' envelopes
    roots/VERSION.json       the roots that a screen may have missed
    blobs/SHA256             what the manifests name

Importing is a sync pass whose source is this folder: `manifest.trust` accepts or refuses, blobs are
hashed on the way in, and the switch is the same.  Nothing else in the folder is opened, no link is
followed.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from content_cache.blobs import BlobStore
from content_cache.disk import Disk
from content_cache.durable import patiently, read_whole, write_durably
from content_cache.errors import BundleError, IntegrityError, StorageError
from content_cache.eviction import Eviction
from content_cache.generations import Generation, Generations
from manifest.candidate import activated
from manifest.documents import Bundle, ManifestReference, decode_bundle, decode_root, encode_bundle
from manifest.envelope import DocumentType, open_envelope
from manifest.times import unix_ms
from manifest.trust import Trust
from manifest.trust_state import TrustState, decode_state, encode_state, fingerprint, pair, root_of

__all__ = ["Package", "Progress", "Store", "export_to", "import_from"]

#: How long a package that is exported now may be taken in.
LIFE = timedelta(days=90)

#: Told of every chunk that was copied, in bytes.
Progress = Callable[[int], object]


@dataclass(frozen=True)
class Store:
    """The cache that a package goes into or comes from."""

    root: Path
    blobs: BlobStore
    generations: Generations
    eviction: Eviction
    disk: Disk


class Package:
    """A package in `folder`; what is read is not trusted yet."""

    def __init__(self, folder: Path, disk: Disk) -> None:
        self._folder, self._disk = folder, disk
        self._blobs = BlobStore(folder, disk)

    def bundle(self) -> bytes:
        """The envelope of the signed list.  Raises `BundleError` if this is no package."""
        return self._document(Path("bundle.json"), DocumentType.BUNDLE)

    def manifest(self, screen: str) -> bytes:
        """The envelope of the manifest for one screen."""
        return self._document(Path("manifests", f"{screen}.json"), DocumentType.MANIFEST)

    def roots(self) -> list[bytes]:
        """The envelopes of the roots, the oldest first."""
        try:
            names = patiently(self._disk.list, self._folder / "roots")
        except OSError:
            return []
        numbers = sorted(int(name[:-5]) for name in names if _is_root(name))
        return [
            self._document(Path("roots", f"{number}.json"), DocumentType.ROOT) for number in numbers
        ]

    def copy(self, sha256: str, size: int, into: BlobStore, progress: Progress) -> None:
        """Bring one blob into a store.  Raises `BundleError` if it is not here as promised."""
        try:
            with into.part(sha256, size) as part:
                part.restart()
                for chunk in self._blobs.read(sha256):
                    part.append(chunk)
                    progress(len(chunk))
                part.commit()
        except (IntegrityError, StorageError) as error:
            if isinstance(error, StorageError) and self._blobs.path(sha256) is not None:
                raise
            wrong = f"the package has no sound copy of blob {sha256} ({error})"
            raise BundleError(f"{wrong}: make the package anew") from error

    def screens(self) -> tuple[str, list[str]]:
        """Site and screens that the list names; not verified yet (for a first pairing)."""
        bundle = decode_bundle(open_envelope(self.bundle(), DocumentType.BUNDLE).payload)
        return bundle.site, sorted(bundle.manifests)

    def paired(self, root_sha256: str, site: str, screen: str) -> TrustState:
        """The state of a screen that trusts the root in here with this fingerprint."""
        for root in self.roots():
            if fingerprint(root) == root_sha256:
                return pair(root, root_sha256, site, screen)
        raise BundleError(
            f"no root in {self._folder} has the fingerprint {root_sha256}: ask whoever made the "
            "package which organisation it is of"
        )

    def _document(self, name: Path, kind: DocumentType) -> bytes:
        path = self._folder / name
        try:
            return read_whole(self._disk, path, kind.max_envelope_bytes)
        except OSError as error:
            raise BundleError(
                f"{path} cannot be read ({error.strerror or error}): is this a package for this "
                "screen, made by yingbi?"
            ) from error


def import_from(
    package: Package, store: Store, state: TrustState, clock: datetime, progress: Progress
) -> Generation | None:
    """Take a package in; the new current generation, or None if it was current already.

    Only the holder of the lock may call this.  Raises `ManifestError` (refused), `BundleError` and
    `StorageError`; then what was current still is.
    """
    trust = Trust(state, clock)
    for root in package.roots():
        if _version_of(root) > trust.trusted_root.version:
            trust.root(root)
    trust.bundle(package.bundle())
    store.generations.remember_trust(encode_state(trust.state))
    is_new = trust.wanted() is not None
    envelope = package.manifest(state.screen)
    candidate = trust.manifest(envelope)
    files = candidate.manifest.files()
    missing = [file for file in files.values() if not store.blobs.verify(file.sha256)]
    if not (is_new or missing):
        return None
    store.eviction.make_room({file.sha256: file.bytes for file in files.values()})
    for file in missing:
        package.copy(file.sha256, file.bytes, store.blobs, progress)
    trusted = encode_state(activated(trust.state, candidate))
    return store.generations.activate(envelope, trusted)


def export_to(folder: Path, store: Store, clock: datetime, progress: Progress) -> Path:
    """Write the current generation into `folder` as a package; return what is still to be signed.

    A screen has no key of its own: the list is written unsigned (`bundle.unsigned.json`), for
    somebody with the bundle key to sign as `bundle.json`.  Raises `BundleError` if there is
    nothing to export or a blob is damaged, and `StorageError`.
    """
    view = store.generations.view()
    if view.current is None or not view.trust:
        raise BundleError("this screen has no generation that was accepted: nothing to export")
    state = decode_state(view.trust)
    manifest, into = view.current.manifest, BlobStore(folder, store.disk)
    source = Package(store.root, store.disk)
    for file in manifest.files().values():
        if not into.verify(file.sha256):
            source.copy(file.sha256, file.bytes, into, progress)
    root = root_of(state)
    write_durably(store.disk, folder / "roots" / f"{root.version}.json", state.root)
    path = folder / "manifests" / f"{manifest.screen}.json"
    write_durably(store.disk, path, view.current.envelope)
    unsigned = folder / "bundle.unsigned.json"
    write_durably(store.disk, unsigned, encode_bundle(_bundle(root.org, view.current, clock)))
    return unsigned


def _bundle(org: str, generation: Generation, clock: datetime) -> Bundle:
    now = clock.replace(microsecond=clock.microsecond // 1000 * 1000)
    manifest = generation.manifest
    return Bundle(
        org=org,
        site=manifest.site,
        version=unix_ms(now),
        issued_at=now,
        expires_at=now + LIFE,
        manifests={manifest.screen: _reference(generation)},
    )


def _reference(generation: Generation) -> ManifestReference:
    payload = open_envelope(generation.envelope, DocumentType.MANIFEST).payload
    digest = hashlib.sha256(payload).hexdigest()
    return ManifestReference(generation.manifest.version, digest, len(payload))


def _version_of(root: bytes) -> int:
    return decode_root(open_envelope(root, DocumentType.ROOT).payload).version


def _is_root(name: str) -> bool:
    return name.endswith(".json") and name[:-5].isdecimal() and name.isascii() and len(name) <= 20
