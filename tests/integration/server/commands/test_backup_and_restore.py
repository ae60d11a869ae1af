"""A backup is complete and verified, or refused; what comes back is what was there, and goes on."""

import json
import os
import shutil
from pathlib import Path

import pytest

from tests.simulators.paired_screens import paired_screens
from tests.simulators.server_acts import act
from tests.simulators.server_process import Home


@pytest.fixture(scope="module")
def prepared(module_home):
    """A home with keys, a paired screen, a publication and a backup."""
    home = module_home()
    return home, paired_screens(home)


@pytest.fixture
def screens(prepared):
    return prepared[1]


@pytest.fixture
def home(prepared, server_home) -> Home:
    return server_home(prepared[0])


def backup(home, *words, status=0):
    done = home.command("backup", *words, status=status)
    found = sorted((home.data / "backups").glob("[0-9]*Z"))
    return (found[-1] if found else None), done


def names(home):
    return {row["name"] for row in json.loads(home.command("user", "list", "--json").stdout)}


def add(home, name):
    home.command("user", "add", name)


def blob_of(home, sha256) -> Path:
    return home.data / "blobs" / sha256[:2] / sha256


def test_what_is_backed_up_comes_back(home, screens):
    add(home, "before")
    made, _done = backup(home)
    add(home, "after")
    blob_of(home, screens.sha256).unlink()
    home.command("restore", "--force", made)
    assert "before" in names(home)
    assert "after" not in names(home)
    assert blob_of(home, screens.sha256).is_file()
    assert not [f for f in findings(home) if f["severity"] == "error"]


def findings(home, *words, status=0):
    return json.loads(home.command("check", "--json", *words, status=status).stdout)


def codes(found):
    return {one["code"] for one in found if one["severity"] == "error"}


def test_a_backup_comes_back_into_an_empty_folder(home, screens, server_home, tmp_path):
    kept = tmp_path / "elsewhere"
    home.command("backup", "--to", kept)
    made = next(kept.glob("[0-9]*Z"))
    other = server_home()
    shutil.rmtree(other.data)
    other.command("restore", *(["--force"] if other.cluster else []), made)
    assert names(other) == names(home)
    assert blob_of(other, screens.sha256).is_file()
    # The keys are not in a backup: whoever restores it is told to put them back.
    assert codes(findings(other, status=os.EX_IOERR)) == {"KEY_AWAY"}


def test_a_database_that_is_there_is_not_overwritten(home):
    made, _done = backup(home)
    add(home, "after")
    done = home.command("restore", made, status=os.EX_CANTCREAT)
    assert "--force" in done.stderr
    assert "after" in names(home)


def test_versions_of_manifests_still_rise_after_last_weeks_backup(home, screens):
    """Else every screen would refuse what is published next as a rollback."""
    screen = next(iter(screens.screens.values()))
    made, _done = backup(home)
    newest = act(home, "publish", screen)
    home.command("restore", "--force", made)
    assert act(home, "publish", screen) > newest


def test_a_restore_stands_in_the_audit_and_ends_all_logins(home, screens):
    from tests.simulators.server_process import rows

    made, _done = backup(home)
    home.command("restore", "--force", made)
    assert rows(home, "SELECT action FROM audit_auditrow ORDER BY number DESC LIMIT 1") == [
        ("backup.restore",)
    ]
    assert not codes(findings(home))


def test_keys_stay_out_of_a_backup_unless_asked_for(home, screens, tmp_path):
    secrets = [
        path.read_bytes()
        for path in [home.data / "secret-key", *(home.data / "keys").rglob("*")]
        if path.is_file()
    ]
    made, done = backup(home)
    everything = b"".join(path.read_bytes() for path in made.rglob("*") if path.is_file())
    assert not [secret for secret in secrets if secret.strip() in everything]
    assert done.stderr == ""
    done = home.command("backup", "--with-keys", "--to", tmp_path / "with-keys")
    assert "whoever has it can publish" in done.stderr
    with_keys = next((tmp_path / "with-keys").glob("[0-9]*Z"))
    kept = b"".join(path.read_bytes() for path in (with_keys / "keys").rglob("*") if path.is_file())
    assert all(secret in kept for secret in secrets)
    assert oct(with_keys.stat().st_mode & 0o777) == "0o700"


def test_nobody_else_may_read_a_backup(home):
    made, _done = backup(home)
    assert all(path.stat().st_mode & 0o077 == 0 for path in [made, *made.rglob("*")])


def damaged_copies(made: Path):
    """Copies of a backup, each damaged in one way."""
    for part in ("backup.json", "database"):
        for damage in ("cut", "changed", "gone"):
            copy = made.with_name(f"damaged-{part}-{damage}")
            shutil.copytree(made, copy)
            file = next(path for path in copy.iterdir() if path.name.startswith(part))
            content = bytearray(file.read_bytes())
            if damage == "cut":
                file.write_bytes(content[: len(content) // 2])
            elif damage == "gone":
                file.unlink()
            elif part == "database":
                content[len(content) // 2] ^= 1
                file.write_bytes(content)
            else:
                file.write_text(file.read_text().replace('"format": 1', '"format": 2'))
            yield copy
    newer = made.with_name("of-a-newer-version")
    shutil.copytree(made, newer)
    description = json.loads((newer / "backup.json").read_text())
    description["migrations"].append("audit.0099_from_the_future")
    (newer / "backup.json").write_text(json.dumps(description))
    yield newer


def test_a_damaged_or_newer_backup_is_refused_and_changes_nothing(home):
    made, _done = backup(home)
    add(home, "after")
    for copy in damaged_copies(made):
        done = home.command("restore", "--force", copy, status=os.EX_DATAERR)
        assert done.stderr.count("\n") == 1, done.stderr
    assert "after" in names(home)


def test_a_damaged_file_of_a_backup_is_not_put_back(home, screens, tmp_path):
    kept = tmp_path / "kept"
    home.command("backup", "--to", kept)
    copy = kept / "blobs" / screens.sha256[:2] / screens.sha256
    content = bytearray(copy.read_bytes())
    copy.unlink()  # it may be a link to the file in the store
    content[0] ^= 1
    copy.write_bytes(content)
    blob_of(home, screens.sha256).unlink()
    made = next(kept.glob("[0-9]*Z"))
    done = home.command("restore", "--force", made, status=os.EX_IOERR)
    assert screens.sha256 in done.stderr
    assert not blob_of(home, screens.sha256).exists()


def test_a_server_that_runs_is_backed_up_and_not_restored(server_process, home):
    server_process(home=home)
    made, _done = backup(home)
    done = home.command("restore", "--force", made, status=os.EX_TEMPFAIL)
    assert "stop it first" in done.stderr


def test_old_backups_go_and_files_that_a_kept_one_names_stay(home, screens):
    first, _done = backup(home)
    for day in range(3):  # as if made on the nights before
        shutil.copytree(first, first.with_name(f"2020-01-0{day + 1}T000000Z"))
    stranger = home.data / "backups" / "blobs" / "ab" / ("ab" * 32)
    stranger.parent.mkdir(exist_ok=True)
    stranger.write_bytes(b"of a backup that is gone")
    home.command("backup", "--keep", "2", "--to", home.data / "backups")
    kept = sorted((home.data / "backups").glob("[0-9]*Z"))
    assert first in kept
    assert len(kept) == 2
    assert not stranger.exists()
    assert (home.data / "backups" / "blobs" / screens.sha256[:2] / screens.sha256).is_file()


def test_what_a_killed_backup_left_goes_and_one_that_cannot_be_read_keeps_its_files(home, screens):
    first, _done = backup(home)
    folder = first.parent
    unreadable = folder / "2020-01-01T000000Z"
    shutil.copytree(first, unreadable)
    (unreadable / "backup.json").write_text("{")
    its_own = folder / "blobs" / "cd" / ("cd" * 32)
    left = [folder / ".2020-01-02T000000.000000Z.new" / "x", folder / "blobs" / "cd" / ".a.b.new"]
    for file in (its_own, *left):
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(b"...")
    with (unreadable / "blobs.txt").open("a") as names:
        names.write(f"{its_own.name}\n")
    home.command("backup", "--keep", "1", "--to", folder)
    assert [file for file in left if file.exists()] == []
    assert its_own.exists(), "the disk may be better tomorrow"


def test_a_file_that_is_missing_fails_the_backup_and_it_is_there_all_the_same(home, screens):
    """The database is worth keeping even when a file is lost (database newer than the files)."""
    blob_of(home, screens.sha256).unlink()
    made, done = backup(home, status=os.EX_IOERR)
    assert screens.sha256 in done.stderr
    assert json.loads((made / "backup.json").read_text())["missing_blobs"] == [screens.sha256]
    home.command("restore", "--force", made, status=os.EX_IOERR)


def test_check_names_files_that_are_missing_damaged_and_in_no_row(home, screens):
    file = blob_of(home, screens.sha256)
    assert not codes(findings(home, "--deep"))
    content = file.read_bytes()
    file.unlink()
    stranger = home.data / "blobs" / "ab" / ("ab" * 32)
    stranger.parent.mkdir(exist_ok=True)
    stranger.write_bytes(b"older database than files")
    found = findings(home, status=os.EX_IOERR)
    assert codes(found) == {"BLOB_MISSING"}
    assert "BLOB_ORPHANED" in {one["code"] for one in found}
    file.write_bytes(content[:-1])
    assert codes(findings(home, status=os.EX_IOERR)) == {"BLOB_DAMAGED"}
    file.write_bytes(bytes([content[0] ^ 1]) + content[1:])
    assert not codes(findings(home)), "the quick look reads no file"
    assert codes(findings(home, "--deep", status=os.EX_IOERR)) == {"BLOB_DAMAGED"}


def test_check_says_what_keys_are_away(home, server_home):
    fresh = server_home()
    assert "KEYS_NONE" in {one["code"] for one in findings(fresh)}
    assert "KEYS_NONE" not in {one["code"] for one in findings(home)}
    for key in (home.data / "keys").rglob("*"):
        if key.is_file():
            key.unlink()
    assert codes(findings(home, status=os.EX_IOERR)) == {"KEY_AWAY"}
