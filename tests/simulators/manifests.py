"""Small valid manifests to start a test from: change what the test is about, keep the rest.

`a_document` gives plain JSON values (for what must be refused), `a_manifest` the decoded value.
"""

import copy
import hashlib
import json
from collections.abc import Iterable
from typing import Any

import pytest

from manifest.codec import decode
from manifest.errors import ManifestFormatError
from manifest.model import Manifest

__all__ = [
    "a_card",
    "a_document",
    "a_full_document",
    "a_manifest",
    "a_stream",
    "a_video",
    "an_image",
    "an_item",
    "refusal_of",
    "steps_of",
    "with_change",
]


def an_image(blob: bytes = b"a picture", **changes: Any) -> dict[str, Any]:
    """An image asset whose file is `blob`."""
    return {
        "kind": "image",
        "title": "Lobby",
        "sha256": hashlib.sha256(blob).hexdigest(),
        "bytes": len(blob),
        "mime": "image/jpeg",
        "width": 1920,
        "height": 1080,
    } | changes


def a_video(blob: bytes = b"a film", **changes: Any) -> dict[str, Any]:
    """A video asset of 30 s with sound, whose file is `blob`."""
    return (
        an_image(blob, kind="video", mime="video/mp4")
        | {"duration_ms": 30_000, "audio": True}
        | changes
    )


def a_stream(fallback: str, **changes: Any) -> dict[str, Any]:
    """A live camera with a stand-in."""
    url = "rtsp://camera.example/1"
    return {"kind": "stream", "title": "Camera", "url": url, "fallback": fallback} | changes


def a_card(**changes: Any) -> dict[str, Any]:
    """A notice card."""
    data = {"headline": "停水通知", "body": "周三 9:00–11:00"}
    return {"kind": "card", "title": "Notice", "template": "notice", "data": data} | changes


def an_item(id_: str, asset: str, **changes: Any) -> dict[str, Any]:
    """An item of 10 s."""
    return {"id": id_, "asset": asset, "duration_ms": 10_000} | changes


def a_document(*, items: Iterable[dict[str, Any]] | None = None, **changes: Any) -> dict[str, Any]:
    """A manifest as JSON has it: two pictures in turn on the whole screen, all day.

    `items` are those of its one playlist, `p0`; other changes replace fields of the document.
    """
    listed = [an_item("i1", "a1"), an_item("i2", "a2")] if items is None else list(items)
    return {
        "format": "yingbi/1",
        "site": "hq",
        "screen": "lobby-1",
        "version": 42,
        "issued_at": "2026-11-22T03:00:00Z",
        "expires_at": "2026-12-22T03:00:00Z",
        "timezone": "Asia/Shanghai",
        "canvas": {"width": 1920, "height": 1080},
        "assets": {"a1": an_image(b"first"), "a2": an_image(b"second")},
        "playlists": {"p0": {"items": listed}},
        "layouts": {
            "l0": {
                "background": "#101820",
                "zones": [
                    {"id": "main", "x": 0, "y": 0, "width": 1920, "height": 1080, "playlist": "p0"}
                ],
            }
        },
        "entries": [],
        "default_layout": "l0",
    } | changes


def a_manifest(**changes: Any) -> Manifest:
    """The same as a decoded value; `changes` are those of `a_document`."""
    return decode(json.dumps(a_document(**changes)).encode())


def a_full_document() -> dict[str, Any]:
    """A manifest in which every key of the format is written."""
    moments = {"valid_from": "2026-11-22T03:00:00Z", "valid_until": "2026-11-23T03:00:00.25Z"}
    window = {
        "start": "2026-11-22T11:00:00",
        "duration_s": 7200,
        "rrule": "FREQ=WEEKLY;BYDAY=MO,TU",
        "rdates": ["2026-11-28T11:00:00"],
        "exdates": ["2026-11-23T11:00:00"],
        "days": "work",
    }
    photo = {"sha256": "0" * 64, "bytes": 1, "mime": "image/png"}
    document = a_document(
        items=[
            an_item("i1", "a1", weight=1, fit="contain", transition={"kind": "fade", "ms": 600})
            | moments
        ],
        assets={
            "a1": an_image(),
            "a2": a_video(),
            "a3": a_stream("a1"),
            "a4": a_card(blobs={"photo": photo}),
        },
        calendar={"rest": ["2026-10-01"], "work": ["2026-10-10"]},
        entries=[{"id": "e1", "layout": "l0", "priority": 1, "turn_ms": 60_000, "window": window}],
        takeovers=[
            {
                "id": "t1",
                "layout": "l0",
                "from": "2026-11-22T03:00:00Z",
                "until": "2026-11-22T04:00:00Z",
                "priority": 0,
            }
        ],
        panel={"on": [copy.deepcopy(window)]},
    )
    document["playlists"]["p0"]["order"] = "listed"
    document["layouts"]["l0"]["zones"][0]["z"] = 0
    return document


def steps_of(path: str) -> list[str | int]:
    """The keys and positions of a path like `playlists.p0.items.0`."""
    return [int(step) if step.isdigit() else step for step in path.split(".")]


def with_change(path: str, value: object) -> bytes:
    """The full document with another value at `path`; `...` removes the key."""
    document = a_full_document()
    *steps, last = steps_of(path)
    place: Any = document
    for step in steps:
        place = place[step]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return json.dumps(document).encode()


def refusal_of(data: bytes) -> str:
    """The sentence in which the codec refuses these bytes."""
    with pytest.raises(ManifestFormatError) as refused:
        decode(data)
    message = str(refused.value)
    assert "\n" not in message
    assert message.startswith(refused.value.path + ": expected ")
    return message
