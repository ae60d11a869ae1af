"""docs/sync.md tells every limit, ending and code, with their values, and none that is gone."""

import dataclasses
import re
from pathlib import Path

import pytest

from content_cache import (
    backoff,
    bandwidth,
    base_urls,
    dial,
    download,
    fetch_errors,
    http_client,
    http_wire,
    leash,
    need,
    outcome,
    progress,
)

DOCS = (Path(__file__).parents[3] / "docs" / "sync.md").read_text()
CONSTANTS = {
    "PARALLEL": download.PARALLEL,
    "ATTEMPTS_LIMIT": download.ATTEMPTS_LIMIT,
    "CHUNK_BYTES": http_wire.CHUNK_BYTES,
    "IDLE_LINES": http_client.IDLE_LINES,
    "IDLE_LIMIT_S": http_client.IDLE_LIMIT_S,
    "FRAMING_BYTES": http_client.FRAMING_BYTES,
    "FALL_BACK_S": base_urls.FALL_BACK_S,
    "ATTEMPT_GAP_S": dial.ATTEMPT_GAP_S,
    "TICK_S": leash.TICK_S,
    "BURST_S": bandwidth.BURST_S,
    "REPORT_EVERY_S": progress.REPORT_EVERY_S,
    "NEED_HORIZON": need.NEED_HORIZON,
    "URGENT_HORIZON": need.URGENT_HORIZON,
}


def rows(heading: str) -> dict[str, list[str]]:
    """The first table below `heading`: its cells by the name in the first one."""
    section = DOCS.partition(f"# {heading}\n")[2].partition("\n#")[0]
    found = re.findall(r"^\| `([^`]+)` \|(.*)\|$", section, re.MULTILINE)
    return {name: [cell.strip() for cell in cells.split("|")] for name, cells in found}


def limits() -> dict[str, object]:
    found: dict[str, object] = dict(CONSTANTS)
    for values in (leash.NetworkLimits(), backoff.Backoff()):
        found |= dataclasses.asdict(values)
    return found


def test_every_limit_is_told_with_its_default() -> None:
    assert {name: cells[1] for name, cells in rows("Limits").items()} == {
        name: str(value) for name, value in limits().items()
    }


def test_every_ending_is_told() -> None:
    assert list(rows("How a pass ends")) == [str(ending) for ending in outcome.Ending]


def test_every_code_is_told_with_its_severity() -> None:
    errors = [getattr(fetch_errors, name) for name in fetch_errors.__all__]
    due = {error.code: error.severity for error in errors}
    due |= dict(outcome._REFUSALS.values()) | {"REFUSED_DOCUMENT": "C"}
    due["TOO_LARGE"] = fetch_errors.TooLarge.severity  # the fetcher cuts first
    assert {code: cells[0] for code, cells in rows("Codes").items()} == due


@pytest.mark.parametrize("name", re.findall(r"`(tests/[a-z_/]+\.py)`", DOCS))
def test_every_proof_that_is_named_is_there(name: str) -> None:
    assert (Path(__file__).parents[3] / name).is_file()
