"""The folder of the server's key files: made once, readable by its user alone, never printed.

For the signer, the `keys` command and nobody else.  A private key is one PEM file of mode 0600,
named after its role and its key id (`publisher-0123456789abcdef.key`), with its public half beside
it (`.pub`).  Nothing here overwrites or removes a key, and nothing says whose signature counts:
that is the newest root's to say.
"""

import contextlib
import os
import secrets
import stat
from pathlib import Path
from typing import Literal

from django.utils.translation import gettext_noop as _

from manifest.errors import KeyUnusable
from manifest.key_files import private_key_pem, public_key_pem, read_public_key, read_signer
from manifest.keys import LocalSigner, key_id
from server.publishing.errors import NoSigner

__all__ = ["ONLINE_ROLES", "Keyring", "OnlineRole", "write_new_file"]

OnlineRole = Literal["publisher", "freshness"]

#: The roles whose keys the server holds, in the order in which they are shown.
ONLINE_ROLES: tuple[OnlineRole, ...] = ("publisher", "freshness")

#: The permissions that a private key must not have: anybody's but its owner's.
_OTHERS = stat.S_IRWXG | stat.S_IRWXO

#: The most bytes of a key file that are read; a PEM of Ed25519 has about 200.
_MAX_KEY_FILE_BYTES = 16 * 2**10


class Keyring:
    """The keys in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def make(self, role: OnlineRole) -> bytes:
        """Make a key pair for a role and return the raw public key; it is on the disk by then.

        It signs nothing until a root names it.  Raises `OSError`.
        """
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        private_key = secrets.token_bytes(32)
        public_key = LocalSigner(private_key).public_key
        path = self._path(role, key_id(public_key))
        write_new_file(path, private_key_pem(private_key), 0o600)
        write_new_file(path.with_suffix(".pub"), public_key_pem(public_key), 0o644)
        return public_key

    def public_keys(self, role: OnlineRole) -> dict[str, bytes]:
        """The raw public halves of every key that was ever made here for a role, by key id."""
        found = {}
        for path in sorted(self.folder.glob(f"{role}-*.pub")):
            with contextlib.suppress(KeyUnusable):
                public_key = read_public_key(path.read_bytes())
                found[key_id(public_key)] = public_key
        return found

    def signer(self, role: OnlineRole, keyid: str) -> LocalSigner | None:
        """The signer with this key, or None if the key is not here.

        Raises `NoSigner` for a file that others may read, that we may not, or that holds
        another key.
        """
        path = self._path(role, keyid)
        try:
            signer = read_signer(_read_private(path))
        except FileNotFoundError:
            return None
        except (OSError, KeyUnusable) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            raise NoSigner(
                _("The key file %(path)s cannot be used: %(reason)s."),
                values={"path": path, "reason": reason},
            ) from error
        if key_id(signer.public_key) != keyid:
            raise NoSigner(
                _(
                    "The key file %(path)s holds another key, %(key)s: put the right one back from "
                    "the backup, or run yingbi-server keys rotate."
                ),
                values={"path": path, "key": key_id(signer.public_key)},
            )
        return signer

    def _path(self, role: OnlineRole, keyid: str) -> Path:
        return self.folder / f"{role}-{keyid}.key"


def _read_private(path: Path) -> bytes:
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise NoSigner(
                _("The key file %(path)s is no regular file: put it back from the backup."),
                values={"path": path},
            )
        if found.st_mode & _OTHERS:
            mode = f"{stat.S_IMODE(found.st_mode):04o}"
            raise NoSigner(
                _(
                    "The key file %(path)s can be read or changed by other users (mode %(mode)s): "
                    "run chmod 600 %(path)s, and if others may have read it, yingbi-server keys "
                    "rotate."
                ),
                values={"path": path, "mode": mode},
            )
        return file.read(_MAX_KEY_FILE_BYTES)


def write_new_file(path: Path, content: bytes, mode: int) -> None:
    """Write a file that was not there, on the medium when this returns; half a file is removed.

    Raises `FileExistsError` for one that is there: keys and roots are never overwritten.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        _sync_folder(path.parent)
    except OSError:
        path.unlink()
        raise


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
