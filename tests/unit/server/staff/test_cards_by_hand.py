"""Cards made by hand: forms take what templates take, refuse at the field, and lose nothing."""

import msgspec
import pytest

from cards.catalogue import DRAWN, TEMPLATES
from server.accounts.models import Role
from server.library.models import Asset, AssetKind
from server.library.tagging import refresh_search
from server.staff.cards.forms import ROWS_LIMIT
from server.staff.cards.offered import OFFERED
from tests.golden.cases import CASES
from tests.simulators import server_objects as objects
from tests.unit.server.staff.browsers import browser_of

pytestmark = pytest.mark.django_db

NOTICE = {"data.title": "检修", "data.body": "停电一小时。", "data.issuer": "物业",
          "data.date": "2026-11-23", "data.level": "notice", "data.family": "service",
          "data.language": "zh"}  # fmt: skip
# fmt: off
MENU = {"data.family": "service", "data.language": "zh", "dishes.rows": "2",
        "dishes.0.date": "2026-11-23", "dishes.0.meal": "lunch", "dishes.0.dish": "红烧肉",
        "dishes.1.date": "2026-11-23", "dishes.1.meal": "lunch", "dishes.1.dish": "青菜"}
# fmt: on


@pytest.fixture
def editor(ours):
    return browser_of(ours.people[Role.EDITOR])


def head(ours):
    return {"title": "手写", "department": ours.department.pk}


def made_by_hand():
    return Asset.objects.get(kind=AssetKind.CARD, title="手写")


def as_browser_sends(form):
    """What a browser would send of the form as it stands on the page."""
    sent = {f"{each.name}.rows": each.count for each in form.lists}
    for bound in form:
        value = bound.field.widget.format_value(bound.value()) if bound.value() is not None else ""
        is_tick = bound.field.widget.__class__.__name__ == "CheckboxInput"
        if not is_tick or bound.value():
            plain = value[0] if isinstance(value, list) and value else value
            sent[bound.html_name] = "on" if is_tick else plain or ""
    return sent


def typed(data):
    """An example as somebody types it."""
    sent = {}
    for name, value in data.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            sent[f"{name}.rows"] = len(value)
            for n, row in enumerate(value):
                sent |= {f"{name}.{n}.{cell}": "" if told is None else told
                         for cell, told in row.items()}  # fmt: skip
        elif isinstance(value, list):
            sent[f"data.{name}"] = "\r\n".join(value)
        elif value is not False and value is not None:
            sent[f"data.{name}"] = value.replace("\n", "\r\n") if isinstance(value, str) else value
    return sent


def meant(template, data):
    return msgspec.convert(data, TEMPLATES[template].shape)


def test_every_template_but_the_emergency_is_offered_with_a_picture(editor):
    page = editor.get("/library/cards/new/")
    assert set(OFFERED) == DRAWN.keys() - {"emergency"}
    assert {each.template for each in page.context["tiles"]} == set(OFFERED)
    assert editor.get("/library/cards/new/emergency/").status_code == 404


def test_each_form_takes_examples_of_its_template_and_brings_them_back(editor, ours):
    for template in sorted(OFFERED):
        examples = [
            {name: value for name, value in each.data.items() if name != "served"}
            for each in CASES
            if each.template == template and fits(each.data)
        ]
        assert examples, "each template has golden pictures"
        for data in (examples[0], max(examples, key=lambda each: len(str(each)))):
            takes_and_brings_back(template, data, editor, ours)


def takes_and_brings_back(template, data, editor, ours):
    first = editor.get(f"/library/cards/new/{template}/").context["form"]
    left_out = {f"data.{name}" for name, value in data.items() if value is False}
    blank = {
        name: value
        for name, value in as_browser_sends(first).items()
        if name.startswith("data.") and name not in left_out
    }
    answer = editor.post(f"/library/cards/new/{template}/", blank | typed(data) | head(ours))
    assert answer.status_code == 302, answer.context["form"].errors
    card = Asset.objects.filter(title="手写").latest("pk")
    assert meant(template, card.content["data"]) == meant(template, data)
    again = editor.get(answer["Location"]).context["form"]
    answer = editor.post(answer["Location"], as_browser_sends(again))
    assert answer.status_code == 302, answer.context["form"].errors
    card.refresh_from_db()
    assert meant(template, card.content["data"]) == meant(template, data)
    assert card.version == 2


def fits(data):
    return all(not isinstance(each, list) or len(each) <= ROWS_LIMIT for each in data.values())


def test_all_that_does_not_fit_stands_at_its_field_and_nothing_is_lost(editor, ours):
    sent = (
        NOTICE | head(ours) | {"data.title": "", "data.date": "gestern", "data.issuer": "长" * 99}
    )
    answer = editor.post("/library/cards/new/notice/", sent)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"data.title", "data.date", "data.issuer"}
    assert "停电一小时。" in answer.content.decode()
    assert "gestern" in answer.content.decode()
    assert not Asset.objects.filter(title="手写").exists()


REFUSED = [
    ("menu", MENU | {"data.lunch": "mittags"}, "data.lunch", "请按 11:00-13:00 的格式"),
    ("notice", NOTICE | {"data.title": "停电😀"}, "data.title", "😀"),
    ("menu", MENU | {"dishes.1.dish": "青菜😀"}, "dishes.1.dish", "😀"),
    ("menu", MENU | {"dishes.1.dish": ""}, "dishes.1.dish", "这一行需要填写此项"),
    ("menu", MENU | {"dishes.0.price": "-1"}, "dishes.0.price", "0"),
    ("ticker", {"data.messages": " ", "data.family": "service"}, "data.messages", "请填写此项"),
]


def test_what_the_template_refuses_stands_at_its_field_in_the_editors_language(editor, ours):
    editor.cookies["django_language"] = "zh-hans"
    for template, sent, field, said in REFUSED:
        answer = editor.post(f"/library/cards/new/{template}/", sent | head(ours))
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == [field]
        place = answer.content.decode().partition(f'_{field}_error">')[2].partition("</ul>")[0]
        assert said in place


def test_rows_that_stay_empty_are_no_rows_and_a_refusal_finds_the_row_it_means(editor, ours):
    sent = MENU | {"dishes.rows": "4", "dishes.3.date": "2026-11-23", "dishes.3.meal": "lunch",
                   "dishes.3.dish": "汤😀", "dishes.0.dish": "", "dishes.0.date": "",
                   "dishes.0.meal": ""}  # fmt: skip
    answer = editor.post("/library/cards/new/menu/", sent | head(ours))
    assert list(answer.context["form"].errors) == ["dishes.3.dish"]


def test_a_row_comes_and_goes_without_saving_or_losing_anything(editor, ours):
    answer = editor.post("/library/cards/new/menu/", MENU | head(ours) | {"do": "add:dishes"})
    assert answer.status_code == 200
    assert answer.context["form"].lists[0].count == 3
    answer = editor.post("/library/cards/new/menu/", MENU | head(ours) | {"do": "drop:dishes:0"})
    assert answer.context["form"].lists[0].count == 1
    assert answer.context["form"]["dishes.0.dish"].value() == "青菜"
    assert answer.context["form"]["title"].value() == "手写"
    assert not Asset.objects.filter(title="手写").exists()


def test_who_saves_second_sees_both_and_loses_neither(editor, ours):
    editor.post("/library/cards/new/menu/", MENU | head(ours))
    card = made_by_hand()
    sent = MENU | {"title": "手写", "version": 1}
    url = f"/library/cards/{card.pk}/"
    assert editor.post(url, sent | {"dishes.0.dish": "糖醋鱼"}).status_code == 302
    answer = editor.post(url, sent | {"dishes.1.dish": "豆腐"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "糖醋鱼" in page, "what the other one saved"
    assert answer.context["form"]["dishes.1.dish"].value() == "豆腐"
    card.refresh_from_db()
    assert card.content["data"]["dishes"][0]["dish"] == "糖醋鱼"
    again = as_browser_sends(answer.context["form"])
    assert editor.post(url, again).status_code == 302, "having seen both, one may save over it"


def test_a_card_that_a_data_set_fills_is_changed_there(editor, ours):
    answer = editor.get(f"/library/cards/{ours.fed.pk}/")
    assert answer.status_code == 302
    assert answer["Location"] == f"/data/cards/{ours.feed.pk}/"


def honour(**rows):
    """Two people, as the form sends them."""
    sent = {"data.family": "party", "data.language": "zh", "people.rows": "2"}
    for n in range(2):
        sent |= {f"people.{n}.name": f"先锋{n}", f"people.{n}.portrait": rows.get(f"p{n}", "")}
    return sent


def test_a_row_shows_a_picture_of_the_library_and_keeps_it_until_another_is_chosen(editor, ours):
    one, other = ours.enterprise.picture("甲"), ours.enterprise.picture("乙")
    sent = honour(p0=f"a{one.pk}", p1=f"a{one.pk}") | head(ours)
    there = editor.post("/library/cards/new/honour/", sent)["Location"]
    card = made_by_hand()
    blob = one.renditions.get(purpose="wall").blob
    assert card.content["blobs"] == {
        "portrait1": {"sha256": blob.pk, "bytes": blob.bytes, "mime": blob.mime}
    }
    assert [each["portrait"] for each in card.content["data"]["people"]] == ["portrait1"] * 2
    again = as_browser_sends(editor.get(there).context["form"])
    assert again["people.0.portrait"] == "portrait1"
    editor.post(there, again | {"people.0.portrait": f"a{other.pk}"})
    card.refresh_from_db()
    assert [each["portrait"] for each in card.content["data"]["people"]] == [
        "portrait1", "portrait2",
    ]  # fmt: skip
    files = {name: file["sha256"] for name, file in card.content["blobs"].items()}
    assert files == {
        "portrait1": other.renditions.get(purpose="wall").blob_id, "portrait2": blob.pk,
    }  # fmt: skip
    again = as_browser_sends(editor.get(there).context["form"])
    editor.post(there, again | {"people.0.portrait": "", "people.1.portrait": ""})
    card.refresh_from_db()
    assert card.content["blobs"] == {}


def test_only_pictures_that_one_may_see_are_offered_and_taken(editor, ours):
    foreign = ours.enterprise.picture("别的部门")
    foreign.department = objects.department()
    foreign.save()
    page = editor.get("/library/cards/new/honour/").context["form"]
    offered = {value for value, _label in page.fields["people.0.portrait"].choices}
    assert f"a{foreign.pk}" not in offered
    answer = editor.post("/library/cards/new/honour/", honour(p0=f"a{foreign.pk}") | head(ours))
    assert answer.status_code == 422
    assert "people.0.portrait" in answer.context["form"].errors


def test_more_pictures_than_a_card_has_room_for_are_refused(editor, ours):
    pictures = [ours.enterprise.picture(f"{n}") for n in range(13)]
    sent = {"data.family": "party", "data.language": "zh", "people.rows": "13"} | head(ours)
    for n, each in enumerate(pictures):
        sent |= {f"people.{n}.name": f"先锋{n}", f"people.{n}.portrait": f"a{each.pk}"}
    answer = editor.post("/library/cards/new/honour/", sent)
    assert answer.status_code == 422
    assert "12" in str(answer.context["form"].non_field_errors())
    assert not Asset.objects.filter(title="手写").exists()


def test_a_notice_has_a_photo_of_the_library_and_keeps_or_loses_it(editor, ours):
    photo = ours.enterprise.picture("检修现场")
    there = editor.post("/library/cards/new/notice/", NOTICE | head(ours) | {
        "file.photo": f"a{photo.pk}",
    })["Location"]  # fmt: skip
    card = made_by_hand()
    assert card.content["blobs"]["photo"]["sha256"] == photo.renditions.get(purpose="wall").blob_id
    page = editor.get(there).context["form"]
    assert ("photo", "检修现场") in page.fields["file.photo"].choices, "told by its title"
    again = as_browser_sends(page)
    assert again["file.photo"] == "photo"
    editor.post(there, again | {"data.title": "检修改期"})
    card.refresh_from_db()
    assert set(card.content["blobs"]) == {"photo"}
    editor.post(there, as_browser_sends(editor.get(there).context["form"]) | {"file.photo": ""})
    card.refresh_from_db()
    assert card.content["blobs"] == {}


def test_a_picture_that_is_not_among_the_newest_is_found_and_taken(editor, ours, monkeypatch):
    monkeypatch.setattr("server.staff.cards.pictures.OFFERED", 2)
    monkeypatch.setattr("server.staff.cards.pages.OFFERED_PICTURES", 2)
    old, *_newer = [ours.enterprise.picture(each) for each in ("矿工肖像", "甲", "乙", "丙")]
    refresh_search(old)
    offers = editor.get("/library/cards/pictures/")
    assert len(offers.context["offered"]) == 2
    assert offers.context["has_more"]
    for asked in ("肖像", "kgxx"):
        found = editor.get("/library/cards/pictures/", {"q": asked}).context["offered"]
        assert [each.title for each in found] == ["矿工肖像"]
    sent = honour(p0=f"a{old.pk}") | head(ours)
    assert editor.post("/library/cards/new/honour/", sent).status_code == 302
    assert made_by_hand().content["blobs"]["portrait1"]["sha256"]
    assert editor.get("/library/cards/pictures/", {"q": "没有"}).context["offered"] == []


def test_a_new_card_is_of_the_own_department_unless_another_is_chosen(editor, ours):
    ours.people[Role.EDITOR].grants.update(department=None)
    objects.department(name="A first by name")
    form = editor.get("/library/cards/new/notice/").context["form"]
    (first, _label), *others = form.fields["department"].choices
    assert first == str(ours.department.pk)
    assert len(others) > 1
