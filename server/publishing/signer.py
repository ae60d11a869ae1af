"""Who signs for the server: a port, and the signer that holds the keys in this process.

The services say what is to be signed; which keys do it follows from the newest root, and how they
are kept is this module's business, so that a signer in another process or a device can take its
place.  It never says what a document should hold, and never hands a key out.
"""

from collections.abc import Iterable
from typing import Protocol

from django.utils.translation import gettext_noop as _

from manifest.documents import Role, Root
from manifest.envelope import DocumentType, seal
from manifest.keys import LocalSigner
from server.publishing.errors import NoSigner
from server.publishing.keyring import Keyring, OnlineRole

__all__ = ["OnlineSigner", "Signer"]


class Signer(Protocol):
    """Somebody who signs what the server publishes."""

    def sign_manifest(self, payload: bytes) -> bytes:
        """The envelope of a manifest, signed by as many publisher keys as the root asks for."""

    def sign_freshness(self, payload: bytes) -> bytes:
        """The envelope of a freshness, signed by as many freshness keys as the root asks for."""


class OnlineSigner:
    """A signer with the keys that `root` names and `keyring` holds, read once, at the start.

    Raises `NoSigner` at the start if they are too few, or if a key file cannot be used.
    """

    def __init__(self, keyring: Keyring, root: Root) -> None:
        self._publisher = _signers(keyring, "publisher", root.roles.publisher)
        self._freshness = _signers(keyring, "freshness", root.roles.freshness)

    def sign_manifest(self, payload: bytes) -> bytes:
        """See `Signer`."""
        return seal(DocumentType.MANIFEST, payload, self._publisher)

    def sign_freshness(self, payload: bytes) -> bytes:
        """See `Signer`."""
        return seal(DocumentType.FRESHNESS, payload, self._freshness)


def _signers(keyring: Keyring, name: OnlineRole, role: Role) -> tuple[LocalSigner, ...]:
    held: Iterable[LocalSigner | None] = (keyring.signer(name, each) for each in role.keyids)
    found = tuple(each for each in held if each is not None)
    if len(found) < role.threshold:
        raise NoSigner(
            _(
                "The root asks for %(threshold)d %(role)s signature(s) by %(keys)s, and %(found)d "
                "of these keys are in %(folder)s: put the key files back from the backup, or make "
                "new ones with yingbi-server keys rotate."
            ),
            values={
                "threshold": role.threshold,
                "role": name,
                "keys": ", ".join(role.keyids),
                "found": len(found),
                "folder": keyring.folder,
            },
        )
    return found[: role.threshold]
