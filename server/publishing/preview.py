"""The exact frame of any screen at any instant, drawn by the stage itself (docs/publishing.md, 7).

For pages and scripts, which ask what somebody may see before they call.  Pictures are kept by what
is in them, as many as `KEPT_BYTES` hold; one is drawn at a time, in a child.
"""

import atexit
import contextlib
import fcntl
import logging
import os
import tempfile
import time
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Literal

from django.conf import settings
from django.utils.translation import gettext_noop as _
from msgspec import Struct
from msgspec.structs import replace

from content_cache.disk import RealDisk
from content_cache.durable import read_whole
from manifest.model import Canvas, Manifest
from server.errors import Invalid
from server.library.fetched import trim
from server.library.models import Asset
from server.programme.models import Layout
from server.publishing.codes import with_codes
from server.publishing.compile import Sheet, alone, compiled
from server.publishing.drawing import LEAST_WIDTH, Drawing, drawing_of
from server.publishing.errors import NotDrawable, NothingToShow, PreviewFailed, PreviewMissing
from server.publishing.facts import AssetFacts, LayoutFacts
from server.publishing.loader import load_asset, load_drawn, load_layout
from server.publishing.models import Publication
from server.publishing.planning import prepared_at_rest
from server.publishing.selectors import manifest_in, told
from server.publishing.shapes import SHAPES, shapes_of
from server.publishing.turns import PATIENCE_S, RETRY_AFTER_S, Turns, busy
from server.publishing.warm_stage import StageEnded, StageHung, StageMissing, WarmStage
from server.screens.models import Screen

__all__ = [
    "KEPT_BYTES",
    "Of",
    "Preview",
    "asset_preview",
    "card_preview",
    "close_stage",
    "frame",
    "layout_preview",
    "manifest_of",
    "preview",
]

#: What the pictures that are kept may take together.
KEPT_BYTES = 512 * 2**20

#: A picture on which the stage hung is not tried again for so long, in seconds: who asks meanwhile
#: is told at once, and the stage is there for the others.
GIVEN_UP_S = 60.0

#: How often it is looked whether another process has drawn the picture, in seconds.
_LOOK_AGAIN_S = 0.05

#: What is drawn: what the screen was told, or what it would be told now.
Of = Literal["published", "programme"]

#: The largest picture that is taken from the child, in bytes.
PICTURE_BYTES = 128 * 2**20

#: How long after its beginning an asset is drawn: what moves in has come to rest.
SETTLED = timedelta(seconds=4)

_PNG = b"\x89PNG\r\n\x1a\n"

_log = logging.getLogger("server.publishing")
_turns = Turns()
#: Until when (of the monotonic clock) which picture is given up; of a few at the most.
_given_up: dict[str, float] = {}


class Preview(Struct, frozen=True):
    """A PNG at `path`; pictures with one `identity` are the same."""

    path: Path
    identity: str


def preview(
    *,
    screen: Screen,
    at: datetime,
    now: datetime,
    of: Of = "published",
    width: int | None = None,
    line: str | None = None,
) -> Preview:
    """What `screen` shows at `at`, `width` pixels wide (None: as wide as the screen).

    Of those who wait with the same `line` only the newest is drawn (`publishing.turns`).  Raises
    `NothingToShow`, `NotDrawable` with what cannot be drawn, `PreviewFailed`, `Busy`, `LeftBehind`.
    """
    return frame(manifest_of(screen, of, now), at, now, width, line)


def layout_preview(
    *, layout: Layout, now: datetime, width: int | None = None, drawn: LayoutFacts | None = None
) -> Preview:
    """What a layout looks like by itself at `now`, on a screen of just its size.

    As it is stored, or as it is `drawn` and not saved yet.  Raises what `preview` does; a layout
    without zones is `NothingToShow`.
    """
    facts = load_layout(layout.pk) if drawn is None else load_drawn(drawn)
    if not facts.layouts[layout.pk].zones:
        raise NothingToShow(_("“%(layout)s” has no zones yet."), values={"layout": layout.name})
    canvas = facts.layouts[layout.pk].canvas
    sheet = Sheet(canvas, settings.TIME_ZONE, layout.pk, (), (), None, False)
    return frame(compiled(facts, sheet), now, now, width)


def asset_preview(*, asset: Asset, now: datetime, width: int | None = None) -> Preview:
    """What an asset looks like today, filling a screen: for cards above all.

    The screen has 1920 x 1080 pixels, or the shape in which such a card is used (a ticker's strip).

    Raises what `preview` does; what is not ready or withdrawn is `NothingToShow`.
    """
    facts = load_asset(asset.pk)
    if not facts.is_ready:
        raise NothingToShow(
            _("“%(title)s” is not ready, or was withdrawn."), values={"title": asset.title}
        )
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    canvas = SHAPES[shapes_of(str(asset.content.get("template", "")))[0]]
    return frame(alone(facts, canvas), today + SETTLED, now, width)


def card_preview(
    *,
    template: str,
    content: Mapping[str, Any],
    canvas: Canvas,
    now: datetime,
    width: int,
    line: str | None = None,
) -> Preview:
    """What a card that is not stored yet looks like, filling a screen of `canvas`.

    `content` is as in `Asset.content`; of a `line` only the newest is drawn.  Raises what `preview`
    does.
    """
    told = with_codes(0, {"template": template, **content})
    asset = AssetFacts(1, "card", "card", is_ready=True, content=told)
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return frame(alone(asset, canvas), today + SETTLED, now, width, line)


def frame(
    manifest: Manifest, at: datetime, now: datetime, width: int | None, line: str | None = None
) -> Preview:
    """What a manifest shows at `at`.  Raises what `preview` does."""
    if width is not None and width < LEAST_WIDTH:
        raise Invalid(_("A preview has %(least)d pixels at least."), values={"least": LEAST_WIDTH})
    drawing = drawing_of(manifest, at, width)
    path = settings.DATA / "previews" / "pictures" / f"{drawing.identity}.png"
    if not path.exists():
        with _turns.turn(line), _alone_with(drawing.identity):
            if not path.exists():  # else it was drawn while we waited, here or by another process
                _refuse_given_up(drawing.identity)
                _draw(drawing, path, now)
    with contextlib.suppress(FileNotFoundError):
        os.utime(path)  # used now
    return Preview(path, drawing.identity)


def manifest_of(screen: Screen, of: Of, now: datetime) -> Manifest:
    """What a screen was told, or would be told now.  Raises `NothingToShow`."""
    if of == "programme":
        body = prepared_at_rest([screen.pk], now).bodies[screen.pk]
        return replace(body.manifest, site=screen.site.slug, screen=screen.slug)
    newest = told([screen.pk]).get(screen.pk)
    if newest is None:
        raise NothingToShow(
            _("Nothing was published on “%(screen)s” yet: publish, or look at the programme."),
            values={"screen": screen.name},
        )
    return manifest_in(Publication.objects.only("envelope").get(pk=newest.pk).envelope)


@contextlib.contextmanager
def _alone_with(identity: str) -> Iterator[None]:
    """No other process of this server draws this picture; the kernel lets go of the dead."""
    folder = settings.DATA / "previews" / "turns"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / identity[:2]).open("wb") as file:
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise busy() from None
                time.sleep(_LOOK_AGAIN_S)
        yield


def _refuse_given_up(identity: str) -> None:
    """Raise `PreviewFailed` for a picture on which the stage hung a moment ago."""
    if time.monotonic() < _given_up.get(identity, 0.0):
        raise _hung()


def _give_up(identity: str) -> None:
    now = time.monotonic()
    for known in [each for each, until in _given_up.items() if until < now]:
        del _given_up[known]
    _given_up[identity] = now + GIVEN_UP_S


def _hung() -> PreviewFailed:
    message = _(
        "This picture took too long to draw and was given up: look at another moment,"
        " or try again in a minute."
    )
    return PreviewFailed(message, retry_after_s=round(GIVEN_UP_S))


def _title_in(failed: str) -> str:
    """The title in the stage's own word: `i5 (Safety film): the file is a text`."""
    inside = failed.partition(": ")[0].partition(" (")[2]
    return inside.removesuffix(")") or failed


def _draw(drawing: Drawing, path: Path, now: datetime) -> None:
    try:
        drawn, failed = _stage(settings.DATA).draw(drawing, now)
        if failed is not None:
            _log.info("PREVIEW_NOT_DRAWABLE %s", failed)
            raise NotDrawable(
                _(
                    "“%(title)s”, which is due then, cannot be drawn, here or on the wall: look at"
                    " it in the library, and upload it again."
                ),
                values={"title": _title_in(failed)},
                details={"reason": failed},
            )
        png = _taken(drawn)
    except StageMissing as error:
        _log.error("PREVIEW_MISSING %s", error)
        raise PreviewMissing(
            _(
                "Previews cannot be drawn here: the parts of the player are not installed on this"
                " server. Ask an administrator to install them (packaging/apt/player.txt)."
            )
        ) from error
    except StageHung as error:
        _log.error("PREVIEW_FAILED %s", error)
        _give_up(drawing.identity)
        raise _hung() from error
    except StageEnded as error:
        _log.error("PREVIEW_FAILED %s", error)
        raise PreviewFailed(
            _("The preview could not be drawn; the server's log says why. Try again."),
            retry_after_s=RETRY_AFTER_S,
        ) from error
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    _keep(png, path)
    trim(path.parent, KEPT_BYTES)


def _keep(png: bytes, path: Path) -> None:
    """Give the picture its name when it is on the disk; other processes may do so just now."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".part")
    with os.fdopen(handle, "wb") as file:
        file.write(png)
        file.flush()
        os.fsync(file.fileno())
    Path(temporary).replace(path)


def _taken(drawn: Path) -> bytes:
    """What the child wrote, if it is a picture: never a link to what the child may not read."""
    try:
        png = read_whole(RealDisk(), drawn, PICTURE_BYTES)
    except OSError as error:
        raise StageEnded(f"it wrote no picture: {error}") from error
    finally:
        drawn.unlink(missing_ok=True)
    if not png.startswith(_PNG):
        raise StageEnded("it wrote what is no PNG")
    return png


@cache
def _stage(data: Path) -> WarmStage:
    """The child of this process."""
    stage = WarmStage(data / "previews" / "work")
    atexit.register(stage.close)
    return stage


def close_stage() -> None:
    """End the child that is warm; the next picture starts another."""
    with _turns.turn():
        _stage(settings.DATA).close()
