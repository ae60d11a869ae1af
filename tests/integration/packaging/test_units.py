"""The units are accepted by systemd, start commands that exist, and leave bubblewrap its work.

No systemd is booted: `systemd-analyze verify` reads the files as systemd would.
"""

import configparser
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

HERE = Path(__file__).parents[3]
FOLDER = HERE / "packaging" / "systemd"
UNITS = sorted(path.name for path in FOLDER.glob("*.service"))
INSTALLED = "/opt/yingbi/bin"

needs_analyze = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None,
    reason="NO SYSTEMD-ANALYZE: the units are not verified; apt install systemd",
)


def commands(text):
    return re.findall(rf"^Exec\w+=[-+!]*{INSTALLED}/([\w-]+)", text, re.MULTILINE)


@pytest.fixture
def verify(tmp_path):
    """What systemd says of a unit, with our commands where they would be."""

    def said(name, text):
        for command in commands(text):
            (tmp_path / command).write_text("#!/bin/sh\n")
            (tmp_path / command).chmod(0o755)
        for each in FOLDER.glob("*.service"):
            there = each.read_text() if each.name != name else text
            (tmp_path / each.name).write_text(there.replace(INSTALLED, str(tmp_path)))
        asked = ["systemd-analyze", "verify", "--man=no", str(tmp_path / name)]
        done = subprocess.run(asked, check=False, capture_output=True, text=True, timeout=60)
        return done.returncode, done.stderr

    return said


@needs_analyze
@pytest.mark.parametrize("name", UNITS)
def test_systemd_accepts_every_unit(verify, name):
    assert verify(name, (FOLDER / name).read_text()) == (0, "")


@needs_analyze
def test_a_word_that_systemd_does_not_know_would_be_seen(verify):
    """The negative control."""
    text = (FOLDER / "yingbi-agent.service").read_text().replace("WatchdogSec", "WatchdogSecs")
    _status, said = verify("yingbi-agent.service", text)
    assert "WatchdogSecs" in said


def unit(name):
    read = configparser.ConfigParser(strict=False, interpolation=None)
    read.optionxform = str
    read.read(FOLDER / name)
    return read


def test_units_start_commands_that_the_project_has():
    scripts = tomllib.loads((HERE / "pyproject.toml").read_text())["project"]["scripts"]
    started = {command for name in UNITS for command in commands((FOLDER / name).read_text())}
    assert started == {"yingbi-agent", "yingbi-player", "yingbi-server"}
    assert started <= scripts.keys()


def test_units_run_as_users_that_sysusers_makes():
    made = {
        line.split()[1]
        for file in FOLDER.glob("*.sysusers")
        for line in file.read_text().splitlines()
        if line.startswith("u ")
    }
    wanted = {unit(name)["Service"].get("User", "root") for name in UNITS}
    assert wanted == made | {"root"}, "root: the X server"


@pytest.mark.parametrize("name", UNITS)
def test_whatever_happens_it_is_started_again(name):
    found = unit(name)
    assert found["Service"]["Restart"] == "always"
    assert found["Unit"]["StartLimitIntervalSec"] == "0"


def test_every_file_is_in_the_docs():
    docs = (HERE / "docs" / "installation.md").read_text()
    for path in FOLDER.iterdir():
        assert path.name in docs, f"docs/installation.md does not name {path.name}"


# -- what the server's unit leaves to bubblewrap ---------------------------------------------------

READ_ONLY = "mount -o remount,bind,ro /"
#: What ProtectKernelTunables= does, among others.
COVERED = "mount --bind /proc/sys /proc/sys && mount -o remount,bind,ro /proc/sys"
PLAIN = ["--clear-groups", "--no-new-privs", "--bounding-set=-all", "--inh-caps=-all"]
NOBODY = "65534"


def sandbox_under(mounts):
    """How a child is locked in by a user without any rights, where `mounts` were made."""
    program = "from server.library.ingest.sandbox import available; print(available().value)"
    user = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", *PLAIN]
    words = ["unshare", "--mount", "sh", "-c", f'{mounts} && exec "$@"', "sh"]
    done = subprocess.run(
        [*words, *user, sys.executable, "-c", program],
        check=True,
        capture_output=True,
        text=True,
        cwd=HERE,
        timeout=120,
    )
    return done.stdout.strip()


@pytest.mark.root
@pytest.mark.skipif(shutil.which("bwrap") is None, reason="NO BUBBLEWRAP: apt install bubblewrap")
def test_bubblewrap_works_as_the_servers_unit_has_it_and_would_not_with_a_covered_proc():
    assert sandbox_under(READ_ONLY) == "bubblewrap"
    assert sandbox_under(f"{READ_ONLY} && {COVERED}") != "bubblewrap", "the negative control"


def test_the_servers_unit_covers_no_part_of_proc():
    words = unit("yingbi-server.service")["Service"].keys()
    refused = {"ProtectKernelTunables", "ProtectKernelLogs", "ProtectProc", "ProcSubset"}
    refused |= {"RestrictNamespaces", "SystemCallFilter", "PrivateUsers"}
    assert refused.isdisjoint(words)
    assert {"NoNewPrivileges", "ProtectSystem", "StateDirectory", "CapabilityBoundingSet"} <= words
