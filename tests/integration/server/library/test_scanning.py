"""The virus scanner, a real command: the editor reads its finding; nothing passes without it."""

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from server.library.models import AssetState
from tests.simulators.library import Library

SCANNER = """#!/bin/sh
grep -q EICAR "$1" && echo "$1: Eicar-Test-Signature FOUND" && exit 1
grep -q BROKEN "$1" && exit 2
exit 0
"""
GIF = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;"


@pytest.fixture
def scanner(tmp_path: Path, settings: Settings) -> None:
    script = tmp_path / "scanner"
    script.write_text(SCANNER)
    script.chmod(0o755)
    settings.SCAN_COMMAND = f"{script} {{file}}"


@pytest.mark.usefixtures("scanner")
def test_a_finding_refuses_the_file_in_the_scanners_words(library: Library) -> None:
    asset = library.prepare(library.upload(GIF + b"EICAR"))
    assert (asset.state, asset.failure_code) == (AssetState.FAILED, "INFECTED")
    assert asset.failure_detail == {"finding": "Eicar-Test-Signature FOUND"}


@pytest.mark.usefixtures("scanner")
def test_a_clean_file_goes_on(library: Library) -> None:
    assert library.prepare(library.upload(GIF)).state == AssetState.READY


@pytest.mark.usefixtures("scanner")
@pytest.mark.expects_log("is tried again")
def test_a_scanner_that_does_not_work_lets_nothing_pass(library: Library) -> None:
    asset = library.prepare(library.upload(GIF + b"BROKEN"))
    assert (asset.state, asset.attempts) == (AssetState.RECEIVED, 1)
    assert not asset.renditions.exists()


@pytest.mark.expects_log("is tried again")
def test_a_scanner_that_is_not_installed_lets_nothing_pass(
    library: Library, settings: Settings
) -> None:
    settings.SCAN_COMMAND = "/nowhere/clamdscan {file}"
    assert library.prepare(library.upload(GIF)).state == AssetState.RECEIVED
