"""nginx for a measurement: the one that ships in front of the server, and one with a bare file."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.fleet.server import Home, Process, free_port, nginx

__all__ = ["bare_nginx", "front"]

SHIPPED = Path(__file__).parents[2] / "packaging" / "nginx"

#: One worker, as our server is one process; the rest as Debian has it.
_BARE = """
worker_processes 1;
error_log stderr warn;
events {{ worker_connections 4096; }}
http {{
    access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000;
    server {{ listen 127.0.0.1:{port}; location / {{ root {root}; }} }}
}}
"""

#: Its own temporary files, too: it may not run as root.
_PLACE = """
client_body_temp_path body;
proxy_temp_path proxy;
upstream yingbi {{ server {server}; keepalive 64; }}
map "" $yingbi_blobs {{ default {blobs}; }}
"""


@contextmanager
def bare_nginx(folder: Path, root: Path) -> Iterator[Process]:
    """nginx that gives out the files below `root`, and nothing else."""
    port = free_port()
    folder.mkdir()
    configuration = folder / "nginx.conf"
    configuration.write_text(_BARE.format(port=port, root=root))
    with nginx(folder, port, configuration) as process:
        yield process


@contextmanager
def front(folder: Path, home: Home, server: Process) -> Iterator[Process]:
    """The nginx that ships, without TLS, in front of a server."""
    port = free_port()
    blobs = home.folder / "data" / "blobs"
    folder.mkdir()
    shutil.copy(SHIPPED / "nginx.conf", folder)
    shutil.copy(SHIPPED / "blobs-folder.conf", folder / "blobs.conf")
    place = _PLACE.format(server=server.url.removeprefix("http://"), blobs=blobs)
    (folder / "place.conf").write_text(place)
    (folder / "front.conf").write_text(f"listen 127.0.0.1:{port};\n")
    with nginx(folder, port, folder / "nginx.conf") as process:
        yield process
