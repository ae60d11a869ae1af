"""The exact frame of a screen at an instant, drawn by the real stage in its child."""

import os
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from PIL import Image

from server.accounts.models import Staff
from server.accounts.services import token_issue
from server.clock import SystemClock
from server.errors import Invalid
from server.library.models import Asset
from server.publishing import preview as service
from server.publishing.errors import NotDrawable, NothingToShow, PreviewFailed, PreviewMissing
from server.publishing.preview import Preview, asset_preview, card_preview, preview
from server.publishing.services import publish
from server.publishing.shapes import SHAPES, WIDE
from server.publishing.warm_stage import StageLimits, WarmStage
from server.screens.models import Screen
from tests.integration.stage.conftest import CYAN, RED, YELLOW
from tests.simulators.enterprise import Enterprise
from tests.simulators.theatre import Rgb, alike

Picture = Callable[[str, Rgb], Asset]

#: With two pictures of ten seconds each: the first, and the second.
FIRST = datetime(2026, 12, 24, 9, 0, 4, tzinfo=UTC)
SECOND = FIRST + timedelta(seconds=10)


def tell(enterprise: Enterprise, screen: Screen) -> None:
    publish(screens=[screen], actor=None, reason="", now=enterprise.later())


def seen(screen: Screen, at: datetime, **more: object) -> Preview:
    return preview(screen=screen, at=at, now=at, **{"width": 320, **more})  # type: ignore[arg-type]


def colour(found: Preview, x: int = 8, y: int = 100) -> Rgb:
    with Image.open(found.path) as picture:
        return picture.convert("RGB").getpixel((x, y))  # type: ignore[return-value]


def drawn() -> list[Path]:
    return sorted((settings.DATA / "previews" / "pictures").iterdir())


@pytest.fixture
def lobby(enterprise: Enterprise, picture: Picture) -> Screen:
    screen = enterprise.lobby(picture("red", RED), picture("yellow", YELLOW))
    tell(enterprise, screen)
    return screen


def test_each_instant_is_drawn_as_the_wall_shows_it(lobby: Screen) -> None:
    assert alike(colour(seen(lobby, FIRST)), RED)
    assert alike(colour(seen(lobby, SECOND)), YELLOW)


def test_a_preview_is_as_wide_as_asked_and_shaped_as_the_screen(lobby: Screen) -> None:
    with Image.open(seen(lobby, FIRST, width=None).path) as whole:
        assert whole.size == (1920, 1080)
    with Image.open(seen(lobby, FIRST, width=480).path) as small:
        assert small.size == (480, 270)
    with Image.open(seen(lobby, FIRST, width=9999).path) as whole:
        assert whole.size == (1920, 1080), "never larger than the screen"
    with pytest.raises(Invalid, match="64 pixels at least"):
        seen(lobby, FIRST, width=63)


def test_what_was_drawn_once_is_not_drawn_again(lobby: Screen) -> None:
    once = seen(lobby, FIRST)
    service.close_stage()
    later = seen(lobby, FIRST + timedelta(seconds=3))
    assert later == once, "a still picture looks the same for as long as it stands"
    assert drawn() == [once.path]
    assert (settings.DATA / "previews" / "work").exists()
    assert list((settings.DATA / "previews" / "work").iterdir()) == [], "no child was started"


def test_two_screens_that_show_the_same_share_a_picture(
    enterprise: Enterprise, lobby: Screen
) -> None:
    assert lobby.default_layout is not None
    other = enterprise.screen(lobby.default_layout)
    tell(enterprise, other)
    assert seen(other, FIRST) == seen(lobby, FIRST)


def test_the_programme_can_be_looked_at_before_it_is_published(
    enterprise: Enterprise, picture: Picture
) -> None:
    screen = enterprise.lobby(picture("red", RED))
    with pytest.raises(NothingToShow, match="publish, or look at the programme"):
        seen(screen, FIRST)
    assert alike(colour(seen(screen, FIRST, of="programme")), RED)


def test_a_layout_is_drawn_as_it_stands_in_its_editor_before_it_is_saved(
    enterprise: Enterprise, picture: Picture
) -> None:
    layout = enterprise.layout(enterprise.playlist(picture("red", RED)))
    other = enterprise.playlist(picture("yellow", YELLOW))
    upper, lower = (
        {"zone_slug": slug, "zone_name": "", "zone_x": 0, "zone_y": y, "zone_z": 0,
         "zone_width": 1080, "zone_height": 960, "zone_playlist": each}
        for slug, y, each in (("up", 0, other.pk), ("low", 960, 4711))
    )  # fmt: skip
    form = {"version": 1, "name": "x", "width": 1080, "height": 1920, "background": "#28dce6"}
    form |= {key: [upper[key], lower[key]] for key in upper}
    browser = Client()
    browser.force_login(enterprise.administrator)
    answer = browser.post(f"/layouts/{layout.pk}/picture/", form)
    assert answer.status_code == 200, answer.content
    with Image.open(BytesIO(answer.content)) as shown:
        assert shown.width < shown.height
        rgb = shown.convert("RGB")
        assert alike(rgb.getpixel((shown.width // 2, shown.height // 4)), YELLOW)  # type: ignore[arg-type]
        beneath = rgb.getpixel((shown.width // 2, shown.height * 3 // 4))
        assert alike(beneath, CYAN), "a playlist out of reach"  # type: ignore[arg-type]
    assert layout.zones.count() == 1


def test_a_film_is_drawn_where_it_stands(
    enterprise: Enterprise, clip: Callable[[str, Rgb, float], Path]
) -> None:
    content = clip("cyan.mp4", CYAN, 4.0).read_bytes()
    film = enterprise.media("Film", content, "video/mp4", duration_ms=4000)
    screen = enterprise.lobby(film)
    tell(enterprise, screen)
    one = seen(screen, FIRST)
    assert alike(colour(one), CYAN)
    assert seen(screen, FIRST + timedelta(seconds=1)).identity != one.identity


def test_for_a_stream_its_stand_in_is_drawn_because_there_is_no_network(
    enterprise: Enterprise, picture: Picture
) -> None:
    screen = enterprise.lobby(enterprise.stream(picture("red", RED)))
    tell(enterprise, screen)
    assert alike(colour(seen(screen, FIRST)), RED)


def test_when_nothing_is_due_the_slate_is_drawn(enterprise: Enterprise) -> None:
    screen = enterprise.screen()
    tell_nothing = publish(
        screens=[screen], actor=None, reason="", now=enterprise.now, confirmed=True
    )
    assert tell_nothing is not None
    with Image.open(seen(screen, FIRST).path) as slate:
        assert len(slate.getcolors(1 << 24) or []) > 20, "no letter on it"


def test_the_child_stays_warm_and_is_replaced_when_it_was_killed(lobby: Screen) -> None:
    seen(lobby, FIRST)
    child = service._stage(settings.DATA)._child
    assert child is not None
    seen(lobby, SECOND)
    assert service._stage(settings.DATA)._child is child
    os.killpg(child.pid, signal.SIGKILL)
    assert alike(colour(seen(lobby, FIRST, width=400)), RED)


def test_pictures_that_were_not_looked_at_for_long_make_room(
    lobby: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, kept = seen(lobby, FIRST), seen(lobby, SECOND)
    os.utime(old.path, (0, 0))
    room = kept.path.stat().st_size * 2 + old.path.stat().st_size
    monkeypatch.setattr(service, "KEPT_BYTES", room)
    newest = seen(lobby, FIRST, width=330)
    assert old.path not in drawn()
    assert newest.path in drawn()


# --- what goes wrong ----------------------------------------------------------------------------


def test_what_cannot_be_drawn_is_named(enterprise: Enterprise) -> None:
    screen = enterprise.lobby(enterprise.picture("Broken"))  # its bytes are no picture
    tell(enterprise, screen)
    with pytest.raises(NotDrawable, match="Broken"):
        seen(screen, FIRST)
    assert not (settings.DATA / "previews" / "pictures").exists()


@pytest.fixture
def stage_is(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Put a shell script in the place of the stage; one that sleeps is given a second."""

    def put(script: str) -> None:
        limits = StageLimits(first_s=1.0 if "sleep" in script else 30.0)
        stage = WarmStage(settings.DATA / "previews" / "work", limits, ("sh", "-c", script))
        monkeypatch.setattr(service, "_stage", lambda _data: stage)

    return put


@pytest.mark.expects_log("PREVIEW_FAILED")
@pytest.mark.parametrize(
    ("script", "what"),
    [
        ("echo it is broken >&2; exit 3", "it is broken"),
        ("read job; echo nonsense", "it answered what is no answer"),
        ("read job; echo $ok; exec cat", "it wrote no picture"),
        ("read job; ln -s /etc/passwd 0.png; echo $ok; exec cat", "it wrote no picture"),
        ("read job; echo secret > 0.png; echo $ok; exec cat", "it wrote what is no PNG"),
        (f"exec {sys.executable} -c 'bytearray(1 << 33)'", "MemoryError"),
    ],
)
def test_a_child_that_misbehaves_is_ended_and_said_so(
    lobby: Screen,
    stage_is: Callable[[str], None],
    caplog: pytest.LogCaptureFixture,
    script: str,
    what: str,
) -> None:
    stage_is(f"""ok='{{"failed":null}}'; {script}""")
    with pytest.raises(PreviewFailed, match="the server's log says why"):
        seen(lobby, FIRST)
    assert what in caplog.text
    assert not (settings.DATA / "previews" / "pictures").exists()


@pytest.mark.expects_log("PREVIEW_MISSING")
@pytest.mark.parametrize(
    "said",
    [
        "ModuleNotFoundError: No module named PySide6",
        "ImportError: libEGL.so.1: cannot open shared object file: No such file or directory",
    ],
)
def test_a_server_without_the_stage_says_so_in_one_sentence(
    lobby: Screen, stage_is: Callable[[str], None], said: str
) -> None:
    stage_is(f"echo '{said}' >&2; exit 1")
    with pytest.raises(PreviewMissing, match="not installed on this server"):
        seen(lobby, FIRST)


# --- for scripts --------------------------------------------------------------------------------


def asked(person: Staff, screen: Screen, query: str = "", **headers: str) -> HttpResponse:
    now = SystemClock().now()
    _token, secret = token_issue(staff=person, name="test", actor=None, now=now, expires_at=None)
    return Client().get(  # type: ignore[return-value]
        f"/api/v1/screens/{screen.pk}/preview/?width=320{query}",
        headers={"Authorization": f"Bearer {secret}", **headers},
    )


def test_scripts_are_given_the_picture_and_told_when_it_is_the_same(
    enterprise: Enterprise, lobby: Screen
) -> None:
    answer = asked(enterprise.administrator, lobby, f"&at={FIRST:%Y-%m-%dT%H:%M:%SZ}")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    with Image.open(BytesIO(answer.content)) as png:
        assert alike(png.convert("RGB").getpixel((8, 100)), RED)  # type: ignore[arg-type]
    again = asked(
        enterprise.administrator, lobby, "&at=2026-12-24T17:00:06%2B08:00",
        **{"If-None-Match": answer["ETag"]},
    )  # fmt: skip
    assert (again.status_code, again.content) == (304, b""), "the same, said in another offset"
    programme = asked(
        enterprise.administrator, lobby, f"&of=programme&at={SECOND:%Y-%m-%dT%H:%M:%SZ}"
    )
    assert programme["ETag"] != answer["ETag"]


def test_whoever_may_not_see_a_screen_is_not_shown_its_picture(
    enterprise: Enterprise, lobby: Screen
) -> None:
    assert asked(enterprise.staff("stranger"), lobby).status_code == 404
    assert Client().get(f"/api/v1/screens/{lobby.pk}/preview/").status_code == 401


@pytest.mark.parametrize("query", ["&at=noon", "&of=dreams", "&width=63", "&width=1e3"])
def test_a_question_that_is_none_is_refused(
    enterprise: Enterprise, lobby: Screen, query: str
) -> None:
    assert asked(enterprise.administrator, lobby, query).status_code == 422


# --- one asset by itself ------------------------------------------------------------------------


def test_an_asset_is_drawn_by_itself_and_once_a_day(
    enterprise: Enterprise, picture: Picture
) -> None:
    red, morning = picture("red", RED), datetime(2026, 12, 24, 9, 0, tzinfo=UTC)
    found = asset_preview(asset=red, now=morning, width=320)
    assert alike(colour(found), RED)
    assert asset_preview(asset=red, now=morning + timedelta(hours=9), width=320) == found
    assert len(drawn()) == 1


def test_a_card_is_drawn_with_what_it_says(enterprise: Enterprise) -> None:
    card = enterprise.card("Water")
    card.content["data"] = {
        "title": "停水通知",
        "body": "办公楼停水。",
        "issuer": "后勤部",
        "date": "2026-12-24",
    }
    card.save()
    found = asset_preview(asset=card, now=enterprise.now, width=320)
    with Image.open(found.path) as drawing:
        assert drawing.size == (320, 180)
        assert len(drawing.convert("RGB").getcolors(1 << 24)) > 50, "type on a background"


def test_what_was_withdrawn_is_not_drawn(enterprise: Enterprise, picture: Picture) -> None:
    gone = picture("red", RED)
    gone.state = "withdrawn"
    gone.save()
    with pytest.raises(NothingToShow, match="“red” is not ready, or was withdrawn"):
        asset_preview(asset=gone, now=enterprise.now)


def test_a_drill_is_marked_on_the_glass_and_the_real_thing_is_not(enterprise: Enterprise) -> None:
    """Amber bands along both edges and the night ground, as the real stage draws them."""
    told = {"title": "三号楼停电", "issuer": "总值班室", "since": "2026-12-24T09:00:00"}
    for drill, edge, ground in ((True, (255, 194, 75), (16, 24, 32)), (False, None, (165, 14, 38))):
        found = card_preview(
            template="emergency", content={"data": told | {"drill": drill}}, canvas=SHAPES[WIDE],
            now=enterprise.now, width=320,
        )  # fmt: skip
        assert alike(colour(found, 316, 90), ground)
        assert alike(colour(found, 319, 6), edge or ground)
