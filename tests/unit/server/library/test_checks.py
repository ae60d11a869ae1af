"""`yingbi-server check` says when conversions are not locked in, or cannot be done."""

import shutil

import pytest

from server.library import checks
from server.library.ingest import sandbox
from server.library.ingest.sandbox import Sandbox


@pytest.mark.parametrize("way", [Sandbox.UNSHARE, Sandbox.NONE])
def test_a_sandbox_with_holes_is_a_warning_with_its_cure(
    monkeypatch: pytest.MonkeyPatch, way: Sandbox
) -> None:
    monkeypatch.setattr(sandbox, "available", lambda: way)
    (found,) = checks.check_sandbox()
    assert found.id == "yingbi.W020"
    assert "bubblewrap" in str(found.hint)


def test_a_good_sandbox_is_no_news(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "available", lambda: Sandbox.BUBBLEWRAP)
    assert checks.check_sandbox() == []


def test_missing_programs_are_named_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    found = checks.check_tools()
    assert [each.id for each in found] == ["yingbi.W021"] * 2
    assert all("apt install" in str(each.hint) for each in found)
