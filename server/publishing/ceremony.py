"""Making and replacing keys, as the `keys` command does it with a person: files in, roots out.

Root keys are made for a folder that is moved away, online keys for this server; a root that needs
root keys which are elsewhere is written as a draft, signed there (`yingbi-manifest sign`), brought
back and installed.  Nothing here keeps a root key or a passphrase.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from django.utils.translation import gettext_noop as _

from manifest.documents import Root, encode_root
from manifest.envelope import DocumentType, seal
from manifest.key_files import private_key_pem, public_key_pem
from manifest.keys import LocalSigner
from server.accounts.models import Staff
from server.errors import Conflict
from server.programme.instants import whole_ms
from server.publishing.errors import NoSigner
from server.publishing.keyring import ONLINE_ROLES, Keyring, OnlineRole, write_new_file
from server.publishing.models import RootDocument
from server.publishing.root_chain import install_root
from server.publishing.roots import first_root, next_root
from server.publishing.selectors import newest_root

__all__ = [
    "ROOT_FILE",
    "Approval",
    "begin",
    "draft_first_root",
    "draft_next_root",
    "make_root_keys",
]

#: The envelope of root 1, beside the root keys: it proves whose they are.
ROOT_FILE = "root.1"

#: The public keys of approvers, and how many of them must sign a manifest; none is level 1.
Approval = tuple[Sequence[bytes], int]

NO_APPROVAL: Approval = ((), 0)


def make_root_keys(folder: Path, number: int, passphrase: bytes) -> list[LocalSigner]:
    """Make root-1 … root-N, encrypted, in a folder that was not there or is empty."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise Conflict(
            _("%(folder)s is not empty: name a new folder for the root keys."),
            values={"folder": folder},
        )
    made = []
    for each in range(1, number + 1):
        private_key = secrets.token_bytes(32)
        signer = LocalSigner(private_key)
        pem = private_key_pem(private_key, passphrase)
        write_new_file(folder / f"root-{each}.key", pem, 0o600)
        write_new_file(folder / f"root-{each}.pub", public_key_pem(signer.public_key), 0o644)
        made.append(signer)
    return made


def draft_first_root(
    *,
    organisation: str,
    keyring: Keyring,
    root_keys: Sequence[bytes],
    threshold: int,
    approval: Approval = NO_APPROVAL,
    now: datetime,
) -> Root:
    """Root 1 for these raw public root keys, with online keys made for it.

    Raises `Conflict` if this server has a root already.
    """
    if RootDocument.objects.exists():
        raise Conflict(_("This server has its keys already: use yingbi-server keys rotate."))
    roles: dict[str, tuple[Sequence[bytes], int]] = {"root": (root_keys, threshold)}
    roles |= {role: ([keyring.make(role)], 1) for role in ONLINE_ROLES}
    return first_root(org=organisation, roles=roles | {"approver": approval}, now=whole_ms(now))


def begin(
    root: Root,
    root_signers: Sequence[LocalSigner],
    folder: Path,
    *,
    actor: Staff | None,
    now: datetime,
) -> RootDocument:
    """Sign root 1 with root keys that were made just now, keep it beside them and install it."""
    envelope = seal(DocumentType.ROOT, encode_root(root), root_signers[: root.roles.root.threshold])
    write_new_file(folder / ROOT_FILE, envelope, 0o644)
    return install_root(envelope, organisation=root.org, actor=actor, now=now)


def draft_next_root(
    *,
    keyring: Keyring,
    roles: Sequence[OnlineRole],
    approval: Approval | None = None,
    new_epoch: bool = False,
    now: datetime,
) -> Root:
    """The next root, with new online keys for these roles; `approval` None leaves it as it is.

    The new keys sign nothing until the signed root is installed.  Raises `NoSigner` if this server
    has no root yet.
    """
    newest = newest_root()
    if newest is None:
        raise NoSigner(_("This server has no root yet: run yingbi-server keys init."))
    changes: dict[str, tuple[Sequence[bytes], int]] = {
        role: ([keyring.make(role)], 1) for role in roles
    }
    if approval is not None:
        changes["approver"] = approval
    return next_root(newest[1], changes=changes, now=whole_ms(now), new_epoch=new_epoch)
