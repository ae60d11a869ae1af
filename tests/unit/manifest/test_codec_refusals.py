"""What the codec refuses, and the one sentence in which it does: path, expectation, value."""

import copy
import json
from typing import Any

import pytest

from manifest.codec import decode
from tests.simulators.manifests import (
    a_document,
    a_full_document,
    an_item,
    refusal_of,
    steps_of,
    with_change,
)


def test_the_full_document_is_accepted() -> None:
    assert decode(json.dumps(a_full_document()).encode())


def test_the_sentence_of_the_specification() -> None:
    items = [an_item(f"i{number}", "a1") for number in range(3)]
    items.append(an_item("i3", "a1", duration_ms="10s"))
    document = a_document(playlists={"p1": {"items": items}})
    assert refusal_of(json.dumps(document).encode()) == (
        '$.playlists.p1.items[3].duration_ms: expected an integer ≥ 100, got "10s"'
    )


# --- every key: missing, of each wrong type, unknown beside it -----------------------------------


def every_place(value: Any, path: str = "") -> list[tuple[str, Any]]:
    """Path and value of all that is in a document, card data left out."""
    if isinstance(value, dict):
        pairs: list[tuple[str | int, Any]] = list(value.items())
    else:
        pairs = list(enumerate(value)) if isinstance(value, list) else []
    found: list[tuple[str, Any]] = []
    for step, each in pairs:
        place = f"{path}.{step}".lstrip(".")
        found.append((place, each))
        if step != "data":
            found.extend(every_place(each, place))
    return found


PLACES = every_place(a_full_document())
OPTIONAL = {
    "calendar", "weight", "fit", "transition", "valid_from", "valid_until", "turn_ms", "rrule",
    "rdates", "exdates", "days", "takeovers", "panel", "order", "z", "blobs", "rest", "work",
    "kind", "ms",
}  # fmt: skip
WRONG: list[Any] = [None, True, 1.5, 10**400, -(10**6), "", "\ud800", " a", [], [[]], {}, {"": 0}]


def test_every_key_is_required_unless_the_documentation_says_otherwise() -> None:
    for path, _ in PLACES:
        steps = steps_of(path)
        key = steps[-1]
        in_map = len(steps) == 2 and steps[0] in ("assets", "playlists", "layouts")
        if isinstance(key, int) or in_map or steps[-2:-1] == ["blobs"]:
            continue
        if (key in OPTIONAL and steps[:1] != ["assets"]) or key == "blobs":
            assert decode(with_change(path, ...))
        else:
            assert "got nothing" in refusal_of(with_change(path, ...)), path


def test_no_value_of_a_wrong_type_passes_anywhere() -> None:
    for path, right in PLACES:
        for wrong in WRONG:
            if type(wrong) is type(right) and wrong in ([], {}, True):
                continue
            if path.endswith(("title",)) and isinstance(wrong, str) and wrong.isascii():
                continue
            if type(right) is int and wrong == -(10**6) and path.endswith(("priority", ".z")):
                continue
            if path.endswith("data") and wrong == {"": 0}:
                continue
            refusal_of(with_change(path, wrong))


def test_no_object_has_room_for_an_unknown_key() -> None:
    for path, value in [("", a_full_document()), *PLACES]:
        maps = ("assets", "playlists", "layouts", "assets.a4.blobs", "assets.a4.data")
        if isinstance(value, dict) and path not in maps:
            message = refusal_of(with_change(f"{path}.new".lstrip("."), 1))
            assert ".new: expected only the keys " in message


# --- values one by one ---------------------------------------------------------------------------

ITEM = "playlists.p0.items.0"
ZONE = "layouts.l0.zones.0"
WINDOW = "entries.0.window"


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("format", "yingbi/2", '$.format: expected "yingbi/1", got "yingbi/2"'),
        ("version", 0, "$.version: expected an integer ≥ 1, got 0"),
        ("version", 42.0, "$.version: expected an integer ≥ 1, got 42.0"),
        ("version", 2**63, f"$.version: expected an integer ≤ {2**63 - 1}, got {2**63}"),
        ("version", 10**40, f"$.version: expected an integer ≤ {2**63 - 1}, got an integer of 41"),
        ("version", True, "$.version: expected an integer ≥ 1, got true"),
        ("site", "a b", '$.site: expected an id of 1–64 characters of A–Z a–z 0–9 . _ -, got "a'),
        ("screen", "x" * 65, "$.screen: expected an id of 1–64 characters"),
        ("screen", "lobby\n", "$.screen: expected an id of 1–64 characters"),
        ("screen", "大堂", '-, got "大堂"'),
        (f"{ITEM}.duration_ms", 99, "[0].duration_ms: expected an integer ≥ 100, got 99"),
        (f"{ITEM}.duration_ms", 86_400_001, "expected an integer ≤ 86400000, got 86400001"),
        (f"{ITEM}.weight", 0, "expected an integer ≥ 1, got 0"),
        (f"{ITEM}.weight", 21, "expected an integer ≤ 20, got 21"),
        (f"{ITEM}.fit", "fill", 'expected "contain" or "cover" or "stretch", got "fill"'),
        (f"{ITEM}.transition.kind", "spin", 'expected "cut" or "fade" or "slide", got "spin"'),
        (f"{ITEM}.asset", "a9", "$.playlists.p0.items[0].asset: expected an id of $.assets, got"),
        ("playlists.p0.order", "random", 'expected "listed" or "shuffled", got "random"'),
        (f"{ZONE}.playlist", "p9", "$.layouts.l0.zones[0].playlist: expected an id of $.playlists"),
        (f"{ZONE}.x", -1, "expected an integer ≥ 0, got -1"),
        (f"{ZONE}.x", 1, "[0].width: expected a zone inside the canvas, so an end ≤ 1920"),
        (f"{ZONE}.height", 1081, "[0].height: expected a zone inside the canvas, so an end ≤ 1080"),
        (f"{ZONE}.width", 0, "expected an integer ≥ 1, got 0"),
        ("layouts.l0.background", "#12345", 'expected a colour like #101820, got "#12345"'),
        ("layouts.l0.background", "red", "expected a colour like #101820"),
        ("default_layout", "l9", '$.default_layout: expected an id of $.layouts, got "l9"'),
        ("entries.0.layout", "l9", '$.entries[0].layout: expected an id of $.layouts, got "l9"'),
        ("takeovers.0.layout", "l9", "$.takeovers[0].layout: expected an id of $.layouts"),
        ("assets.a1.kind", "web", 'expected "image" or "video" or "stream" or "card", got "web"'),
        ("assets.a1.sha256", "0" * 63, "expected 64 lower-case hex digits"),
        ("assets.a1.sha256", "A" * 64, "expected 64 lower-case hex digits"),
        ("assets.a1.bytes", -1, "expected an integer ≥ 0, got -1"),
        ("assets.a1.mime", "jpeg", "expected a media type like image/jpeg"),
        ("assets.a2.audio", 1, "$.assets.a2.audio: expected true or false, got 1"),
        ("assets.a3.fallback", "a9", "$.assets.a3.fallback: expected an id of $.assets"),
        ("assets.a3.fallback", "a3", ".fallback: expected an image, video or card, got the stream"),
        ("assets.a3.url", "file:///etc/passwd", "$.assets.a3.url: expected an address of http:"),
        ("assets.a3.url", "rtsp://a b", "expected an address of http:"),
        ("assets.a3.url", "RTSP://x", "expected an address of http:"),
        ("assets.a4.blobs", {"a b": 1}, '$.assets.a4.blobs["a b"]: expected an id of 1–64'),
        ("assets.a4.data", [], "$.assets.a4.data: expected an object, got an array"),
        ("assets.a4.data", {"\ud800": 1}, "expected a string without lone surrogates"),
        ("assets.a4.data", {"a": ["\udfff"]}, ".a[0]: expected a string without lone surrogates"),
        ("assets.a4.data", {"a": 2**53}, ".data.a: expected an integer up to ±9007199254740991"),
        ("assets.a4.title", "\ud800", r'expected a string without lone surrogates, got "\ud800"'),
        ("timezone", "Asia/Peking", "$.timezone: expected a name of the tz database like"),
        ("timezone", "asia/shanghai", "$.timezone: expected a name of the tz database"),
        ("timezone", "Asia", "$.timezone: expected a name of the tz database"),
        ("timezone", "../../etc/localtime", "$.timezone: expected a name of the tz database"),
        ("timezone", "right/Asia/Shanghai", "$.timezone: expected a name of the tz database"),
        ("timezone", "localtime", "$.timezone: expected a name of the tz database"),
        ("timezone", "UTC+8", "$.timezone: expected a name of the tz database"),
        ("timezone", "A" * 300, "$.timezone: expected a name of the tz database"),
        ("issued_at", "2026-11-22T03:00:00", "expected an instant like 2026-11-22T03:00:00Z"),
        ("issued_at", "2026-11-22T03:00:00+00:00", "expected an instant like"),
        ("issued_at", "2026-11-22T03:00:00z", "expected an instant like"),
        ("issued_at", "2026-11-22 03:00:00Z", "expected an instant like"),
        ("issued_at", "2026-11-22T03:00:00.1234Z", "expected an instant like"),
        ("issued_at", "2026-11-22T03:00:00.Z", "expected an instant like"),
        ("issued_at", "2026-11-22T03:00Z", "expected an instant like"),
        ("issued_at", "2026-11-22T24:00:00Z", "expected an instant like"),
        ("issued_at", "2026-11-22T23:59:60Z", "expected an instant like"),
        ("issued_at", "2026-02-29T03:00:00Z", "expected an instant like"),
        ("issued_at", "0000-01-01T00:00:00Z", "expected an instant like"),
        ("issued_at", "٢٠٢٦-11-22T03:00:00Z", "expected an instant like"),
        ("issued_at", 1763780400, "expected an instant like"),
        (f"{WINDOW}.start", "2026-11-22T11:00:00Z", "expected a wall time like 2026"),
        (f"{WINDOW}.start", "2026-11-22T11:00:00.5", "expected a wall time like"),
        (f"{WINDOW}.start", "2026-11-22T11:00:00+08:00", "expected a wall time like"),
        (f"{WINDOW}.start", "2026-11-22", "expected a wall time like"),
        (f"{WINDOW}.rdates", ["2026-11-31T11:00:00"], "window.rdates[0]: expected a wall time"),
        (f"{WINDOW}.duration_s", 0, "expected an integer ≥ 1, got 0"),
        (f"{WINDOW}.duration_s", 604_801, "expected an integer ≤ 604800, got 604801"),
        (f"{WINDOW}.days", "weekend", 'expected "any" or "work" or "rest", got "weekend"'),
        ("calendar.rest", ["2026-10-1"], "$.calendar.rest[0]: expected a date like 2026-11-22"),
        ("calendar.work", ["2026-02-30"], "$.calendar.work[0]: expected a date like 2026-11-22"),
        ("panel", None, "$.panel: expected an object, got null"),
    ],
)  # fmt: skip
def test_a_value_that_is_out_of_place(path: str, value: object, message: str) -> None:
    assert message in refusal_of(with_change(path, value))


@pytest.mark.parametrize(
    ("path", "message"),
    [
        (ITEM, '$.playlists.p0.items[1].id: expected an id that is not used before, got "i1"'),
        ("entries.0", '$.entries[1].id: expected an id that is not used before, got "e1"'),
        ("takeovers.0", '$.takeovers[1].id: expected an id that is not used before, got "t1"'),
        (ZONE, '$.layouts.l0.zones[1].id: expected an id that is not used before, got "main"'),
    ],
)
def test_an_id_that_is_used_twice(path: str, message: str) -> None:
    document: Any = a_full_document()
    place = document
    for step in steps_of(path)[:-1]:
        place = place[step]
    place.append(copy.deepcopy(place[0]))
    assert refusal_of(json.dumps(document).encode()) == message


def test_an_item_id_is_unique_in_the_whole_manifest() -> None:
    playlists = {name: {"items": [an_item("i1", "a1")]} for name in ("p0", "p1")}
    data = json.dumps(a_document(playlists=playlists)).encode()
    assert refusal_of(data).startswith("$.playlists.p1.items[0].id: ")
