"""Versions and times only grow, and bytes are those announced (docs/trust.md, section 4)."""

from datetime import UTC, datetime, timedelta

from manifest import times
from manifest.documents import ManifestReference
from manifest.errors import DigestMismatch, Equivocated, FastForward, RolledBack
from manifest.trust_state import FreshnessMark, Mark

__all__ = ["DAY", "check_announced", "check_floor", "check_not_ahead", "later", "raised_time_floor"]

#: How far into the future a version may be, and how far one freshness moves the time floor.
DAY = timedelta(days=1)

_LAST = datetime.max.replace(tzinfo=UTC)


def raised_time_floor(known: datetime | None, server_time: datetime) -> datetime:
    """The first contact of an epoch sets the time; later ones move it on, a day at the most."""
    if known is None:
        return server_time
    return max(known, min(server_time, later(known, DAY)))


def later(instant: datetime, by: timedelta) -> datetime:
    """`instant + by`, but never beyond the last instant that there is: times come from outside."""
    return instant + min(by, _LAST - instant)


def check_floor(what: str, version: int, sha256: str, floor: Mark | FreshnessMark | None) -> None:
    """Refuse a version below the known one, and other bytes under the same version (rule 4)."""
    if floor is None:
        return
    if version < floor.version:
        raise RolledBack(f"the {what} is version {version}, and {floor.version} is known already")
    if version == floor.version and sha256 != floor.sha256:
        raise Equivocated(
            f"the {what} is version {version} like the known one, but not the same bytes: "
            f"SHA-256 {sha256} instead of {floor.sha256}"
        )


def check_not_ahead(what: str, version: int, now: datetime) -> None:
    """Refuse a version that unix milliseconds will not reach within a day (rule 4, M09)."""
    most = times.unix_ms(now) + DAY // timedelta(milliseconds=1)
    if version > most:
        raise FastForward(
            f"the {what} is version {version}, and until a day from now none can be above {most}"
        )


def check_announced(newest: ManifestReference, sha256: str, size: int) -> None:
    """Refuse a manifest of other bytes than a freshness or a bundle names."""
    if (sha256, size) != (newest.sha256, newest.bytes):
        raise DigestMismatch(
            f"the manifest has {size} bytes with SHA-256 {sha256}, "
            f"and {newest.bytes} bytes with {newest.sha256} were announced"
        )
