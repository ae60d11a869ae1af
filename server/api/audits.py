"""The audit, for scripts: its rows, newest first, and whether its chain is whole."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from server.accounts.policy import Act, require_somewhere
from server.api.interface import Call, Operation
from server.api.reading import BEFORE, page_of
from server.audit.models import AuditRow
from server.audit.selectors import verify_chain
from server.reports.audits import rows_for

__all__ = ["OPERATIONS"]


class AuditValue(Struct):
    """Who did what to what; `sha256` seals the row and the one before it."""

    number: int
    at: datetime
    actor: str
    actor_name: str
    address: str
    action: str
    subject_kind: str
    subject_id: str
    subject_name: str
    detail: dict[str, Any]
    sha256: str


class AuditList(Struct):
    """Some rows in reach; `next` is the `before` of the next page, or None."""

    rows: list[AuditValue]
    next: int | None


class BreakValue(Struct):
    """A row at which the chain does not hold, and what that means."""

    number: int
    what: str


class Verdict(Struct):
    """The whole chain: note `head_sha256` elsewhere, and nothing can be cut off unseen."""

    holds: bool
    rows: int
    head_sha256: str
    breaks: list[BreakValue]


def audit(call: Call) -> AuditList:
    """List what was done by those in reach."""
    rows, following = page_of(call, rows_for(call.actor))
    return AuditList([_row(each) for each in rows], following)


def _row(row: AuditRow) -> AuditValue:
    return AuditValue(**{name: getattr(row, name) for name in AuditValue.__struct_fields__})


def audit_verify(call: Call) -> Verdict:
    """Check every row against its digest and the row before."""
    require_somewhere(call.actor, Act.READ_AUDIT)
    chain = verify_chain()
    breaks = [BreakValue(each.number, each.what) for each in chain.breaks]
    return Verdict(chain.holds, chain.rows, chain.head_sha256, breaks)


OPERATIONS = (
    Operation("GET", "audit/", "audit", audit, "Who did what, the newest first",
              answer=AuditList, act=Act.READ_AUDIT, parameters=(BEFORE,)),
    Operation("GET", "audit/verify/", "audit_verify", audit_verify,
              "Is the chain of the audit whole?", answer=Verdict, act=Act.READ_AUDIT),
)  # fmt: skip
