"""Why a pairing is refused: the leaves of `ApplicationError` that callers tell apart."""

from server.errors import ApplicationError, Forbidden, NotFound

__all__ = ["EnrolmentRefused", "NoSuchPairing", "PairingExpired"]


class NoSuchPairing(NotFound):
    """Unknown, used up, or asked for with another secret: all the same to whoever asks."""

    code = "NO_SUCH_PAIRING"

    def __init__(self) -> None:
        super().__init__("There is no such pairing (any more): begin a new one.")


class PairingExpired(ApplicationError):
    """Nobody claimed it in time."""

    status = 410
    code = "PAIRING_EXPIRED"

    def __init__(self) -> None:
        super().__init__("Nobody claimed this pairing in time: begin a new one.")


class EnrolmentRefused(Forbidden):
    """The enrolment key is unknown, revoked, expired or used up: `why`, in one of these words."""

    code = "ENROLMENT_REFUSED"

    def __init__(self, *, why: str) -> None:
        super().__init__(
            "This enrolment key does not count (%(why)s): have a new one made, or take it out of "
            "the settings to pair with a code.",
            values={"why": why},
        )
