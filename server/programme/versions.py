"""Two editors at once: who saves second is shown what the first one changed, and loses nothing.

Every thing that is edited has a `version`.  A change says which version it was made from; if that
is not the newest any more, it is refused with both sides, field by field (S05).
"""

from collections.abc import Mapping
from typing import Any, Protocol, TypeVar

from django.db import connection, models

from server.errors import Conflict, NotFound

__all__ = ["hold_still", "locked", "require_version"]

#: The key of PostgreSQL's advisory lock on the programme ("progra" in hexadecimal).
PROGRAMME_LOCK = 0x70726F677261


class Versioned(Protocol):
    """A row with a version."""

    version: int


M = TypeVar("M", bound=models.Model)


def hold_still(*, shared: bool = False) -> None:
    """Keep the programme as it is until the transaction ends; take this lock before any other.

    Who edits shares it, who reads all of it to publish has it alone: what is published is the
    programme of one moment.  SQLite has one writer at a time, and needs no more.
    """
    if connection.vendor == "postgresql":
        lock = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {lock}(%s)", [PROGRAMME_LOCK])


def locked(row: M) -> M:
    """The row as it is now, held until the transaction ends.  Raises `NotFound` if it is gone."""
    hold_still(shared=True)
    found = type(row)._default_manager.select_for_update().filter(pk=row.pk).first()  # noqa: SLF001  (Django's own name)
    if found is None:
        raise NotFound("This was deleted meanwhile; what you wrote is not lost: save it as new.")
    return found


def require_version(
    row: Versioned, version: int, now: Mapping[str, Any], yours: Mapping[str, Any]
) -> None:
    """Raise `Conflict` if `row` has another version, with the fields that `yours` would overwrite.

    `now` has the values of the row as JSON, `yours` those that were sent.
    """
    if row.version == version:
        return
    changes = {
        field: {"now": now.get(field), "yours": value}
        for field, value in yours.items()
        if now.get(field) != value
    }
    raise Conflict(
        "Somebody else saved “%(name)s” while you were editing it, so yours is not saved yet: "
        "compare the two, then save again.",
        values={"name": str(row)},
        details={"version": row.version, "changes": changes},
    )
