"""Rights are those of this moment: who loses a role in mid-session has lost it at the next request.

On pages by their session, in the interface for scripts by their token.
"""

import pytest
from django.test import Client

from server.accounts.models import Role
from server.accounts.services import grant_add, grant_remove, staff_disable, token_issue
from server.clock import SystemClock
from server.programme.models import Playlist
from tests.simulators import server_objects as objects
from tests.unit.server.staff.browsers import browser_of

pytestmark = pytest.mark.django_db

NOW = SystemClock().now()


class Session:
    """Somebody with an open page and a script that runs."""

    def __init__(self, enterprise):
        self.enterprise = enterprise
        self.person = objects.staff(Role.EDITOR, of=enterprise.department)
        self.browser = browser_of(self.person)
        secret = token_issue(
            staff=self.person, name="script", expires_at=None, actor=self.person, now=NOW
        )[1]
        self.script = Client(headers={"Authorization": f"Bearer {secret}"})

    def makes_by_page(self, name):
        sent = {"name": name, "department": self.enterprise.department.pk}
        return self.browser.post("/playlists/", sent).status_code

    def makes_by_script(self, name):
        sent = {"name": name, "department": self.enterprise.department.pk}
        return self.script.post(
            "/api/v1/playlists/", sent, content_type="application/json"
        ).status_code


@pytest.fixture
def session(enterprise):
    made = Session(enterprise)
    assert made.makes_by_page("By page") == 302
    assert made.makes_by_script("By script") == 201
    return made


def test_who_loses_a_role_has_lost_it_at_the_next_request(enterprise, session):
    (grant,) = session.person.grants.all()
    reader = {"department": enterprise.department, "role": Role.REVIEWER_1}
    boss = {"actor": enterprise.administrator, "now": NOW}
    grant_add(staff=session.person, **reader, **boss)
    grant_remove(grant=grant, **boss)
    assert session.makes_by_page("No more") == 403
    assert session.makes_by_script("No more") == 403
    assert session.browser.get("/playlists/").status_code == 200
    assert session.script.get("/api/v1/playlists/").status_code == 200
    assert not Playlist.objects.filter(name="No more").exists()


def test_who_loses_every_role_sees_nothing_any_more(enterprise, session):
    (grant,) = session.person.grants.all()
    grant_remove(grant=grant, actor=enterprise.administrator, now=NOW)
    row = Playlist.objects.get(name="By page")
    assert session.browser.get(f"/playlists/{row.pk}/").status_code == 404
    assert session.script.get(f"/api/v1/playlists/{row.pk}/").status_code == 404
    assert "By page" not in session.browser.get("/playlists/").content.decode()
    assert session.script.get("/api/v1/playlists/").json()["playlists"] == []


def test_who_was_disabled_is_out_at_the_next_request(enterprise, session):
    staff_disable(staff=session.person, actor=enterprise.administrator, now=NOW)
    answer = session.browser.get("/playlists/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/login/")
    assert session.makes_by_page("No more") == 302
    assert session.makes_by_script("No more") == 401
    assert not Playlist.objects.filter(name="No more").exists()


def test_a_new_right_counts_at_the_next_request_too(enterprise, session):
    boss = {"actor": enterprise.administrator, "now": NOW}
    assert session.browser.get("/people/").status_code == 403
    grant_add(
        staff=session.person, department=enterprise.department, role=Role.ADMINISTRATOR, **boss
    )
    assert session.browser.get("/people/").status_code == 200
