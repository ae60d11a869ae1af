"""What boxes and servers install is what was tested: the same versions, the same files."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def _pins(path: Path) -> dict[str, frozenset[str]]:
    """The hashes of each `name==version`."""
    text = path.read_text().replace("\\\n", " ")
    lines = re.findall(r"^([\w.-]+==\S+)(.*)$", text, re.MULTILINE)
    return {pin: frozenset(re.findall(r"sha256:(\w{64})", more)) for pin, more in lines}


def _direct(*extras: str) -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"]]
    for extra in extras:
        wanted += project["optional-dependencies"][extra]
    return {re.split(r"[\[<>=! ]", each)[0].lower() for each in wanted}


@pytest.mark.parametrize(("name", "extras"), [("player.lock", ()), ("server.lock", ("server",))])
def test_a_lock_is_a_part_of_the_one_that_is_tested(name: str, extras: tuple[str, ...]) -> None:
    pins, tested = _pins(ROOT / "packaging" / name), _pins(ROOT / "requirements.lock")
    assert {pin: hashes for pin, hashes in pins.items() if tested.get(pin) != hashes} == {}
    assert _direct(*extras) <= {pin.partition("==")[0].lower() for pin in pins}
    assert all(pins.values())


def test_a_box_needs_nothing_of_a_server() -> None:
    box = {pin.partition("==")[0] for pin in _pins(ROOT / "packaging" / "player.lock")}
    assert not {"django", "boto3", "psycopg", "pytest"} & box
