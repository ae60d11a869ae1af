"""kill -9 at a random moment of publishing: the old release or the new one, never half (S08)."""

import random
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import DEEP
from tests.simulators.server_process import Home

#: How often a publication is killed, and for how many screens it is.
KILLS = 60 if DEEP else 5
SCREENS = 40

#: Makes an enterprise once, then publishes one change after the other, and says so.
PUBLISHING = """
import sys
from pathlib import Path
from server.project import set_up
configuration = set_up()
from server.clock import SystemClock
from server.publishing.services import publish
from server.screens.models import Screen
from tests.simulators.enterprise import Enterprise
from server.library.models import Asset
from server.programme.models import Playlist, PlaylistItem
clock = SystemClock()
if not Screen.objects.exists():
    enterprise = Enterprise(configuration.data.directory, clock.now())
    enterprise.install_keys()
    playlist = enterprise.playlist(*(enterprise.picture() for _n in range(20)))
    layout = enterprise.layout(playlist)
    for _n in range(int(sys.argv[1])):
        enterprise.screen(layout)
playlist, asset = Playlist.objects.get(), Asset.objects.first()
for position in range(1000, 2000):
    PlaylistItem.objects.create(playlist=playlist, asset=asset, position=position)
    print("begin", flush=True)
    release = publish(screens=Screen.objects.all(), actor=None, reason="", now=clock.now())
    print("done", release.pk, flush=True)
"""

#: The same without a transaction, a row at a time: what the test must be able to see.
WITHOUT_TRANSACTION = """
from contextlib import nullcontext
from server.project import set_up
set_up()
from django.db import transaction
from server.audit import services as audit
from server.publishing import releases
transaction.atomic = lambda *_arguments, **_options: nullcontext()
audit.record = lambda **_row: None
releases.BATCH = 1
"""

#: What is in the database: for each release its publications, and whether the audit is whole.
STATE = """
from server.project import set_up
set_up()
from server.audit.models import AuditRow
from server.audit.selectors import verify_chain
from server.publishing.models import Release
assert not verify_chain().breaks
acts = AuditRow.objects.filter(action="publishing.publish").values_list("subject_id", flat=True)
for release in Release.objects.order_by("pk"):
    print(release.pk, release.publications.count(), str(release.pk) in acts)
"""


def run(home: Home, code: str, *words: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, words)],
        env=home.environment,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )


def killed_while_publishing(home: Home, after_s: float, code: str = PUBLISHING) -> int:
    """Publish, kill the process so long after it began one; the last release it saw done."""
    process = run(home, code, SCREENS)
    assert process.stdout is not None
    assert process.stdout.readline() == "begin\n"
    last = int(process.stdout.readline().split()[1])
    assert process.stdout.readline() == "begin\n"
    try:
        process.wait(after_s)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
    rest, _nothing = process.communicate()
    done = [int(line.split()[1]) for line in rest.splitlines() if line.startswith("done")]
    return max([last, *done])


def releases_in(home: Home) -> dict[int, list[str]]:
    """For each release the number of its publications, and whether the audit has it."""
    state = run(home, STATE)
    output, _nothing = state.communicate()
    assert state.returncode == 0
    return {int(pk): rest for pk, *rest in map(str.split, output.splitlines())}


def test_a_killed_publication_leaves_the_old_release_or_the_new_one(
    server_home: Callable[[], Home],
) -> None:
    home, moments = server_home(), random.Random(20261224)
    for _kill in range(KILLS):
        acknowledged = killed_while_publishing(home, moments.uniform(0.0, 0.25))
        found = releases_in(home)
        assert acknowledged in found, "what was acknowledged is there"
        assert all(rest == [str(SCREENS), "True"] for rest in found.values()), found


def test_negative_control_without_a_transaction_half_a_release_is_seen(
    server_home: Callable[[], Home],
) -> None:
    home, moments = server_home(), random.Random(20261224)
    if home.cluster:
        pytest.skip(
            "THE CONTROL RUNS ON SQLITE ONLY: PostgreSQL locks no rows without transactions"
        )
    for _kill in range(12):
        killed_while_publishing(home, moments.uniform(0.0, 0.2), WITHOUT_TRANSACTION + PUBLISHING)
        if any(int(rest[0]) < SCREENS for rest in releases_in(home).values()):
            return
    raise AssertionError("no kill hit half a release: this test would not see one")
