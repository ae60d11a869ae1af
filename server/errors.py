"""What services refuse to do, and the one shape in which programs are told.

A service raises `ApplicationError` or a leaf of it; `server.responses` (JSON for /api, a page for
people) or a form answers with it.  The message is one sentence: what, and what to do; it is made of
a template and named values (`server.sentences`), so that every reader is told in their language.
"""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from server.sentences import Sentence, local, said_within

__all__ = [
    "ApplicationError",
    "Busy",
    "Conflict",
    "Forbidden",
    "Invalid",
    "LoginRefused",
    "NoSpace",
    "NotFound",
    "RightMissing",
    "TooLarge",
    "TooManyRequests",
    "Unavailable",
]


class ApplicationError(Exception):
    """A request that a service refuses: `code` for programs, the message for people.

    With `values` the message is a template with named places (`“%(title)s” is not ready.`).
    `details` are for programs, and for forms: the names of their fields, with a sentence each.
    `status` is the HTTP status, `retry_after_s` says when it is worth trying again.
    """

    status: ClassVar[int] = 400
    code: ClassVar[str] = "REFUSED"

    def __init__(
        self,
        template: str,
        *,
        values: Mapping[str, object] | None = None,
        code: str | None = None,
        status: int | None = None,
        details: Mapping[str, Any] | None = None,
        retry_after_s: int | None = None,
    ) -> None:
        said = template if isinstance(template, Sentence) else Sentence(template, values)
        super().__init__(said)
        self.message = said
        self.reason_code = code or type(self).code
        self.http_status = status or type(self).status
        self.details = dict(details or {})
        self.retry_after_s = retry_after_s

    def as_json(self) -> dict[str, Any]:
        """Return the one JSON shape of errors, in English."""
        return self._as_json(str)

    def as_local_json(self) -> dict[str, Any]:
        """Return the same in the language of the thread's reader."""
        return self._as_json(local)

    def _as_json(self, say: Callable[[str], str]) -> dict[str, Any]:
        """The values of the sentence are details too."""
        details = _plain(self.message.values) | self.details
        body = {"code": self.reason_code, "message": self.message, "details": details}
        return {"error": said_within(body, say)}


def _plain(values: Mapping[str, object]) -> dict[str, Any]:
    """The values of a sentence as JSON can hold them, for programs."""
    return {
        name: each if isinstance(each, int | str) else str(each) for name, each in values.items()
    }


class Invalid(ApplicationError):
    """What was sent is not allowed; `details` may name the fields."""

    status = 422
    code = "INVALID"


class LoginRefused(ApplicationError):
    """Name, password, code or token do not let anybody in."""

    status = 401
    code = "LOGIN_REFUSED"


class Forbidden(ApplicationError):
    """The actor may see this, and may not do that."""

    status = 403
    code = "FORBIDDEN"


class RightMissing(Forbidden):
    """None of the actor's roles allows it, whatever else may be the case."""


class NotFound(ApplicationError):
    """It is not there, or not for the actor to know of."""

    status = 404
    code = "NOT_FOUND"


class Conflict(ApplicationError):
    """Somebody else was faster, or it has been done already."""

    status = 409
    code = "CONFLICT"


class TooLarge(ApplicationError):
    """More bytes than the settings allow."""

    status = 413
    code = "TOO_LARGE"


class TooManyRequests(ApplicationError):
    """Too many tries; `retry_after_s` says when the next one counts."""

    status = 429
    code = "TOO_MANY_REQUESTS"


class Busy(ApplicationError):
    """The database is held by somebody else for longer than we wait: try again."""

    status = 503
    code = "BUSY"


class Unavailable(ApplicationError):
    """A part that this needs is down: the database, the store."""

    status = 503
    code = "UNAVAILABLE"


class NoSpace(ApplicationError):
    """The server's disk is full, or would be."""

    status = 507
    code = "NO_SPACE"
