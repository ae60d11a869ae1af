"""The word that something changed which players must hear of: said by services, heard by players.

Services call `tell` when they publish, take down, revoke a token or ask something of a box; the
interface for players (`server.players`) listens.  The word carries nothing: whoever hears it asks
the database what changed, so that a word that is lost costs a second, not the truth.

Heard at once in this process; in the others through PostgreSQL's NOTIFY, or (SQLite) because they
look at the database's `data_version` several times a second (`server.players.newsroom`).
"""

import logging
from collections.abc import Callable

from django.db import DatabaseError, connection, transaction

__all__ = ["CHANNEL", "listen", "tell"]

#: The channel of PostgreSQL's NOTIFY.
CHANNEL = "yingbi_news"

_log = logging.getLogger(__name__)
_listeners: set[Callable[[], None]] = set()


def listen(listener: Callable[[], None]) -> Callable[[], None]:
    """Have `listener` called, in the thread of whoever tells, until the returned call.

    It must return at once and never raise.
    """
    _listeners.add(listener)
    return lambda: _listeners.discard(listener)


def tell() -> None:
    """Say that something changed: after the transaction that is open, else now.  Never raises."""
    transaction.on_commit(_tell)


def _tell() -> None:
    for listener in tuple(_listeners):
        listener()
    if connection.vendor != "postgresql":
        return
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"NOTIFY {CHANNEL}")
    except DatabaseError as error:  # what it tells of is committed: the others hear of it later
        _log.warning("other processes were not told at once: %s", error)
