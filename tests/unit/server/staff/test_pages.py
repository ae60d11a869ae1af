"""The forms of the staff pages, each sent as a browser sends it."""

import pytest
from django.test import Client

from server.accounts.models import Role
from server.audit.selectors import verify_chain
from server.programme.models import Entry, Layout, Playlist
from server.publishing.models import Release
from server.screens.models import Screen
from tests.simulators import server_objects as objects
from tests.simulators.two_departments import Things
from tests.unit.server.staff.browsers import browser_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(enterprise):
    return browser_of(enterprise.administrator)


def test_a_playlist_is_made_filled_ordered_and_timed(enterprise, admin):
    one, two = enterprise.picture("One"), enterprise.picture("Two")
    admin.post("/playlists/", {"name": "Lobby", "department": enterprise.department.pk})
    made = Playlist.objects.get(name="Lobby")
    page = f"/playlists/{made.pk}/"
    admin.post(f"{page}add/", {"assets": [one.pk, two.pk]})
    form = admin.get(page).context
    lines = form["lines"]
    sent = {
        f"item_{name}": [line[name] or "" for line in lines]
        for name in (
            "pk",
            "asset",
            "page",
            "weight",
            "fit",
            "transition",
            "transition_ms",
            "from",
            "until",
        )
    }
    sent |= {"version": form["typed"]["version"], "name": "Lobby, east", "order": "listed",
             "item_seconds": ["5", "7.5"], "act": "down:1"}  # fmt: skip
    assert admin.post(page, sent).status_code == 302
    items = list(made.items.order_by("position"))
    assert [each.asset for each in items] == [two, one]
    assert [each.duration_ms for each in items] == [7500, 5000]
    again = admin.post(page, sent | {"act": "", "name": "Mine"})
    assert again.status_code == 422
    text = again.content.decode()
    assert "Somebody else saved" in text
    assert 'value="Mine"' in text
    wrong = admin.post(page, sent | {"item_seconds": ["x", "5"]})
    assert wrong.status_code == 422
    assert 'value="x"' in wrong.content.decode()


def test_a_layout_is_made_from_a_preset_and_then_by_numbers(enterprise, admin):
    shown = enterprise.playlist(enterprise.picture())
    told = {"name": "Wall", "department": enterprise.department.pk, "canvas": "1920x1080",
            "preset": "side-ticker", "playlist": shown.pk}  # fmt: skip
    assert admin.post("/layouts/new/", told).status_code == 302
    made = Layout.objects.get(name="Wall")
    zones = {zone.slug: (zone.x, zone.y, zone.width, zone.height) for zone in made.zones.all()}
    assert zones["main"] == (0, 0, 1440, 972)
    assert zones["ticker"] == (0, 972, 1920, 108)
    sent = {"name": "Wall", "width": "1920", "height": "1080", "background": "#000000",
            "version": made.version, "zone_slug": ["main"], "zone_x": ["0"], "zone_y": ["0"],
            "zone_width": ["4000"], "zone_height": ["10"], "zone_z": ["0"],
            "zone_playlist": [shown.pk]}  # fmt: skip
    refused = admin.post(f"/layouts/{made.pk}/", sent)
    assert refused.status_code == 422
    assert 'value="4000"' in refused.content.decode()
    assert admin.post(f"/layouts/{made.pk}/", sent | {"zone_width": ["900"]}).status_code == 302
    assert made.zones.get().width == 900


def test_a_layout_gets_music_which_its_form_keeps_beside_its_zones(enterprise, admin):
    row = enterprise.layout(enterprise.playlist(enterprise.picture()))
    tune = enterprise.playlist(enterprise.music())
    zone = row.zones.get()
    sent = {"name": row.name, "width": "1920", "height": "1080", "background": "#000000",
            "version": row.version, "zone_slug": [zone.slug], "zone_x": ["0"], "zone_y": ["0"],
            "zone_width": ["1920"], "zone_height": ["1080"], "zone_z": ["0"],
            "zone_playlist": [zone.playlist_id], "music": tune.pk}  # fmt: skip
    assert admin.post(f"/layouts/{row.pk}/", sent).status_code == 302
    assert row.zones.get(slug="music").playlist == tune
    page = admin.get(f"/layouts/{row.pk}/")
    assert [each["slug"] for each in page.context["zones"]] == [zone.slug]
    assert f'<option value="{tune.pk}" selected>' in page.content.decode()
    row.refresh_from_db()
    silent = sent | {"version": row.version, "music": "0"}
    assert admin.post(f"/layouts/{row.pk}/", silent).status_code == 302
    assert [each.slug for each in row.zones.all()] == [zone.slug]


def test_music_is_found_by_its_kind_and_played_on_its_page(enterprise, admin):
    tune = enterprise.music("Morning")
    enterprise.picture("Poster")
    titles = [each.title for each in admin.get("/library/?kind=music").context["assets"]]
    assert titles == ["Morning"]
    pictures = [each.title for each in admin.get("/library/?kind=image").context["assets"]]
    assert pictures == ["Poster"]
    assert "Morning" not in [
        each.title for each in admin.get("/library/?kind=card").context["assets"]
    ]
    page = admin.get(f"/library/{tune.pk}/").content.decode()
    assert f'src="/library/{tune.pk}/full/0/' in page
    assert admin.get(f"/library/{tune.pk}/full/0/")["Content-Type"] == "audio/mp4"
    assert admin.get(f"/library/{tune.pk}/preview/").status_code == 404, "it has no poster here"
    volume = {"title": "Morning", "version": tune.version, "data.volume": "30", "data.ducked": "0"}
    assert admin.post(f"/library/cards/{tune.pk}/", volume).status_code == 302
    tune.refresh_from_db()
    assert tune.content["data"] == {"volume": 30, "ducked": 0}


@pytest.mark.parametrize(
    "repetition",
    [
        ("daily", {}, "FREQ=DAILY", "any"),
        ("work", {}, "FREQ=DAILY", "work"),
        ("rest", {"until": "2027-01-01"}, "FREQ=DAILY;UNTIL=20270101T235959", "rest"),
        ("weekly", {"weekdays": ["MO", "FR"]}, "FREQ=WEEKLY;BYDAY=MO,FR", "any"),
        ("mon-fri", {"every": "2", "on": "work"}, "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "any"),
        ("once", {}, "", "any"),
        ("rule", {"rule": "FREQ=MONTHLY;BYMONTHDAY=1"}, "FREQ=MONTHLY;BYMONTHDAY=1", "any"),
    ],
)
def test_an_entry_repeats_as_the_form_says(enterprise, admin, repetition):
    repeats, more, rule, days = repetition
    screen = enterprise.lobby()
    told = {"name": "Lunch", "department": enterprise.department.pk,
            "layout": screen.default_layout_id, "first": "2026-11-22", "begins": "22:00",
            "ends": "02:00", "repeats": repeats, "priority": "10", "enabled": "on",
            "screens": [screen.pk], **more}  # fmt: skip
    answer = admin.post("/schedule/new/", told)
    assert answer.status_code == 302, answer.context["form"].errors
    made = Entry.objects.get(name="Lunch")
    assert (made.rrule, made.days, made.duration_s) == (rule, days, 4 * 3600)
    shown = admin.get(f"/schedule/{made.pk}/").context["form"]
    assert shown["repeats"].value() == repeats
    changed = admin.post(f"/schedule/{made.pk}/", told | {"version": made.version, "ends": "23:00"})
    assert changed.status_code == 302
    made.refresh_from_db()
    assert (made.rrule, made.duration_s) == (rule, 3600)
    late = admin.post(f"/schedule/{made.pk}/", told | {"version": 1, "name": "Mine"})
    assert late.status_code == 422
    assert late.context["form"]["name"].value() == "Mine"
    assert late.context["form"]["version"].value() == str(made.version)


def test_what_is_published_is_what_was_looked_at(enterprise, admin):
    screen = enterprise.lobby()
    shown = admin.get("/publish/").context
    sent = {"digest": shown["plan"].digest, "screens": [screen.pk], "reason": "First."}
    screen.default_layout.zones.get().playlist.items.first().delete()
    refused = admin.post("/publish/", sent)
    assert refused.status_code == 422
    assert 'value="First."' in refused.content.decode()
    sent["digest"] = refused.context["plan"].digest
    assert admin.post("/publish/", sent).status_code == 302
    release = Release.objects.get()
    assert release.reason == "First."
    assert admin.post(f"/publish/{release.pk}/undo/").status_code == 302


def test_a_screen_is_made_claimed_and_locked_out(enterprise, admin):
    told = {"name": "Lobby", "slug": "lobby-1", "site": enterprise.site.pk,
            "department": enterprise.department.pk, "canvas_width": 1920, "canvas_height": 1080,
            "timezone": "Asia/Shanghai", "panel": "work", "panel_begins": "07:00",
            "panel_ends": "19:00"}  # fmt: skip
    answer = admin.post("/screens/new/", told)
    assert answer.status_code == 302, answer.context["form"].errors
    made = Screen.objects.get(slug="lobby-1")
    assert made.panel_on[0]["days"] == "work"
    things = Things(enterprise, objects.department())
    from server.clock import SystemClock

    page = f"/screens/{made.pk}/"
    assert admin.post(f"{page}claim/", {"code": "12"}).status_code == 422
    code = things.code(SystemClock().now())
    assert admin.post(f"{page}claim/", {"code": code}).status_code == 302
    assert made.pairings.get().claimed_by == enterprise.administrator
    assert admin.post(f"{page}screenshot/").status_code == 302
    assert made.wanted.get().kind == "screenshot"
    assert admin.post(f"{page}lock-out/").status_code == 302
    assert admin.post(page, told | {"version": made.version, "place": "East"}).status_code == 302
    assert Screen.objects.get(pk=made.pk).place == "East"


def test_a_new_account_is_opened_by_its_code(enterprise, admin):
    told = {"full_name": "An Editor", "username": "editor", "role": "editor",
            "department": enterprise.department.pk}  # fmt: skip
    code = admin.post("/people/new/", told).context["code"]
    other = Client()
    sent = {"code": code, "password": "a lantern over the gate"}
    assert other.post("/code/", sent)["Location"] == "/"
    assert other.get("/").status_code == 200
    assert other.get("/people/").status_code == 403


def test_an_administrator_of_a_department_opens_no_account_with_more_rights(enterprise, ours):
    local = browser_of(ours.people[Role.ADMINISTRATOR])
    answer = local.post(f"/people/{enterprise.administrator.pk}/code/")
    assert "code" not in (answer.context or {})
    assert not enterprise.administrator.setup_codes.exists()


def test_the_audit_is_listed_and_verified(enterprise):
    auditor = browser_of(objects.staff(Role.AUDITOR, everywhere=True))
    page = auditor.get("/audit/", {"verify": "1"})
    assert page.context["verified"]["chain"].holds
    assert verify_chain().head_sha256 in page.content.decode()


def test_what_a_box_says_is_text(enterprise, admin):
    screen = enterprise.lobby()
    hostile = "<script>alert(1)</script>"
    from server.telemetry.models import LogTail, ScreenFault

    now = enterprise.now
    LogTail.objects.create(screen=screen, received_at=now, text=hostile)
    ScreenFault.objects.create(
        screen=screen, code=hostile[:60], reason=hostile, opened_at=now, seen_at=now
    )
    for page in ("/", f"/screens/{screen.pk}/"):
        text = admin.get(page).content.decode()
        assert hostile not in text
        assert "&lt;script&gt;" in text


def test_who_may_only_look_at_a_screen_gets_no_fields_to_type_in(enterprise):
    screen = enterprise.screen(name="Hall")
    there = f"/screens/{screen.pk}/"
    said = "Only whoever manages screens changes this."
    looking = browser_of(enterprise.staff("r", Role.REVIEWER_1)).get(there).content.decode()
    assert said in looking
    assert '<fieldset class="stack is-bare" disabled>' in looking
    assert said not in browser_of(enterprise.administrator).get(there).content.decode()
