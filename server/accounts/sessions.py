"""The sessions of an account: where somebody is logged in, and how that ends.

For pages and commands.  A session that is ended here is refused at its next request.
"""

import hashlib
from datetime import datetime

from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.db.models import QuerySet

from server.accounts.models import LoginSession, Staff
from server.accounts.policy import require_over
from server.accounts.session_store import ADDRESS, BROWSER, STARTED
from server.audit.services import record

__all__ = ["describe", "end_session", "end_sessions", "mark_of", "session_marked", "sessions_of"]


def describe(session: SessionBase, *, address: str, browser: str, now: datetime) -> None:
    """Keep in a session that begins from where it comes."""
    session[ADDRESS], session[BROWSER], session[STARTED] = address, browser[:300], now.isoformat()


def sessions_of(staff: Staff, now: datetime) -> QuerySet[LoginSession]:
    """Return the open sessions, the one that was seen last first."""
    return LoginSession.objects.filter(staff=staff, expire_date__gt=now).order_by("-seen_at")


def mark_of(session: LoginSession) -> str:
    """Return what names a session without giving its key away: 24 hexadecimal digits."""
    return hashlib.sha256(session.session_key.encode()).hexdigest()[:24]


def session_marked(staff: Staff, mark: str, now: datetime) -> LoginSession | None:
    """Return the open session of `staff` that has this mark; None if there is none."""
    return next((each for each in sessions_of(staff, now) if mark_of(each) == mark), None)


@transaction.atomic
def end_session(
    *, staff: Staff, session_key: str, actor: Staff, now: datetime, address: str = ""
) -> bool:
    """End one session of `staff`; returns whether there was one.  Twice is once."""
    _require(actor, staff)
    row = LoginSession.objects.filter(staff=staff, session_key=session_key).first()
    if row is None or not LoginSession.objects.filter(pk=row.pk).delete()[0]:
        return False
    detail = {"from": row.address}
    record(
        actor=actor, action="session.end", subject=staff, detail=detail, now=now, address=address
    )
    return True


@transaction.atomic
def end_sessions(
    *, staff: Staff, but: str | None = None, actor: Staff | None, now: datetime, address: str = ""
) -> int:
    """End all sessions of `staff`, except that of the key `but`; returns how many."""
    _require(actor, staff)
    rows = LoginSession.objects.filter(staff=staff).exclude(session_key=but or "")
    ended = rows.delete()[0]
    if ended:
        record(
            actor=actor, action="session.end-all", subject=staff, detail={"sessions": ended},
            now=now, address=address,
        )  # fmt: skip
    return ended


def _require(actor: Staff | None, staff: Staff) -> None:
    """One's own sessions are one's own; those of others take the right over their account."""
    if actor is not None and actor.pk != staff.pk:
        require_over(actor, staff)
