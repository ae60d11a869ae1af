"""The documents beside the manifest: who may sign, what is newest, what a package brings.

Values and their strict codecs; whether a document is to be trusted is `manifest.trust`'s to say.
Fields are explained in docs/trust.md, section 2.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Literal, TypeVar

from manifest import times
from manifest.codec import MAX_VERSION, check_format
from manifest.envelope import DocumentType
from manifest.errors import ManifestFormatError, quoted
from manifest.keys import ALGORITHM, is_sound, key_id
from manifest.model import Model
from manifest.parsing import MAX_INTEGER, load
from manifest.shapes import (
    IDENTIFIER,
    KEY_ID,
    SHA256,
    Reader,
    integer,
    listing,
    mapping,
    matching,
    one_of,
    record,
)
from manifest.writing import to_json

__all__ = [
    "Bundle",
    "Freshness",
    "Key",
    "ManifestReference",
    "Role",
    "Roles",
    "Root",
    "decode_bundle",
    "decode_freshness",
    "decode_root",
    "encode_bundle",
    "encode_freshness",
    "encode_root",
]

#: Keys that one role may have.
MAX_KEYS = 16

#: Roles that nobody need hold: no approvers is level 1, no bundle keys is no offline packages.
_OPTIONAL_ROLES = frozenset({"approver", "bundle"})

M = TypeVar("M", bound=Model)


class Key(Model, frozen=True):
    """A public key: 64 hex digits of its raw bytes."""

    alg: Literal["ed25519"]
    public: str


class Role(Model, frozen=True):
    """Whose signatures count for something, and how many different ones it takes.

    No keys and a threshold of 0: nobody holds this role (only `approver` and `bundle` may be so).
    """

    keyids: tuple[str, ...] = ()
    threshold: int = 0


class Roles(Model, frozen=True, kw_only=True):
    """Who signs roots, manifests and freshness; who must approve manifests; who signs packages."""

    root: Role
    publisher: Role
    freshness: Role
    approver: Role = Role()
    bundle: Role = Role()


class Root(Model, frozen=True, kw_only=True):
    """The keys of an organisation and what each is for; every other trust follows from it."""

    format: Literal["yingbi-root/1"] = "yingbi-root/1"
    org: str
    epoch: int
    version: int
    issued_at: datetime
    expires_at: datetime
    keys: dict[str, Key]
    roles: Roles

    def public_keys(self, role: Role) -> dict[str, bytes]:
        """The raw public keys of a role, by key id."""
        return {keyid: bytes.fromhex(self.keys[keyid].public) for keyid in role.keyids}


class ManifestReference(Model, frozen=True):
    """A manifest by what it holds: its version, and the SHA-256 and size of its raw bytes."""

    version: int
    sha256: str
    bytes: int


class Freshness(Model, frozen=True, kw_only=True):
    """Which manifest is the newest of one screen, said by the server not long ago.

    `challenge` echoes what the player sent with its question: proof that this is no recording.
    """

    format: Literal["yingbi-freshness/1"] = "yingbi-freshness/1"
    org: str
    site: str
    screen: str
    version: int
    server_time: datetime
    expires_at: datetime
    manifest: ManifestReference
    challenge: str | None = None


class Bundle(Model, frozen=True, kw_only=True):
    """What an offline package brings: for each screen of a site, its manifest."""

    format: Literal["yingbi-bundle/1"] = "yingbi-bundle/1"
    org: str
    site: str
    version: int
    issued_at: datetime
    expires_at: datetime
    manifests: dict[str, ManifestReference]


_VERSION = integer(1, MAX_VERSION)
_REFERENCE = record(
    ManifestReference, version=_VERSION, sha256=SHA256, bytes=integer(1, MAX_INTEGER)
)
_ROLE = record(Role, keyids=listing(KEY_ID, MAX_KEYS), threshold=integer(0, MAX_KEYS))

_ROOT: Reader[Root] = record(
    Root,
    format=one_of("yingbi-root/1"),
    org=IDENTIFIER,
    epoch=integer(1, MAX_INTEGER),
    version=integer(1, MAX_INTEGER),
    issued_at=times.instant,
    expires_at=times.instant,
    keys=mapping(record(Key, alg=one_of(ALGORITHM), public=SHA256), KEY_ID),
    roles=record(Roles, root=_ROLE, publisher=_ROLE, freshness=_ROLE, approver=_ROLE, bundle=_ROLE),
)

_FRESHNESS: Reader[Freshness] = record(
    Freshness,
    format=one_of("yingbi-freshness/1"),
    org=IDENTIFIER,
    site=IDENTIFIER,
    screen=IDENTIFIER,
    version=_VERSION,
    server_time=times.instant,
    expires_at=times.instant,
    manifest=_REFERENCE,
    challenge=matching(r"[A-Za-z0-9_-]{16,64}", "16–64 characters of A–Z a–z 0–9 _ -"),
)

_BUNDLE: Reader[Bundle] = record(
    Bundle,
    format=one_of("yingbi-bundle/1"),
    org=IDENTIFIER,
    site=IDENTIFIER,
    version=_VERSION,
    issued_at=times.instant,
    expires_at=times.instant,
    manifests=mapping(_REFERENCE),
)


def decode_root(data: bytes) -> Root:
    """The root that these bytes are, its keys sound and its roles possible."""
    root = _decode(data, DocumentType.ROOT, "yingbi-root/1", _ROOT)
    _check_keys(root)
    _check_roles(root)
    return root


def decode_freshness(data: bytes) -> Freshness:
    """The freshness that these bytes are."""
    return _decode(data, DocumentType.FRESHNESS, "yingbi-freshness/1", _FRESHNESS)


def decode_bundle(data: bytes) -> Bundle:
    """The bundle that these bytes are."""
    return _decode(data, DocumentType.BUNDLE, "yingbi-bundle/1", _BUNDLE)


def _decode(data: bytes, kind: DocumentType, format_: str, read: Reader[M]) -> M:
    value = load(data, kind.max_bytes)
    check_format(value, format_)
    return read(value)


def encode_root(root: Root) -> bytes:
    """The bytes of a root; one that `decode_root` would refuse is refused here too."""
    return _encode(root, decode_root)


def encode_freshness(freshness: Freshness) -> bytes:
    """The bytes of a freshness; one that `decode_freshness` would refuse is refused here too."""
    return _encode(freshness, decode_freshness)


def encode_bundle(bundle: Bundle) -> bytes:
    """The bytes of a bundle; one that `decode_bundle` would refuse is refused here too."""
    return _encode(bundle, decode_bundle)


def _encode(value: M, decode: Callable[[bytes], M]) -> bytes:
    data = to_json(value)
    decode(data)
    return data


def _check_keys(root: Root) -> None:
    for keyid, key in root.keys.items():
        public_key = bytes.fromhex(key.public)
        if not is_sound(public_key):
            raise ManifestFormatError(
                "a canonical Ed25519 public key that is not of small order", quoted(key.public)
            ).inside("keys", keyid, "public")
        if key_id(public_key) != keyid:
            raise ManifestFormatError(
                f"the id of this key, {key_id(public_key)}", quoted(keyid)
            ).inside("keys", keyid)


def _check_roles(root: Root) -> None:
    roles = root.roles
    for name in ("root", "publisher", "freshness", "approver", "bundle"):
        path = ("roles", name)
        _check_role(getattr(roles, name), root, name, *path)
        if name != "root":
            # Root keys are offline; a thief of any other key must not hold one.
            _check_apart(roles.root, getattr(roles, name), "root", *path)
    # Whoever publishes cannot also be who approves it.
    _check_apart(roles.publisher, roles.approver, "publisher", "roles", "approver")


def _check_role(role: Role, root: Root, name: str, *path: str | int) -> None:
    for position, keyid in enumerate(role.keyids):
        place = (*path, "keyids", position)
        if keyid not in root.keys:
            raise ManifestFormatError("an id of $.keys", quoted(keyid)).inside(*place)
        if keyid in role.keyids[:position]:
            raise ManifestFormatError("each key once", quoted(keyid)).inside(*place)
    least = 0 if name in _OPTIONAL_ROLES and not role.keyids else 1
    if not least <= role.threshold <= len(role.keyids):
        raise ManifestFormatError(
            f"an integer from {least} to the number of keys, {len(role.keyids)}",
            str(role.threshold),
        ).inside(*path, "threshold")


def _check_apart(these: Role, those: Role, name: str, *path: str | int) -> None:
    for position, keyid in enumerate(those.keyids):
        if keyid in these.keyids:
            raise ManifestFormatError(f"a key that is not one of {name}", quoted(keyid)).inside(
                *path, "keyids", position
            )
