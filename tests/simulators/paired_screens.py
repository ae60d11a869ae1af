"""Screens that are paired and have something to show: rows and files for a server that runs.

Run as a command in the environment of a server's home; prints what was made as JSON.  Tests call
`paired_screens(home, 3)`.
"""

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

from tests.simulators.server_process import Home

#: What the screens show, when a test does not say.
PICTURE = b"not really a picture, but bytes all the same\n" * 400


class Paired(NamedTuple):
    """`tokens` by screen slug; `sha256` is the blob that all of them name."""

    tokens: dict[str, str]
    screens: dict[str, int]
    sha256: str

    @property
    def token(self) -> str:
        """That of the first screen."""
        return next(iter(self.tokens.values()))


def paired_screens(home: Home, count: int = 1, content: bytes = PICTURE, **more: str) -> Paired:
    """Make screens, show them `content`, and publish; `more` goes into the environment."""
    file = home.data / "content"
    file.write_bytes(content)
    made = said(home, "tests.simulators.paired_screens", count, file, **more)
    return Paired(made["tokens"], made["screens"], made["sha256"])


def said(home: Home, module: str, *words: object, **more: str) -> Any:
    """What a command of the tests prints, run in a server's home."""
    done = subprocess.run(
        [sys.executable, "-m", module, *map(str, words)],
        env={**home.environment, **more},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def _make(count: int, file: Path) -> dict[str, Any]:
    from django.conf import settings

    from server.accounts.tokens import digest, new_token
    from server.clock import SystemClock
    from server.library.keeping import Stored, keep_blobs
    from server.publishing.services import publish
    from server.screens.models import ScreenToken
    from tests.simulators.enterprise import Enterprise
    from tests.simulators.server_objects import layout, playlist, screen

    now = SystemClock().now()
    enterprise = Enterprise(Path(settings.DATA), now)
    enterprise.install_keys()
    sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
    asset = enterprise.picture()
    stored = [Stored(file, sha256, "image/png")]
    keep_blobs(stored, now, lambda rows: asset.renditions.update(blob=rows[0]))
    shown = layout(enterprise.department, playlist(enterprise.department, asset))
    screens = [
        screen(enterprise.department, enterprise.site, default_layout=shown) for _ in range(count)
    ]
    tokens = {each.slug: new_token("ybs") for each in screens}
    ScreenToken.objects.bulk_create(
        ScreenToken(screen=each, sha256=digest(tokens[each.slug]), created_at=now, used_at=now)
        for each in screens
    )
    publish(screens=screens, actor=enterprise.administrator, reason="A test.", now=now)
    return {"tokens": tokens, "screens": {s.slug: s.pk for s in screens}, "sha256": sha256}


if __name__ == "__main__":
    from server.project import set_up

    set_up()
    print(json.dumps(_make(int(sys.argv[1]), Path(sys.argv[2]))))
