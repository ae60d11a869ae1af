"""Instants as documents can write them: in whole milliseconds (docs/manifest.md, section 2)."""

from datetime import datetime

__all__ = ["whole_ms"]


def whole_ms(at: datetime) -> datetime:
    """Return `at` without what is less than a millisecond; else no manifest could hold it."""
    return at.replace(microsecond=at.microsecond // 1000 * 1000)
