"""A fault: something wrong with the cache that the wall survives and an operator should know.

Faults are values; whoever finds one returns it, and the agent reports it (opened once, closed
once).  The codes and what to do about each are listed in docs/cache.md.
"""

from dataclasses import dataclass
from typing import Literal

from content_cache.errors import CacheError

__all__ = ["Fault", "Severity"]

Severity = Literal["I", "W", "E", "C"]


@dataclass(frozen=True, slots=True)
class Fault:
    """`code` for programs, `severity` (I, W, E, C), and one sentence for people."""

    code: str
    severity: str
    sentence: str

    @classmethod
    def of(cls, error: CacheError) -> "Fault":
        """The fault that an error amounts to when nobody is stopped by it."""
        return cls(error.code, error.severity, str(error))
