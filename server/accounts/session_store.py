"""Django's session engine, with rows that say whose a session is, from where, and when it was seen.

SESSION_ENGINE names this module.  What people do with sessions (list, end) is `accounts.sessions`.
"""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.utils.dateparse import parse_datetime

from server.accounts.models import LoginSession
from server.clock import SystemClock

__all__ = ["ADDRESS", "BROWSER", "SEEN_EVERY", "STARTED", "SessionStore"]

#: How often it is written down that a session was seen; more often would be a write a request.
SEEN_EVERY = timedelta(minutes=5)

#: Where a session keeps what its row tells.
ADDRESS, BROWSER, STARTED = "address", "browser", "started"


class SessionStore(DatabaseSessions):
    """Sessions in `LoginSession`."""

    #: When the row says that it was seen; None for a session that was not loaded.
    seen_at: datetime | None = None

    @classmethod
    def get_model_class(cls) -> Any:
        """Return the model, as Django asks for it."""
        return LoginSession

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        """Return the row of what is in the session."""
        row: Any = super().create_model_instance(data)
        owner = data.get("_auth_user_id")
        row.staff_id = int(owner) if owner else None
        row.address = str(data.get(ADDRESS, ""))[:45]
        row.browser = str(data.get(BROWSER, ""))[:300].replace("\0", "")
        row.started_at = parse_datetime(str(data.get(STARTED, "")))
        row.seen_at = SystemClock().now()
        return row

    def _get_session_from_db(self) -> Any:
        row = super()._get_session_from_db()  # type: ignore[misc]  # not in the stubs
        self.seen_at = row.seen_at if row is not None else None
        return row

    def mark_seen(self, now: datetime) -> None:
        """Write down that the session was seen, if that was not done lately."""
        if self.seen_at is None or now - self.seen_at < SEEN_EVERY:
            return
        key, before = self.session_key, now - SEEN_EVERY
        LoginSession.objects.filter(session_key=key, seen_at__lt=before).update(seen_at=now)
        self.seen_at = now
