"""No secret of a box comes into its log, its status, its crash dumps or its other files (I12)."""

import json
import os
import signal
from pathlib import Path

from tests.integration.agent.conftest import TestBox
from tests.integration.agent.running import running
from tests.integration.agent.test_agent_process import await_true, card
from tests.simulators.content_server import ContentServer

KEY = "canary-enrolment-key-0123456789"


def secrets_of(box: TestBox) -> list[str]:
    kept = json.loads((box.cache / "agent" / "tokens.json").read_bytes())
    found = [KEY]
    if kept["credential"]:
        found.append(kept["credential"]["token"])
    if kept["claim"]:
        found.append(kept["claim"]["secret"])
    return found


def written(box: TestBox) -> str:
    """Every file that is not the token's own."""
    files = [path for path in box.cache.rglob("*") if path.is_file() and path.name != "tokens.json"]
    return "".join(path.read_bytes().decode("latin-1") for path in files)


def test_nothing_that_the_agent_writes_holds_a_secret(
    box: TestBox, server: ContentServer, tmp_path: Path
) -> None:
    server.enrolment_keys.add(KEY)
    box.configure(server.url, server__enrolment_key=f'"{KEY}"', log__level='"debug"')
    log = tmp_path / "log"
    with running(box.settings, log, PYTHONFAULTHANDLER="1") as agent:
        await_true("it is current", lambda: box.shows() == server.site.version)
        server.wanted.append("log")
        server.push("wanted")
        sent = server.await_heard("log")
        server.tokens.clear()
        server.push("look")
        await_true("it asks to be paired again", lambda: card(box).code)
        secrets = secrets_of(box)
        assert len(secrets) == 3
        status = box.run("status").stdout + box.run("status", "--json").stdout
        agent.send_signal(signal.SIGABRT)
        agent.wait(20)
    dump = log.read_text()
    assert "Fatal Python error: Aborted" in dump, "there is a crash dump to look at"
    assert "DEBUG" in dump
    for secret in secrets:
        assert secret not in dump
        assert secret not in sent
        assert secret not in status
        assert secret not in written(box)


def test_the_settings_command_shows_no_enrolment_key(box: TestBox, server: ContentServer) -> None:
    import subprocess
    import sys

    box.configure(server.url, server__enrolment_key=f'"{KEY}"')
    for command in ("show", "check"):
        for how in ([], ["--json"]):
            said = subprocess.run(
                [sys.executable, "-m", "config", command, str(box.settings), *how],
                capture_output=True,
                text=True,
                check=False,
                env=dict(os.environ),
            )
            assert KEY not in said.stdout + said.stderr
    assert (
        "(set)"
        in subprocess.run(
            [sys.executable, "-m", "config", "show", str(box.settings)],
            capture_output=True,
            text=True,
            check=False,
        ).stdout
    )
