"""What a look may find: one thing that is wrong, and what to do about it."""

from enum import StrEnum

from msgspec import Struct

__all__ = ["Finding", "Severity"]


class Severity(StrEnum):
    """How bad it is: `error` changes the exit status."""

    ERROR = "error"
    WARNING = "warning"


class Finding(Struct, frozen=True):
    """One thing that is wrong: a code for programs, a sentence, and what to do about it."""

    code: str
    what: str
    cure: str
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        """One line, which begins with what `grep` is asked for."""
        return f"{self.severity} {self.code}: {self.what.rstrip('.')}; {self.cure}"
