"""Fetches a table from another system: from hosts that the settings name, and from nowhere else.

An address that somebody typed makes the server ask, from behind the firewall (SSRF).  So the host
must be on the list, every address that its name has must be public or in a network that the
settings allow, and the address that was checked is the one that is connected to: a name cannot
change its mind in between.  A redirect is an address like the first.  Size and time are limited.
"""

import http.client
import socket
import ssl
import threading
from collections.abc import Iterable
from ipaddress import ip_address, ip_network
from urllib.parse import SplitResult, urljoin

from django.conf import settings
from msgspec import Struct

from server.alerts.addresses import Resolve, is_outside, system_resolve, taken_apart
from server.alerts.errors import DeliveryFailed
from server.datasets.importing import FILE_BYTES_LIMIT
from server.errors import Invalid

__all__ = [
    "PATIENCE_S",
    "WHOLE_S",
    "FetchRefused",
    "Rules",
    "allowed_at",
    "checked_address",
    "fetch",
    "rules",
]

#: How long each step may take, and the whole of it, in seconds.
PATIENCE_S, WHOLE_S = 10.0, 45.0

REDIRECTS_LIMIT = 3
_CHUNK = 1 << 16


class Rules(Struct, frozen=True):
    """`fetch.hosts` and `fetch.networks` of the settings: who may be asked."""

    hosts: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()


class FetchRefused(Invalid):
    """The address may not be asked, or gave nothing that can be used."""

    code = "FETCH_REFUSED"


def rules() -> Rules:
    """Who may be asked, as the settings say."""
    told = settings.CONFIGURATION.fetch
    return Rules(hosts=told.hosts, networks=told.networks)


def checked_address(url: str, rules: Rules) -> SplitResult:
    """The parts of an address that may be asked for, before any name is looked up."""
    try:
        parts = taken_apart(url.strip())
    except DeliveryFailed as error:
        raise FetchRefused(
            "This is no address to fetch from (%(why)s): write https://host/path.",
            values={"why": error},
        ) from None
    host = str(parts.hostname).rstrip(".")
    if not any(_matches(host, each) for each in rules.hosts):
        raise FetchRefused(
            "%(host)s is not on the list of hosts that may be asked: an administrator adds it to"
            " the settings (fetch.hosts).",
            values={"host": host},
        )
    return parts


def _matches(host: str, allowed: str) -> bool:
    """`data.example` is itself; `.data.example` all below it."""
    wanted = allowed.strip().lower()
    return host.lower() == wanted or (wanted.startswith(".") and host.lower().endswith(wanted))


def fetch(
    url: str,
    rules: Rules,
    *,
    resolve: Resolve = system_resolve,
    patience_s: float = PATIENCE_S,
    whole_s: float = WHOLE_S,
    most_bytes: int = FILE_BYTES_LIMIT,
) -> bytes:
    """What stands at `url`, at most `most_bytes` bytes.  Raises `FetchRefused`."""
    for _turn in range(REDIRECTS_LIMIT + 1):
        parts = checked_address(url, rules)
        answer = _asked(parts, rules, resolve, _Bounds(patience_s, whole_s, most_bytes))
        if isinstance(answer, bytes):
            return answer
        url = urljoin(url, answer.to)
    raise FetchRefused(
        "%(host)s sends us from one address to the next: use the last one.",
        values={"host": parts.hostname},
    )


class _Bounds(Struct, frozen=True):
    """How long each step and the whole may take, in seconds, and how much may come."""

    patience_s: float
    whole_s: float
    most_bytes: int


class _Elsewhere(Struct, frozen=True):
    """A redirect."""

    to: str


def _asked(
    parts: SplitResult, rules: Rules, resolve: Resolve, bounds: _Bounds
) -> bytes | _Elsewhere:
    host = str(parts.hostname)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    address = allowed_at(host, port, rules.networks, resolve)
    line = _Line(host, port, address, bounds.patience_s, is_tls=parts.scheme == "https")
    watch = threading.Timer(bounds.whole_s, line.cut)
    watch.name = "fetch-deadline"
    watch.start()
    try:
        found = _exchange(line, parts, bounds.most_bytes)
    except (OSError, http.client.HTTPException, ValueError) as error:
        why = "it took too long" if line.is_cut else str(error)[:200] or type(error).__name__
        raise FetchRefused(
            "%(host)s gave no answer: %(why)s.", values={"host": host, "why": why}
        ) from error
    finally:
        watch.cancel()
        line.close()
        watch.join()
    if line.is_cut:  # what was read until then only looks whole
        raise FetchRefused(
            "%(host)s gave no answer: %(why)s.", values={"host": host, "why": "it took too long"}
        )
    return found


def _exchange(line: "_Line", parts: SplitResult, most_bytes: int) -> bytes | _Elsewhere:
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = {"User-Agent": "yingbi-data", "Accept-Encoding": "identity"}
    line.request("GET", path, headers=headers)
    with line.getresponse() as answer:
        return _answer(answer, str(parts.hostname), most_bytes)


def _answer(answer: http.client.HTTPResponse, host: str, most_bytes: int) -> bytes | _Elsewhere:
    if answer.status in {301, 302, 303, 307, 308} and (to := answer.getheader("Location")):
        return _Elsewhere(to)
    if answer.status != 200:
        raise FetchRefused(
            "%(host)s answered %(status)d, and sent nothing.",
            values={"host": host, "status": answer.status},
        )
    if answer.getheader("Content-Encoding", "identity") != "identity":
        raise FetchRefused("%(host)s sent a packed answer: let it send it plain.",
                           values={"host": host})  # fmt: skip
    body = bytearray()
    while chunk := answer.read1(_CHUNK):
        body += chunk
        if len(body) > most_bytes:
            raise FetchRefused(
                "%(host)s sends more than %(most)d MB.",
                values={"host": host, "most": most_bytes // 1_000_000},
            )
    if answer.length:
        raise FetchRefused("%(host)s broke off in the middle.", values={"host": host})
    return bytes(body)


def allowed_at(host: str, port: int, networks: Iterable[str], resolve: Resolve) -> str:
    """The address to connect to; all that the name has must be allowed.  Raises `FetchRefused`."""
    try:
        found = list(resolve(host, port))
    except (DeliveryFailed, UnicodeError) as error:
        raise FetchRefused("The name %(host)s is not known.", values={"host": host}) from error
    inside = [ip_network(each) for each in networks]
    for each in found:
        at = ip_address(each.partition("%")[0])
        if not is_outside(each) and not any(at in network for network in inside):
            raise FetchRefused(
                "%(host)s is inside our own network (%(address)s): an administrator may allow it in"
                " the settings (fetch.networks).",
                values={"host": host, "address": each},
            )
    if not found:
        raise FetchRefused("The name %(host)s is not known.", values={"host": host})
    return found[0]


class _Line(http.client.HTTPConnection):
    """A connection to the address that was checked, for the host that was named."""

    def __init__(
        self, host: str, port: int, address: str, patience_s: float, *, is_tls: bool
    ) -> None:
        super().__init__(host, port, timeout=patience_s)
        self._address, self._is_tls, self._patience_s = address, is_tls, patience_s
        self.default_port = 443 if is_tls else 80  # so that `Host` names no usual port
        self.is_cut = False
        self._wire: socket.socket | None = None  # an answer may take it from `sock`

    def connect(self) -> None:
        """Connect, with TLS for the name where it is due."""
        self.sock = self._wire = socket.create_connection(
            (self._address, self.port), self._patience_s
        )
        if self._is_tls:
            context = ssl.create_default_context()
            self.sock = self._wire = context.wrap_socket(self.sock, server_hostname=self.host)

    def cut(self) -> None:
        """The time is up: whoever reads finds the line dead."""
        self.is_cut = True
        if self._wire is not None:
            try:
                self._wire.shutdown(socket.SHUT_RDWR)
            except OSError:  # it is gone already
                return
