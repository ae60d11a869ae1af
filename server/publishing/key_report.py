"""What `keys show` says: the newest root, and which of the keys that it names are here.

Reads files and rows; never prints more of a key than its id.
"""

from collections.abc import Iterator
from datetime import datetime

from manifest import times
from manifest.documents import Root
from manifest.trust_state import fingerprint
from server.publishing.errors import NoSigner
from server.publishing.keyring import ONLINE_ROLES, Keyring, OnlineRole
from server.publishing.selectors import newest_root
from server.publishing.signing import keyring

__all__ = ["report", "root_is_expired", "unusable_keys"]


def report() -> Iterator[str]:
    """Lines for a person."""
    newest = newest_root()
    if newest is None:
        yield "There is no root yet: run yingbi-server keys init."
        return
    row, root = newest
    yield f"root         {root.version} of epoch {root.epoch}, of {root.org}"
    yield f"fingerprint  {fingerprint(bytes(row.envelope))}"
    yield f"expires      {times.write(root.expires_at)}"
    for name in ("root", "approver"):
        role = getattr(root.roles, name)
        yield f"{name:<12} {role.threshold} of {len(role.keyids)}: {', '.join(role.keyids) or '-'}"
    for online in ONLINE_ROLES:
        yield from _online(online, root, keyring())


def _online(role: OnlineRole, root: Root, keys: Keyring) -> Iterator[str]:
    named = getattr(root.roles, role).keyids
    for keyid in named:
        yield f"{role:<12} {keyid}  {_state(role, keyid, keys)}"
    for keyid in keys.public_keys(role):
        if keyid not in named:
            yield f"{role:<12} {keyid}  not in root {root.version}: waits for the next, or is old"


def _state(role: OnlineRole, keyid: str, keys: Keyring) -> str:
    why = _why_unusable(role, keyid, keys)
    return "here" if why is None else f"UNUSABLE: {why}"


def _why_unusable(role: OnlineRole, keyid: str, keys: Keyring) -> str | None:
    try:
        return None if keys.signer(role, keyid) else f"missing in {keys.folder}"
    except NoSigner as error:
        return str(error)


def unusable_keys() -> Iterator[tuple[OnlineRole, str, str]]:
    """The online keys that the newest root names and that cannot sign here: role, id, why."""
    newest, keys = newest_root(), keyring()
    if newest is None:
        return
    for role in ONLINE_ROLES:
        for keyid in getattr(newest[1].roles, role).keyids:
            if (why := _why_unusable(role, keyid, keys)) is not None:
                yield role, keyid, why


def root_is_expired(now: datetime) -> bool:
    """Is it time for the drill?  Screens go on all the same (docs/trust.md, 5)."""
    newest = newest_root()
    return newest is not None and newest[1].expires_at <= now
