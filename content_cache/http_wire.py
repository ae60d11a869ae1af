"""The network's one door: the only importer of requests, and of urllib3 below it.

A `Wire` carries one exchange at a time for `http_client`, over a connection that it keeps open.
It follows no redirect, reads no environment variable (proxies, CA files, `.netrc`), keeps no
cookie, checks every certificate, and retries nothing but a connection that had gone stale.

`requests` is used through its adapter, not through `Session`: a session reads the whole body of a
redirect, however long it is, before it says that it does not follow it.
"""

import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import requests
import requests.adapters
import urllib3
import urllib3.connection

from content_cache.dial import Resolver
from content_cache.fetch_errors import (
    CutShort,
    FetchError,
    ProxyRefused,
    ServerUnreachable,
    TlsFailed,
)
from content_cache.http_answer import Answer, printable
from content_cache.leash import Leash, NetworkLimits, StopSignal
from content_cache.leashed_socket import Line
from content_cache.tls import Tls

__all__ = ["CHUNK_BYTES", "Exchange", "Wire"]

#: The most that is read, and held, at a time.
CHUNK_BYTES = 256 * 1024


@dataclass(frozen=True)
class Exchange:
    """An answer whose head was read and whose body was not."""

    where: str
    response: requests.Response
    leash: Leash

    @property
    def answer(self) -> Answer:
        """What is known before the body is."""
        return Answer(self.where, self.response.status_code, self.response.headers)

    def finish(self) -> None:
        """Take note that no body follows, so that the connection serves the next exchange."""
        for _chunk in self.chunks():
            break

    def close(self) -> None:
        """Give the connection back if the body was read to its end, else close it."""
        self.response.close()

    def chunks(self) -> Iterator[bytes]:
        """The body as it was sent, undecoded.  Raises `FetchError`."""
        got = 0
        while True:
            try:
                chunk = self.response.raw.read1(CHUNK_BYTES, decode_content=False)
            except (urllib3.exceptions.HTTPError, OSError) as error:
                raise CutShort(self.where, got, _reason(error)) from error
            if not chunk:
                return
            got += len(chunk)
            yield chunk


class Wire:
    """Exchanges with servers, one at a time, each on a leash of its own.

    `proxy` is the URL of an HTTP proxy, or None.
    """

    def __init__(
        self,
        resolver: Resolver,
        tls: Tls,
        limits: NetworkLimits,
        stop: StopSignal,
        *,
        proxy: str | None = None,
    ) -> None:
        self._limits, self._stop = limits, stop
        self._proxies = {"http": proxy, "https": proxy} if proxy else {}
        self._line = Line(resolver)
        self._adapter = _Adapter(self._line, tls)

    def get(self, url: str, headers: Mapping[str, str]) -> Exchange:
        """Ask for `url`, and read the head of the answer.  Raises `FetchError`."""
        return self.send("GET", url, headers)

    def send(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None = None
    ) -> Exchange:
        """Make a request, and read the head of the answer.  Raises `FetchError`.

        A connection kept open may have been closed by the server at the moment we use it: then
        the same is asked once more over a new one.  So whatever is sent must bear being sent twice.
        """
        request = requests.Request(method, url, headers=dict(headers), data=body).prepare()
        try:
            return self._send(request, url)
        except ServerUnreachable:
            if self._line.dialled:
                raise
        return self._send(request, url)

    def close(self) -> None:
        """Close the connection, if one is open."""
        self._adapter.close()

    def _send(self, request: requests.PreparedRequest, where: str) -> Exchange:
        leash = Leash(where, self._limits, self._stop)
        self._line.begin(leash)
        try:
            response = self._adapter.send(request, stream=True, timeout=None, proxies=self._proxies)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise _named(error, where) from error
        return Exchange(where, response, leash)


class _Adapter(requests.adapters.HTTPAdapter):
    """One line of requests: connections on a leash under the HTTP library's machinery."""

    def __init__(self, line: Line, tls: Tls) -> None:
        self._line, self._tls = line, tls
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, *arguments: Any, **named: Any) -> None:
        """Make the pools of connections that go straight to a server."""
        super().init_poolmanager(*arguments, **named)
        self.poolmanager.pool_classes_by_scheme = _pool_classes(self._line)

    def proxy_manager_for(self, proxy: str, **named: Any) -> Any:
        """Make the pools of connections that go through `proxy`."""
        manager = super().proxy_manager_for(proxy, **named)
        manager.pool_classes_by_scheme = _pool_classes(self._line)
        return manager

    def close(self) -> None:
        """Close the connections now; the library itself leaves that to the garbage collector."""
        for manager in (self.poolmanager, *self.proxy_manager.values()):
            for key in manager.pools.keys():  # noqa: SIM118  (a container that cannot be iterated)
                if pool := manager.pools.get(key):
                    pool.close()
        super().close()

    def cert_verify(self, *_: Any) -> None:
        """Leave the context as it is: it verifies always, against the CAs that it was given."""

    def build_connection_pool_key_attributes(
        self, request: requests.PreparedRequest, *_verify_and_cert: Any, **_named: Any
    ) -> tuple[Any, Any]:
        """The key of the pool: the host, and our own TLS context in place of any other."""
        host, _pool = super().build_connection_pool_key_attributes(request, verify=True)
        return host, {"ssl_context": self._tls.context()} if host["scheme"] == "https" else {}


def _pool_classes(line: Line) -> dict[str, Any]:
    """Connection pools whose connections dial, wait and shake hands as `line` says."""

    class Connection(urllib3.connection.HTTPConnection):
        def _new_conn(self) -> Any:
            return line.dial(self._dns_host, self.port)

        def send(self, data: Any) -> None:
            if self.sock is None:
                self.connect()
            line.leash.begin("sending", line.leash.limits.document_s)
            super().send(data)

        def getresponse(self) -> Any:
            line.leash.begin("waiting for the answer", line.leash.limits.headers_s)
            return super().getresponse()

    class TlsConnection(Connection, urllib3.connection.HTTPSConnection):
        pass

    class Pool(urllib3.HTTPConnectionPool):
        ConnectionCls = Connection

    class TlsPool(urllib3.HTTPSConnectionPool):
        ConnectionCls = TlsConnection

    return {"http": Pool, "https": TlsPool}


def _named(error: Exception, where: str) -> FetchError:
    """The `FetchError` for what requests raised before there was an answer."""
    if isinstance(error, requests.exceptions.ProxyError):
        return ProxyRefused(where, _reason(error))
    if isinstance(error, requests.exceptions.SSLError):
        return TlsFailed(where, _reason(error))
    return ServerUnreachable(where, _reason(error))


def _reason(error: BaseException) -> str:
    """The innermost cause, in its own words: the layers above only repeat it."""
    found: BaseException = error
    while True:
        inner = getattr(found, "reason", None) or next(
            (item for item in reversed(found.args) if isinstance(item, BaseException)), None
        )
        if not isinstance(inner, BaseException):
            break
        found = inner
    if isinstance(found, ssl.SSLCertVerificationError):
        return found.verify_message
    words = getattr(found, "strerror", None) or str(found) or type(found).__name__
    return printable(words, 200)
