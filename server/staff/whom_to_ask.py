"""Whom to ask for what one may not do oneself: names, where a page would otherwise end.

For the views of the staff pages.  It decides nothing: who may do what is asked of the policy.
"""

from server.accounts.models import Department
from server.accounts.policy import Act, holders

__all__ = ["whom_to_ask"]

#: So many names: somebody of them is there, and a line holds them.
NAMES_LIMIT = 6


def whom_to_ask(act: Act, department: Department | None) -> list[str]:
    """Return the names of some who may do `act` to what `department` owns; [] if nobody may."""
    people = holders(act, department).order_by("full_name", "pk")[:NAMES_LIMIT]
    return [str(each) for each in people]
