"""The manifest's codec: what is accepted, and how it survives being written and read again."""

import json
import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given

from manifest.codec import MAX_MANIFEST_BYTES, decode, encode
from manifest.errors import ManifestFormatError
from manifest.model import Item, Manifest, Transition
from tests.simulators.manifests import a_card, a_document, a_manifest, a_stream, an_image, an_item
from tests.strategies import documents, manifests


def decoded(**changes: Any) -> Manifest:
    return decode(json.dumps(a_document(**changes)).encode())


# --- round trips ---------------------------------------------------------------------------------


@given(documents())
def test_every_valid_document_is_accepted(document: dict[str, Any]) -> None:
    assert decode(json.dumps(document).encode()).version == document["version"]


@given(manifests())
def test_what_is_encoded_decodes_to_the_same_value(manifest: Manifest) -> None:
    assert decode(encode(manifest)) == manifest


@given(manifests())
def test_what_we_publish_encodes_to_the_same_bytes(manifest: Manifest) -> None:
    published = encode(manifest)
    assert encode(decode(published)) == published


def test_equal_manifests_are_equal_bytes_whatever_order_they_were_written_in() -> None:
    document = a_document(calendar={"rest": ["2026-10-02", "2026-10-01"], "work": []})
    turned = dict(reversed(document.items()))
    turned["assets"] = dict(reversed(document["assets"].items()))
    assert encode(decode(json.dumps(document).encode())) == encode(
        decode(json.dumps(turned, indent=1).encode())
    )


def test_a_value_that_would_be_refused_is_not_encoded() -> None:
    import msgspec

    with pytest.raises(ManifestFormatError, match=r"^\$\.default_layout: "):
        encode(msgspec.structs.replace(a_manifest(), default_layout="none"))


# --- what the model gets -------------------------------------------------------------------------


def test_the_fields_of_an_item_arrive_as_values() -> None:
    manifest = decoded(
        items=[
            an_item(
                "i1",
                "a1",
                weight=3,
                fit="cover",
                transition={"kind": "fade", "ms": 600},
                valid_from="2026-11-22T03:00:00.5Z",
            )
        ]
    )
    assert manifest.playlists["p0"].items[0] == Item(
        id="i1",
        asset="a1",
        duration_ms=10_000,
        weight=3,
        fit="cover",
        transition=Transition("fade", 600),
        valid_from=datetime(2026, 11, 22, 3, 0, 0, 500_000, UTC),
    )


def test_holidays_arrive_as_dates() -> None:
    calendar = decoded(calendar={"rest": ["2026-10-01"], "work": ["2026-10-10"]}).calendar
    assert calendar.rest == {date(2026, 10, 1)}
    assert calendar.work == {date(2026, 10, 10)}


# --- what is not refused -------------------------------------------------------------------------


def test_an_unknown_template_is_left_to_the_stage() -> None:
    """An old player must survive a newer editor: it skips the card, not the manifest."""
    assert decoded(assets={"a1": a_card(template="weather-2031"), "a2": an_image()})


def test_an_unknown_media_type_is_left_to_the_stage() -> None:
    assert decoded(assets={"a1": an_image(mime="image/jxl"), "a2": an_image()})


def test_text_for_people_may_hold_anything() -> None:
    """M22: it is only ever shown; the names of files are digests."""
    for title in ("", "../../etc/passwd", "/etc/passwd", "a\0b", "x" * 4096, "🦆", "\u202eRTL"):
        manifest = decoded(assets={"a1": an_image(title=title), "a2": an_image()})
        assert manifest.assets["a1"].title == title


@pytest.mark.parametrize(
    "changes",
    [
        {"items": []},
        {"items": [an_item("i1", "a1", valid_from="2026-02-01T00:00:00Z",
                           valid_until="2026-01-01T00:00:00Z")]},
        {"layouts": {"l0": {"background": "#000000", "zones": []}}},
        {"assets": {"a1": an_image(bytes=0), "a2": a_stream("a1")}},
        {"takeovers": [{"id": "t", "layout": "l0", "from": "2026-01-02T00:00:00Z",
                        "until": "2026-01-01T00:00:00Z", "priority": 0}]},
        {"panel": {"on": []}},
        {"expires_at": "2026-01-01T00:00:00Z"},
    ],
    ids=["no item", "no valid instant", "no zone", "empty file", "empty takeover", "never on",
         "expired before it was issued"],
)  # fmt: skip
def test_what_is_merely_useless_is_accepted(changes: dict[str, Any]) -> None:
    """It shows nothing, or nothing any more: that is for the scheduler to say, not an error."""
    assert decoded(**changes)


def test_data_of_a_card_may_be_32_levels_deep_and_no_deeper() -> None:
    def nested(levels: int) -> dict[str, Any]:
        value: Any = 1
        for level in range(levels):
            value = [value] if level % 2 else {"a": value}
        return {"a": value}

    # $, assets, the asset and its data are four.
    assert decoded(assets={"a1": a_card(data=nested(28)), "a2": an_image()})
    with pytest.raises(ManifestFormatError, match="nesting of at most 32 levels, got more"):
        decoded(assets={"a1": a_card(data=nested(29)), "a2": an_image()})


# --- size ----------------------------------------------------------------------------------------


def test_10000_items_and_1000_entries_are_accepted_and_not_one_more() -> None:
    items = [an_item(f"i{number}", "a1") for number in range(10_000)]
    window = {"start": "2026-11-22T11:00:00", "duration_s": 7200, "rrule": "FREQ=DAILY"}
    entries = [
        {"id": f"e{number}", "layout": "l0", "priority": 1, "window": window}
        for number in range(1000)
    ]
    full = decoded(items=items, entries=entries)
    assert len(full.playlists["p0"].items) == 10_000
    assert len(full.entries) == 1000
    playlists = {"p0": {"items": items}, "p1": {"items": [an_item("more", "a1")]}}
    with pytest.raises(ManifestFormatError, match=r"^\$\.playlists: expected at most 10000 items"):
        decoded(playlists=playlists)
    with pytest.raises(ManifestFormatError, match=r"^\$\.entries: expected at most 1000 values"):
        decoded(entries=[*entries, entries[0]])


def test_a_thousand_rules_of_every_minute_are_accepted_and_of_every_second_are_not() -> None:
    def entries(rule: str) -> list[dict[str, Any]]:
        window = {"start": "2026-11-22T11:00:00", "duration_s": 1, "rrule": rule}
        return [
            {"id": f"e{number}", "layout": "l0", "priority": 1, "window": window}
            for number in range(1000)
        ]

    seconds = ",".join(map(str, range(60)))
    assert len(decoded(entries=entries("FREQ=MINUTELY")).entries) == 1000
    with pytest.raises(
        ManifestFormatError, match=r"^\$\.entries: expected rules that name at most"
    ):
        decoded(entries=entries(f"FREQ=MINUTELY;BYSECOND={seconds}"))


def test_8_mebibytes_are_accepted_and_not_one_byte_more() -> None:
    document = json.dumps(a_document()).encode()
    assert decode(document.ljust(MAX_MANIFEST_BYTES))
    with pytest.raises(ManifestFormatError, match="expected at most 8388608 bytes, got 8388609"):
        decode(document.ljust(MAX_MANIFEST_BYTES + 1))


# --- the documentation ---------------------------------------------------------------------------


def test_the_example_of_the_documentation_is_accepted() -> None:
    from pathlib import Path

    page = (Path(__file__).parents[3] / "docs" / "manifest.md").read_text()
    example = re.search(r"```json\n(.*?)```", page, re.DOTALL)
    assert example, "docs/manifest.md has no example"
    manifest = decode(example[1].encode())
    assert encode(manifest)
    assert {type(asset).__name__ for asset in manifest.assets.values()} == {
        "ImageAsset", "VideoAsset", "StreamAsset", "CardAsset",
    }  # fmt: skip
