"""Every refusal has a code of its own, and the page for administrators says what to do."""

from pathlib import Path

from server.publishing import errors

PAGE = Path(__file__).parents[4] / "docs" / "publishing.md"


def test_every_refusal_stands_in_the_docs() -> None:
    codes = [getattr(errors, name).code for name in errors.__all__]
    assert len(set(codes)) == len(codes)
    page = PAGE.read_text("utf-8")
    assert [code for code in codes if f"| `{code}` |" not in page] == []
