"""The web process: uvicorn with uvloop and httptools, and the start and end around it.

Says READY to systemd when the socket answers, not before; ends within three seconds of SIGTERM,
with requests in flight given two of them.
"""

import asyncio
import logging
import socket
from collections.abc import Callable

import uvicorn

from server.configuration import Configuration
from server.lifetime import Notifier, begin_stopping

__all__ = ["GRACE_S", "Web", "uvicorn_settings"]

log = logging.getLogger("server.run")

#: How long requests in flight may take once the process is told to end, in seconds.
GRACE_S = 2


def uvicorn_settings(configuration: Configuration, host: str, port: int) -> uvicorn.Config:
    """Return how uvicorn is to run.  Logging is Django's; nothing tells which software answers."""
    web = configuration.web
    return uvicorn.Config(
        "server.asgi:application",
        host=host,
        port=port,
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=configuration.log.requests,
        server_header=False,
        proxy_headers=bool(web.trusted_proxies),
        forwarded_allow_ips=list(web.trusted_proxies),
        ssl_certfile=web.tls_certificate,
        ssl_keyfile=web.tls_key,
        timeout_keep_alive=75,  # longer than a player's poll, so that it keeps its connection
        timeout_graceful_shutdown=GRACE_S,
    )


class Web(uvicorn.Server):
    """uvicorn, which tells when it begins to answer and when it begins to end."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[str], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Open the socket, then say so."""
        await super().startup(sockets)
        if self.started:
            self._ready(self._address())

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End: streams first, else they would be waited for."""
        Notifier().send("STOPPING=1")
        begin_stopping()
        await asyncio.sleep(0)
        await super().shutdown(sockets)

    def _address(self) -> str:
        host, port = self.servers[0].sockets[0].getsockname()[:2]
        scheme = "https" if self.config.is_ssl else "http"
        return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"
