"""Which signatures count: those of different keys to which a root gives the role."""

from typing import Literal

from manifest.documents import Role, Root
from manifest.envelope import Envelope, signed_by
from manifest.errors import BadSignature, Unapproved

__all__ = ["RoleName", "require_approval", "require_role"]

RoleName = Literal["root", "publisher", "freshness", "bundle"]


def require_role(envelope: Envelope, root: Root, name: RoleName) -> None:
    """Raise `BadSignature` unless enough different keys of the role signed the envelope."""
    role: Role = getattr(root.roles, name)
    if not role.keyids:  # a threshold of 0 must never mean that no signature is enough
        raise BadSignature(f"root {root.version} names nobody who may sign as {name}")
    valid = signed_by(envelope, root.public_keys(role))
    if len(valid) < role.threshold:
        raise BadSignature(
            f"root {root.version} asks for {role.threshold} signatures by different {name} keys "
            f"({', '.join(role.keyids)}), and the envelope has {_named(valid)}"
        )


def require_approval(envelope: Envelope, root: Root) -> None:
    """Raise `Unapproved` unless enough approvers signed too; level 1 has none to ask."""
    role = root.roles.approver
    valid = signed_by(envelope, root.public_keys(role))
    if len(valid) < role.threshold:
        raise Unapproved(
            f"root {root.version} asks for {role.threshold} approvals ({', '.join(role.keyids)}), "
            f"and the manifest has {_named(valid)}"
        )


def _named(keyids: frozenset[str]) -> str:
    return f"{len(keyids)} ({', '.join(sorted(keyids))})" if keyids else "none that is valid"
