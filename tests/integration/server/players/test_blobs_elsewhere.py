"""Blobs that somebody else sends, or keeps: real nginx in front, a real S3 store behind."""

import hashlib
import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.simulators.patience import until
from tests.simulators.s3 import BUCKET, s3_server, settings_for

CONTENT = os.urandom(3_000_000)
BLOBS_CONF = Path(__file__).parents[4] / "packaging" / "nginx" / "blobs-folder.conf"

NGINX = """
daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log; user {user};
events {{ worker_connections 64; }}
http {{
    access_log off; sendfile on;
    client_body_temp_path {folder}/1; proxy_temp_path {folder}/2; fastcgi_temp_path {folder}/3;
    uwsgi_temp_path {folder}/4; scgi_temp_path {folder}/5;
    map "" $yingbi_blobs {{ default {blobs}; }}
    server {{
        listen 127.0.0.1:{port};
        location /player/ {{ proxy_pass {server}; proxy_http_version 1.1; }}
        include {conf};
    }}
}}
"""


@contextmanager
def nginx(folder: Path, server: str, blobs: Path) -> Iterator[str]:
    """The address of an nginx in front of `server`."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    user = "root" if os.geteuid() == 0 else os.environ.get("USER", "nobody")
    conf = folder / "nginx.conf"
    conf.write_text(
        NGINX.format(
            folder=folder, server=server, blobs=blobs, port=port, user=user, conf=BLOBS_CONF
        )
    )
    process = subprocess.Popen(["nginx", "-c", str(conf), "-e", str(folder / "error.log")])
    try:
        until(lambda: _answers(port), "nginx answers")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def parts_are_right(box):
    """The same requests, whoever sends the bytes."""
    path, etag = f"blobs/{box.sha256}", f'"{box.sha256}"'
    whole = box.get(path)
    assert whole.status_code == 200
    assert hashlib.sha256(whole.content).hexdigest() == box.sha256
    assert whole.headers["ETag"] == etag
    assert "immutable" in whole.headers["Cache-Control"]
    half = len(CONTENT) // 2
    resumed = box.get(path, Range=f"bytes={half}-", If_Range=etag)
    assert (resumed.status_code, resumed.content) == (206, CONTENT[half:])
    assert resumed.headers["Content-Range"] == f"bytes {half}-{len(CONTENT) - 1}/{len(CONTENT)}"
    assert box.get(path, Range="bytes=-5").content == CONTENT[-5:]
    assert box.get(path, Range="bytes=0-9", If_Range='"another"').status_code == 200
    assert box.get(path, Range=f"bytes={len(CONTENT)}-").status_code == 416
    assert box.get(path, If_None_Match=etag).status_code == 304
    assert box.ask("HEAD", path).headers["Content-Length"] == str(len(CONTENT))


def test_nginx_sends_what_the_server_allows_with_our_tags(site, tmp_path):
    settings = tmp_path / "server.toml"
    settings.write_text('[web]\nx_accel_path = "/_blobs/"\ntrusted_proxies = ["127.0.0.1"]\n')
    made = site(content=CONTENT, YINGBI_SERVER_CONFIG=str(settings))
    box = made.boxes[0]
    folder = tmp_path / "nginx"
    folder.mkdir()
    direct = box.ask("GET", f"blobs/{box.sha256}")
    assert direct.headers["X-Accel-Redirect"] == f"/_blobs/{box.sha256[:2]}/{box.sha256}"
    with nginx(folder, made.server.address, made.server.home.data / "blobs") as address:
        box.url = lambda path: f"{address}/player/v1/{path}"
        parts_are_right(box)
        inside = box.session.get(f"{address}/_blobs/{box.sha256[:2]}/{box.sha256}", timeout=20)
        assert inside.status_code == 404, "nobody gets there by themselves"
        box.token = "ybs_nobody"
        assert box.get(f"blobs/{box.sha256}").status_code == 401


@pytest.fixture
def s3_settings(tmp_path):
    with s3_server() as address:
        chosen = settings_for(address, tmp_path)
        settings = tmp_path / "server.toml"
        settings.write_text(
            f'[storage]\nkind = "s3"\ns3_endpoint = "{address}"\ns3_bucket = "{BUCKET}"\n'
            f's3_region = "us-east-1"\ns3_credentials_file = "{chosen.s3_credentials_file}"\n'
        )
        yield settings


def test_a_blob_in_an_s3_store_is_streamed_through(site, s3_settings):
    made = site(content=CONTENT, YINGBI_SERVER_CONFIG=str(s3_settings))
    box = made.boxes[0]
    here = made.server.home.data / "blobs" / box.sha256[:2] / box.sha256
    assert not here.exists(), "it does not lie on this disk"
    parts_are_right(box)
