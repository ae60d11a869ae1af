"""Which documents a screen acts upon: a state machine that takes bytes and opens nothing.

One `Trust` is one pass.  It fixes the time once and takes documents in this order only:

1. `root`, any number of times up to 32: each next root, until there is none;
2. `freshness` (from the server) or `bundle` (from an offline package), once;
3. `wanted` says which manifest is new, and `manifest` takes its bytes.

A step out of order is a `RuntimeError`: our bug.  A document that is refused raises a `TrustError`
or a `ManifestFormatError`, and changes nothing: the pass may try other bytes or go on without.
After each step `state` is to be persisted before the next.  `manifest` gives a `Candidate`; only
`manifest.candidate.activated`, called when every file that it names is on the disk, raises the
floor, so that a power cut never leaves a screen knowing of a manifest that it cannot show.

Three things are deliberately not checked.  An expired root still rules: replacing it takes a visit,
and a dark wall helps nobody.  An expired manifest that was activated still plays (`recall`).  And a
freshness from the future is not refused, for a box whose clock battery is dead has no other
way to learn the time; its version is undone by a root of the next epoch.
"""

import hashlib
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec.structs import replace

from manifest import times
from manifest.candidate import Candidate, Recalled
from manifest.codec import decode
from manifest.documents import (
    Bundle,
    Freshness,
    ManifestReference,
    Root,
    decode_bundle,
    decode_freshness,
    decode_root,
)
from manifest.envelope import DocumentType, open_envelope
from manifest.errors import (
    DigestMismatch,
    Expired,
    RolledBack,
    RootChainBroken,
    StaleFreshness,
    WrongAudience,
)
from manifest.floors import (
    check_announced,
    check_floor,
    check_not_ahead,
    raised_time_floor,
)
from manifest.roles import require_approval, require_role
from manifest.trust_state import FreshnessMark, Mark, TrustState, root_of
from manifest.trusted_time import BUILT_AT, TrustedTime

__all__ = ["MAX_ROOTS_PER_PASS", "Flag", "Trust"]

#: New roots that one pass follows; the next pass goes on where it stopped.
MAX_ROOTS_PER_PASS = 32


class Flag(StrEnum):
    """What a screen goes on in spite of, and reports."""

    CLOCK_SUSPECT = "clock_suspect"
    ROOT_EXPIRED = "root_expired"
    FRESHNESS_EXPIRED = "freshness_expired"


class Trust:
    """One pass over documents from outside; see the module for the order."""

    def __init__(
        self,
        state: TrustState,
        clock: datetime,
        *,
        uptime: timedelta = timedelta(0),
        built_at: datetime = BUILT_AT,
    ) -> None:
        """Begin a pass at the system's `clock` (aware).

        `uptime` is how long the machine has been up, or the time since an earlier pass of this
        boot: what has passed at the least since the time floor was raised, if the clock is wrong.
        Raises as `open_envelope` does if the root in `state` is damaged.
        """
        self._state = state
        self._root = root_of(state)
        self._time = TrustedTime(clock, uptime, built_at, state.time_floor)
        self._rotations = 0
        self._newest: ManifestReference | None = None
        self._stale = False
        self._bundle: Mark | None = None

    @property
    def state(self) -> TrustState:
        """What to persist; it changes with each document that is accepted."""
        return self._state

    @property
    def trusted_root(self) -> Root:
        """The newest root that is trusted; what to ask for next is its version + 1."""
        return self._root

    @property
    def now(self) -> datetime:
        """What time it is in this pass, as far as it can be known (rule 1)."""
        return self._time.now

    @property
    def flags(self) -> frozenset[Flag]:
        """What is to be reported: none of it takes anything off the screen."""
        heard = self._state.freshness
        raised = {
            Flag.CLOCK_SUSPECT: self._time.is_suspect,
            Flag.ROOT_EXPIRED: self._root.expires_at <= self.now,
            Flag.FRESHNESS_EXPIRED: heard is not None and heard.expires_at <= self.now,
        }
        return frozenset(flag for flag, is_up in raised.items() if is_up)

    # --- 1: roots ------------------------------------------------------------------------------

    def root(self, data: bytes) -> Root:
        """Accept the next root: signed by the threshold of the one before it and by its own.

        A new epoch forgets all floors, the floor of time with them (rule 11).
        """
        self._require_roots("root")
        if self._rotations >= MAX_ROOTS_PER_PASS:
            raise RootChainBroken(
                f"more than {MAX_ROOTS_PER_PASS} new roots in one pass: "
                f"root {self._root.version} stands, and the next pass goes on"
            )
        envelope = open_envelope(data, DocumentType.ROOT)
        require_role(envelope, self._root, "root")
        new = decode_root(envelope.payload)
        self._check_succession(new)
        require_role(envelope, new, "root")
        if new.epoch > self._root.epoch:
            self._time.forget_the_floor()
            self._remember(freshness=None, manifest=None, bundle=None)
        self._remember(root=data)
        self._root = new
        self._rotations += 1
        return new

    def _check_succession(self, new: Root) -> None:
        old = self._root
        if new.org != old.org:
            raise WrongAudience(f"the root is of {new.org}, and this screen is of {old.org}")
        if new.version <= old.version or new.epoch < old.epoch:
            raise RolledBack(
                f"the root is version {new.version} of epoch {new.epoch}, "
                f"and version {old.version} of epoch {old.epoch} is trusted"
            )
        if new.version != old.version + 1 or new.epoch > old.epoch + 1:
            raise RootChainBroken(
                f"root {new.version} of epoch {new.epoch} cannot follow "
                f"root {old.version} of epoch {old.epoch}: every root between them is needed"
            )

    # --- 2: what is newest ---------------------------------------------------------------------

    def freshness(self, data: bytes, challenge: str | None = None) -> Freshness:
        """Accept the server's word on which manifest is newest, and what time it is.

        `challenge` is the random text that was sent with the question, if one was.  An expired
        freshness is accepted: it still guards against older ones, but `wanted` will refuse
        to take a new manifest on its word.
        """
        self._require_roots("freshness")
        envelope = open_envelope(data, DocumentType.FRESHNESS)
        require_role(envelope, self._root, "freshness")
        freshness = decode_freshness(envelope.payload)
        self._check_audience(freshness.org, freshness.site, freshness.screen)
        sha256 = hashlib.sha256(envelope.payload).hexdigest()
        known = self._state.freshness
        check_floor("freshness", freshness.version, sha256, known)
        self._time.is_past(raised_time_floor(self._time.known, freshness.server_time))
        mark = FreshnessMark(freshness.version, sha256, freshness.server_time, freshness.expires_at)
        self._remember(freshness=mark)
        if challenge is not None and freshness.challenge == challenge:
            self._time.was_answered_at(freshness.server_time)
        self._newest = freshness.manifest
        self._stale = freshness.expires_at <= self.now
        return freshness

    def bundle(self, data: bytes) -> Bundle:
        """Accept an offline package in the place of a freshness; it has a floor of its own."""
        self._require_roots("bundle")
        envelope = open_envelope(data, DocumentType.BUNDLE)
        require_role(envelope, self._root, "bundle")
        bundle = decode_bundle(envelope.payload)
        screen = self._state.screen
        named = screen if screen in bundle.manifests else "|".join(sorted(bundle.manifests))
        self._check_audience(bundle.org, bundle.site, named)
        mark = Mark(bundle.version, hashlib.sha256(envelope.payload).hexdigest())
        check_floor("package", mark.version, mark.sha256, self._state.bundle)
        # Made by an offline key, and rarely: its time is believed in full.
        now = max(self.now, bundle.issued_at)
        if bundle.expires_at <= now:
            raise Expired(
                f"the package expired at {times.write(bundle.expires_at)}: make a new one"
            )
        check_not_ahead("package", bundle.version, now)
        self._time.is_past(bundle.issued_at)
        self._remember()
        self._newest = bundle.manifests[screen]
        self._bundle = mark
        return bundle

    # --- 3: the manifest -----------------------------------------------------------------------

    def wanted(self) -> ManifestReference | None:
        """The manifest to fetch, or None: the newest is the one that was activated last.

        Raises what tells that the newest must not be taken, before a byte of it is fetched.
        """
        newest = self._require_newest("wanted")
        check_floor("manifest", newest.version, newest.sha256, self._state.manifest)
        if self._state.manifest == Mark(newest.version, newest.sha256):
            return None
        check_not_ahead("manifest", newest.version, self.now)
        if self._stale:
            raise StaleFreshness(
                f"the freshness that names manifest {newest.version} has expired: "
                "it may be a recording, or the clock of this screen is ahead"
            )
        return newest

    def manifest(self, data: bytes) -> Candidate:
        """Verify the manifest that the freshness or the bundle names (rules 4 to 6)."""
        known = self.wanted() is None
        newest = self._require_newest("manifest")
        envelope = open_envelope(data, DocumentType.MANIFEST)
        sha256 = hashlib.sha256(envelope.payload).hexdigest()
        check_announced(newest, sha256, len(envelope.payload))
        require_role(envelope, self._root, "publisher")
        require_approval(envelope, self._root)
        manifest = decode(envelope.payload)
        self._check_audience(self._root.org, manifest.site, manifest.screen)
        if manifest.version != newest.version:
            raise DigestMismatch(
                f"the manifest is version {manifest.version}, and {newest.version} was announced"
            )
        expired = manifest.expires_at <= self.now
        if expired and not known:
            raise Expired(
                f"manifest {manifest.version} expired at {times.write(manifest.expires_at)}, "
                "before it came"
            )
        return Candidate(manifest, sha256, self._root.epoch, expired, self._bundle)

    def recall(self, data: bytes) -> Recalled:
        """A manifest from the disk, if it is one that was activated; at any point of a pass.

        Its signatures counted when it came; keys that have been revoked since take nothing off the
        screen.  So it is the digest in the state that says that not one bit is another.
        """
        payload = open_envelope(data, DocumentType.MANIFEST).payload
        sha256 = hashlib.sha256(payload).hexdigest()
        if sha256 not in self._state.activated:
            raise DigestMismatch(f"the manifest on the disk, SHA-256 {sha256}, was never activated")
        manifest = decode(payload)
        return Recalled(manifest, sha256, manifest.expires_at <= self.now)

    def _check_audience(self, org: str, site: str, screen: str) -> None:
        ours = (self._root.org, self._state.site, self._state.screen)
        if (org, site, screen) != ours:
            raise WrongAudience(
                f"the document is for {org}/{site}/{screen}, and this is {'/'.join(ours)}"
            )

    def _remember(self, **changes: object) -> None:
        self._state = replace(self._state, time_floor=self._time.known, **changes)

    def _require_roots(self, what: str) -> None:
        if self._newest is not None:
            raise RuntimeError(f"{what} out of order: this pass has its freshness or bundle")

    def _require_newest(self, what: str) -> ManifestReference:
        if self._newest is None:
            raise RuntimeError(f"{what} out of order: its turn is after freshness or bundle")
        return self._newest
