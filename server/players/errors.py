"""Why the interface for players refuses a request: those leaves of `ApplicationError`.

Each has the code that boxes and docs/player-interface.md know it by.
"""

from server.errors import ApplicationError, Invalid, NotFound

__all__ = [
    "Malformed",
    "MethodNotAllowed",
    "NoSuchBlob",
    "NoSuchRange",
    "NothingPublished",
    "TokenRefused",
    "WrongEncoding",
    "WrongMediaType",
]


class TokenRefused(ApplicationError):
    """The token is unknown, was revoked, or is of a screen that was retired."""

    status = 401
    code = "TOKEN_REFUSED"

    def __init__(self) -> None:
        super().__init__("This token does not count (any more): pair the box again.")


class NothingPublished(NotFound):
    """The screen is known, and nothing has been published for it."""

    code = "NOTHING_PUBLISHED"

    def __init__(self) -> None:
        super().__init__("Nothing has been published for this screen yet.")


class NoSuchBlob(NotFound):
    """No manifest of this screen names this blob, or it is not to be had."""

    code = "NO_SUCH_BLOB"


class NoSuchRange(Invalid):
    """The range begins behind the end of the blob (RFC 9110, 15.5.17)."""

    status = 416
    code = "NO_SUCH_RANGE"


class MethodNotAllowed(ApplicationError):
    """The path is known, and this method is not for it (RFC 9110, 15.5.6)."""

    status = 405
    code = "METHOD_NOT_ALLOWED"


class Malformed(Invalid):
    """The request is not as it is described."""

    status = 400
    code = "MALFORMED"


class WrongEncoding(Invalid):
    """The body came in an encoding that is not taken."""

    status = 415
    code = "WRONG_ENCODING"


class WrongMediaType(Invalid):
    """The body is of another kind than the one that is taken here."""

    status = 415
    code = "WRONG_MEDIA_TYPE"
