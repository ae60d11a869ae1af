"""A content server in memory: publishes, signs on demand, rotates keys, and lies on request.

Honest by default: `publisher.manifest_bytes()` is the envelope of the newest manifest,
`publisher.freshness_bytes()` the word on it at `publisher.now`, `publisher.roots` every root's
envelope from version 1 on.  To lie, change what it holds (`publisher.now`, `.signers`,
`.thresholds`), pass `changes` to a document, or `signers` to sign with other keys.  Keys come from
their names, so a run is the same every time.
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from manifest.codec import MAX_VERSION, decode
from manifest.documents import (
    Bundle,
    Freshness,
    Key,
    ManifestReference,
    Role,
    Roles,
    Root,
    encode_bundle,
    encode_freshness,
    encode_root,
)
from manifest.envelope import DocumentType, seal
from manifest.keys import LocalSigner, key_id
from manifest.model import Manifest
from manifest.times import unix_ms, write
from manifest.trust_state import TrustState, fingerprint, pair
from tests.simulators.manifests import a_document

__all__ = ["NOW", "Publisher", "a_signer"]

#: When the tests take place: a month after the release, so that the clock is a believable one.
NOW = datetime(2026, 12, 24, 8, 0, tzinfo=UTC)

LIFE_OF_A_MANIFEST = timedelta(days=30)
LIFE_OF_A_FRESHNESS = timedelta(hours=24)
LIFE_OF_A_BUNDLE = timedelta(days=90)
LIFE_OF_A_ROOT = timedelta(days=5 * 365)


def a_signer(name: str) -> LocalSigner:
    """The key with this name; the same name is always the same key."""
    return LocalSigner(hashlib.sha256(f"tests/{name}".encode()).digest())


class Publisher:
    """One organisation with its keys, publishing for one screen (others on request)."""

    def __init__(
        self, *, org: str = "group", site: str = "hq", screen: str = "lobby-1", now: datetime = NOW
    ) -> None:
        self.org, self.site, self.screen, self.now = org, site, screen, now
        self.epoch = 1
        self.signers: dict[str, list[LocalSigner]] = {
            "root": [a_signer(f"{org}/root/{number}") for number in range(3)],
            "publisher": [a_signer(f"{org}/publisher/0")],
            "freshness": [a_signer(f"{org}/freshness/0")],
            "approver": [],
            "bundle": [a_signer(f"{org}/bundle/0")],
        }
        self.thresholds = {"root": 2, "publisher": 1, "freshness": 1, "approver": 0, "bundle": 1}
        self.roots: list[bytes] = []
        self.version = 0
        self.freshness_version = 0
        self.bundle_version = 0
        self._keys_made = 1
        self.publish_root()
        self.publish()

    # --- roots ---------------------------------------------------------------------------------

    def root(self, **changes: Any) -> Root:
        """The root that would be published next."""
        everybody = [signer for signers in self.signers.values() for signer in signers]
        root = Root(
            org=self.org,
            epoch=self.epoch,
            version=len(self.roots) + 1,
            issued_at=self.now,
            expires_at=self.now + LIFE_OF_A_ROOT,
            keys={
                key_id(each.public_key): Key("ed25519", each.public_key.hex()) for each in everybody
            },
            roles=Roles(**{name: self._role(name) for name in self.signers}),
        )
        return replace(root, **changes)

    def _role(self, name: str) -> Role:
        keyids = tuple(key_id(each.public_key) for each in self.signers[name])
        return Role(keyids, self.thresholds[name])

    def root_bytes(self, signers: Iterable[LocalSigner] | None = None, **changes: Any) -> bytes:
        """An envelope of the next root, signed by the root keys of now (or by `signers`)."""
        by = self.signers["root"] if signers is None else signers
        return seal(DocumentType.ROOT, encode_root(self.root(**changes)), by)

    def publish_root(self, also_signed_by: Iterable[LocalSigner] = (), **changes: Any) -> bytes:
        """Add a root to the chain; `also_signed_by` are the keys of the one before it."""
        unique = {each.public_key: each for each in (*self.signers["root"], *also_signed_by)}
        self.roots.append(self.root_bytes(unique.values(), **changes))
        return self.roots[-1]

    def new_keys(self, role: str) -> list[LocalSigner]:
        """Give a role new keys, as many as it had, in the next root; returns the old ones."""
        old = self.signers[role]
        self.signers[role] = [
            a_signer(f"{self.org}/{role}/{self._keys_made}/{number}") for number in range(len(old))
        ]
        self._keys_made += 1
        return old

    def rotate(self, role: str, *, new_epoch: bool = False) -> bytes:
        """Publish a root in which a role has new keys; with `new_epoch`, one that resets floors."""
        old = self.new_keys(role)
        self.epoch += new_epoch
        return self.publish_root(also_signed_by=old if role == "root" else ())

    def require_approvers(self, number: int) -> bytes:
        """Go to level 2: manifests need this many approvals from the next root on."""
        self.signers["approver"] = [a_signer(f"{self.org}/approver/{n}") for n in range(number)]
        self.thresholds["approver"] = number
        return self.publish_root()

    def pair(self, screen: str | None = None) -> TrustState:
        """The state of a screen that was paired by the fingerprint of the newest root."""
        root = self.roots[-1]
        return pair(root, fingerprint(root), self.site, screen or self.screen)

    # --- manifests -----------------------------------------------------------------------------

    def publish(self, *, version: int | None = None, **changes: Any) -> int:
        """Make a manifest the newest; `changes` are those of `a_document`.  Returns its version."""
        self.version = max(self.version + 1, unix_ms(self.now)) if version is None else version
        fields: dict[str, Any] = {
            "site": self.site,
            "screen": self.screen,
            "version": self.version,
            "issued_at": write(self.now),
            "expires_at": write(self.now + LIFE_OF_A_MANIFEST),
        }
        self.document = a_document(**fields | changes)
        self.payload = json.dumps(self.document, ensure_ascii=False).encode()
        return self.version

    @property
    def manifest(self) -> Manifest:
        """The newest manifest as a value."""
        return decode(self.payload)

    @property
    def reference(self) -> ManifestReference:
        """What a freshness or a bundle says of the newest manifest."""
        digest = hashlib.sha256(self.payload).hexdigest()
        return ManifestReference(self.document["version"], digest, len(self.payload))

    def manifest_bytes(self, signers: Iterable[LocalSigner] | None = None) -> bytes:
        """The envelope of the newest manifest, approved too if this organisation asks for it."""
        by = (*self.signers["publisher"], *self.signers["approver"]) if signers is None else signers
        return seal(DocumentType.MANIFEST, self.payload, by)

    # --- what is newest ------------------------------------------------------------------------

    def freshness_bytes(
        self,
        now: datetime | None = None,
        challenge: str | None = None,
        signers: Iterable[LocalSigner] | None = None,
        **changes: Any,
    ) -> bytes:
        """A new freshness, said at `now` (or `publisher.now`)."""
        at = self.now if now is None else now
        self.freshness_version = min(MAX_VERSION, max(self.freshness_version + 1, unix_ms(at)))
        freshness = Freshness(
            org=self.org,
            site=self.site,
            screen=self.screen,
            version=self.freshness_version,
            server_time=at,
            expires_at=at + LIFE_OF_A_FRESHNESS,
            manifest=self.reference,
            challenge=challenge,
        )
        by = self.signers["freshness"] if signers is None else signers
        payload = encode_freshness(replace(freshness, **changes))
        return seal(DocumentType.FRESHNESS, payload, by)

    def bundle_bytes(self, signers: Iterable[LocalSigner] | None = None, **changes: Any) -> bytes:
        """The signed list of a new offline package for this screen."""
        self.bundle_version = max(self.bundle_version + 1, unix_ms(self.now))
        bundle = Bundle(
            org=self.org,
            site=self.site,
            version=self.bundle_version,
            issued_at=self.now,
            expires_at=self.now + LIFE_OF_A_BUNDLE,
            manifests={self.screen: self.reference},
        )
        by = self.signers["bundle"] if signers is None else signers
        return seal(DocumentType.BUNDLE, encode_bundle(replace(bundle, **changes)), by)

    def signed_by(self, document: str, signers: Iterable[LocalSigner]) -> bytes:
        """The next `root`, `freshness`, `manifest` or `bundle`, signed by these keys alone."""
        make = getattr(self, f"{document}_bytes")
        return bytes(make(signers=list(signers)))
