"""Every page of the way from a file to the screens names the step after it, and leads there."""

import re

import pytest

from server.accounts.models import Role
from server.programme.models import Entry, Playlist
from server.publishing.services import publish
from server.review.services import return_to_editor
from tests.simulators.reviewers import Reviewing
from tests.unit.server.staff.browsers import browser_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(enterprise):
    return browser_of(enterprise.staff("writer", Role.EDITOR))


@pytest.fixture
def poster(enterprise):
    return enterprise.picture("Poster")


def page(browser, address):
    return browser.get(address).content.decode()


def next_steps(text):
    """Where the lines that name a next step lead."""
    found = re.findall(r'class="next-step".*?<a href="([^"]+)"', text, re.DOTALL)
    return [each.replace("&amp;", "&") for each in found]


def add(browser, poster, **typed):
    sent = {"assets": poster.pk, "act": "add", "query": ""} | typed
    return browser.post("/library/bulk/", sent)


def test_what_was_uploaded_goes_to_a_playlist(editor, poster):
    assert next_steps(page(editor, "/library/")) == []
    assert next_steps(page(editor, "/library/?arrived=1")) == ["#results"]
    text = page(editor, "/library/")
    assert "data-queue-add" in text
    assert "data-to-playlist" in text
    asset = page(editor, f"/library/{poster.pk}/")
    assert '<option value="new">' in asset


def test_a_new_playlist_is_made_on_the_way(editor, poster):
    answer = add(editor, poster, playlist="new", playlist_name="Lobby")
    made = Playlist.objects.get(name="Lobby")
    assert answer["Location"] == f"/playlists/{made.pk}/"
    assert [item.asset_id for item in made.items.all()] == [poster.pk]
    assert made.department == poster.department
    add(editor, poster, playlist="new", playlist_name=" ")
    assert "Write a name" in page(editor, "/library/")
    assert Playlist.objects.count() == 1


def test_after_adding_the_playlist_is_put_in_order(enterprise, editor, poster):
    row = enterprise.playlist(enterprise.picture())
    answer = add(editor, poster, playlist=row.pk, query="q=pos")
    there = answer["Location"]
    assert there == f"/library/?added={row.pk}&q=pos"
    assert next_steps(page(editor, there)) == [f"/playlists/{row.pk}/"]
    for nonsense in ("0", "x", "9" * 30):
        assert next_steps(page(editor, f"/library/?added={nonsense}")) == []


def test_a_playlist_goes_to_the_schedule_with_itself_filled_in(enterprise, editor, poster):
    row, screen = enterprise.playlist(poster), enterprise.screen()
    found = re.search(
        r'class="button button-main" href="([^"]+)"', page(editor, f"/playlists/{row.pk}/")
    )
    assert found[1].endswith(f"?playlist={row.pk}")
    there = found[1]
    text = page(editor, there)
    assert f'<option value="playlist-{row.pk}" selected>' in text
    assert f'name="name" value="{row.name}"' in text
    form = {"name": row.name, "layout": f"playlist-{row.pk}", "first": "2026-11-23",
            "begins": "08:00", "ends": "18:00", "repeats": "daily", "level": "10",
            "screens": screen.pk, "department": enterprise.department.pk}  # fmt: skip
    answer = editor.post(there, form)
    assert answer.status_code == 302, answer.context["form"].errors
    assert Entry.objects.get().layout.zones.get().playlist == row
    assert "?playlist=" not in page(editor, f"/playlists/{row.pk}/"), "it is scheduled already"
    for nonsense in ("0", "x", "9" * 30):
        assert editor.get(f"/schedule/new/?playlist={nonsense}").status_code == 200


def test_the_schedule_leads_to_the_review_or_to_publishing(enterprise, editor):
    enterprise.lobby()
    text = page(editor, "/schedule/")
    assert next_steps(text) == ["/publish/"]
    assert "Publish it →" in text
    Reviewing(enterprise, steps=1)
    assert "Submit for review →" in page(editor, "/schedule/")
    assert next_steps(page(browser_of(enterprise.staff("a", Role.AUDITOR)), "/schedule/")) == []


def test_what_was_approved_leads_to_publishing_or_names_who_publishes(enterprise):
    reviewing = Reviewing(enterprise, steps=1)
    screen = enterprise.lobby(enterprise.picture("Poster"))
    publish_boss = browser_of(enterprise.administrator)
    submission = reviewing.approve(reviewing.submit(screen), reviewing.first)
    there = f"/reviews/{submission.pk}/"
    assert "To publishing" in page(publish_boss, there)
    text = page(browser_of(reviewing.editor), there)
    assert "To publishing" not in text
    assert "Who may publish it:" in text
    assert str(enterprise.administrator) in text
    publish(screens=[screen], actor=None, reason="Reviewed.", now=enterprise.later())


def test_what_came_back_leads_its_author_to_submit_it_again(enterprise):
    reviewing = Reviewing(enterprise, steps=1)
    screen = enterprise.lobby(enterprise.picture("Poster"))
    submission = reviewing.submit(screen)
    return_to_editor(
        submission=submission, reason="Mend it.", actor=reviewing.first, now=enterprise.later()
    )
    there = f"/reviews/{submission.pk}/"
    assert "Submit it again" in page(browser_of(reviewing.editor), there)
    assert "Submit it again" not in page(browser_of(reviewing.first), there)
    assert there in page(browser_of(reviewing.editor), "/"), "it waits on the overview"
    reviewing.submit(screen)
    assert there not in page(browser_of(reviewing.editor), "/"), "it was submitted anew"
