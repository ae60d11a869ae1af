"""`check` and `status` at three in the morning: what is broken is named, with what to do.

Neither makes anything, and neither calls what befell the machine a bug of ours.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from server.clock import SystemClock
from server.findings.finding import Finding, Severity
from tests.simulators.certificates import Authority
from tests.simulators.paired_screens import paired_screens
from tests.simulators.server_process import Home, rows

#: What a machine shows whose battery is dead.
DEAD = datetime(1970, 1, 1, 0, 1, tzinfo=UTC)

#: Python, a data folder, and where to mount a small disk: what commands say on it.
FULL_THEN_READ_ONLY = """
mount -t tmpfs -o size=6m none "$3" && cp -r "$2" "$3/data"
dd if=/dev/zero of="$3/fill" bs=64k 2>/dev/null
"$1" -m server check; echo "status $?"
"$1" -m server status; echo "status $?"
mount -o remount,ro "$3"
echo "--- read-only"
"$1" -m server check; echo "status $?"
"$1" -m server run --port 0; echo "status $?"
"""

DOCS = Path(__file__).parents[3] / "docs"
FINDINGS = Path(__file__).parents[3] / "server" / "findings"


@pytest.fixture
def home(server_home: Callable[[], Home]) -> Home:
    return server_home()


def found(home: Home, status: int = os.EX_IOERR, **more: str) -> dict[str, dict[str, str]]:
    """What `check` finds, by code."""
    said = home.command("check", "--json", status=status, **more)
    return {each["code"]: each for each in json.loads(said.stdout)}


def only_on(home: Home, database: str) -> None:
    if bool(home.cluster) != (database == "postgresql"):
        pytest.skip(f"THIS FAULT IS ONE OF {database.upper()} ONLY")


def test_a_database_file_that_is_gone_is_not_made_anew_by_the_way(home: Home) -> None:
    only_on(home, "sqlite")
    file = home.data / "yingbi.sqlite3"
    file.unlink()
    finding = found(home)["DATABASE_MISSING"]
    assert "yingbi-server restore" in finding["cure"]
    for words in (["status"], ["run", "--port", "0"]):
        said = home.command(*words, status=os.EX_IOERR)
        assert "is gone; run 'yingbi-server check'" in said.stderr, words
    assert not file.exists()


@pytest.mark.parametrize("words", [["status"], ["run", "--port", "0"]])
def test_a_damaged_database_is_no_bug_of_ours(home: Home, words: list[str]) -> None:
    only_on(home, "sqlite")
    (home.data / "yingbi.sqlite3").write_bytes(os.urandom(100_000))
    assert "restore" in found(home)["DATABASE_DAMAGED"]["cure"]
    said = home.command(*words, status=os.EX_UNAVAILABLE)
    assert said.stderr.count("\n") == 1
    assert "file is not a database" in said.stderr


def test_a_database_that_is_away_is_named_with_its_reason(home: Home) -> None:
    away = {"DATABASE_URL": "postgresql://yingbi@127.0.0.1:1/yingbi"}
    finding = found(home, **away)["DATABASE_AWAY"]
    assert "Connection refused" in finding["what"]
    assert "start PostgreSQL" in finding["cure"]
    said = home.command("status", status=os.EX_UNAVAILABLE, **away)
    assert "disk free" in said.stdout, "what is known of the machine is told all the same"
    assert "Connection refused" in said.stderr


def test_a_database_of_an_older_version_wants_init_and_nothing_else_is_looked_at(
    home: Home,
) -> None:
    rows(home, "DROP TABLE telemetry_screenfault")
    rows(home, "DELETE FROM django_migrations WHERE app = 'telemetry'")
    findings = found(home)
    assert "yingbi-server init" in findings["MIGRATIONS_PENDING"]["cure"]
    assert "LOOK_FAILED" not in findings
    said = home.command("status", status=os.EX_CONFIG)
    assert "the database is of another version" in said.stderr


def test_a_newer_database_is_left_alone(home: Home) -> None:
    """The program was put back to an older version: it would write what the newer cannot read."""
    rows(
        home,
        "INSERT INTO django_migrations (app, name, applied)"
        " VALUES ('screens', '9999_of_tomorrow', CURRENT_TIMESTAMP)",
    )
    assert "install that version again" in found(home)["DATABASE_NEWER"]["cure"]
    said = home.command("run", "--port", "0", status=os.EX_CONFIG)
    assert "newer version (it has screens.9999_of_tomorrow)" in said.stderr


@pytest.mark.root
def test_a_full_disk_and_a_read_only_one_are_the_cause_of_all_else(home: Home) -> None:
    only_on(home, "sqlite")
    disk = home.data.parent / "disk"
    disk.mkdir()
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", FULL_THEN_READ_ONLY, "sh", sys.executable, home.data, disk],
        env=home.environment | {"YINGBI_DATA": str(disk / "data")},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "Traceback" not in done.stderr
    full, read_only = done.stdout.split("--- read-only\n")
    assert "error DISK_FULL: " in full
    assert "DATABASE_AWAY" not in full
    assert "The server's disk is full" in done.stderr
    assert "error DISK_READ_ONLY: " in read_only
    assert "server.lock: Read-only file system; run 'yingbi-server check'" in done.stderr
    assert re.findall(r"^status (\d+)$", done.stdout, re.MULTILINE) == ["74"] * 4


def test_keys_that_are_gone_are_named(home: Home) -> None:
    paired_screens(home)
    shutil.rmtree(home.data / "keys")
    (home.data / "keys").mkdir(0o700)
    finding = found(home)["KEY_AWAY"]
    assert re.match(r"the (publisher|freshness) key [0-9a-f]+ cannot be used", finding["what"])
    assert "keys rotate" in finding["cure"]


def test_a_clock_that_is_behind_is_named(home: Home, clock_shim: Path) -> None:
    paired_screens(home)
    hour_ago = SystemClock().now() - timedelta(hours=1)
    for now, reason in [(DEAD, "before this program was made"), (hour_ago, "before the newest")]:
        clock = {"LD_PRELOAD": str(clock_shim), "YINGBI_CLOCK": str(int(now.timestamp()))}
        finding = found(home, **clock)["CLOCK_BEHIND"]
        assert reason in finding["what"]
        assert "NTP" in finding["cure"]


def test_a_queue_that_nobody_works_through_is_named(home: Home) -> None:
    rows(
        home,
        "INSERT INTO django_tasks_database_dbtaskresult (id, status, enqueued_at, args_kwargs,"
        " priority, task_path, worker_ids, queue_name, backend_name, run_after, return_value,"
        " exception_class_path, traceback) VALUES ('0123456789abcdef0123456789abcdef', 'READY',"
        f" '{_in_days(-1)}', '{{\"args\": [], \"kwargs\": {{}}}}', 0, 'none', '[]', 'default',"
        f" 'default', '{_in_days(-1)}', 'null', '', '')",
    )
    finding = found(home)["WORKER_AWAY"]
    assert finding["what"].startswith("1 tasks wait since")
    assert "yingbi-server worker" in finding["cure"]
    assert "tasks waiting            1" in home.command("status").stdout


def test_a_missing_program_that_locks_conversions_in_is_named(home: Home, tmp_path: Path) -> None:
    tools = tmp_path / "bin"
    tools.mkdir()
    needs_dump = "DATABASE_URL" in home.environment  # PostgreSQL, whose backups take pg_dump
    status = os.EX_IOERR if needs_dump else os.EX_OK
    findings = found(home, status=status, PATH=str(tools))
    assert findings["yingbi.W020"]["severity"] == "warning"
    assert "bubblewrap" in findings["yingbi.W020"]["cure"]
    assert ("DUMP_MISSING" in findings) == needs_dump


def test_our_own_certificate_is_read(home: Home, tmp_path: Path) -> None:
    authority, settings = Authority(tmp_path / "ca"), tmp_path / "server.toml"

    def with_certificate(file: Path) -> dict[str, str]:
        settings.write_text(f'[web]\ntls_certificate = "{file}"\ntls_key = "{file}"\n')
        return {"YINGBI_SERVER_CONFIG": str(settings)}

    now = SystemClock().now()
    for made, code, status in [
        (authority.expired(), "CERTIFICATE_ENDED", os.EX_IOERR),
        (authority.not_yet_valid(), "CERTIFICATE_EARLY", os.EX_IOERR),
        (authority.issue(until=now + timedelta(days=9)), "CERTIFICATE_ENDS", os.EX_OK),
    ]:
        assert code in found(home, status=status, **with_certificate(made))
    gone = with_certificate(tmp_path / "gone.pem")
    assert "yingbi.E009" in found(home, **gone)
    said = home.command("run", "--port", "0", status=os.EX_CONFIG, **gone)
    assert "cannot be used" in said.stderr


def _in_days(days: int) -> str:
    return f"{SystemClock().now() + timedelta(days=days):%F %T.%f}"


def test_a_finding_is_a_line_that_begins_with_what_one_searches_for() -> None:
    finding = Finding("CODE", "It is broken.", "mend it", Severity.WARNING)
    assert str(finding) == "warning CODE: It is broken; mend it"


def test_every_finding_stands_in_the_docs() -> None:
    code = "".join(file.read_text() for file in FINDINGS.glob("*.py"))
    codes = set(re.findall(r'(?:Finding|_some)\(\s*"([A-Z]+_[A-Z_]+)"', code))
    table = set(re.findall(r"^\| `([A-Z_]+)` \|", (DOCS / "server.md").read_text(), re.MULTILINE))
    assert codes == table
