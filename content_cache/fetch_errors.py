"""What can go wrong between this box and a server, as one family of errors.

Raised by fetchers only (`fetcher`, `http_fetcher` and what it is made of).  Each message is one
sentence for the person who looks after the screens: what, where, and what to do.  `code` is the
short name of the cause for reports to the server; it never changes once released.
"""

from typing import ClassVar

from content_cache.errors import CacheError

__all__ = [
    "Cancelled",
    "CaptivePortal",
    "CutShort",
    "FetchError",
    "NameNotResolved",
    "ProxyRefused",
    "Redirected",
    "ServerRefused",
    "ServerUnreachable",
    "TlsFailed",
    "TokenRefused",
    "TooLarge",
    "TooSlow",
    "WrongContent",
]


class FetchError(CacheError):
    """A document or a blob could not be had; what is on the screen stays as it is."""

    code: ClassVar[str] = "FETCH"
    severity: ClassVar[str] = "W"
    #: Does it speak of the link or the whole server?  Then asking for the next blob is pointless.
    concerns_link: bool = True


class ServerUnreachable(FetchError):
    """No connection: refused, no route, or broken before an answer came."""

    code = "OFFLINE"

    def __init__(self, where: str, why: str) -> None:
        super().__init__(
            f"cannot reach {where}: {why}; check the cable, the network and the server's address"
        )


class NameNotResolved(ServerUnreachable):
    """The server's name has no address, or the name servers do not answer."""

    code = "DNS"

    def __init__(self, host: str, why: str) -> None:
        FetchError.__init__(
            self, f"the name {host!r} was not resolved: {why}; check the DNS servers of this box"
        )


class TooSlow(FetchError):
    """A deadline passed, nothing came for too long, or it came below the minimum rate."""

    code = "STALL"
    severity = "I"

    def __init__(self, where: str, why: str) -> None:
        super().__init__(
            f"{where} is too slow: {why}; the next pass goes on where this one stopped, "
            f"check the link if it stays so"
        )


class CutShort(FetchError):
    """The connection ended in the middle of a body; what came so far is good to go on from."""

    code = "CUT"
    severity = "I"
    concerns_link = False  # the next blob may come; if the link is down, it will say so

    def __init__(self, where: str, got: int, why: str) -> None:
        super().__init__(
            f"{where} broke off after {got} bytes ({why}); the next attempt goes on from there"
        )
        self.got = got


class ServerRefused(FetchError):
    """The server answered, with an HTTP status that is a refusal."""

    code = "REFUSED"
    severity = "I"

    def __init__(self, where: str, status: int, retry_after_s: float | None = None) -> None:
        super().__init__(f"{where} answered with HTTP status {status}; {_advice(status)}")
        self.status = status
        self.retry_after_s = retry_after_s
        self.concerns_link = not self.is_missing

    @property
    def is_missing(self) -> bool:
        """Is it only this one thing that the server does not have?"""
        return self.status in (404, 410)


class TokenRefused(ServerRefused):
    """The server does not know our token: it was revoked, or the server lost it (status 401)."""

    code = "TOKEN_REFUSED"
    severity = "E"


def _advice(status: int) -> str:
    if status in (401, 403):
        return "the screen's token may be revoked: pair the screen again"
    if status in (404, 410):
        return "publish again, and check that the server's address is complete"
    if status == 429 or status >= 500:
        return "it will be asked again later; look at the server's log if it stays so"
    return "check the server's address and its version"


class TooLarge(FetchError):
    """More bytes than the limit, or than the signed manifest says."""

    code = "TOO_LARGE"
    concerns_link = False

    def __init__(self, where: str, limit_bytes: int) -> None:
        super().__init__(
            f"{where} is longer than the {limit_bytes} bytes that it may have; "
            f"check what stands between this box and the server"
        )
        self.limit_bytes = limit_bytes


class WrongContent(FetchError):
    """The answer is not what was asked for: empty, of another length, range, or encoding."""

    code = "WRONG_CONTENT"
    concerns_link = False

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"{where} is not what was asked for: {why}; check proxies on the way")


class CaptivePortal(WrongContent):
    """A web page came instead: a login page of the network, or an error page of a proxy."""

    code = "CAPTIVE_PORTAL"
    concerns_link = True

    def __init__(self, where: str) -> None:
        FetchError.__init__(
            self,
            f"{where} is a web page, not what was asked for: the network may want a login; "
            f"let this box through without one",
        )


class Redirected(FetchError):
    """The server (or a network that wants a login) sends us elsewhere; we never follow."""

    code = "REDIRECT"

    def __init__(self, where: str, location: str) -> None:
        super().__init__(
            f"{where} redirects to {location!r}, and redirects are not followed; "
            f"set the server's final address, or let this box through without a login page"
        )


class TlsFailed(FetchError):
    """The server could not prove who it is, or spoke no TLS that we accept."""

    code = "TLS"
    severity = "E"

    def __init__(self, where: str, why: str) -> None:
        super().__init__(
            f"the certificate or the encryption of {where} was refused: {why}; "
            f"check the clock of this box, the server's certificate and the CA file"
        )


class ProxyRefused(FetchError):
    """A proxy on the way wants a name and password, or refused to pass us on."""

    code = "PROXY"
    severity = "E"

    def __init__(self, where: str, why: str) -> None:
        super().__init__(
            f"a proxy refused the way to {where}: {why}; "
            f"let this box through, or set the proxy with its name and password"
        )


class Cancelled(FetchError):
    """The pass was told to stop; nothing is wrong."""

    code = "CANCELLED"
    severity = "I"

    def __init__(self) -> None:
        super().__init__("the transfer was told to stop; the next pass goes on where it stopped")
