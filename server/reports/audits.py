"""Which rows of the audit somebody may read.  For pages and scripts alike."""

from django.db.models import QuerySet

from server.accounts.models import Staff
from server.accounts.policy import Act, departments, require_somewhere
from server.audit.models import AuditRow

__all__ = ["rows_for"]


def rows_for(staff: Staff) -> QuerySet[AuditRow]:
    """What those did who belong to departments in which `staff` may read the audit.

    Raises `RightMissing` if there is none.
    """
    require_somewhere(staff, Act.READ_AUDIT)
    reach = departments(staff, Act.READ_AUDIT)
    rows = AuditRow.objects.all()
    if reach is None:
        return rows
    return rows.filter(actor__in=Staff.objects.filter(department__in=reach).values("username"))
