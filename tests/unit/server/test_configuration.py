"""The settings of a server: every mistake at once, nothing guessed, no secret repeated."""

import tomllib
from datetime import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.errors import ConfigError
from config.explanation import in_toml
from config.reading import read_as
from server.configuration import SERVER, Configuration, example, load

PAGE = Path(__file__).parents[3] / "docs" / "server-configuration.md"


def problems(tmp_path, text, **environment):
    file = tmp_path / "server.toml"
    file.write_text(text)
    with pytest.raises(ConfigError) as refused:
        load({"YINGBI_SERVER_CONFIG": str(file), **environment})
    return str(refused.value)


def settings(tmp_path, text, **environment):
    file = tmp_path / "server.toml"
    file.write_text(text)
    return load({"YINGBI_SERVER_CONFIG": str(file), **environment})


def test_the_example_holds_every_key_with_its_default():
    reading = read_as(SERVER, example().encode(), "server.example.toml")
    assert reading.problems == ()
    assert reading.settings == Configuration()
    assert set(reading.lines) == set(SERVER.keys)


def test_the_example_says_of_every_key_what_it_means():
    lines = example().split("\n")
    for number, line in enumerate(lines):
        if " = " in line and not line.startswith("#"):
            assert lines[number - 1].startswith("# "), line


@pytest.mark.parametrize("path", SERVER.keys)
def test_every_key_stands_in_the_docs_with_its_default_and_what_is_allowed(path):
    key = SERVER.keys[path]
    is_time = isinstance(key.default, time)
    default = f'"{key.default:%H:%M}"' if is_time else in_toml(key.default)
    assert f"| `{path}` | `{default}` | {key.rule.allowed} |" in PAGE.read_text().splitlines()


def test_the_docs_tell_of_no_key_that_does_not_exist():
    import re

    assert set(re.findall(r"^\| `(\w+\.\w+)`", PAGE.read_text(), re.MULTILINE)) - {
        f"yingbi.{kind}{number:03}" for kind in "EW" for number in range(100)
    } == set(SERVER.keys)


def test_every_check_stands_in_the_docs():
    import re

    files = (PAGE.parents[1] / "server").rglob("checks.py")
    checks = "\n".join(path.read_text() for path in files)
    assert set(re.findall(r'id="(yingbi\.\w+)"', checks)) == set(
        re.findall(r"^\| `(yingbi\.\w+)`", PAGE.read_text(), re.MULTILINE)
    )


def test_without_a_file_the_defaults_count(monkeypatch, tmp_path):
    monkeypatch.setattr("server.configuration.DEFAULT_PATH", tmp_path / "server.toml")
    assert load({}) == Configuration()


def test_a_file_that_is_named_must_be_there(tmp_path):
    with pytest.raises(ConfigError, match=r"is not there; start from server\.example\.toml"):
        load({"YINGBI_SERVER_CONFIG": str(tmp_path / "server.toml")})


def test_every_mistake_is_told_at_once_with_its_line(tmp_path):
    told = problems(
        tmp_path, '[web]\nport = 84600\nlisten = "localhost"\n[data]\ndirectory = "x"\n'
    )
    assert "server.toml:2: web.port: 84600 is out of range" in told
    assert 'server.toml:3: web.listen: "localhost" is not an IP address' in told
    assert "server.toml:5: data.directory" in told


def test_an_unknown_key_stops_nothing(tmp_path):
    assert settings(tmp_path, "[web]\nprot = 8000\n") == Configuration()


def test_the_environment_wins(tmp_path):
    text = '[data]\ndirectory = "/srv/a"\n'
    url = "postgresql://yingbi:secret@db/yingbi"
    read = settings(tmp_path, text, YINGBI_DATA="/srv/b", DATABASE_URL=url)
    assert read.data.directory == Path("/srv/b")
    assert read.database.url == url


def test_a_data_folder_that_depends_on_where_one_stands_is_refused(tmp_path):
    assert "YINGBI_DATA: is not an absolute path" in problems(tmp_path, "", YINGBI_DATA="data")


def test_a_password_in_the_file_is_refused_and_not_repeated(tmp_path):
    told = problems(tmp_path, '[database]\nurl = "postgresql://yingbi:hunter22@db/yingbi"\n')
    assert "database.password_file" in told
    assert "hunter22" not in told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[web]\ntls_certificate = "/etc/a.pem"\n', "name both files"),
        ('[storage]\nkind = "s3"\n', "set storage.s3_endpoint"),
        ("[web]\nprocesses = 2\n", "need PostgreSQL"),
        ('[organisation]\nid = "HQ Group"\n', "is not an identifier"),
        ('[web]\ntrusted_proxies = ["proxy"]\n', "holds something that is no network"),
        ('[backup]\nat = "25:00"\n', "is not a time of day"),
        ('[web]\nx_accel_path = "blobs"\n', "is not a path"),
        ('[database]\nurl = "mysql://a/b"\n', "is not the address of a PostgreSQL database"),
    ],
)
def test_what_cannot_work_is_refused_with_its_cure(tmp_path, text, told):
    assert told in problems(tmp_path, text)


def test_never_is_a_time_for_the_backup(tmp_path):
    assert settings(tmp_path, '[backup]\nat = ""\n').backup.at is None


@given(st.text(max_size=200))
def test_any_text_loads_or_is_refused(tmp_path_factory, text):
    file = tmp_path_factory.mktemp("config") / "server.toml"
    file.write_bytes(text.encode("utf-8", "replace"))
    cures = ["none needed"]
    try:
        load({"YINGBI_SERVER_CONFIG": str(file)})
    except ConfigError as error:
        cures = [problem.cure for problem in error.problems]
    assert all(cures)


def test_the_settings_are_real_toml():
    assert tomllib.loads(example())["web"]["listen"] == "127.0.0.1"


def test_records_of_devices_are_kept_for_six_months_at_least():
    kept = Configuration().retention
    days = (kept.play_records_days, kept.faults_days, kept.heartbeats_days)
    assert min(days) > 184
