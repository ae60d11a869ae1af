"""Departments, for scripts: listed, made, renamed and moved, merged into another, closed."""

from msgspec import UNSET, Struct, UnsetType

from server.accounts import departments as services
from server.accounts.models import Department
from server.accounts.policy import Act, departments
from server.api.interface import Call, Operation
from server.api.reading import Key, Name, found
from server.errors import Invalid, NotFound

__all__ = ["OPERATIONS"]


class DepartmentValue(Struct):
    """A department in reach; `parent` is the one above."""

    id: int
    name: str
    parent: int | None


class DepartmentList(Struct):
    """All departments in reach."""

    departments: list[DepartmentValue]


class NewDepartment(Struct, forbid_unknown_fields=True):
    """A department to be made; without `parent` it stands at the top."""

    name: Name
    parent: Key | None = None


class DepartmentChange(Struct, forbid_unknown_fields=True):
    """What will be another; `parent` null puts it at the top."""

    name: Name | UnsetType = UNSET
    parent: Key | UnsetType | None = UNSET


class Merge(Struct, forbid_unknown_fields=True):
    """Which department gets all that belongs to this one."""

    into: Key


def _value(row: Department) -> DepartmentValue:
    return DepartmentValue(row.pk, row.name, row.parent_id)


def _found(call: Call, pk: int) -> Department:
    allowed = departments(call.actor, Act.VIEW)
    rows = Department.objects.all()
    return found(rows if allowed is None else rows.filter(pk__in=allowed), pk, "department")


def _parent(call: Call, pk: int | None) -> Department | None:
    return None if pk is None else _found(call, pk)


def department_list(call: Call) -> DepartmentList:
    """List the departments in reach."""
    allowed = departments(call.actor, Act.VIEW)
    rows = Department.objects.order_by("pk")
    rows = rows if allowed is None else rows.filter(pk__in=allowed)
    return DepartmentList([_value(each) for each in rows])


def department_look(call: Call, department: int) -> DepartmentValue:
    """Look at a department."""
    return _value(_found(call, department))


def department_create(call: Call) -> DepartmentValue:
    """Make a department."""
    return _value(
        services.department_create(
            name=call.body.name,
            parent=_parent(call, call.body.parent),
            actor=call.actor,
            now=call.now,
        )
    )


def department_change(call: Call, department: int) -> DepartmentValue:
    """Rename a department, or put it elsewhere."""
    row, body = _found(call, department), call.body
    if body.name is not UNSET:
        services.department_rename(
            department=row, name=body.name, actor=call.actor, now=call.now
        )  # fmt: skip
    if body.parent is not UNSET:
        services.department_move(
            department=row, parent=_parent(call, body.parent), actor=call.actor, now=call.now
        )
    return _value(row)


def department_merge(call: Call, department: int) -> DepartmentValue:
    """Give all that belongs to a department to another one, and remove it."""
    row = _found(call, department)
    try:
        into = _found(call, call.body.into)
    except NotFound:  # the department of the path is there
        raise Invalid(
            "There is no department %(id)d to merge into.", values={"id": call.body.into}
        ) from None
    services.department_merge(department=row, into=into, actor=call.actor, now=call.now)
    return _value(into)


def department_close(call: Call, department: int) -> None:
    """Remove a department in which nothing is left."""
    row = _found(call, department)
    services.department_close(department=row, actor=call.actor, now=call.now)


_ONE = "departments/<int:department>/"
_MANAGE = Act.MANAGE_STAFF

OPERATIONS = (
    Operation("GET", "departments/", "department_list", department_list,
              "List the departments in reach", answer=DepartmentList),
    Operation("POST", "departments/", "department_create", department_create,
              "Make a department", NewDepartment, DepartmentValue, 201, act=_MANAGE),
    Operation("GET", _ONE, "department_look", department_look, "Look at a department",
              answer=DepartmentValue),
    Operation("PATCH", _ONE, "department_change", department_change,
              "Rename a department, or put it elsewhere", DepartmentChange, DepartmentValue,
              act=_MANAGE),
    Operation("DELETE", _ONE, "department_close", department_close,
              "Close a department in which nothing is left", act=_MANAGE),
    Operation("POST", _ONE + "merge/", "department_merge", department_merge,
              "Give all that belongs to a department to another one, and remove it; for good",
              Merge, DepartmentValue, act=_MANAGE),
)  # fmt: skip
