"""A playlist on the phone and in the portal: what is published, to whoever has the address."""

import json
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from django.utils.timezone import localdate

from server.accounts.models import Role
from server.accounts.policy import Act
from server.errors import Conflict, Forbidden, Invalid
from server.library import services as library
from server.portal.services import link_make, link_revoke
from server.programme.models import PlaylistItem
from server.publishing.services import publish, take_down
from tests.simulators import server_objects as objects

ATOM = "{http://www.w3.org/2005/Atom}"
NOTICE = {
    "title": "周三停水通知", "body": "三号楼周三停水。\n\n- 提前储水\n- 关好龙头",
    "issuer": "后勤部", "date": "2026-11-23",
}  # fmt: skip
#: Whatever the hour of the test, there is a meal.
DAYS = [localdate() + timedelta(days=n) for n in (-1, 0, 1)]
MEALS = ("breakfast", "lunch", "dinner", "supper")
MENU = {
    "dishes": [
        {"date": str(day), "meal": meal, "dish": "红烧肉", "price": 8.0}
        for day in DAYS
        for meal in MEALS
    ]
}


class Corridor:
    """A screen with a notice, a menu and a poster; and the address of its playlist."""

    def __init__(self, enterprise):
        self.enterprise = enterprise
        self.poster = enterprise.picture("安全月")
        self.screen = enterprise.lobby(self.poster)
        self.playlist = self.screen.default_layout.zones.get().playlist
        self.notice = self.card("停水", "notice", NOTICE)
        self.menu = self.card("午餐", "menu", MENU)
        for card in (self.notice, self.menu):
            self.add(card)
        self.publish()
        self.link = self.make()

    def card(self, title, template, data):
        return library.card_create(
            title=title, template=template, data=data, department=self.enterprise.department,
            actor=self.enterprise.administrator, now=self.enterprise.now,
        )  # fmt: skip

    def add(self, asset):
        last = self.playlist.items.count()
        item = PlaylistItem(playlist=self.playlist, asset=asset, position=last, duration_ms=9000)
        item.save()
        return item

    def publish(self):
        publish(screens=[self.screen], actor=None, reason="", now=self.enterprise.later())

    def make(self, word="", **changes):
        told = {"title": "走廊", "language": "zh-hans", "actor": self.enterprise.administrator}
        return link_make(
            playlist=self.playlist, word=word, now=self.enterprise.now, **told | changes
        )


@pytest.fixture
def corridor(enterprise):
    return Corridor(enterprise)


def read(client, link, tail="", **headers):
    return client.get(f"/on/{link.key}/{tail}", headers=headers)


def test_the_page_says_what_the_wall_says_without_cookies_or_other_sites(corridor, client):
    answer = read(client, corridor.link)
    text = answer.content.decode()
    for said in ("走廊", "周三停水通知", "提前储水", "后勤部", "红烧肉", "¥8", 'alt="安全月"'):
        assert said in text
    assert "\u2060" not in text
    assert not answer.cookies
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert "X-Frame-Options" not in answer
    assert answer["Referrer-Policy"] == "no-referrer"


def test_portals_that_the_settings_name_may_frame_it(corridor, client, settings):
    from server.configuration import Configuration, PortalSettings

    portal = PortalSettings(frame_ancestors=("https://office.example",))
    settings.CONFIGURATION = Configuration(portal=portal)
    policy = read(client, corridor.link, "slides/")["Content-Security-Policy"]
    assert policy.endswith("frame-ancestors 'self' https://office.example")


def test_a_draft_is_not_there_until_it_is_published(corridor, client):
    corridor.add(corridor.enterprise.picture("新海报"))
    assert "新海报" not in read(client, corridor.link).content.decode()
    corridor.publish()
    assert "新海报" in read(client, corridor.link, "slides/").content.decode()


def test_what_is_taken_down_is_gone_at_once_with_its_file(corridor, client):
    entry = json.loads(read(client, corridor.link, "feed.json").content)["items"][0]
    file = entry["image"].replace("http://testserver", "")
    assert client.get(file).status_code == 200
    take_down(
        asset=corridor.poster, actor=corridor.enterprise.administrator, reason="Wrong.",
        now=corridor.enterprise.later(),
    )  # fmt: skip
    assert "安全月" not in read(client, corridor.link).content.decode()
    assert client.get(file).status_code == 404


def test_a_file_of_another_playlist_cannot_be_had_by_this_address(corridor, client):
    other = corridor.enterprise.picture("Secret")
    sha256 = other.renditions.first().blob_id
    assert read(client, corridor.link, f"files/{sha256}").status_code == 404


def test_who_has_the_page_already_is_told_so_until_something_changes(corridor, client):
    first = read(client, corridor.link)
    again = read(client, corridor.link, "", If_None_Match=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    assert first["Cache-Control"] == "private, no-cache"
    corridor.add(corridor.enterprise.picture("新海报"))
    corridor.publish()
    assert read(client, corridor.link, "", If_None_Match=first["ETag"]).status_code == 200


def test_a_revoked_address_leads_nowhere_and_nobody_can_guess_one(corridor, client):
    assert len(corridor.link.key) >= 22
    link_revoke(
        link=corridor.link, actor=corridor.enterprise.administrator, now=corridor.enterprise.now
    )
    for tail in ("", "slides/", "feed.atom", "feed.json"):
        assert read(client, corridor.link, tail).status_code == 404


def test_a_plain_address_is_taken_once_and_may_be_kept_for_a_minute(corridor, client):
    link = corridor.make("canteen")
    assert read(client, link)["Cache-Control"] == "public, max-age=60"
    with pytest.raises(Conflict):
        corridor.make("Canteen")
    with pytest.raises(Invalid, match="letters"):
        corridor.make("Ca ntéen")
    editor = corridor.enterprise.staff("editor", Role.EDITOR)
    with pytest.raises(Forbidden, match=Act.PUBLISH):
        corridor.make("other", actor=editor)


def test_the_feeds_are_sound_and_name_each_item_once(corridor, client):
    told = read(client, corridor.link, "feed.json")
    assert told["Content-Type"].startswith("application/feed+json")
    feed = json.loads(told.content)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert [each["title"] for each in feed["items"]] == ["安全月", "周三停水通知", "食堂菜单"]
    assert "提前储水" in feed["items"][1]["content_html"]
    assert feed["items"][0]["attachments"][0]["mime_type"].startswith("image/")
    root = ET.fromstring(read(client, corridor.link, "feed.atom").content)
    ids = [each.findtext(f"{ATOM}id") for each in root.iter(f"{ATOM}entry")]
    assert len(set(ids)) == len(ids) == 3
    assert ids == [each["id"] for each in feed["items"]]
    assert all(each.findtext(f"{ATOM}updated").endswith("Z") for each in root.iter(f"{ATOM}entry"))


def test_an_item_leaves_the_page_when_its_time_is_over(corridor, client):
    item = corridor.add(corridor.enterprise.picture("昨天"))
    item.valid_until = corridor.enterprise.now - timedelta(days=1)
    item.save()
    corridor.publish()
    assert "昨天" not in read(client, corridor.link).content.decode()


def test_a_playlist_that_no_wall_has_is_an_empty_page(corridor, client):
    idle = objects.playlist(corridor.enterprise.department, corridor.poster)
    corridor.playlist = idle
    answer = read(client, corridor.make())
    assert answer.status_code == 200
    assert "暂无内容" in answer.content.decode()
