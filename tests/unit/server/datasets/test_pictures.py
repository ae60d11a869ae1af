"""Pictures of rows: a column of them fills the picture of each row of a card, in every template."""

from typing import Any

import pytest

from server.accounts.models import Role
from server.datasets import fed_cards, services, versions
from server.datasets.columns import Column, Kind
from server.datasets.models import Dataset, DatasetVersion
from server.datasets.tables import rows_typed
from server.errors import Invalid
from server.library.models import Asset
from tests.simulators.enterprise import Enterprise

COLUMNS = (
    Column("line", "标题"),
    Column("published", "发布时间"),
    Column("pic", "配图", Kind.PICTURE),
    Column("day", "日期", Kind.DATE),
)
TEMPLATES = {
    "news": ("rows", "picture", {"rows.title": "line", "rows.picture": "pic"}),
    "honour": ("people", "portrait", {"people.name": "line", "people.portrait": "pic"}),
}


class Pictured:
    """A data set with pictures, an editor, and a card that it fills."""

    def __init__(self, enterprise: Enterprise) -> None:
        self.enterprise = enterprise
        self.editor = enterprise.staff("lines", Role.EDITOR)
        self.dataset = services.dataset_create(
            name="要闻", columns=COLUMNS, department=enterprise.department, actor=self.editor,
            now=enterprise.now,
        )  # fmt: skip

    def put(self, *rows: dict[str, Any]) -> DatasetVersion:
        self.dataset = Dataset.objects.get(pk=self.dataset.pk)
        return versions.rows_put(
            dataset=self.dataset, rows=rows_typed(rows, COLUMNS), actor=self.editor,
            origin=DatasetVersion.Origin.GRID, now=self.enterprise.later(),
        )  # fmt: skip

    def card(self, template: str, mapping: dict[str, str], **fixed: Any) -> Asset:
        return fed_cards.card_bind(
            dataset=self.dataset, title="要闻", template=template, mapping=mapping, fixed=fixed,
            department=self.enterprise.department, actor=self.editor, now=self.enterprise.now,
        )  # fmt: skip


@pytest.fixture
def pictured(enterprise):
    return Pictured(enterprise)


def digest(asset: Asset) -> str:
    return str(asset.renditions.get().blob_id)


def files(card: Asset) -> dict[str, str]:
    return {name: each["sha256"] for name, each in card.content.get("blobs", {}).items()}


@pytest.mark.parametrize("template", TEMPLATES)
def test_the_pictures_of_rows_become_files_of_the_card_each_of_them_once(
    pictured, enterprise, template
):
    rows, cell, mapping = TEMPLATES[template]
    one, two = enterprise.picture(), enterprise.picture()
    named = [two.pk, None, one.pk, two.pk]
    pictured.put(*({"line": f"行{n}", "pic": pk} for n, pk in enumerate(named)))
    card = pictured.card(template, mapping)
    assert files(card) == {f"{cell}1": digest(two), f"{cell}2": digest(one)}
    said = [row.get(cell) for row in card.content["data"][rows]]
    assert said == [f"{cell}1", None, f"{cell}2", f"{cell}1"]


def test_a_canteen_shows_its_dishes(pictured, enterprise):
    soup = enterprise.picture()
    pictured.put({"line": "汤", "day": "2026-11-23", "published": "午餐", "pic": soup.pk})
    mapping = {"dishes.dish": "line", "dishes.date": "day", "dishes.meal": "published"}
    card = pictured.card("menu", mapping | {"dishes.picture": "pic"})
    assert files(card) == {"picture1": digest(soup)}
    assert card.content["data"]["dishes"][0]["picture"] == "picture1"


def test_the_newest_rows_have_their_pictures_where_there_are_more_than_a_card_takes(
    pictured, enterprise
):
    assets = [enterprise.picture() for _ in range(14)]
    days = [f"2026-11-{n + 1:02}T08:00:00Z" for n in range(14)]
    pictured.put(*({"line": day, "published": day, "pic": asset.pk}
                   for day, asset in zip(days, assets, strict=True)))  # fmt: skip
    card = pictured.card(
        "news", {"rows.title": "line", "rows.published": "published", "rows.picture": "pic"}
    )
    assert files(card) == {f"picture{n}": digest(assets[-n]) for n in range(1, 13)}
    without = [row["title"] for row in card.content["data"]["rows"] if "picture" not in row]
    assert without == days[:2]


def test_files_that_no_row_shows_any_more_go_with_the_rows(pictured, enterprise):
    pictured.put({"line": "a", "pic": enterprise.picture().pk})
    card = pictured.card("news", {"rows.title": "line", "rows.picture": "pic"})
    pictured.put({"line": "a"})
    card.refresh_from_db()
    assert "blobs" not in card.content
    assert card.content["data"]["rows"] == [{"title": "a"}]


def test_a_file_of_the_card_itself_is_that_of_the_first_row(pictured, enterprise):
    one, two = enterprise.picture(), enterprise.picture()
    pictured.put({"line": "通知", "day": "2026-11-23", "pic": one.pk}, {"line": "b", "pic": two.pk})
    card = pictured.card(
        "notice", {"title": "line", "body": "line", "date": "day", "files.photo": "pic"},
        issuer="后勤",
    )  # fmt: skip
    assert files(card) == {"photo": digest(one)}


@pytest.mark.parametrize(
    ("mapping", "why"),
    [
        ({"rows.title": "line", "rows.picture": "line"}, "cannot fill the field rows.picture"),
        ({"rows.title": "pic"}, "cannot fill the field rows.title"),
        ({"rows.title": "line", "files.picture1": "pic"}, "no field files.picture1"),
    ],
)
def test_only_pictures_fill_pictures_and_rows_say_which(pictured, mapping, why):
    pictured.put({"line": "a"})
    with pytest.raises(Invalid, match=why):
        pictured.card("news", mapping)
