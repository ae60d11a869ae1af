"""The answer of a check: good, doubtful or bad, with a sentence, and a cure where one is due."""

from dataclasses import dataclass
from typing import Literal

__all__ = ["Finding", "Verdict"]

Verdict = Literal["ok", "warning", "failed"]


@dataclass(frozen=True, slots=True)
class Finding:
    """`check` names the subject ("fonts"), `what` says what was found, `cure` what to do.

    *failed*: the wall shows less than it should.  *warning*: it will one day, or something could
    not be looked at.  An *ok* has no cure.
    """

    check: str
    verdict: Verdict
    what: str
    cure: str = ""
