"""One server with its files in a folder, behind the nginx that ships, which sends the blobs."""

import contextlib
import hashlib
from collections.abc import Callable
from pathlib import Path

import requests

from tests.simulators.paired_screens import paired_screens
from tests.simulators.proxy import Proxy
from tests.simulators.server_process import Home, ServerProcess

CONTENT = bytes(range(256)) * 2000
TAG = f'"{hashlib.sha256(CONTENT).hexdigest()}"'
SETTINGS = '[web]\nx_accel_path = "/_blobs/"\ntrusted_proxies = ["127.0.0.1"]\n'


def test_nginx_sends_blobs_with_our_entity_tag_and_right_ranges(
    server_home: Callable[[], Home], server_process: Callable[..., ServerProcess], tmp_path: Path
) -> None:
    home, settings, size = server_home(), tmp_path / "server.toml", len(CONTENT)
    settings.write_text(SETTINGS)
    paired = paired_screens(home, 1, CONTENT)
    server = server_process(
        "run", "--port", "0", "--no-worker", home=home, YINGBI_SERVER_CONFIG=str(settings)
    )
    blobs = str(home.data / "blobs")
    with contextlib.closing(Proxy(tmp_path / "nginx", [server.address], blobs=blobs)) as proxy:
        url = f"{proxy.address}/player/v1/blobs/{paired.sha256}"

        def blob(**headers: str) -> requests.Response:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            named["Authorization"] = f"Bearer {paired.token}"
            return requests.get(url, headers=named, timeout=30)

        whole = blob()
        assert (whole.status_code, whole.content, whole.headers["ETag"]) == (200, CONTENT, TAG)
        assert "Last-Modified" not in whole.headers
        for asked, start, end in [
            ("bytes=100-199", 100, 200),
            (f"bytes={size - 7}-", size - 7, size),
            ("bytes=-500", size - 500, size),
        ]:
            part = blob(Range=asked, If_Range=TAG)
            assert (part.status_code, part.content) == (206, CONTENT[start:end]), asked
            assert part.headers["ETag"] == TAG
        assert blob(Range="bytes=0-9", If_Range='"another"').content == CONTENT
        assert blob(Range="bytes=0-1,5-6").content == CONTENT
        assert blob(Range=f"bytes={size}-").status_code == 416
        assert blob(If_None_Match=TAG).status_code == 304
        inside = f"{proxy.address}/_blobs/{paired.sha256[:2]}/{paired.sha256}"
        assert requests.get(inside, timeout=30).status_code == 404
