"""Two editors at once: the second sees both sides, loses nothing that was typed, and decides."""

from datetime import date

import pytest

from server.programme.models import Entry, Layout, Playlist
from server.screens.models import Screen, ScreenGroup
from tests.simulators import server_objects as objects
from tests.unit.server.staff.browsers import browser_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(enterprise):
    return browser_of(enterprise.administrator)


def differing(answer):
    sides = answer.context.get("sides") or answer.context["form"].sides
    return {each.label: (each.mine, each.stored) for each in sides}


def overtaken(admin, page, mine, theirs):
    """Somebody else saves `theirs` after we have loaded the page; then we save `mine`."""
    assert admin.post(page, theirs).status_code == 302
    answer = admin.post(page, mine)
    assert answer.status_code == 422
    assert "Stored now" in answer.content.decode()
    return answer


def item(asset, seconds):
    return {
        "item_pk": "", "item_asset": asset.pk, "item_page": "", "item_seconds": seconds,
        "item_weight": "1", "item_fit": "contain", "item_transition": "fade",
        "item_transition_ms": "600", "item_from": "", "item_until": "",
    }  # fmt: skip


def test_a_playlist_shows_both_and_keeps_mine(enterprise, admin):
    flag, gate = enterprise.picture("Flag"), enterprise.picture("Gate")
    row = enterprise.playlist(flag)
    page, sent = f"/playlists/{row.pk}/", {"version": row.version, "order": "listed"}
    mine = sent | {"name": "Mine"} | item(gate, "7")
    answer = overtaken(admin, page, mine, sent | {"name": "Theirs"} | item(flag, "9"))
    sides = differing(answer)
    assert sides["Name"] == (["Mine"], ["Theirs"])
    assert sides["Items"][0][0].startswith("Gate · 7 s")
    assert sides["Items"][1][0].startswith("Flag · 9 s")
    assert 'value="Mine"' in answer.content.decode()
    assert answer.context["lines"][0]["asset"] == gate.pk
    again = mine | {"version": answer.context["typed"]["version"]}
    assert admin.post(page, again).status_code == 302
    row = Playlist.objects.get(pk=row.pk)
    assert row.name == "Mine"
    assert [each.asset_id for each in row.items.all()] == [gate.pk]


def test_a_layout_shows_both_and_keeps_mine(enterprise, admin):
    row = enterprise.layout()
    page = f"/layouts/{row.pk}/"
    sent = {"version": row.version, "width": 1920, "height": 1080, "background": "#000000"}
    list_ = enterprise.playlist()
    zone = {"zone_slug": "main", "zone_x": 0, "zone_y": 0, "zone_z": 0, "zone_playlist": list_.pk}
    mine = sent | zone | {"name": "Mine", "zone_width": 800, "zone_height": 600}
    theirs = sent | zone | {"name": "Mine", "zone_width": 640, "zone_height": 480}
    answer = overtaken(admin, page, mine, theirs)
    sides = differing(answer)
    assert list(sides) == ["Zones"]
    assert "800 x 600" in sides["Zones"][0][0]
    assert "640 x 480" in sides["Zones"][1][0]
    assert admin.post(page, mine | {"version": answer.context["typed"].version}).status_code == 302
    assert Layout.objects.get(pk=row.pk).zones.get().width == 800


def test_a_layout_that_was_deleted_meanwhile_is_saved_as_a_new_one(enterprise, admin):
    row, list_ = enterprise.layout(), enterprise.playlist()
    page = f"/layouts/{row.pk}/"
    sent = {
        "version": row.version, "name": "Mine", "width": 1080, "height": 1920,
        "background": "#123456", "zone_slug": "main", "zone_name": "", "zone_x": 0, "zone_y": 8,
        "zone_width": 800, "zone_height": 600, "zone_z": 0, "zone_playlist": list_.pk,
    }  # fmt: skip
    assert admin.get("/layouts/4711/").status_code == 404
    row.delete()
    said = admin.post(page, sent)
    assert said.status_code == 404
    assert "What you drew is not lost" in said.content.decode()
    kept = dict(said.context["hidden"]) | {"act": "anew", "name": "Mine"}
    refused = admin.post(page, kept)
    assert "Say which department" in refused.content.decode()
    assert admin.post(page, kept | {"department": enterprise.department.pk}).status_code == 302
    made = Layout.objects.get(name="Mine")
    assert (made.canvas_height, made.background) == (1920, "#123456")
    zone = made.zones.get()
    assert (zone.y, zone.width, zone.height, zone.playlist_id) == (8, 800, 600, list_.pk)


def test_an_entry_shows_both_in_words(enterprise, admin):
    screen, other = enterprise.screen(name="East"), enterprise.screen(name="West")
    row = enterprise.entry(enterprise.layout(), screen)
    page = f"/schedule/{row.pk}/"
    sent = {"version": row.version, "name": row.name, "layout": row.layout_id, "priority": 10,
            "first": date(2026, 11, 23).isoformat(), "begins": "08:00", "ends": "18:00",
            "repeats": "daily", "enabled": "on", "seen": "1"}  # fmt: skip
    mine = sent | {"screens": [screen.pk, other.pk]}
    answer = overtaken(admin, page, mine, sent | {"screens": [screen.pk], "begins": "09:00"})
    sides = differing(answer)
    assert sides["From"] == (["08:00"], ["09:00"])
    assert sides["Screens"] == (["East", "West"], ["East"])
    again = mine | {"version": answer.context["form"]["version"].value()}
    assert admin.post(page, again).status_code == 302
    assert set(Entry.objects.get(pk=row.pk).screens.all()) == {screen, other}


def test_a_screen_and_a_group_show_both(enterprise, admin):
    row = objects.screen(enterprise.department, enterprise.site, name="Hall")
    sent = {"version": row.version, "name": "Hall", "canvas_width": 1920, "canvas_height": 1080,
            "timezone": "Asia/Shanghai", "panel": "always"}  # fmt: skip
    answer = overtaken(
        admin, f"/screens/{row.pk}/", sent | {"place": "East"}, sent | {"place": "West"}
    )
    assert differing(answer)["Place"] == (["East"], ["West"])
    assert Screen.objects.get(pk=row.pk).place == "West"

    group = objects.group(enterprise.department, row)
    sent = {"version": group.version, "name": group.name}
    answer = overtaken(
        admin, f"/screens/groups/{group.pk}/", sent | {"allow_4k": "on"},
        sent | {"screens": [row.pk], "name": "Halls"},
    )  # fmt: skip
    sides = differing(answer)
    assert sides["Name"] == ([group.name], ["Halls"])
    assert sides["Screens"] == ([], ["Hall"])
    assert ScreenGroup.objects.get(pk=group.pk).name == "Halls"
