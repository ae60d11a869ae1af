"""Departments: a tree without rings; what is merged keeps everything, what is closed was empty."""

import pytest

from server.accounts import departments
from server.accounts.models import Department, Grant, Role
from server.alerts.models import Endpoint, Message
from server.audit.models import AuditRow
from server.emergency.models import PreparedCard
from server.errors import Conflict, Invalid, NotFound
from server.library.models import Asset, Blob, Upload
from server.plans.models import FloorPlan
from server.programme.models import Playlist
from server.review.models import ReviewRule
from server.screens.models import EnrolmentKey
from tests.simulators import server_objects as objects
from tests.simulators.server_objects import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss():
    return {"actor": objects.administrator(), "now": NOW}


def test_a_department_is_renamed_and_names_stay_apart(boss):
    one, other = objects.department("One"), objects.department("Other")
    departments.department_rename(department=one, name=" First ", **boss)
    assert Department.objects.get(pk=one.pk).name == "First"
    with pytest.raises(Invalid):
        departments.department_rename(department=other, name="first", **boss)


def test_a_department_moves_with_all_below_it_and_never_below_itself(boss):
    top, middle = objects.department(), objects.department()
    low = objects.department(parent=middle)
    departments.department_move(department=middle, parent=top, **boss)
    assert Department.objects.get(pk=low.pk).parent.parent == top
    for inside in (middle, low):
        with pytest.raises(Conflict, match="below itself"):
            departments.department_move(department=middle, parent=inside, **boss)
    departments.department_move(department=middle, parent=None, **boss)
    assert Department.objects.get(pk=middle.pk).parent is None


def test_who_administers_a_department_moves_nothing_out_of_it():
    top = objects.department()
    ours, theirs = objects.department(parent=top), objects.department(parent=top)
    low = objects.department(parent=ours)
    local = {"actor": objects.staff(Role.ADMINISTRATOR, of=ours), "now": NOW}
    for parent in (theirs, top, None):
        with pytest.raises(NotFound):
            departments.department_move(department=low, parent=parent, **local)
    with pytest.raises(NotFound):
        departments.department_merge(department=low, into=theirs, **local)


def test_a_merge_takes_everything_along(boss):
    old, new = objects.department("Old"), objects.department("New")
    child = objects.department(parent=old)
    asset = objects.asset(old)
    shown = objects.playlist(
        old,
        asset,
    )
    layout = objects.layout(old, shown)
    screen = objects.screen(old)
    person = objects.staff(Role.EDITOR, of=old)
    told = {each.kind: each.count for each in departments.contents_of(old)}
    assert told["programme.playlist"] == told["screens.screen"] == told["library.asset"] == 1
    departments.department_merge(department=old, into=new, **boss)
    assert not Department.objects.filter(pk=old.pk).exists()
    for row in (asset, shown, layout, screen, person):
        row.refresh_from_db()
        assert row.department == new
    assert Department.objects.get(pk=child.pk).parent == new
    assert Grant.objects.get(staff=person).department == new
    row = AuditRow.objects.get(action="department.merge")
    assert row.detail["former"] == "Old"
    assert row.detail["moved"]["programme.playlist"] == 1


def test_a_merge_takes_along_what_no_list_shows(boss):
    """Uploads on their way, the bin, keys, plans, prepared cards, webhooks, sources and notices."""
    old, new = objects.department("Old"), objects.department("New")
    person, site = objects.staff(), objects.site()
    binned = objects.asset(old)
    Asset.objects.filter(pk=binned.pk).update(deleted_at=NOW)
    blob = Blob.objects.create(sha256="0" * 64, bytes=1, mime="image/png", created_at=NOW)
    by = {"created_by": person, "created_at": NOW}
    kept = [
        Upload.objects.create(
            staff=person, department=old, name="a.pdf", bytes=1, created_at=NOW, touched_at=NOW
        ),
        EnrolmentKey.objects.create(
            name="k", sha256="1" * 64, site=site, department=old, expires_at=NOW, **by
        ),
        FloorPlan.objects.create(
            site=site, department=old, name="1F", blob=blob, width=1, height=1
        ),
        PreparedCard.objects.create(
            name="n" * 60, department=old, title="t", issuer="i", changed_at=NOW
        ),
        Endpoint.objects.create(
            name="w", url="https://example.org", secret="s", department=old, **by
        ),
        Message.objects.create(kind="x", template="", department=old, told_at=NOW, not_before=NOW),
    ]
    PreparedCard.objects.create(
        name="n" * 60, department=new, title="t", issuer="i", changed_at=NOW
    )
    told = {each.kind for each in departments.contents_of(old)}
    assert {"library.asset", "library.upload", "plans.floorplan"} < told
    with pytest.raises(Conflict, match="merge it into another"):
        departments.department_close(department=old, **boss)
    departments.department_merge(department=old, into=new, **boss)
    assert Asset.with_bin.get(pk=binned.pk).department == new
    for row in kept:
        row.refresh_from_db()
        assert row.department == new
    names = PreparedCard.objects.values_list("name", flat=True)
    assert sorted(map(len, names)) == [60, 60]
    assert len(set(names)) == 2


def test_of_two_things_with_one_name_both_stay(boss):
    old, new = objects.department("Old"), objects.department("New")
    for owner in (old, new, new):
        name = "Lobby" if not Playlist.objects.filter(department=owner).exists() else "Lobby (Old)"
        Playlist.objects.create(name=name, department=owner)
    departments.department_merge(department=old, into=new, **boss)
    names = set(Playlist.objects.filter(department=new).values_list("name", flat=True))
    assert names == {"Lobby", "Lobby (Old)", "Lobby (Old) 2"}


def test_a_role_and_a_rule_that_are_in_both_are_one(boss):
    old, new = objects.department(), objects.department()
    person = objects.staff(Role.EDITOR, of=old)
    Grant.objects.create(staff=person, role=Role.EDITOR, department=new)
    for owner, steps in ((old, 1), (new, 3)):
        ReviewRule.objects.create(department=owner, level="ordinary", steps=steps)
    departments.department_merge(department=old, into=new, **boss)
    assert Grant.objects.get(staff=person).department == new
    assert ReviewRule.objects.get().steps == 3


def test_a_department_is_not_merged_into_what_is_below_it(boss):
    top = objects.department()
    low = objects.department(parent=top)
    for into in (top, low):
        with pytest.raises(Conflict, match="merged into itself"):
            departments.department_merge(department=top, into=into, **boss)


def test_only_an_empty_department_is_closed(boss):
    empty, full = objects.department("Empty"), objects.department()
    objects.staff(of=full)
    with pytest.raises(Conflict, match="merge it into another"):
        departments.department_close(department=full, **boss)
    departments.department_close(department=empty, **boss)
    assert not Department.objects.filter(pk=empty.pk).exists()
    assert AuditRow.objects.get(action="department.close").subject_name == "Empty"
