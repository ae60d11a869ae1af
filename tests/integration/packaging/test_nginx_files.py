"""The files that ship for nginx and for containers are files that nginx and the server take."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

from server.__main__ import parser
from server.configuration import load

PACKAGING = Path(__file__).parents[3] / "packaging"


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A folder with chain.pem and key.pem."""
    made = tmp_path / "tls"
    made.mkdir()
    words = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    words += ["-nodes", "-days", "2", "-subj", "/CN=signage.example"]
    words += ["-keyout", str(made / "key.pem"), "-out", str(made / "chain.pem")]
    subprocess.run(words, check=True, capture_output=True)
    return made


@pytest.mark.parametrize(
    ("place", "blobs"),
    [("nginx/place.conf", "blobs-folder.conf"), ("compose/place.conf", "blobs-s3.conf")],
)
def test_nginx_takes_the_files_that_ship(
    place: str, blobs: str, certificate: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "nginx"
    folder.mkdir()
    shutil.copy(PACKAGING / "nginx" / "nginx.conf", folder)
    shutil.copy(PACKAGING / "nginx" / blobs, folder / "blobs.conf")
    front = (PACKAGING / "nginx" / "front.conf").read_text()
    front = front.replace("/etc/yingbi/tls", str(certificate)).replace("443", "127.0.0.1:8443")
    (folder / "front.conf").write_text(re.sub(r"^listen \[.*\n", "", front, flags=re.MULTILINE))
    hosts = re.sub(r"(server-\d|store):", "127.0.0.1:", (PACKAGING / place).read_text())
    temporary = "".join(
        f"{name}_temp_path {tmp_path / name};\n"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "place.conf").write_text(temporary + hosts)
    words = ["nginx", "-t", "-c", str(folder / "nginx.conf"), "-p", str(folder)]
    done = subprocess.run(
        [*words, "-g", f"pid {folder}/nginx.pid;"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_server_takes_the_settings_of_the_containers() -> None:
    settings = PACKAGING / "compose" / "server.toml"
    read = load({"YINGBI_SERVER_CONFIG": str(settings)})
    assert (read.storage.kind, read.web.x_accel_path) == ("s3", "/_blobs/")


def test_the_containers_and_their_settings_speak_of_the_same_things() -> None:
    compose = yaml.safe_load((PACKAGING / "compose" / "compose.yaml").read_text())
    settings = (PACKAGING / "compose" / "server.toml").read_text()
    read = load({"YINGBI_SERVER_CONFIG": str(PACKAGING / "compose" / "server.toml")})
    (subnet,) = compose["networks"]["default"]["ipam"]["config"]
    assert read.web.trusted_proxies == (subnet["subnet"],)
    ours = [each for each in compose["services"].values() if each.get("image") == "yingbi-server"]
    assert len(ours) == 4
    for each in ours:
        assert set(re.findall(r"/run/secrets/([\w-]+)", settings)) == set(each["secrets"])
        parser().parse_args(each["command"])
    hosts = set(re.findall(r"(?:server|@|//)[ /]*([a-z][\w-]+):\d+", settings))
    place = (PACKAGING / "compose" / "place.conf").read_text()
    hosts |= set(re.findall(r"server ([\w-]+):", place))
    assert hosts == {"server-1", "server-2", "store", "database"}
    assert hosts <= set(compose["services"])


def test_the_image_is_built_of_what_the_package_names() -> None:
    told = (PACKAGING / "compose" / "Dockerfile.dockerignore").read_text()
    packages = tomllib.loads((PACKAGING.parent / "pyproject.toml").read_text())
    named = packages["tool"]["setuptools"]["packages"]["find"]["include"]
    for folder in {each.partition(".")[0].rstrip("*") for each in named}:
        assert f"\n!{folder}\n" in told, folder


def test_every_file_that_the_containers_are_given_is_there() -> None:
    compose = PACKAGING / "compose" / "compose.yaml"
    mounted = re.findall(r"- (\.\.?/[\w./-]+\.(?:conf|toml)):", compose.read_text())
    assert len(mounted) >= 5
    assert [path for path in mounted if not (compose.parent / path).is_file()] == []
