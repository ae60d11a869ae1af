"""A card is seen while it is written: drawn by the real stage, and kept nowhere."""

import io

import pytest
from PIL import Image

from server.accounts.models import Role
from server.library.models import Asset
from server.publishing.preview import close_stage
from tests.unit.server.staff.browsers import browser_of

pytestmark = pytest.mark.django_db

NOTICE = {"data.title": "检修", "data.body": "停电一小时。", "data.issuer": "物业",
          "data.date": "2026-11-23", "data.level": "notice", "data.family": "service",
          "data.language": "zh"}  # fmt: skip


@pytest.fixture
def editor(ours):
    yield browser_of(ours.people[Role.EDITOR])
    close_stage()


def drawn(editor, template, sent, query=""):
    return editor.post(f"/library/cards/drawn/{template}/{query}", sent)


def test_what_is_typed_is_drawn_level_and_upright_and_kept_nowhere(editor):
    before = Asset.objects.count()
    wide, tall = drawn(editor, "notice", NOTICE), drawn(editor, "notice", NOTICE, "?shape=tall")
    assert wide["Content-Type"] == tall["Content-Type"] == "image/png"
    wide, tall = (Image.open(io.BytesIO(each.content)) for each in (wide, tall))
    assert wide.width == 960
    assert wide.width > wide.height
    assert tall.height > tall.width
    other = drawn(editor, "notice", NOTICE | {"data.title": "检修改期"})
    assert Image.open(io.BytesIO(other.content)).tobytes() != wide.tobytes()
    assert Asset.objects.count() == before


@pytest.mark.parametrize(
    ("template", "sent", "said"),
    [
        ("notice", NOTICE | {"data.title": ""}, "Title:"),
        ("notice", NOTICE | {"data.date": "gestern"}, "Date:"),
        ("notice", NOTICE | {"data.issuer": "长" * 99}, "Issued by:"),
        (
            "qr",
            {"data.opens": "address", "data.address": "sign-in"},
            "Web address: Write",
        ),
    ],
)
def test_what_cannot_be_drawn_yet_is_said_with_its_field(editor, template, sent, said):
    answer = drawn(editor, template, sent)
    assert answer.status_code in {400, 422}
    assert said in answer.content.decode()


def test_without_script_the_button_shows_the_picture_in_the_page(editor):
    page = editor.post("/library/cards/new/notice/", NOTICE | {"do": "draw"})
    assert page.context["drawn"].startswith("data:image/png;base64,iVBOR")
    assert 'value="检修"' in page.content.decode(), "nothing that is typed is lost"
    page = editor.post("/library/cards/new/notice/", NOTICE | {"data.title": "", "do": "draw"})
    assert "Title:" in page.context["not_drawn"]


def test_what_nobody_writes_by_hand_is_not_drawn(editor):
    assert drawn(editor, "emergency", {}).status_code == 404
    assert drawn(editor, "poster", {}).status_code == 404


@pytest.mark.parametrize(
    ("template", "shape", "size"),
    [
        ("notice", "side", (640, 720)),
        ("notice", "corner", (640, 320)),
        ("ticker", "", (1920, 100)),
        ("ticker", "short-strip", (1080, 100)),
        ("ticker", "wide", (1920, 100)),
    ],
)
def test_a_card_is_seen_in_the_shapes_in_which_walls_have_it(editor, template, shape, size):
    sent = (
        NOTICE
        if template == "notice"
        else {"data.messages": "下班请关灯", "data.family": "service"}
    )
    found = Image.open(io.BytesIO(drawn(editor, template, sent, f"?shape={shape}").content))
    assert found.width / found.height == pytest.approx(size[0] / size[1], rel=0.02)
