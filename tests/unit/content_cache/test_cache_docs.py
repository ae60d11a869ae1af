"""docs/cache.md names every fault code, and every key of `status --json`."""

import re
from pathlib import Path

import pytest

import content_cache
from content_cache import errors
from content_cache.disk import RealDisk
from content_cache.errors import CacheError
from content_cache.health import look
from content_cache.status import as_json

PAGE = (Path(__file__).parents[3] / "docs" / "cache.md").read_text()
FOLDER = Path(content_cache.__file__).parent
STORE = ("blobs", "errors", "generations", "health", "part", "scrub", "lock", "package")


def codes() -> set[str]:
    """Every code of an error of the store, and every code that a module gives a fault."""
    own = [each for each in vars(errors).values() if isinstance(each, type)]
    found = {each.code for each in own if issubclass(each, CacheError)} - {"CACHE"}
    for name in STORE:
        found |= set(
            re.findall(r'(?:Fault\(|code = )"([A-Z_]+)"', (FOLDER / f"{name}.py").read_text())
        )
    return found


@pytest.mark.parametrize("code", sorted(codes()))
def test_every_code_stands_in_the_docs_with_what_to_do(code: str) -> None:
    assert re.search(rf"^\| `{code}` \| .+ \| .+ \|$", PAGE, re.MULTILINE)


def test_the_docs_list_no_code_that_is_gone() -> None:
    told = set(re.findall(r"^\| `([A-Z_]+)` \|", PAGE, re.MULTILINE))
    assert told - codes() == set()


def test_every_key_of_the_status_stands_in_the_docs(tmp_path: Path) -> None:
    for key in as_json(tmp_path, look(tmp_path, RealDisk())):
        assert f"`{key}`" in PAGE
