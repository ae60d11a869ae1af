"""Asks `accounts.policy`, for services whose actor may be the server itself (None: may all)."""

from server.accounts import policy
from server.accounts.models import Department, Staff
from server.accounts.policy import Act

__all__ = ["require"]


def require(actor: Staff | None, act: Act, department: Department | int | None) -> None:
    """Raise `Forbidden` or `NotFound` unless `actor` may do this to what `department` owns."""
    if actor is not None:
        policy.require(actor, act, department)
