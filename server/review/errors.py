"""Why a submission or a verdict was refused: what callers tell apart."""

from server.errors import Conflict, Forbidden, Invalid

__all__ = ["NotInReview", "NotOpened", "NotReviewed", "OwnWork", "SamePerson"]


class OwnWork(Forbidden):
    """Nobody reviews what they submitted or changed themselves."""

    code = "OWN_WORK"


class SamePerson(Forbidden):
    """Each step is done by another person."""

    code = "SAME_PERSON"


class NotInReview(Conflict):
    """It was approved, returned, withdrawn or submitted anew meanwhile."""

    code = "NOT_IN_REVIEW"


class NotOpened(Invalid):
    """Something new in it was not looked at in full size by this reviewer."""

    code = "NOT_OPENED"


class NotReviewed(Conflict):
    """What would be published is not what was approved (S06, S26)."""

    code = "NOT_REVIEWED"
