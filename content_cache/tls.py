"""Whose certificates are believed, and by which clock their dates are judged.

For `http_client` and `http_wire`.  TLS 1.2 or later, always verified; there is no way to turn that
off.  Reads a CA file once, when it is made; asks for no time itself.

A box whose battery is dead begins in 1970.  There every certificate is "not yet valid", and where
no time server is in reach nothing would ever tell the box better: the signed time of the server
comes over the very connection that TLS refuses.  So while the machine's clock is *proved* to be
behind, by a signature or by the time at which this program was built, the dates of certificates
are judged by what is proved to be past: one that ended before is refused all the same, one that
begins later is believed.  Names, signatures and authorities are verified as ever, and content is
signed besides.
"""

import ssl
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from content_cache.fetch_errors import TlsFailed
from content_cache.leashed_socket import LeashedContext

__all__ = ["ProvedPast", "Tls", "trust_the_clock"]

#: An instant that is proved to be past while the machine's clock lies before it; else None.
ProvedPast = Callable[[], datetime | None]

#: X509_V_FLAG_NO_CHECK_TIME of OpenSSL, for which Python's `ssl` has no name.
NO_CHECK_TIME = 0x200000


def trust_the_clock() -> None:
    """Nothing proves the machine's clock to be wrong."""


class Tls:
    """The contexts of one client, which verifies against the CAs in `ca_file` alone (None: the
    system's).

    Raises `TlsFailed` for a file that holds none.
    """

    def __init__(
        self, ca_file: Path | None = None, proved_past: ProvedPast = trust_the_clock
    ) -> None:
        self._ca_file, self._proved_past = ca_file, proved_past
        self._by_the_clock = _context(ca_file)
        self._past: datetime | None = None

    def context(self) -> ssl.SSLContext:
        """The context for a connection that is made now."""
        past = self._proved_past()
        if past is None:
            return self._by_the_clock
        self._past = past
        return self._by_what_is_past

    @cached_property
    def _by_what_is_past(self) -> LeashedContext:
        context = _context(self._ca_file)
        context.verify_flags |= NO_CHECK_TIME
        context.check = self._refuse_what_has_ended
        return context

    def _refuse_what_has_ended(self, connection: ssl.SSLSocket) -> None:
        shown = connection.getpeercert()
        until = ssl.cert_time_to_seconds(str(shown["notAfter"])) if shown else 0
        if self._past is None or datetime.fromtimestamp(until, UTC) < self._past:
            raise ssl.SSLError(1, "certificate has expired")


def _context(ca_file: Path | None) -> LeashedContext:
    context = LeashedContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        if ca_file is None:
            context.load_default_certs()
        else:
            context.load_verify_locations(ca_file)
    except OSError as error:  # ssl.SSLError is one
        why = f"the CA file cannot be used: {error.strerror or error}"
        raise TlsFailed(str(ca_file), why) from error
    return context
