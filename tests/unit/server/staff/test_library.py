"""The library's pages: found, changed together, undone, taken out, replaced; and nothing leaks."""

import json
from datetime import timedelta

import pytest
from django.contrib.messages import get_messages

from server.accounts.models import Role
from server.library.models import Asset, AssetKind, AssetState
from server.library.services import upload_append, upload_begin
from server.library.tagging import put_tags, refresh_search, tagged
from server.programme.models import Playlist
from server.publishing.on_air import screens_showing
from tests.simulators import server_objects as objects
from tests.simulators.two_departments import Things
from tests.unit.server.staff.browsers import browser_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(ours):
    return browser_of(ours.people[Role.EDITOR])


def page(browser, query=""):
    return browser.get(f"/library/?{query}").content.decode()


def titles(browser, query):
    return {each.title for each in browser.get(f"/library/?{query}").context["assets"]}


def named(ours, title, **fields):
    made = objects.asset(ours.department, title=title, **fields)
    refresh_search(made)
    return made


def act(browser, what, *assets, **typed):
    return browser.post(
        "/library/bulk/", {"act": what, "assets": [each.pk for each in assets], **typed}
    )


def said(answer):
    return [str(each) for each in get_messages(answer.wsgi_request)]


def test_assets_are_found_by_words_pinyin_and_filters(ours, editor, enterprise):
    safety = named(ours, "安全生产月", by=ours.people[Role.EDITOR])
    put_tags(safety, ["海报"])
    menu = named(ours, "食堂菜单", valid_until=enterprise.now + timedelta(days=3))
    past = named(ours, "旧通知", valid_until=enterprise.now - timedelta(days=3))
    assert titles(editor, "q=aqsc") == {safety.title}
    assert titles(editor, "q=haibao+anquan") == {safety.title}
    assert titles(editor, "tag=海报") == {safety.title}
    assert titles(editor, "show=expiring") == {menu.title}
    assert titles(editor, "show=expired") == {past.title}
    assert {safety.title, ours.card.title} <= titles(editor, "show=mine")
    assert menu.title not in titles(editor, "show=mine")
    assert titles(editor, "show=failed") == {ours.failed.title}
    assert ours.asset.title not in titles(editor, "show=unused")
    assert ours.unused.title in titles(editor, "show=unused")
    assert len(titles(editor, "show=nonsense&sort=nonsense&kind=nonsense&department=x")) > 5
    first = editor.get("/library/?sort=expiry").context["assets"][0]
    assert first == past


def test_what_is_anothers_is_neither_listed_nor_named(ours, editor):
    theirs = objects.asset(objects.department(), title="Secret plan")
    put_tags(theirs, ["classified"])
    assert "Secret plan" not in page(editor)
    assert "classified" not in page(editor)
    assert "classified" not in editor.get("/library/tags/").content.decode()
    assert titles(editor, f"department={theirs.department_id}") == set()
    states = editor.get(f"/library/states/?assets={theirs.pk},{ours.asset.pk}").content.decode()
    assert "Secret plan" not in states
    assert ours.asset.title in states
    assert act(editor, "tag", theirs, tags="mine").status_code == 302
    assert tagged(theirs) == ["classified"]


def test_a_file_of_another_department_is_not_told_of(ours, editor, enterprise):
    def finished():
        who = {"actor": ours.people[Role.EDITOR], "now": enterprise.now}
        upload = upload_begin(department=ours.department, name="a.gif", size=10, **who)
        upload_append(upload_id=upload.pk, offset=0, chunks=[b"GIF89a1234"], **who)
        answer = editor.post(f"/uploads/{upload.pk}/finish/", b"{}", "application/json").json()
        kept = editor.post(
            f"/uploads/{upload.pk}/finish/", json.dumps({"keep": True}), "application/json"
        ).json()
        return answer, Asset.objects.get(pk=kept["asset"])

    answer, first = finished()
    assert "asset" in answer
    answer, second = finished()
    assert answer["already"][0]["title"] == first.title
    elsewhere = objects.department()
    Asset.objects.filter(pk__in=[first.pk, second.pk]).update(department=elsewhere)
    answer, _third = finished()
    assert "asset" in answer


def test_the_same_file_from_two_people_at_once_is_told_and_neither_loses_it(ours, enterprise):
    people = [ours.people[Role.EDITOR], enterprise.staff("second", Role.EDITOR)]
    begun = []
    for person in people:
        who = {"actor": person, "now": enterprise.now}
        more = {"department": ours.department, "fingerprint": "12" * 8}
        begun.append(upload_begin(name="a.gif", size=10, **more, **who))
        upload_append(upload_id=begun[-1].pk, offset=0, chunks=[b"GIF89a1234"], **who)
    assert begun[0].pk != begun[1].pk
    paths = [f"/uploads/{each.pk}/finish/" for each in begun]
    first, second = map(browser_of, people)
    made = first.post(paths[0], b"{}", "application/json").json()["asset"]
    told = second.post(paths[1], b"{}", "application/json").json()["already"]
    assert told == [{"title": Asset.objects.get(pk=made).title, "url": f"/library/{made}/"}]
    kept = second.post(paths[1], b'{"keep": true}', "application/json").json()["asset"]
    both = Asset.objects.filter(pk__in=[made, kept])
    assert both.count() == 2
    assert both.values("original").distinct().count() == 1


@pytest.mark.parametrize(
    ("what", "typed", "seen"),
    [
        ("tag", {"tags": "安全，海报"}, lambda asset: tagged(asset) == ["安全", "海报"]),
        ("expire", {"last_day": "2030-01-31"}, lambda asset: asset.valid_until is not None),
        ("delete", {}, lambda asset: asset.deleted_at is not None),
    ],
)
def test_what_is_done_to_several_can_be_undone(ours, editor, what, typed, seen):
    assets = [ours.unused, named(ours, "Other")]
    answer = act(editor, what, *assets, **typed)
    assert answer.status_code == 302
    after = [Asset.with_bin.get(pk=each.pk) for each in assets]
    assert all(seen(each) for each in after)
    assert "/library/undo/" in page(editor)
    editor.post("/library/undo/")
    after = [Asset.with_bin.get(pk=each.pk) for each in assets]
    assert not any(seen(each) for each in after)
    assert "nothing to undo" in " ".join(said(editor.post("/library/undo/")))


def test_several_go_to_a_playlist_and_out_again(ours, editor):
    assets = [ours.unused, named(ours, "Other")]
    act(editor, "add", *assets, playlist=ours.playlist.pk)
    assert ours.playlist.items.count() == 3
    editor.post("/library/undo/")
    assert [each.asset for each in ours.playlist.items.all()] == [ours.asset]


def test_several_are_given_to_another_department_and_back(ours, enterprise):
    boss, other = browser_of(enterprise.administrator), objects.department()
    act(boss, "move", ours.unused, department=other.pk)
    assert Asset.objects.get(pk=ours.unused.pk).department == other
    boss.post("/library/undo/")
    assert Asset.objects.get(pk=ours.unused.pk).department == ours.department


def test_withdrawing_asks_why_and_can_be_undone(ours):
    reviewer = browser_of(ours.people[Role.ADMINISTRATOR])
    assert "Say why" in " ".join(said(act(reviewer, "withdraw", ours.unused)))
    act(reviewer, "withdraw", ours.unused, reason="Wrong date.")
    assert Asset.objects.get(pk=ours.unused.pk).state == AssetState.WITHDRAWN
    reviewer.post("/library/undo/")
    assert Asset.objects.get(pk=ours.unused.pk).state == AssetState.READY


def test_what_is_in_use_says_where_and_leaves_all_of_it_in_one_go(ours, editor):
    answer = editor.post(f"/library/{ours.asset.pk}/delete/")
    assert answer["Location"] == f"/library/remove/?assets={ours.asset.pk}"
    told = editor.get(answer["Location"]).content.decode()
    assert ours.playlist.name in told
    assert ours.idle_playlist.name in told
    assert ours.screen.name in told, "it is on air"
    editor.post("/library/remove/", {"assets": ours.asset.pk, "walls": "later"})
    assert Asset.with_bin.get(pk=ours.asset.pk).deleted_at is not None
    assert not ours.playlist.items.exists()
    assert ours.screen.pk in screens_showing(ours.asset.pk), "walls go on until it is published"


def test_what_others_use_is_counted_and_not_named_and_stays(ours, editor):
    hidden = objects.playlist(objects.department(), ours.unused)
    told = editor.get(f"/library/remove/?assets={ours.unused.pk}").content.decode()
    assert hidden.name not in told
    assert "1 place of another department" in told
    answer = editor.post("/library/remove/", {"assets": ours.unused.pk})
    assert hidden.name not in answer.content.decode()
    assert Asset.objects.filter(pk=ours.unused.pk).exists()
    assert hidden.items.exists()


def test_screens_showing_an_asset_are_those_whose_manifest_names_it(ours, enterprise):
    theirs = Things(enterprise, objects.department())
    assert screens_showing(ours.asset.pk) == [ours.screen.pk]
    assert screens_showing(theirs.asset.pk) == [theirs.screen.pk]
    assert screens_showing(ours.unused.pk) == []


def test_two_who_change_an_asset_see_both_sides(ours, editor):
    asset = ours.unused
    typed = {"title": "First", "tags": "", "last_day": "", "version": asset.version}
    assert editor.post(f"/library/{asset.pk}/", typed).status_code == 302
    answer = editor.post(f"/library/{asset.pk}/", typed | {"title": "Second"})
    assert answer.status_code == 422
    assert "First" in answer.content.decode()
    assert "Second" in answer.content.decode()


def test_a_last_day_is_the_whole_of_that_day(ours, editor):
    asset = ours.unused
    typed = {"title": "A", "tags": "", "last_day": "2030-01-31", "version": asset.version}
    editor.post(f"/library/{asset.pk}/", typed)
    asset.refresh_from_db()
    assert asset.valid_until.isoformat() == "2030-01-31T16:00:00+00:00"  # midnight in Shanghai
    assert 'value="2030-01-31"' in editor.get(f"/library/{asset.pk}/").content.decode()


def test_only_the_file_that_waits_takes_a_place(ours, editor):
    asset = objects.asset(ours.department, title="Menu")
    new = objects.asset(ours.department, replaces=asset, original_name="new.png")
    told = editor.get(f"/library/{asset.pk}/replace/").content.decode()
    assert "new.png" in told
    assert new.title not in page(editor)
    other = editor.post(f"/library/{asset.pk}/replace/", {"act": "put", "file": ours.unused.pk})
    assert other.status_code == 404
    editor.post(f"/library/{asset.pk}/replace/", {"act": "put", "file": new.pk})
    asset.refresh_from_db()
    assert asset.original_name == "new.png"
    former = Asset.with_bin.get(former_of=asset)
    editor.post(f"/library/{asset.pk}/replace/", {"act": "back", "file": former.pk})
    asset.refresh_from_db()
    assert asset.original_name == former.original_name


@pytest.mark.parametrize("typed", ["", "x", "-1", "1:x", "nan", "inf"])
def test_a_time_that_is_none_is_said(ours, editor, typed):
    answer = editor.post(
        f"/library/{ours.video.pk}/video/", {"act": "trim", "begin": typed, "end": "1"}
    )
    assert "is no time" in " ".join(said(answer))


def test_a_video_of_an_older_version_is_made_ready_to_be_trimmed_by_one_click(ours, editor):
    old = objects.asset(ours.department, title="Film", kind=AssetKind.VIDEO)
    trim = f"/library/{old.pk}/video/"
    assert trim in editor.get(f"/library/{old.pk}/").content.decode()
    assert "Make it ready and trim it" in editor.get(trim).content.decode()
    answer = editor.post(trim, {"act": "prepare"})
    assert (answer.status_code, answer.url) == (302, trim)
    old.refresh_from_db()
    assert old.state == AssetState.RECEIVED
    waiting = editor.get(trim, headers={"HX-Request": "true"})
    assert "This page opens by itself" in waiting.content.decode()
    assert "HX-Refresh" not in waiting.headers
    Asset.objects.filter(pk=old.pk).update(state=AssetState.READY, source_ms=4000)
    there = editor.get(trim, headers={"HX-Request": "true"})
    assert there.headers["HX-Refresh"] == "true"
    assert "data-trim" in there.content.decode()


def test_pages_are_chosen_and_put_into_a_playlist_that_is_new(enterprise, ours, editor):
    paper = enterprise.document(4, "Report")
    there = f"/library/{paper.pk}/pages/"
    assert 'value="new"' in editor.get(there).content.decode()
    sent = {"page": ["2", "4"], "playlist": "new", "seconds": "12"}
    nameless = editor.post(there, sent, follow=True)
    assert "Write a name for the new playlist." in nameless.content.decode()
    answer = editor.post(there, sent | {"playlist_name": "Quarter"})
    made = Playlist.objects.get(name="Quarter")
    assert answer["Location"] == f"/playlists/{made.pk}/"
    assert made.department == ours.department
    found = made.items.order_by("position").values_list("asset", "page", "duration_ms")
    assert list(found) == [(paper.pk, 2, 12_000), (paper.pk, 4, 12_000)]
