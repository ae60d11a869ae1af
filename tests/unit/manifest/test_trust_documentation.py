"""docs/trust.md and docs/manifest.md name every error, flag, role, format and cap that there is."""

from pathlib import Path

import pytest
from msgspec import structs

from manifest import codec, errors, inspection, references
from manifest.documents import Roles
from manifest.envelope import DocumentType
from manifest.trust import MAX_ROOTS_PER_PASS, Flag

DOCS = Path(__file__).parents[3] / "docs"
TRUST = (DOCS / "trust.md").read_text()
MANIFEST = (DOCS / "manifest.md").read_text()
NOT_LEAVES = {"ManifestError", "TrustError", "quoted"}


@pytest.mark.parametrize("name", sorted(set(errors.__all__) - NOT_LEAVES))
def test_every_error_stands_in_the_docs(name: str) -> None:
    assert f"`{name}`" in TRUST


@pytest.mark.parametrize("flag", Flag)
def test_every_flag_stands_in_the_docs(flag: Flag) -> None:
    assert f"`{flag}`" in TRUST


@pytest.mark.parametrize("kind", DocumentType)
def test_every_cap_stands_in_the_docs(kind: DocumentType) -> None:
    size = kind.max_bytes // 1024
    written = f"{size // 1024} MiB" if size >= 1024 else f"{size} KiB"
    row = next(line for line in TRUST.splitlines() if f"| `{kind.value[0]}` |" in line)
    assert f"| {written} |" in row


def test_every_role_and_format_stands_in_the_docs() -> None:
    for role in structs.fields(Roles):
        assert f"`{role.name}`" in TRUST
    for format_ in inspection.FORMATS:
        assert f'"{format_}"' in TRUST + MANIFEST


def test_the_limits_stand_in_the_docs() -> None:
    assert f"{references.MAX_ITEMS:,} in all playlists" in MANIFEST
    assert f"at most {codec.MAX_ENTRIES:,}" in MANIFEST
    assert " ".join(codec.STREAM_SCHEMES) in MANIFEST
    assert f"up to {MAX_ROOTS_PER_PASS} in a pass" in TRUST
