"""The addresses of a server, in the order in which they are tried.

An address that fails goes behind the others for a while, so that a dead one is not waited for
with every blob; then the configured order holds again.  Safe to use from several threads.  Used
by `http_fetcher` alone; it asks nobody itself.
"""

import ipaddress
import threading
import time
from collections.abc import Callable, Sequence
from typing import TypeVar
from urllib.parse import urlsplit

from content_cache.fetch_errors import Cancelled, CutShort, FetchError

__all__ = ["FALL_BACK_S", "BaseUrls", "checked_base"]

#: How long the order stays changed after the last failure, in seconds.
FALL_BACK_S = 600.0

Result = TypeVar("Result")


class BaseUrls:
    """At least one address; all of them are of servers that publish the same."""

    def __init__(
        self, configured: Sequence[str], clock: Callable[[], float] = time.monotonic
    ) -> None:
        if not configured:
            raise ValueError("no server is set: set at least one address")
        self._configured, self._clock = tuple(configured), clock
        self._lock = threading.Lock()
        self._order, self._changed_at = list(configured), clock()

    def first_that_answers(self, ask: Callable[[str], Result]) -> Result:
        """What `ask` returns for the first address that can be asked.

        An answer about one document or blob (it is missing, it is too large) is an answer.  When
        no address works, the failure of the first is raised: it is the one that should.
        """
        first: FetchError | None = None
        for base in self._in_order():
            try:
                return ask(base)
            except FetchError as error:
                if not self.blame(base, error):
                    raise
                first = first or error
        assert first is not None, "there is at least one address"
        raise first

    def blame(self, base: str, error: FetchError) -> bool:
        """Put `base` behind the others if `error` is its fault, not that of one blob."""
        if isinstance(error, Cancelled) or not (error.concerns_link or isinstance(error, CutShort)):
            return False
        with self._lock:
            self._order.remove(base)
            self._order.append(base)
            self._changed_at = self._clock()
        return True

    def _in_order(self) -> Sequence[str]:
        with self._lock:
            if self._clock() - self._changed_at >= FALL_BACK_S:
                self._order = list(self._configured)
            return tuple(self._order)


def checked_base(url: str, *, cleartext: bool) -> str:
    """`url` without a slash at its end.  Raises `ValueError` with a sentence if it will not do."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{url!r} is no address of a server: write https://name/")
    if parts.query or parts.fragment or parts.username or parts.password:
        raise ValueError(
            f"{parts.hostname}: an address ends with its path, and holds no name or password"
        )
    if parts.scheme == "http" and not cleartext and not _is_this_machine(parts.hostname):
        raise ValueError(
            f"{url!r} would send the screen's token in clear text: use https://, or allow it"
        )
    _ = parts.port  # raises ValueError when it is none
    return url.rstrip("/")


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
