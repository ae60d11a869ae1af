"""Generations: a manifest together with every blob that it names; one is current, one is kept.

The sync pass (and `yingbi-cache import`) calls `activate`; the stage reads `current` and looks
with `changed_since` whether it must read again.  It never needs the writer's lock.

Complete, then live: `activate` reads every blob again, writes the envelope as it was received
under its digest, and only then, by the replacement of one small file, makes it current *and*
raises the trust state that goes with it (the remembered version floor among it).  Floor and
generation cannot part: a power cut leaves both as before, or both new.  The envelope of a kept
generation is never overwritten.

Two generations are kept: the current one, and the one before it that was confirmed (it stood on
the glass without a crash), or, if none was, simply the one before.  Where the current manifest is
damaged, the kept one takes its place; where the register is, the newest complete one found on the
disk does.
"""

import contextlib
import hashlib
from dataclasses import dataclass
from pathlib import Path

import msgspec
from msgspec import Struct

from content_cache.blobs import BlobStore, is_digest
from content_cache.disk import Disk
from content_cache.durable import patiently, read_whole, write_durably
from content_cache.errors import BlobsMissing, SizeMismatch, StorageError, storage_errors
from content_cache.faults import Fault
from content_cache.register import Mark, Register
from manifest.codec import decode
from manifest.envelope import DocumentType, open_envelope
from manifest.errors import ManifestError
from manifest.model import Manifest

__all__ = ["ENVELOPE_BYTES_LIMIT", "Generation", "Generations", "View"]

#: No manifest's envelope is larger.
ENVELOPE_BYTES_LIMIT = DocumentType.MANIFEST.max_envelope_bytes

#: Reading while the writer switches: so often we look again before we call it damage.
_LOOKS = 3


@dataclass(frozen=True, slots=True)
class Generation:
    """A manifest whose blobs were all here, and verified, when it was activated.

    `sha256` is the digest of `envelope`, the bytes as they were received.  `confirmed` says that
    it stood on the glass without a crash.
    """

    sha256: str
    manifest: Manifest
    envelope: bytes
    confirmed: bool


@dataclass(frozen=True, slots=True)
class View:
    """One consistent look at the generations, and what is wrong with them."""

    current: Generation | None
    previous: Generation | None
    trust: bytes
    faults: tuple[Fault, ...] = ()


class _State(Struct, frozen=True, forbid_unknown_fields=True):
    """What the register holds.  `trust` is the trust state's own encoding, unread here."""

    current: str | None = None
    previous: str | None = None
    trust: bytes = b""


def decode_verified(envelope: bytes) -> Manifest:
    """The manifest in an envelope whose signatures were verified before it was stored here."""
    return decode(open_envelope(envelope, DocumentType.MANIFEST).payload)


class Generations:
    """The generations of the cache at `root`, which need not exist yet.

    What it returns was verified when it was activated, and is byte for byte the same; whoever
    wants the trust state's word for it too passes the envelope to `manifest.trust.Trust.recall`.
    """

    def __init__(self, root: Path, disk: Disk, blobs: BlobStore | None = None) -> None:
        self._disk = disk
        self._blobs = blobs or BlobStore(root, disk)
        self._manifests = root / "manifests"
        self._confirmed = root / "state" / "confirmed"
        self._register = Register(root / "state", "generations", disk)

    def current(self) -> Generation | None:
        """What may be shown now: sound, complete when it came; None means the slate.

        Never raises for what is on the disk: the next best is taken, see `view`.
        """
        return self.view().current

    def previous(self) -> Generation | None:
        """The generation that is kept beside the current one, for when that does not do."""
        return self.view().previous

    def trust(self) -> bytes:
        """The trust state that was last remembered; b"" if none was (begin with the pinned root).

        If it was lost with a damaged disk, do not accept less than `current().manifest.version`.
        Raises `StorageError` while the disk does not hand it over: an older floor is no answer.
        """
        return self._state(all_copies=True)[0].trust

    def view(self) -> View:
        """Everything at one moment: the generations, the trust state, and what is damaged."""
        for _look in range(_LOOKS):
            mark = self.mark()
            view = self._look()
            if not view.faults or not self.changed_since(mark):
                break
        return view

    def mark(self) -> Mark:
        """Remember this, and ask `changed_since` later whether `current` may be another."""
        return self._register.mark()

    def changed_since(self, mark: Mark) -> bool:
        """Was anything activated or remembered since?  Two `stat` calls; no file is opened."""
        return self.mark() != mark

    def activate(self, envelope: bytes, trust: bytes | None = None) -> Generation:
        """Make the manifest in `envelope` current, together with the trust state it belongs to.

        `envelope` was verified by `manifest.trust`; it is stored as received.  `trust` None leaves
        the trust state alone.  Raises `BlobsMissing` unless every file that the manifest names is
        here and hashes right (one that does not is set aside), `SizeMismatch` where the manifest
        contradicts itself, and `StorageError`; then nothing has changed.  When it returns, the
        switch outlives a power cut.  Activating what is current changes nothing but the trust.
        """
        manifest = decode_verified(envelope)
        self._require(manifest)
        sha256 = hashlib.sha256(envelope).hexdigest()
        state, _damaged = self._state(all_copies=True)
        write_durably(self._disk, self._manifests / sha256, envelope)
        trusted = state.trust if trust is None else trust
        self._write(_State(sha256, self._keep(sha256, state), trusted))
        with contextlib.suppress(StorageError):  # what is left over goes with the next activation
            self.collect()
        return Generation(sha256, manifest, envelope, self._is_confirmed(sha256))

    def remember_trust(self, trust: bytes) -> None:
        """Remember a trust state without a new generation (a root, a time floor), durably.

        It must not carry a higher floor for manifests than the current generation earned.
        """
        state, _damaged = self._state(all_copies=True)
        if state.trust != trust:
            self._write(_State(state.current, state.previous, trust))

    def confirm(self, sha256: str) -> None:
        """Say that this generation stood on the glass without a crash for its trial.

        The stage may call this without the lock: it writes a file of its own.
        """
        if self._is_confirmed(sha256):
            return
        lines = [sha256, *self._confirmed_digests()][:2]
        write_durably(self._disk, self._confirmed, "".join(f"{line}\n" for line in lines).encode())

    def kept_blobs(self) -> frozenset[str]:
        """The digests that a kept generation names: never to be evicted.

        Every sound manifest in the folder counts, whatever the register says.  Raises
        `StorageError` while the disk does not hand one over: then nothing may be evicted.
        """
        kept: set[str] = set()
        for sha256 in self._stored():
            with storage_errors(self._disk, self._manifests / sha256):
                generation = self._open(sha256)
            if generation is not None:
                kept.update(generation.manifest.files())
        return frozenset(kept)

    def _state(self, *, all_copies: bool = False) -> tuple[_State, list[Fault]]:
        value = self._register.read(all_copies=all_copies)
        faults = [
            Fault("SLOT_BAD", "W", f"{path} is damaged: its twin counts, the next change heals it")
            for path in value.damaged
        ]
        if not value.content:
            return _State(), faults
        try:
            return msgspec.json.decode(value.content, type=_State), faults
        except msgspec.DecodeError as error:
            wrong = f"the register of generations holds what this version cannot read ({error})"
            return _State(), [*faults, Fault("SLOT_BAD", "W", wrong)]

    def _write(self, state: _State) -> None:
        self._register.write(msgspec.json.encode(state))

    def _look(self) -> View:
        state, faults = self._state()
        current, previous = (self._load(each, faults) for each in (state.current, state.previous))
        if current is None:
            current, previous = previous or self._newest_complete(), None
        if current is None and faults:
            faults.append(Fault("NO_MANIFEST", "C", "no manifest here is sound: fetch one"))
        return View(current, previous, state.trust, tuple(faults))

    def _load(self, sha256: str | None, faults: list[Fault]) -> Generation | None:
        if sha256 is None:
            return None
        found = self._read(sha256)
        if found is None:
            wrong = f"{self._manifests / sha256} is missing or damaged: the kept generation counts"
            faults.append(Fault("SLOT_BAD", "W", wrong))
        return found

    def _read(self, sha256: str) -> Generation | None:
        """As `_open`, but None too where the disk does not hand it over."""
        try:
            return self._open(sha256)
        except OSError:
            return None

    def _open(self, sha256: str) -> Generation | None:
        """The generation under this digest, if its bytes still are those and still decode."""
        envelope = read_whole(self._disk, self._manifests / sha256, ENVELOPE_BYTES_LIMIT)
        if hashlib.sha256(envelope).hexdigest() != sha256:
            return None
        try:
            manifest = decode_verified(envelope)
        except ManifestError:  # of a version that this program no longer reads
            return None
        return Generation(sha256, manifest, envelope, self._is_confirmed(sha256))

    def _newest_complete(self) -> Generation | None:
        """What a lost register leaves to find: only `activate` puts manifests into the folder."""
        try:
            found = [one for one in map(self._read, self._stored()) if one]
        except StorageError:  # the folder cannot be listed: nothing is found
            return None
        complete = [one for one in found if all(map(self._blobs.path, one.manifest.files()))]
        return max(complete, key=lambda one: one.manifest.version, default=None)

    def _stored(self) -> list[str]:
        with storage_errors(self._disk, self._manifests):
            try:
                return list(filter(is_digest, patiently(self._disk.list, self._manifests)))
            except FileNotFoundError:
                return []

    def _require(self, manifest: Manifest) -> None:
        """Every blob is read again; one that is wrong is set aside, so that it is fetched again."""
        missing = []
        for file in manifest.files().values():
            condition = "good"
            if not self._blobs.is_verified(file.sha256):
                condition = self._blobs.check(file.sha256)
            if condition == "wrong":
                self._blobs.quarantine(file.sha256, condition)
            if condition != "good":
                missing.append(file.sha256)
            elif self._blobs.size(file.sha256) != file.bytes:
                raise SizeMismatch(file.sha256, file.bytes, self._blobs.size(file.sha256))
        if missing:
            raise BlobsMissing(tuple(missing))

    def _keep(self, sha256: str, state: _State) -> str | None:
        """Which generation stays beside a new current one: the last that was confirmed."""
        if sha256 == state.current:
            return state.previous
        confirmed = self._confirmed_digests()
        for candidate in (state.current, state.previous):
            if candidate in confirmed and candidate != sha256:
                return candidate
        return state.current

    def _is_confirmed(self, sha256: str) -> bool:
        return sha256 in self._confirmed_digests()

    def _confirmed_digests(self) -> list[str]:
        try:
            lines = read_whole(self._disk, self._confirmed, 1 << 10).decode("ascii", "replace")
        except OSError:
            return []
        return [line for line in lines.splitlines() if is_digest(line)]

    def collect(self) -> None:
        """Delete the manifests that no kept generation needs.  Raises `StorageError`."""
        state, faults = self._state(all_copies=True)
        if faults or state.current is None:
            return  # in doubt nothing is deleted
        for sha256 in self._stored():
            if sha256 not in (state.current, state.previous):
                path = self._manifests / sha256
                with storage_errors(self._disk, path):
                    patiently(self._disk.unlink, path)
