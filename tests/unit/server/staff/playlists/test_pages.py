"""The page of a playlist without script, and what its script asks and saves."""

import json

import pytest

from server.accounts.models import Role
from server.programme.models import Playlist
from server.programme.playlists import draft_of
from server.staff.playlists.wire import playlist_json
from tests.unit.server.staff.browsers import browser_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(enterprise):
    return browser_of(enterprise.administrator)


@pytest.fixture
def row(enterprise):
    return enterprise.playlist(enterprise.picture("Flag"))


def form_of(row, **more):
    lines = draft_of(row).items
    return {
        "version": row.version, "name": row.name, "order": "listed",
        "item_pk": [each.pk for each in lines], "item_asset": [each.asset for each in lines],
        "item_seconds": ["7.5"] * len(lines),
    } | more  # fmt: skip


def posted(browser, address, value):
    return browser.post(
        address, json.dumps(value), content_type="application/json", HTTP_ACCEPT="application/json"
    )


def test_adding_what_is_ticked_keeps_what_was_typed_beside_it(enterprise, admin, row):
    gate = enterprise.picture("Gate")
    sent = form_of(row, act="add", assets=[gate.pk], name="Lobby, east")
    assert admin.post(f"/playlists/{row.pk}/", sent).status_code == 302
    row.refresh_from_db()
    assert row.name == "Lobby, east"
    assert [each.asset.title for each in row.items.order_by("position")] == ["Flag", "Gate"]
    assert row.items.order_by("position").first().duration_ms == 7500


def test_searching_saves_nothing_and_loses_nothing(enterprise, admin, row):
    enterprise.picture("Gate")
    sent = form_of(row, act="search", q="Gat", name="Lobby, east")
    said = admin.post(f"/playlists/{row.pk}/", sent)
    assert said.status_code == 200
    assert said.context["lines"][0]["seconds"] == "7.5"
    assert [each.title for each in said.context["offered"]] == ["Gate"]
    assert 'value="Lobby, east"' in said.content.decode()
    assert Playlist.objects.get(pk=row.pk).name == row.name


def test_a_list_that_was_deleted_meanwhile_is_saved_as_a_new_one(enterprise, admin, row):
    sent, page = form_of(row, name="Lobby"), f"/playlists/{row.pk}/"
    row.delete()
    said = admin.post(page, sent)
    assert said.status_code == 404
    assert "What you wrote is not lost" in said.content.decode()
    hidden = said.context["lines"][0]
    anew = {f"item_{name}": value for name, value in hidden.items()}
    anew |= {"act": "anew", "name": "Lobby", "order": "listed"}
    answer = admin.post(page, anew | {"department": enterprise.department.pk})
    assert answer.status_code == 302
    made = Playlist.objects.get(name="Lobby")
    assert made.items.get().duration_ms == 7500


def test_two_pages_save_by_themselves_and_hear_of_each_other(enterprise, admin, row):
    other = browser_of(enterprise.staff("other", Role.EDITOR))
    base = playlist_json(draft_of(row))
    address = f"/playlists/{row.pk}/"
    mine = base | {"items": [base["items"][0] | {"duration_ms": 5000}]}
    sent = {"version": row.version, "base": base, "mine": mine}
    first = posted(admin, f"{address}save/", sent).json()
    assert (first["version"], first["is_merged"]) == (row.version + 1, False)
    theirs = base | {"name": "Theirs"}
    both = posted(other, f"{address}save/", sent | {"mine": theirs}).json()
    assert both["is_merged"]
    assert both["changed_by"] == "", "it is they who saved last"
    assert (both["mine"]["name"], both["mine"]["items"][0]["duration_ms"]) == ("Theirs", 5000)
    heard = admin.get(f"{address}state/", {"version": first["version"]}).json()
    assert (heard["stored"]["name"], heard["changed_by"]) == ("Theirs", "Other")
    assert admin.get(f"{address}state/", {"version": heard["version"]}).status_code == 204
    clash = posted(admin, f"{address}save/", sent | {
        "base": both["stored"], "version": row.version,
        "mine": both["stored"] | {"name": "Mine"},
    })  # fmt: skip
    assert clash.status_code == 200, "the base was newer than the version said: nothing clashes"


def test_what_both_changed_is_answered_with_both_sides(enterprise, admin, row):
    base = playlist_json(draft_of(row))
    sent = {"version": row.version, "base": base}
    posted(admin, f"/playlists/{row.pk}/save/", sent | {"mine": base | {"name": "East"}})
    said = posted(admin, f"/playlists/{row.pk}/save/", sent | {"mine": base | {"name": "West"}})
    assert said.status_code == 409
    assert said.json()["clashes"] == [
        {"item": "", "field": "name", "mine": "West", "theirs": "East"}
    ]


@pytest.mark.parametrize("body", ["", "[]", '{"version": 1}'])
def test_what_is_no_playlist_is_refused(admin, row, body):
    answer = admin.post(f"/playlists/{row.pk}/save/", body, content_type="application/json")
    assert answer.status_code == 422


def test_times_come_back_as_they_were_sent(enterprise, admin, row):
    base = playlist_json(draft_of(row))
    item = base["items"][0] | {"valid_from": "2026-12-01T08:30", "valid_until": "2026-12-31T00:00"}
    sent = {"version": row.version, "base": base, "mine": base | {"items": [item]}}
    told = posted(admin, f"/playlists/{row.pk}/save/", sent).json()["stored"]["items"][0]
    assert (told["valid_from"], told["valid_until"]) == ("2026-12-01T08:30", "2026-12-31T00:00")


def test_the_panel_finds_and_tells_what_the_script_must_know(enterprise, admin, row):
    film = enterprise.video("Gate film", 4000)
    enterprise.picture("Gate")
    told = admin.get(f"/playlists/{row.pk}/library/", {"q": "gate", "kind": "video"}).json()
    assert list(told["assets"]) == [str(film.pk)]
    thing = told["assets"][str(film.pk)]
    assert (thing["length_ms"], thing["is_film"], thing["has_sound"]) == (4000, True, True)
    assert "Gate film" in told["html"]


def test_an_unsaved_list_plays_and_names_its_items(enterprise, admin, row):
    new = enterprise.picture("New")
    base = playlist_json(draft_of(row))
    mine = base | {"items": [*base["items"], {"asset": new.pk, "key": "a-new-one"}]}
    told = posted(admin, f"/playlists/{row.pk}/reel/", {"mine": mine, "minutes": 1}).json()
    titles = [part["title"] for span in told["spans"] for part in span["parts"]]
    assert titles[:3] == ["Flag", "New", "Flag"]
    assert "a-new-one" in told["names"].values()
    assert told["spans"][0]["picture"] == told["spans"][2]["picture"], "one picture, drawn once"
    assert row.items.count() == 1


def test_what_its_reader_may_not_see_is_not_played(enterprise, admin, row):
    from tests.simulators import server_objects as objects

    local = browser_of(objects.staff(Role.EDITOR, of=enterprise.department))
    secret = objects.asset(objects.department())
    base = playlist_json(draft_of(row))
    mine = base | {"items": [{"asset": secret.pk}, *base["items"]]}
    told = posted(local, f"/playlists/{row.pk}/reel/", {"mine": mine, "minutes": 1}).json()
    assert {part["title"] for span in told["spans"] for part in span["parts"]} == {"Flag"}


def test_cards_tell_how_long_a_round_is(enterprise, admin, row):
    enterprise.add(row, enterprise.document(3, "Brief"), duration_ms=5000)
    page = admin.get("/playlists/")
    (card,) = page.context["playlists"]
    assert (card["size"], card["run_ms"]) == (2, 10_000 + 3 * 5000)
    assert "0:25" in page.content.decode()
