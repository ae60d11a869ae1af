"""The signer of this process: made for the newest root, kept until there is a newer one.

For the services of this app.  The keys are read once a root; a key that cannot be used is
`NoSigner` at the first attempt to sign, and the walls go on with what they have (S22).
"""

import threading
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_noop as _

from manifest.documents import Root
from server.publishing.errors import NoSigner
from server.publishing.keyring import Keyring
from server.publishing.models import RootDocument
from server.publishing.selectors import root_in
from server.publishing.signer import OnlineSigner, Signer

__all__ = ["Signing", "forget_signer", "keyring", "signing"]


class Signing:
    """The newest root and who signs under it."""

    def __init__(self, root: Root, signer: Signer) -> None:
        self.root, self.signer = root, signer

    @property
    def needs_approval(self) -> bool:
        """Level 2: does a manifest count only with the signatures of approvers?"""
        return self.root.roles.approver.threshold > 0


_lock = threading.Lock()
_known: dict[tuple[Path, str], Signing] = {}


def keyring() -> Keyring:
    """The key files of this server."""
    return Keyring(Path(settings.DATA) / "keys")


def signing() -> Signing:
    """The newest root and its signer.  Raises `NoSigner`."""
    row = RootDocument.objects.order_by("-version").only("sha256").first()
    if row is None:
        raise NoSigner(_("This server has no signing keys yet: run yingbi-server keys init."))
    ring = keyring()
    key = (ring.folder, row.sha256)
    with _lock:
        if key not in _known:
            root = root_in(row.envelope)
            _known.clear()
            _known[key] = Signing(root, OnlineSigner(ring, root))
        return _known[key]


def forget_signer() -> None:
    """Read the keys anew at the next signature: after a change of key files."""
    with _lock:
        _known.clear()
