"""What administrators are reminded of: next year's holidays, once they may be announced."""

from datetime import datetime

from django.http import HttpRequest
from django.utils.timezone import localdate

from server.accounts.policy import Act, may
from server.programme.calendar_days import year_to_take_in
from server.staff.requests import staff_of

__all__ = ["reminder_for"]


def reminder_for(request: HttpRequest, at: datetime) -> int | None:
    """The year whose holidays have to be taken in, for who may do that."""
    if not may(staff_of(request), Act.MANAGE_SCREENS, None):
        return None
    return year_to_take_in(localdate(at))
