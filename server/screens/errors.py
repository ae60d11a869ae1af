"""Why a pairing is refused: the leaves of `ApplicationError` that callers tell apart."""

from server.errors import ApplicationError, Forbidden, NotFound

__all__ = ["WHY", "EnrolmentRefused", "NoSuchPairing", "PairingExpired"]


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
    """The enrolment key is unknown, used up, expired or revoked: `why` (of `WHY`) says which."""

    code = "ENROLMENT_REFUSED"

    def __init__(self, why: str) -> None:
        super().__init__(
            f"{WHY[why]} Have a new one made on the server's page for new screens, "
            "or pair the box with its code.",
            details={"why": why},
        )


#: Why an enrolment key does not count, for whoever has it.
WHY = {
    "unknown": "The server does not know this enrolment key.",
    "revoked": "This enrolment key was revoked.",
    "expired": "This enrolment key has expired.",
    "used-up": "This enrolment key is used up: each box counts once.",
}
