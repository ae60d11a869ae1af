"""What staff do while screens look on: one act a command, in the environment of a server's home.

    act(home, "publish", screen_id)

It runs in a process of its own, so that a server learns of it as it learns of another process.
Who acts and looks often keeps that process: `Office`.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

from tests.simulators.paired_screens import said
from tests.simulators.server_process import Home


def act(home: Home, what: str, screen: int, *words: object) -> Any:
    """Do something to a screen (primary key)."""
    return said(home, "tests.simulators.server_acts", what, screen, *words)


class Office:
    """The same, many times, in one process that lasts as long as the context."""

    def __init__(self, home: Home) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.simulators.server_acts"],
            env=home.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: object, _trace: TracebackType | None
    ) -> None:
        self._process.communicate(timeout=30)

    def __call__(self, what: str, screen: int, *words: object) -> Any:
        """See `act`; `told` answers with what the server knows of a screen."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([what, screen, *words]) + "\n")
        self._process.stdin.flush()
        said = self._process.stdout.readline()
        assert said, f"{what} failed: its reason stands in stderr"
        return json.loads(said)


def _publish(screen: Any, now: Any) -> int:
    """Something changes on the screen: never back to what it, or another one, was told before."""
    from server.publishing.services import publish

    item = screen.default_layout.zones.get().playlist.items.first()
    item.duration_ms = (item.duration_ms or 10_000) + 100
    item.save()
    release = publish(screens=[screen], actor=_administrator(), reason="A change.", now=now)
    assert release is not None
    return int(release.publications.get().version)


def _administrator() -> Any:
    from server.accounts.models import Staff

    return Staff.objects.get(username="administrator")


def _revoke(screen: Any, now: Any) -> int:
    from server.screens.tokens import tokens_revoke

    return tokens_revoke(screen=screen, actor=None, now=now)


def _want(screen: Any, now: Any, kind: str) -> None:
    from server.telemetry.models import Wanted
    from server.telemetry.services import wanted_ask

    wanted_ask(screen=screen, kind=Wanted.Kind(kind), actor=_administrator(), now=now)


def _command(screen: Any, now: Any, kind: str) -> int:
    from server.remote.models import Command
    from server.remote.services import command_ask

    asked = command_ask(screens=[screen], kind=Command.Kind(kind), actor=_administrator(), now=now)
    return int(asked[0].pk)


def _claim(screen: Any, now: Any, code: str) -> str:
    from server.screens.pairing import pairing_claim

    return str(pairing_claim(code=code, screen=screen, actor=_administrator(), now=now).pk)


def _told(screen: Any, _now: Any) -> dict[str, Any]:
    from server.remote.models import Command
    from server.telemetry.models import Heartbeat, LogTail, Receipt, ScreenFault

    given = Command.objects.filter(screen=screen)
    beat = Heartbeat.objects.filter(screen=screen).first()
    tail = LogTail.objects.filter(screen=screen).first()
    receipts = Receipt.objects.filter(screen=screen).order_by("version")
    return {
        "generation": beat and beat.generation_version,
        "body": beat and beat.body,
        "receipts": list(receipts.values_list("version", flat=True)),
        "faults": list(ScreenFault.objects.filter(screen=screen).values_list("code", flat=True)),
        "log": tail.text if tail else "",
        "commands": {each.kind: [each.state, each.sentence] for each in given},
    }


ACTS = {
    "publish": _publish,
    "revoke": _revoke,
    "want": _want,
    "claim": _claim,
    "command": _command,
    "told": _told,
}


def _do(what: str, screen: int, *words: str) -> str:
    from server.clock import SystemClock
    from server.screens.models import Screen

    return json.dumps(ACTS[what](Screen.objects.get(pk=screen), SystemClock().now(), *words))


def _main(words: Sequence[str]) -> None:
    from server.project import set_up

    set_up()
    if words:
        print(_do(words[0], int(words[1]), *words[2:]))
        return
    for line in sys.stdin:
        print(_do(*json.loads(line)), flush=True)


if __name__ == "__main__":
    _main(sys.argv[1:])
