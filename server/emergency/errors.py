"""Why an emergency was refused: what callers tell apart."""

from server.errors import Conflict, Invalid

__all__ = ["NotConfirmed", "NotLegible", "SomebodyElseBegan"]


class NotConfirmed(Invalid):
    """The word that makes it real was not typed, or it was the word of a drill."""

    code = "NOT_CONFIRMED"


class NotLegible(Invalid):
    """So many words cannot be read in passing, or have blanks that nobody filled."""

    code = "NOT_LEGIBLE"


class SomebodyElseBegan(Conflict):
    """An emergency that the actor has not seen began on one of these screens meanwhile."""

    code = "SOMEBODY_ELSE_BEGAN"
