"""Rows that a page is about: in the reader's reach, or not there at all; pages of long lists."""

from typing import Any, TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Case, Model, QuerySet, When
from django.http import Http404, HttpRequest

from server.accounts.models import Department
from server.accounts.policy import Act, departments, in_reach
from server.staff.requests import staff_of

__all__ = ["departments_for", "found", "page_of", "visible"]

#: Rows on one page of a list.
PAGE_ROWS = 60

M = TypeVar("M", bound=Model)


def visible(
    request: HttpRequest, model: type[M], act: Act = Act.VIEW, field: str = "department"
) -> QuerySet[M]:
    """Return the rows of `model` for which somebody may do `act`."""
    rows: QuerySet[M] = model._default_manager.filter(in_reach(staff_of(request), act, field))  # noqa: SLF001  (Django's own name)
    return rows


def found(rows: QuerySet[M], pk: int) -> M:
    """Return the row of this key; 404 otherwise."""
    row = rows.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def departments_for(request: HttpRequest, act: Act) -> QuerySet[Department]:
    """Return the departments in which somebody may do `act`, their own first, the others by name.

    The first one is what a form has chosen before anybody chooses.
    """
    staff = staff_of(request)
    allowed = departments(staff, act)
    own_first = Case(When(pk=staff.department_id, then=0), default=1)
    rows = Department.objects.order_by(own_first, "name")
    return rows if allowed is None else rows.filter(pk__in=allowed)


def page_of(request: HttpRequest, rows: QuerySet[M]) -> Page[M]:
    """Return the page that the query names; a wrong number is the nearest page."""
    pages: Paginator[Any] = Paginator(rows, PAGE_ROWS)
    return pages.get_page(request.GET.get("page"))
