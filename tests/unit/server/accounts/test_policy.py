"""Who may do what: by role, by department, and nothing at all for a closed account."""

import pytest
from django.db.models import Q

from server.accounts.models import Role
from server.accounts.policy import Act, departments, in_reach, may, may_anywhere, require
from server.errors import Forbidden, NotFound
from server.library.models import Asset
from tests.simulators import server_objects as objects

pytestmark = pytest.mark.django_db

#: What each role may do, written out once more: the table of docs/server.md.
ALLOWED = {
    Role.EDITOR: {Act.VIEW, Act.UPLOAD, Act.ARRANGE},
    Role.REVIEWER_1: {Act.VIEW, Act.TAKE_DOWN, Act.REVIEW_1},
    Role.REVIEWER_2: {Act.VIEW, Act.TAKE_DOWN, Act.REVIEW_2},
    Role.REVIEWER_3: {Act.VIEW, Act.TAKE_DOWN, Act.REVIEW_3, Act.PUBLISH, Act.TAKE_OVER},
    Role.ADMINISTRATOR: {
        Act.VIEW,
        Act.UPLOAD,
        Act.ARRANGE,
        Act.PUBLISH,
        Act.TAKE_OVER,
        Act.TAKE_DOWN,
        Act.MANAGE_SCREENS,
        Act.MANAGE_STAFF,
        Act.TRUST_DATA,
        Act.END_NOTICE,
    },
    Role.AUDITOR: {Act.VIEW, Act.READ_AUDIT},
}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("act", Act)
def test_a_role_may_do_what_the_table_says_in_its_department_and_nowhere_else(role, act):
    ours, theirs = objects.department(), objects.department()
    person = objects.staff(role, of=ours)
    assert may(person, act, ours) is (act in ALLOWED[role])
    assert may(person, act, theirs) is False


@pytest.mark.parametrize("role", Role)
def test_a_role_counts_in_all_departments_below(role):
    top = objects.department()
    below = objects.department(parent=objects.department(parent=top))
    person = objects.staff(role, of=top)
    assert may(person, Act.VIEW, below)
    assert not may(objects.staff(role, of=below), Act.VIEW, top)


def test_everywhere_is_everywhere():
    person = objects.administrator()
    assert departments(person, Act.MANAGE_STAFF) is None
    assert may(person, Act.MANAGE_STAFF, objects.department())
    assert may(person, Act.MANAGE_STAFF, None)


def test_what_belongs_to_all_departments_takes_a_grant_for_all():
    ours = objects.department()
    assert not may(objects.staff(Role.ADMINISTRATOR, of=ours), Act.MANAGE_STAFF, None)


def test_without_a_grant_nothing_is_allowed():
    person = objects.staff(of=objects.department())
    assert not any(may(person, act, person.department) for act in Act)
    assert not may_anywhere(person, Act.VIEW)


def test_a_closed_account_may_do_nothing():
    person = objects.staff(Role.ADMINISTRATOR, everywhere=True, is_active=False)
    assert not any(may(person, act, objects.department()) for act in Act)


def test_a_thing_of_another_department_is_not_there():
    ours, theirs = objects.department(), objects.department()
    person = objects.staff(Role.EDITOR, of=ours)
    with pytest.raises(NotFound):
        require(person, Act.ARRANGE, theirs)


def test_a_thing_that_one_may_see_and_not_change_is_forbidden():
    ours = objects.department()
    with pytest.raises(Forbidden, match="ask an administrator"):
        require(objects.staff(Role.AUDITOR, of=ours), Act.ARRANGE, ours)


def test_rows_are_filtered_by_reach():
    ours, theirs = objects.department(), objects.department()
    mine, _other = objects.asset(ours), objects.asset(theirs)
    person = objects.staff(Role.EDITOR, of=ours)
    assert list(Asset.objects.filter(in_reach(person, Act.VIEW))) == [mine]
    assert Asset.objects.filter(in_reach(objects.administrator(), Act.VIEW)).count() == 2
    assert not Asset.objects.filter(in_reach(objects.staff(of=ours), Act.VIEW)).exists()


def test_departments_in_a_ring_hang_nobody():
    top = objects.department()
    below = objects.department(parent=top)
    type(top).objects.filter(pk=top.pk).update(parent=below)
    person = objects.staff(Role.EDITOR, of=objects.department())
    assert not may(person, Act.VIEW, below)


def test_reach_or_ed_with_more_widens_it_for_whoever_may_everywhere_too():
    ours, theirs = objects.department(), objects.department()
    mine, other = objects.asset(ours), objects.asset(theirs)
    more = Q(pk=other.pk)
    editor, administrator = objects.staff(Role.EDITOR, of=ours), objects.administrator()
    for person in (editor, administrator):
        found = Asset.objects.filter(in_reach(person, Act.VIEW) | more)
        assert set(found) == {mine, other}
    everything = Asset.objects.order_by().filter(in_reach(administrator, Act.VIEW))
    assert str(everything.query) == str(Asset.objects.order_by().query), "it costs nothing"
