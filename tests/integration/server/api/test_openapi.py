"""The document of the interface for scripts, held against the running server by schemathesis."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.server.api.parts_of_interface import PARTS, regex_of

#: Some refusals come first: an upload of another, a screen that is gone, a version that is old.
STATUSES = """
[checks.negative_data_rejection]
expected-statuses = [400, 401, 403, 404, 405, 406, 409, 411, 413, 415, 422, 429, 507]
[checks.positive_data_acceptance]
expected-statuses = ["2xx", 400, 404, 409, 413, 415, 422, 429, 503, 507]
"""

#: What is sent by chance, and what follows from one answer to the next request.
QUICK = ("--phases", "fuzzing,stateful", "--max-examples", "2")
#: Also every boundary of every field, one by one.
THOROUGH = ("--phases", "coverage,fuzzing,stateful", "--max-examples", "20")


@pytest.mark.parametrize("part", PARTS)
def test_the_server_does_what_its_document_says(server_home, server_process, tmp_path, part):
    hold(server_home, server_process, tmp_path, part, QUICK)


@pytest.mark.deep
@pytest.mark.timeout(900)
@pytest.mark.parametrize("part", PARTS)
def test_the_server_does_so_at_every_boundary(server_home, server_process, tmp_path, part):
    hold(server_home, server_process, tmp_path, part, THOROUGH)


def hold(server_home, server_process, tmp_path, part, how):
    """Hold the document against a server of its own; fail with what schemathesis tells."""
    from tests.simulators.paired_screens import paired_screens

    home = server_home()
    paired_screens(home)
    server = server_process(home=home)
    server.command("user", "grant", "administrator", "auditor")
    token = server.command("user", "token", "administrator", "test").stdout.split()[-1]
    (tmp_path / "schemathesis.toml").write_text(STATUSES)
    command = [
        str(Path(sys.executable).with_name("schemathesis")),
        *("--config-file", str(tmp_path / "schemathesis.toml")),
        *("run", f"{server.address}/api/v1/openapi.json"),
        *("--header", f"Authorization: Bearer {token}"),
        *("--include-path-regex", regex_of(part), "--no-color", *how),
        *("--checks", "all", "--exclude-checks", "unsupported_method"),
        "--generation-deterministic",
    ]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=800, cwd=tmp_path
    )
    if "Invalid HTTP request" in server.log:  # some of what is tried is no HTTP
        server.expects_log("Invalid HTTP request received")
    assert done.returncode == 0, done.stdout[:9000]
