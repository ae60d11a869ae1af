"""Reads the audit: is the chain whole?  Who did what to a thing?"""

from django.db.models import QuerySet

from server.audit.chain import Act, Chain, examine
from server.audit.models import AuditRow

__all__ = ["head", "rows_about", "verify_chain"]

#: Rows that are in memory at a time.
CHUNK_ROWS = 1_000


def verify_chain() -> Chain:
    """Check every row of the audit against its digest and the row before."""
    columns = (*Act.__struct_fields__, "previous_sha256", "sha256")
    rows = AuditRow.objects.order_by("number").values(*columns)
    return examine(rows.iterator(chunk_size=CHUNK_ROWS))


def head() -> tuple[int, str]:
    """Return the number and the digest of the newest row; (0, "") where there is none.

    Kept outside the database (the log, once a day) it shows that nothing was cut off the end.
    """
    last = AuditRow.objects.order_by("-number").values_list("number", "sha256").first()
    return last or (0, "")


def rows_about(kind: str, id_: str) -> QuerySet[AuditRow]:
    """Return what was done to one thing, newest first."""
    return AuditRow.objects.filter(subject_kind=kind, subject_id=id_).order_by("-number")
