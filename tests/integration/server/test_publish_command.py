"""`yingbi-server keys` and `publish` as an administrator and a script use them."""

import hashlib
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from manifest.__main__ import main as yingbi_manifest
from manifest.candidate import activated
from manifest.key_files import private_key_pem, public_key_pem
from manifest.keys import LocalSigner
from manifest.trust import Trust
from manifest.trust_state import TrustState, fingerprint, pair
from tests.simulators.server_process import Home

PASSPHRASE = "correct horse battery\n"

#: What pairing two boxes leaves behind: two screens at one site.
SCREENS = """
from server.project import set_up
set_up()
from datetime import UTC, datetime
from server.accounts.models import Department
from server.screens.models import Screen, Site
at = datetime(2026, 11, 22, tzinfo=UTC)
site = Site.objects.create(slug="hq", name="Headquarters")
department = Department.objects.create(name="Publicity")
for slug in ("lobby-1", "lobby-2"):
    Screen.objects.create(slug=slug, name=slug, site=site, department=department, created_at=at)
"""

#: What a box would fetch for lobby-1: the root, the freshness of now, and the manifest.
DOCUMENTS = """
import sys
from pathlib import Path
from server.project import set_up
set_up()
from server.clock import SystemClock
from server.publishing.freshness import freshness_for
from server.publishing.models import Publication
from server.publishing.root_chain import root_envelope
from server.publishing.selectors import told
from server.screens.models import Screen
screen, to = Screen.objects.get(slug="lobby-1"), Path(sys.argv[1])
newest = told([screen.pk])[screen.pk]
n = 1
while root := root_envelope(n):
    (to / f"root.{n}").write_bytes(root)
    n += 1
(to / "freshness").write_bytes(freshness_for(screen.pk, None, SystemClock().now()))
(to / "manifest").write_bytes(Publication.objects.get(pk=newest.pk).envelope)
"""


def in_django(home: Home, code: str, *words: object) -> None:
    subprocess.run(
        [sys.executable, "-c", code, *map(str, words)], env=home.environment, check=True, timeout=60
    )


@pytest.fixture
def home(server_home: Callable[[], Home]) -> Home:
    """A server with an administrator and two screens, and no keys."""
    made = server_home()
    made.command("user", "first", "alva", "--password-stdin", stdin="a very long password\n")
    in_django(made, SCREENS)
    return made


def keys_init(home: Home, folder: Path, *words: object) -> None:
    home.command("keys", "init", "--to", folder, "--passphrase-file", "-", *words, stdin=PASSPHRASE)


def a_picture(folder: Path, name: str = "poster.png", colour: str = "navy") -> Path:
    path = folder / name
    Image.new("RGB", (320, 180), colour).save(path)
    return path


class Box:
    """lobby-1, which follows the documents of the server from root 1 on."""

    def __init__(self, home: Home, folder: Path) -> None:
        self._home, self._folder = home, folder
        self._folder.mkdir()
        self._fetch()
        root = (self._folder / "root.1").read_bytes()
        self.state: TrustState = pair(root, fingerprint(root), "hq", "lobby-1")

    def _fetch(self) -> None:
        in_django(self._home, DOCUMENTS, self._folder)

    def titles(self) -> list[str]:
        """What a pass brings onto the wall."""
        from server.clock import SystemClock

        self._fetch()
        trust = Trust(self.state, SystemClock().now())
        while (path := self._folder / f"root.{trust.trusted_root.version + 1}").exists():
            trust.root(path.read_bytes())
        trust.freshness((self._folder / "freshness").read_bytes())
        candidate = trust.manifest((self._folder / "manifest").read_bytes())
        self.state = activated(trust.state, candidate)
        return [asset.title for asset in candidate.manifest.assets.values()]


def test_a_file_comes_onto_a_wall_by_two_commands(home: Home, tmp_path: Path) -> None:
    keys_init(home, tmp_path / "stick")
    done = home.command("publish", a_picture(tmp_path), "--all", "--reason", "Opening")
    assert [line.split()[:2] for line in done.stdout.splitlines()] == [
        ["hq/lobby-1", "version"],
        ["hq/lobby-2", "version"],
    ]
    assert Box(home, tmp_path / "box").titles() == ["poster"]
    again = home.command("publish", "--screen", "hq/lobby-1")
    assert again.stdout == "hq/lobby-1  unchanged\n"


def test_a_dry_run_says_what_would_change_and_arranges_nothing(home: Home, tmp_path: Path) -> None:
    keys_init(home, tmp_path / "stick")
    home.command("publish", a_picture(tmp_path), "--screen", "lobby-1")
    new = a_picture(tmp_path, "menu.png", "green")
    done = home.command("publish", new, "--append", "--screen", "lobby-1", "--dry-run")
    assert done.stdout.startswith("lobby-1: changed\n")
    assert "menu" in done.stdout
    assert home.command("publish", "--screen", "lobby-1").stdout == "hq/lobby-1  unchanged\n"


def test_a_file_that_cannot_be_used_says_why_and_publishes_nothing(
    home: Home, tmp_path: Path
) -> None:
    keys_init(home, tmp_path / "stick")
    broken = tmp_path / "broken.png"
    broken.write_bytes(a_picture(tmp_path).read_bytes()[:60])
    done = home.command("publish", a_picture(tmp_path), broken, "--all", status=65)
    assert "nothing was published" in done.stderr
    assert f"{broken}: " in done.stderr
    missing = home.command("publish", tmp_path / "no.png", "--all", status=66)
    assert "no.png" in missing.stderr


def test_an_empty_screen_is_published_only_with_a_yes(home: Home, tmp_path: Path) -> None:
    keys_init(home, tmp_path / "stick")
    refused = home.command("publish", "--all", status=65)
    assert "confirm" in refused.stderr
    assert "version" in home.command("publish", "--all", "--yes").stdout


def test_bad_usage_is_told_in_one_line(home: Home, tmp_path: Path) -> None:
    assert "--all" in home.command("publish", a_picture(tmp_path), status=64).stderr
    nowhere = home.command("publish", "--screen", "lobby-9", status=65)
    assert "hq/lobby-1, hq/lobby-2" in nowhere.stderr
    assert "no group Roof" in home.command("publish", "--group", "Roof", status=65).stderr
    assert "there is no bob" in home.command("publish", "--all", "--by", "bob", status=65).stderr
    before_keys = home.command("publish", "--all", "--yes", status=65)
    assert "yingbi-server keys init" in before_keys.stderr


def test_root_keys_are_encrypted_and_online_keys_are_the_servers_alone(
    home: Home, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    short = home.command(
        "keys", "init", "--to", stick, "--passphrase-file", "-", stdin="short\n", status=65
    )
    assert "12 characters" in short.stderr
    keys_init(home, stick)
    assert sorted(path.name for path in stick.iterdir()) == [
        "root-1.key", "root-1.pub", "root-2.key", "root-2.pub", "root-3.key", "root-3.pub",
        "root.1",
    ]  # fmt: skip
    assert b"ENCRYPTED" in (stick / "root-1.key").read_bytes()
    online = home.data / "keys"
    assert stat.S_IMODE(online.stat().st_mode) == 0o700
    private = sorted(online.glob("*.key"))
    assert [path.name.partition("-")[0] for path in private] == ["freshness", "publisher"]
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in private)
    shown = home.command("keys", "show").stdout
    assert fingerprint((stick / "root.1").read_bytes()) in shown
    assert shown.count("  here") == 2
    again = home.command(
        "keys", "init", "--to", tmp_path / "other", "--passphrase-file", "-",
        stdin=PASSPHRASE, status=65,
    )  # fmt: skip
    assert "keys rotate" in again.stderr


def test_the_drill_replaces_the_online_keys_and_the_walls_follow(
    home: Home, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    keys_init(home, stick)
    home.command("publish", a_picture(tmp_path), "--screen", "lobby-1")
    box = Box(home, tmp_path / "box")
    assert box.titles() == ["poster"]
    draft, half, signed = (tmp_path / name for name in ("root-2.json", "half", "root-2"))
    home.command("keys", "rotate", "--out", draft)
    passphrase = tmp_path / "passphrase"
    passphrase.write_text(PASSPHRASE)
    for source, key, out in ((draft, "root-1.key", half), (half, "root-3.key", signed)):
        words = ["sign", source, "--key", stick / key, "--passphrase-file", passphrase]
        assert yingbi_manifest([*map(str, words), "--out", str(out)]) == 0
    unsigned = home.command("keys", "install", half, status=65)
    assert "asks for 2 signatures" in unsigned.stderr
    done = home.command("keys", "install", signed)
    assert "root 2 of epoch 1 is installed\n1 screens were published anew" in done.stdout
    assert home.command("keys", "show").stdout.count("waits for the next, or is old") == 2
    assert box.titles() == ["poster"]
    assert Box(home, tmp_path / "new box").titles() == ["poster"]


def test_without_its_keys_a_server_publishes_nothing_and_says_so(
    home: Home, tmp_path: Path
) -> None:
    keys_init(home, tmp_path / "stick")
    (publisher,) = (home.data / "keys").glob("publisher-*.key")
    publisher.chmod(0o640)
    refused = home.command("publish", a_picture(tmp_path), "--all", status=65)
    assert f"chmod 600 {publisher}" in refused.stderr
    publisher.unlink()
    gone = home.command("publish", a_picture(tmp_path), "--all", status=65)
    assert "put the key files back" in gone.stderr
    assert "UNUSABLE: missing in" in home.command("keys", "show").stdout


def test_at_level_2_a_manifest_counts_when_its_approver_has_signed(
    home: Home, tmp_path: Path
) -> None:
    private_key = hashlib.sha256(b"an approver").digest()
    public_key = LocalSigner(private_key).public_key
    (tmp_path / "approver.pub").write_bytes(public_key_pem(public_key))
    (tmp_path / "approver.key").write_bytes(private_key_pem(private_key))
    keys_init(home, tmp_path / "stick", "--approver", tmp_path / "approver.pub")
    done = home.command("publish", a_picture(tmp_path), "--screen", "lobby-1")
    assert "waits for approval" in done.stdout
    (waiting,) = home.command("publish", "--pending", tmp_path / "out").stdout.split()
    refused = home.command("publish", waiting, "--approve", status=65)
    assert "No approver" in refused.stderr
    signed = f"{waiting}.signed"
    words = ["sign", waiting, "--key", str(tmp_path / "approver.key"), "--out", signed]
    assert yingbi_manifest(words) == 0
    approved = home.command("publish", signed, "--approve")
    assert approved.stdout.startswith("hq/lobby-1  version ")
    assert Box(home, tmp_path / "box").titles() == ["poster"]
    assert home.command("publish", "--pending", tmp_path / "out").stdout == ""
