"""The one place that says who may do what.

A grant is a role in a department and all below it; None means everywhere.  An act is allowed if any
grant that reaches the department allows it.  What somebody may not even see is *not found* (404);
what they may see and not do is *forbidden* (403).  A disabled member of staff may do nothing.

Views and services ask here and decide nothing themselves.
"""

from collections.abc import Mapping
from enum import StrEnum

from django.db.models import Q, QuerySet

from server.accounts.models import Department, Grant, Role, Staff
from server.errors import Forbidden, NotFound, RightMissing

__all__ = [
    "Act",
    "acts_of",
    "departments",
    "holders",
    "in_reach",
    "may",
    "may_anywhere",
    "require",
    "require_over",
    "require_somewhere",
]


class Act(StrEnum):
    """What can be done; each belongs to the department that owns the thing."""

    VIEW = "view"
    UPLOAD = "upload"
    #: Playlists, layouts, entries, calendar.
    ARRANGE = "arrange"
    #: A review of step 1, 2 or 3.
    REVIEW_1 = "review-1"
    REVIEW_2 = "review-2"
    REVIEW_3 = "review-3"
    PUBLISH = "publish"
    #: Takeovers: above everything, at once.
    TAKE_OVER = "take-over"
    #: An asset off every screen at once.
    TAKE_DOWN = "take-down"
    #: Screens, groups, pairing, enrolment keys, tokens.
    MANAGE_SCREENS = "manage-screens"
    #: Staff, grants, departments.
    MANAGE_STAFF = "manage-staff"
    READ_AUDIT = "read-audit"
    #: To let a data set change what is on the walls without review (ADR 0024).
    TRUST_DATA = "trust-data"
    #: To end the period of a public notice before its last day.
    END_NOTICE = "end-notice"


_REVIEWER = {Act.VIEW, Act.TAKE_DOWN}
_ALLOWED: dict[str, frozenset[Act]] = {
    Role.EDITOR: frozenset({Act.VIEW, Act.UPLOAD, Act.ARRANGE}),
    Role.REVIEWER_1: frozenset({*_REVIEWER, Act.REVIEW_1}),
    Role.REVIEWER_2: frozenset({*_REVIEWER, Act.REVIEW_2}),
    Role.REVIEWER_3: frozenset({*_REVIEWER, Act.REVIEW_3, Act.PUBLISH, Act.TAKE_OVER}),
    Role.ADMINISTRATOR: frozenset(
        {
            Act.VIEW,
            Act.UPLOAD,
            Act.ARRANGE,
            Act.PUBLISH,
            Act.TAKE_OVER,
            Act.TAKE_DOWN,
            Act.MANAGE_SCREENS,
            Act.MANAGE_STAFF,
            Act.TRUST_DATA,
            Act.END_NOTICE,
        }
    ),
    Role.AUDITOR: frozenset({Act.VIEW, Act.READ_AUDIT}),
}


def acts_of(role: str) -> frozenset[Act]:
    """Return what a role allows, for the page that explains the roles."""
    return _ALLOWED[role]


def departments(staff: Staff, act: Act) -> frozenset[int] | None:
    """Return the departments in which `staff` may do `act`, by primary key; None: in all."""
    if not staff.is_active:
        return frozenset()
    roles = [role for role, acts in _ALLOWED.items() if act in acts]
    granted = Grant.objects.filter(staff=staff, role__in=roles)
    tops = set(granted.values_list("department_id", flat=True))
    return None if None in tops else frozenset(_with_all_below({top for top in tops if top}))


def _with_all_below(tops: set[int]) -> set[int]:
    if not tops:
        return set()
    parents = dict(Department.objects.values_list("pk", "parent_id"))
    return {pk for pk in parents if _reaches(tops, pk, parents)}


def _reaches(tops: set[int], pk: int, parents: Mapping[int, int | None]) -> bool:
    seen: set[int] = set()
    at: int | None = pk
    while at is not None and at not in seen:  # a ring would be a fault in the rows, not a hang here
        if at in tops:
            return True
        seen.add(at)
        at = parents.get(at)
    return False


def may(staff: Staff, act: Act, department: Department | int | None) -> bool:
    """May `staff` do `act` to what `department` owns?  None is what belongs to all of them."""
    allowed = departments(staff, act)
    if allowed is None:
        return True
    pk = department.pk if isinstance(department, Department) else department
    return pk is not None and pk in allowed


def holders(act: Act, department: Department | None) -> QuerySet[Staff]:
    """Return who may do `act` to what `department` owns; None is what belongs to all of them."""
    above: set[int] = set()
    at = department
    while at is not None and at.pk not in above:
        above.add(at.pk)
        at = at.parent
    roles = [role for role, acts in _ALLOWED.items() if act in acts]
    reaching = Q(department=None) | Q(department__in=above)
    granted = Grant.objects.filter(reaching, role__in=roles).values("staff")
    return Staff.objects.filter(pk__in=granted, is_active=True)


def may_anywhere(staff: Staff, act: Act) -> bool:
    """May `staff` do `act` in any department at all?  (For menus, never for a decision.)"""
    allowed = departments(staff, act)
    return allowed is None or bool(allowed)


def require(staff: Staff, act: Act, department: Department | int | None) -> None:
    """Raise `NotFound` if `staff` may not even see it, `RightMissing` if they may not do it."""
    if may(staff, act, department):
        return
    if act is not Act.VIEW and may(staff, Act.VIEW, department):
        raise RightMissing(
            "Your role does not allow this (%(act)s); ask an administrator for the right.",
            values={"act": act.value},
            details={"act": act.value},
        )
    raise NotFound("There is nothing here; check the address, or start from the first page.")


def require_somewhere(staff: Staff, act: Act) -> None:
    """Raise unless `staff` may do `act` in some department (for pages that list what they may)."""
    if not may_anywhere(staff, act):
        require(staff, act, staff.department_id)


def require_over(staff: Staff, other: Staff) -> None:
    """Raise unless `staff` may administer the account `other`, and all that it may do.

    Else whoever administers one department could open the account of somebody with more rights.
    """
    require(staff, Act.MANAGE_STAFF, other.department_id)
    for department in Grant.objects.filter(staff=other).values_list("department_id", flat=True):
        if not may(staff, Act.MANAGE_STAFF, department):
            raise Forbidden(
                "This account has rights beyond your own; ask an administrator of everything."
            )


def in_reach(staff: Staff, act: Act, field: str = "department") -> Q:
    """Return the filter for rows whose `field` is a department in which `staff` may do `act`.

    For whoever may everywhere it is a condition that always holds, not an empty one: `Q() | other`
    is `other` alone, so that who may see most would see least.
    """
    allowed = departments(staff, act)
    return ~Q(pk__in=()) if allowed is None else Q(**{f"{field}__in": allowed})
