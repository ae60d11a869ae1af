"""Roots as values: the first one, and each next one with what changed.

Pure.  What a root says is in docs/trust.md, section 2; who signs it, and on which machine, is for
the `keys` command and its user.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from msgspec.structs import replace

from manifest.documents import Key, Role, Roles, Root
from manifest.keys import key_id

__all__ = ["LIFE_OF_A_ROOT", "first_root", "next_root", "role_of"]

#: A root rules on when it has expired; the screens report it, so that the drill is not forgotten.
LIFE_OF_A_ROOT = timedelta(days=5 * 365)


def role_of(public_keys: Iterable[bytes], threshold: int) -> tuple[Role, dict[str, Key]]:
    """A role of these raw public keys, and the keys as a root lists them."""
    keys = {key_id(each): Key("ed25519", each.hex()) for each in public_keys}
    return Role(tuple(keys), threshold), keys


def first_root(
    *, org: str, roles: Mapping[str, tuple[Iterable[bytes], int]], now: datetime
) -> Root:
    """Root 1 of epoch 1; `roles` gives for each role its raw public keys and its threshold."""
    made = {name: role_of(*held) for name, held in roles.items()}
    return Root(
        org=org,
        epoch=1,
        version=1,
        issued_at=now,
        expires_at=now + LIFE_OF_A_ROOT,
        keys={keyid: key for _role, keys in made.values() for keyid, key in keys.items()},
        roles=Roles(**{name: role for name, (role, _keys) in made.items()}),
    )


def next_root(
    root: Root,
    *,
    changes: Mapping[str, tuple[Iterable[bytes], int]],
    now: datetime,
    new_epoch: bool = False,
) -> Root:
    """The root after `root`, in which the roles of `changes` have other keys.

    A key that no role has any more is left out.  `new_epoch` resets the floors of all screens: for
    a thief who may have published versions ahead of ours.
    """
    made = {name: role_of(*held) for name, held in changes.items()}
    roles = replace(root.roles, **{name: role for name, (role, _keys) in made.items()})
    known = root.keys | {id_: key for _role, keys in made.values() for id_, key in keys.items()}
    named = {keyid for role in _all(roles) for keyid in role.keyids}
    return replace(
        root,
        epoch=root.epoch + new_epoch,
        version=root.version + 1,
        issued_at=now,
        expires_at=now + LIFE_OF_A_ROOT,
        keys={keyid: key for keyid, key in known.items() if keyid in named},
        roles=roles,
    )


def _all(roles: Roles) -> tuple[Role, ...]:
    return (roles.root, roles.publisher, roles.freshness, roles.approver, roles.bundle)
