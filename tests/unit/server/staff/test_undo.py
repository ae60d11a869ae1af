"""Every destructive act has a way back: one click, and the rows are what they were.

What is compared is the database: every row of the programme, the screens, their plans, tags, rules
and roles, but for versions and who changed them last.
"""

import re
from datetime import timedelta

import pytest
from django.apps import apps

from server.accounts.models import Department, Role
from server.clock import SystemClock
from server.desk.models import WayBack
from server.desk.services import forget
from server.desk.ways import MOST_WAYS, WAYS_KEPT
from server.library.models import Asset
from server.plans.models import FloorPlan, Pin
from server.programme.models import Playlist, PlaylistItem
from server.screens.models import ScreenToken
from server.staff.people.departments import KINDS
from tests.simulators import server_objects as objects
from tests.simulators.two_departments import Things
from tests.unit.server.staff.browsers import browser_of

pytestmark = pytest.mark.django_db

APPS = ("accounts", "alerts", "library", "plans", "programme", "review", "screens", "watch")
#: What says that something was done, and not what it is; sessions are the browser's own.
TRACES = {"version", "changed_at", "changed_by", "last_login"}
#: Rows to which nothing refers: they may have another key; as have those between two others.
NAMELESS = {"AssetTag", "Grant"}
NOT_COMPARED = {"LoginSession", "LoginFailure", "IngestTask"}


@pytest.fixture
def ours(enterprise):
    ours = Things(enterprise, enterprise.department)
    objects.playlist(enterprise.department, ours.unused, ours.asset, ours.video)
    plan = FloorPlan.objects.create(
        site=enterprise.site, department=ours.department, name="1", blob=objects.blob(), width=9,
        height=9,
    )  # fmt: skip
    Pin.objects.create(screen=ours.screen, plan=plan, x=100, y=200)
    ScreenToken.objects.create(screen=ours.screen, sha256="0" * 64, created_at=enterprise.now)
    ours.plan = plan
    tag = ours.screen.tags.create(name="lobby")
    objects.screen(enterprise.department, enterprise.site).tags.add(tag)
    ours.roles = ours.people[Role.EDITOR].grants.get()
    return ours


def world():
    """Every row, by model and key."""
    found = {}
    for app in APPS:
        for model in apps.get_app_config(app).get_models(include_auto_created=True):
            if model.__name__ in NOT_COMPARED:
                continue
            names = [f.attname for f in model._meta.concrete_fields if f.name not in TRACES]
            if model._meta.auto_created or model.__name__ in NAMELESS:
                names.remove("id")
                found[model.__name__] = sorted(map(str, model._base_manager.values_list(*names)))
                continue
            rows = model._base_manager.values(*names)
            found.update({(model.__name__, row[model._meta.pk.attname]): row for row in rows})
    return found


ACTS = {
    "a playlist is deleted": lambda t: (f"/playlists/{t.idle_playlist.pk}/delete/", {}),
    "a layout is deleted": lambda t: (f"/layouts/{t.idle_layout.pk}/delete/", {}),
    "a group is dissolved": lambda t: (f"/screens/groups/{t.group.pk}/delete/", {}),
    "a screen leaves its group": lambda t: (
        "/screens/many/", {"act": "leave", "group": t.group.pk, "screens": t.screen.pk},
    ),
    "a group is left empty in its form": lambda t: (
        f"/screens/groups/{t.group.pk}/", {"name": t.group.name, "version": t.group.version},
    ),
    "a tag is taken off a screen": lambda t: (
        "/screens/many/", {"act": "untag", "tags": "lobby", "screens": t.screen.pk},
    ),
    "a screen is retired": lambda t: (f"/screens/{t.screen.pk}/retire/", {}),
    "a plan is deleted": lambda t: (f"/screens/plans/{t.plan.pk}/delete/", {}),
    "a screen is taken off its plan": lambda t: (
        f"/screens/plans/{t.plan.pk}/pin/", {"act": "remove", "screen": t.screen.pk},
    ),
    "a tag is taken away": lambda t: ("/library/tags/", {"name": t.tag, "to": ""}),
    "a tag is renamed": lambda t: ("/library/tags/", {"name": t.tag, "to": "Other"}),
    "assets are taken out and deleted": lambda t: (
        "/library/remove/", {"assets": [t.asset.pk, t.unused.pk]},
    ),
    "a webhook is deleted": lambda t: (f"/alerts/webhooks/{t.endpoint.pk}/delete/", {}),
    "a rule of review is taken away": lambda t: (f"/people/review-rules/{t.rule.pk}/clear/", {}),
    "a role is taken away": lambda t: (
        f"/people/{t.people[Role.EDITOR].pk}/take/", {"grant": t.roles.pk},
    ),
    "a department is closed": lambda t: (
        f"/people/departments/{t.empty_department.pk}/close/", {},
    ),
}  # fmt: skip


def offered(browser):
    """Where the next page says that undo is."""
    return re.findall(r'action="(/undo/\d+/)"', browser.get("/account/").content.decode())


@pytest.fixture
def browser(enterprise):
    return browser_of(enterprise.administrator)


def test_what_an_act_took_is_back_as_it_was(ours, browser, subtests):
    for name, act in ACTS.items():
        path, sent = act(ours)
        before = world()
        with subtests.test(name):
            assert browser.post(path, sent).status_code == 302
            assert world() != before, "the act did nothing: this test would see no loss"
            (undo,) = offered(browser)
            browser.post(undo)
            assert differences(before, world()) == []
        for model in ("group", "screen", "endpoint"):
            getattr(ours, model).refresh_from_db()
        ours.roles = ours.people[Role.EDITOR].grants.get()


def differences(before, after):
    """What is not the same."""
    keys = before.keys() | after.keys()
    found = [(key, before.get(key), after.get(key)) for key in keys]
    return [each for each in found if each[1] != each[2]]


def test_items_come_back_between_those_that_others_put_there_meanwhile(ours, browser):
    playlist = objects.playlist(ours.department, ours.video, ours.asset, ours.unused)
    first, gone, last = playlist.items.order_by("position")
    browser.post("/library/remove/", {"assets": [ours.asset.pk]})
    new = PlaylistItem.objects.create(playlist=playlist, asset=ours.video, position=2)
    (undo,) = offered(browser)
    browser.post(undo)
    order = playlist.items.order_by("position").values_list("pk", flat=True)
    assert list(order) == [first.pk, gone.pk, last.pk, new.pk]
    assert Asset.objects.filter(pk=ours.asset.pk).exists()


def test_a_way_back_is_walked_once_and_only_by_who_acted(ours, browser):
    browser.post(f"/playlists/{ours.idle_playlist.pk}/delete/")
    (undo,) = offered(browser)
    stranger = browser_of(objects.staff(Role.ADMINISTRATOR, everywhere=True))
    stranger.post(undo)
    assert not Playlist.objects.filter(pk=ours.idle_playlist.pk).exists()
    browser.post(undo)
    browser.post(undo)
    assert Playlist.objects.filter(pk=ours.idle_playlist.pk).count() == 1
    assert "cannot be undone any more" in browser.get("/account/").content.decode()


def test_who_has_lost_the_right_meanwhile_undoes_nothing(ours):
    editor = ours.people[Role.EDITOR]
    browser = browser_of(editor)
    browser.post(f"/playlists/{ours.idle_playlist.pk}/delete/")
    (undo,) = offered(browser)
    editor.grants.all().delete()
    browser.post(undo)
    assert not Playlist.objects.filter(pk=ours.idle_playlist.pk).exists()
    assert WayBack.objects.exists(), "the way is still there for when the right is back"


def test_what_cannot_come_back_says_so_and_changes_nothing(ours, browser):
    name = ours.idle_playlist.name
    browser.post(f"/playlists/{ours.idle_playlist.pk}/delete/")
    (undo,) = offered(browser)
    Playlist.objects.filter(pk=ours.playlist.pk).update(name=name)
    before = world()
    browser.post(undo)
    assert world() == before
    assert "cannot come back as it was" in browser.get("/account/").content.decode()


def test_ways_back_are_kept_for_a_day_and_not_without_bound(ours):
    person, now = ours.people[Role.EDITOR], SystemClock().now()
    rows = [WayBack(staff=person, kind="playlist", facts={}, made_at=now) for _n in range(60)]
    WayBack.objects.bulk_create(rows)
    browser_of(person).post(f"/playlists/{ours.idle_playlist.pk}/delete/")
    assert WayBack.objects.count() == MOST_WAYS
    forget(now + WAYS_KEPT + timedelta(minutes=1))
    assert not WayBack.objects.exists()


def test_a_merge_asks_for_the_departments_name_since_it_cannot_be_undone(enterprise):
    gone, into = objects.department(name="Old office"), objects.department()
    browser = browser_of(enterprise.administrator)
    there = f"/people/departments/{gone.pk}/"
    objects.asset(gone)
    assert 'data-word="Old office"' in browser.get(there).content.decode()
    for typed in ({}, {"typed": "old"}):
        browser.post(f"{there}merge/", {"department": into.pk} | typed)
        assert "to merge it: it cannot be undone" in browser.get(there).content.decode()
    browser.post(f"{there}merge/", {"department": into.pk, "typed": " Old office "})
    assert browser.get(there).status_code == 404
    assert into.assets.count() == 1


def test_all_that_may_belong_to_a_department_is_called_by_a_word():
    kinds = {each.related_model._meta.label_lower for each in Department._meta.related_objects}
    assert kinds - set(KINDS) == set()
