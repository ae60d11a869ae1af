"""The document of the interface, held against the running server by a program that knows it not."""

import subprocess
import sys
from pathlib import Path

import requests

#: A stream that never ends, and two requests whose limits would be all that is tested.
LEFT_OUT = "^/(push|pairing)$"


#: A body that is both wrong and too long is refused for its length; a picture that is none is 422.
STATUSES = """
[checks.negative_data_rejection]
expected-statuses = [400, 401, 404, 405, 406, 413, 415, 422, 429]
[parameters]
"path.sha256" = "SHA256"
[checks.positive_data_acceptance]
expected-statuses = ["2xx", 304, 401, 404, 415, 422, 429]
"""


def test_the_server_does_what_its_document_says(box, tmp_path):
    (tmp_path / "schemathesis.toml").write_text(STATUSES.replace("SHA256", box.sha256))
    box.server.expects_log("Invalid HTTP request received")  # some of them are no HTTP
    command = [
        str(Path(sys.executable).with_name("schemathesis")),
        *("--config-file", str(tmp_path / "schemathesis.toml")),
        *("run", box.url("openapi.json"), "--header", f"Authorization: Bearer {box.token}"),
        *("--exclude-path-regex", LEFT_OUT, "--max-examples", "15", "--no-color"),
        *("--checks", "all", "--exclude-checks", "unsupported_method"),
        *("--generation-deterministic", "--phases", "examples,coverage,fuzzing"),
    ]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=240, cwd=tmp_path
    )
    assert done.returncode == 0, done.stdout[:9000]


def test_everybody_may_read_the_document(box):
    document = requests.get(box.url("openapi.json"), timeout=10).json()
    assert document["openapi"] == "3.1.0"
    assert {"Played", "Fault", "Receipt", "ReportsLost"} <= set(document["components"]["schemas"])
