"""What staff do while screens look on: one act a command, in the environment of a server's home.

    act(home, "publish", screen_id)

It runs in a process of its own, so that a server learns of it as it learns of another process.
"""

import json
import sys
from typing import Any

from tests.simulators.paired_screens import said
from tests.simulators.server_process import Home


def act(home: Home, what: str, screen: int, *words: object) -> Any:
    """Do something to a screen (primary key)."""
    return said(home, "tests.simulators.server_acts", what, screen, *words)


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


ACTS = {"publish": _publish, "revoke": _revoke, "want": _want, "claim": _claim, "command": _command}


def _main(what: str, screen: str, *words: str) -> None:
    from server.project import set_up

    set_up()
    from server.clock import SystemClock
    from server.screens.models import Screen

    done = ACTS[what](Screen.objects.get(pk=int(screen)), SystemClock().now(), *words)
    print(json.dumps(done))


if __name__ == "__main__":
    _main(*sys.argv[1:])
