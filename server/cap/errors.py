"""Why an alert of another authority was refused."""

from server.errors import Conflict, Invalid

__all__ = ["AlreadyDecided", "CapRefused"]


class CapRefused(Invalid):
    """It is no CAP alert that can be read."""

    code = "CAP_REFUSED"


class AlreadyDecided(Conflict):
    """Somebody else has shown or declined it, or it is over."""

    code = "ALREADY_DECIDED"
