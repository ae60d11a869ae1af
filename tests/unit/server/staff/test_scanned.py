"""What a code on a wall leads to: what that screen shows, for whoever stood before it lately."""

import pytest
from django.conf import settings as live

from cards.catalogue import card_for
from cards.signed_codes import code_of
from server.clock import SystemClock
from server.errors import Invalid
from server.library import services as library
from server.library.models import Asset
from server.programme.models import PlaylistItem
from server.publishing.codes import key_of
from server.publishing.selectors import manifests_of, told
from server.publishing.services import publish, take_down


@pytest.fixture
def lobby(enterprise, settings):
    """A screen with a poster and a code, published."""
    settings.PUBLIC_URLS = ("https://signage.example",)
    poster = enterprise.picture("安全月")
    screen = enterprise.lobby(poster)
    card = library.card_create(
        title="手机看", template="qr", data={"opens": "screen"}, actor=enterprise.administrator,
        department=enterprise.department, now=enterprise.now,
    )  # fmt: skip
    playlist = screen.default_layout.zones.get().playlist
    PlaylistItem.objects.create(playlist=playlist, asset=card, position=1, duration_ms=9000)
    publish(screens=[screen], actor=None, reason="", now=enterprise.later())
    return enterprise, screen, poster, card


def address(scan, tail=""):
    return f"/q/{scan.card}/{scan.site}/{scan.screen}/{scan.period}/{scan.code}{tail}"


def shown_code(screen, card):
    """The code as the wall draws it now, from the manifest alone."""
    publication = told([screen.pk])[screen.pk]
    manifest = manifests_of([publication.pk])[publication.pk]
    return manifest.assets[f"a{card.pk}"]


def test_the_wall_leads_to_what_the_server_opens(lobby, client):
    enterprise, screen, _poster, card = lobby
    asset = shown_code(screen, card)
    scan = enterprise.scan(screen)
    name, at = f"{scan.site}/{scan.screen}", SystemClock().now().astimezone()
    link = f"https://signage.example/q/{card.pk}/"
    assert asset.data["served"] == {"link": link, "key": key_of(card.pk)}
    drawn = card_for(asset, at, name).face.data
    assert drawn["host"] == "signage.example"
    code = code_of(asset.data["served"]["key"], name, scan.period)
    answer = client.get(f"/q/{card.pk}/{name}/{scan.period}/{code}")
    assert answer.status_code == 200
    assert 'alt="安全月"' in answer.content.decode()


def test_the_page_shows_what_the_screen_shows_with_its_files_and_nothing_else(lobby, client):
    enterprise, screen, poster, _card = lobby
    other = enterprise.picture("别处的")
    scan = enterprise.scan(screen)
    text = client.get(address(scan)).content.decode()
    assert screen.name in text
    assert "手机看" not in text, "a telephone cannot scan itself"
    sha256 = poster.renditions.get(purpose="wall").blob_id
    assert f'{address(scan)}/files/{sha256}"' in text
    assert client.get(address(scan, f"/files/{sha256}")).status_code == 200
    foreign = other.renditions.get(purpose="wall").blob_id
    assert client.get(address(scan, f"/files/{foreign}")).status_code == 404


def test_the_page_needs_no_login_sets_no_cookie_and_is_not_searched(lobby, client):
    enterprise, screen, *_rest = lobby
    there = address(enterprise.scan(screen))
    answer = client.get(there)
    assert not answer.cookies
    assert answer["X-Robots-Tag"] == "noindex"
    assert answer["Cache-Control"] == "private, no-cache"
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert client.get(there, headers={"If-None-Match": answer["ETag"]}).status_code == 304


def test_a_code_whose_period_is_over_says_so(lobby, client):
    enterprise, screen, poster, _card = lobby
    scan = enterprise.scan(screen)
    name = f"{scan.site}/{scan.screen}"
    code = code_of(key_of(scan.card), name, "20200101")
    old = f"/q/{scan.card}/{name}/20200101/{code}"
    answer = client.get(old)
    assert answer.status_code == 410
    assert "已失效" in answer.content.decode()
    sha256 = poster.renditions.get(purpose="wall").blob_id
    assert client.get(f"{old}/files/{sha256}").status_code == 404


def test_what_was_never_a_code_is_not_there(lobby, client):
    enterprise, screen, poster, _card = lobby
    scan = enterprise.scan(screen)
    assert client.get(address(scan)[:-1]).status_code == 404
    assert client.get(address(scan).replace(scan.period, "20990101")).status_code == 404
    assert client.get(address(scan).replace(f"/{scan.screen}/", "/elsewhere/")).status_code == 404
    for no_code in (poster, enterprise.card()):
        code = code_of(key_of(no_code.pk), f"{scan.site}/{scan.screen}", scan.period)
        there = f"/q/{no_code.pk}/{scan.site}/{scan.screen}/{scan.period}/{code}"
        assert client.get(there).status_code == 404
    assert client.get(address(scan)).status_code == 200
    take_down(
        asset=Asset.objects.get(pk=scan.card), reason="误发", actor=enterprise.administrator,
        now=enterprise.later(),
    )  # fmt: skip
    assert client.get(address(scan)).status_code == 404


def test_an_english_card_is_read_in_english(lobby, client):
    enterprise, screen, *_rest = lobby
    text = client.get(address(enterprise.scan(screen, language="en"))).content.decode()
    assert "What this screen shows at this hour" in text


def test_who_writes_the_card_cannot_write_its_key(enterprise, settings):
    settings.PUBLIC_URLS = ("https://signage.example",)
    data = {"opens": "screen", "served": {"link": "https://elsewhere.example/", "key": "k"}}
    with pytest.raises(Invalid, match="leave it out"):
        library.card_create(
            title="x", template="qr", data=data, actor=enterprise.administrator,
            department=enterprise.department, now=enterprise.now,
        )  # fmt: skip


def test_without_an_address_of_the_server_no_telephone_is_sent_there(enterprise, settings):
    settings.PUBLIC_URLS = ()
    with pytest.raises(Invalid, match=r"web\.public_urls"):
        library.card_create(
            title="x", template="qr", data={"opens": "screen"}, actor=enterprise.administrator,
            department=enterprise.department, now=enterprise.now,
        )  # fmt: skip


def test_keys_differ_from_card_to_card_and_go_with_the_secret(settings):
    one = key_of(1)
    assert one != key_of(2)
    settings.SECRET_KEY = live.SECRET_KEY + "x"
    assert key_of(1) != one
