"""A data set collects from others: in turn, matched by name, following them; trust is not lent."""

import pytest

from server.accounts.models import Role
from server.alerts.models import Message
from server.datasets import fed_cards, services, versions
from server.datasets.collecting import CALLED, Part, Parts, matched, with_origin
from server.datasets.columns import Column, Kind
from server.datasets.models import Dataset, DatasetVersion
from server.datasets.parts import collection_create, parts_of, parts_set
from server.datasets.sources import source_set
from server.datasets.tables import rows_typed
from server.datasets.troubles import trouble_of_rows
from server.datasets.trust import unreviewed_set
from server.errors import Conflict, Invalid, NotFound
from tests.simulators import server_objects as objects

NEWS = (Column("title", "标题"), Column("published", "时间"))
TIPS = (Column("line", "提示"), Column("n", "数量", Kind.WHOLE))
GRID = DatasetVersion.Origin.GRID

pytestmark = pytest.mark.django_db


class Room:
    """Headlines and safety tips, and an editor who puts them."""

    def __init__(self, enterprise):
        self.enterprise = enterprise
        self.editor = objects.staff(Role.EDITOR, of=enterprise.department)
        self.news = self.made("要闻", NEWS)
        self.tips = self.made("安全提示", TIPS)
        self.put(self.news, {"title": "产量创新高"}, {"title": "新井投产"}, {"title": "表彰先进"})
        self.put(self.tips, {"line": "今日小雪", "n": 1})

    @property
    def who(self):
        return {"actor": self.editor, "now": self.enterprise.later()}

    def made(self, name, columns, department=None):
        department = department or self.enterprise.department
        return services.dataset_create(
            name=name, columns=columns, department=department, **self.who
        )

    def put(self, dataset, *rows, columns=None):
        columns = columns or {self.news.pk: NEWS}.get(dataset.pk, TIPS)
        return versions.rows_put(
            dataset=dataset, rows=rows_typed(rows, columns), origin=GRID, **self.who
        )

    def collect(self, *sources):
        return collection_create(
            name="滚动信息", sources=sources or (self.news, self.tips),
            department=self.enterprise.department, **self.who,
        )  # fmt: skip

    def set(self, whole, *parts, **more):
        whole.refresh_from_db()
        return parts_set(
            dataset=whole, version=whole.version, parts=Parts(parts, **more), **self.who
        )

    def trust(self, dataset, is_unreviewed=True):
        return unreviewed_set(
            dataset=dataset, is_unreviewed=is_unreviewed, reason="Our own.",
            actor=self.enterprise.administrator, now=self.enterprise.later(),
        )  # fmt: skip


@pytest.fixture
def room(enterprise):
    return Room(enterprise)


def lines(whole):
    return [(row["title"], row["origin"]) for row in whole.versions.first().rows]


def test_rows_come_in_turn_and_say_where_they_are_from(room):
    assert lines(room.collect()) == [
        ("产量创新高", "要闻"), ("今日小雪", "安全提示"),
        ("新井投产", "要闻"), ("表彰先进", "要闻"),
    ]  # fmt: skip


def test_or_all_of_one_before_the_next_each_with_its_first_rows(room):
    whole = room.collect()
    first, second = parts_of(whole).parts
    short = Part(first.dataset, first.columns, "集团", at_most=1)
    room.set(whole, second, short, in_turn=False)
    assert lines(whole) == [("今日小雪", "安全提示"), ("产量创新高", "集团")]


def test_it_follows_its_parts_and_so_do_its_cards(room):
    whole = room.collect()
    card = fed_cards.card_bind(
        dataset=whole, title="滚动", template="ticker",
        mapping={"lines.text": "title", "lines.source": "origin"}, fixed={},
        department=room.enterprise.department, **room.who,
    )  # fmt: skip
    room.put(room.tips, {"line": "注意防滑", "n": 2})
    card.refresh_from_db()
    assert {"text": "注意防滑", "source": "安全提示"} in card.content["data"]["lines"]
    assert whole.versions.first().origin == DatasetVersion.Origin.COLLECTED


def test_what_cannot_be_collected_fails_no_part_stays_as_it_was_and_is_told(room):
    whole = room.collect()
    before = lines(whole)
    columns = [{**each, "is_required": each["key"] == "title"} for each in whole.columns]
    Dataset.objects.filter(pk=whole.pk).update(columns=columns)
    room.put(room.tips, {"line": None, "n": 7})
    assert room.tips.versions.first().rows == [{"line": None, "n": 7}]
    whole.refresh_from_db()
    assert lines(whole) == before
    assert "A2 is empty" in str(trouble_of_rows(whole))
    assert Message.objects.get(kind="data-trouble").values["dataset"] == "滚动信息"
    room.put(room.tips, {"line": "好了", "n": 8})
    whole.refresh_from_db()
    assert trouble_of_rows(whole) is None


def test_its_rows_are_changed_where_they_are_from(room):
    whole = room.collect()
    with pytest.raises(Conflict, match="collects its rows from 要闻, 安全提示"):
        room.put(whole, {"title": "x"}, columns=NEWS)
    with pytest.raises(Conflict, match="collects its rows"):
        source_set(dataset=whole, url="https://x.example/", every_min=5, **room.who)
    with pytest.raises(Conflict, match="collects its rows"):
        versions.version_restore(dataset=whole, number=1, **room.who)
    room.set(whole)
    room.put(whole, {"title": "自己写的"}, columns=(*NEWS, Column("origin", "来源")))
    assert lines(whole) == [("自己写的", None)]


def test_there_is_no_circle_and_no_data_set_twice(room):
    whole = room.collect()
    part = Part(room.news.pk, {"line": "title"})
    with pytest.raises(Conflict, match="cannot collect itself"):
        room.set(room.tips, part)
    with pytest.raises(Invalid, match="no data set"):
        room.set(room.made("另一个", TIPS), Part(whole.pk, {"line": "title"}))
    twice = Part(room.news.pk, {"title": "title"})
    with pytest.raises(Invalid, match="there twice"):
        room.set(whole, twice, twice)


def test_a_column_is_filled_by_one_of_its_kind_or_is_a_text(room):
    whole = room.made("数字", (Column("n", "数", Kind.WHOLE), Column("text", "字")))
    with pytest.raises(Invalid, match="can fill “数”"):
        room.set(whole, Part(room.tips.pk, {"n": "line"}))
    with pytest.raises(Invalid, match="can fill “数”"):
        room.set(whole, Part(room.tips.pk, {"n": CALLED}))
    room.set(whole, Part(room.tips.pk, {"n": "n", "text": "n"}))
    assert whole.versions.first().rows == [{"n": 1, "text": "1"}]


def test_a_part_keeps_the_columns_that_are_collected_and_cannot_go(room):
    whole = room.collect()
    room.tips.refresh_from_db()
    with pytest.raises(Invalid, match="“滚动信息” collects the column line"):
        services.columns_change(
            dataset=room.tips, version=room.tips.version, columns=TIPS[1:], **room.who
        )
    with pytest.raises(Conflict, match="take it out there first"):
        services.dataset_delete(dataset=room.tips, **room.who)
    services.dataset_delete(dataset=whole, **room.who)
    services.dataset_delete(dataset=room.tips, **room.who)


def test_an_old_version_without_a_column_that_is_collected_does_not_come_back(room):
    more = (*TIPS, Column("place", "地点"))
    room.tips.refresh_from_db()
    services.columns_change(dataset=room.tips, version=room.tips.version, columns=more, **room.who)
    room.put(room.tips, {"line": "今日小雪", "place": "东门"}, columns=more)
    whole = room.made("地点", (Column("text", "字"),))
    room.set(whole, Part(room.tips.pk, {"text": "place"}))
    with pytest.raises(Invalid, match="“地点” collects the column place"):
        versions.version_restore(dataset=room.tips, number=1, **room.who)
    assert whole.versions.first().rows == [{"text": "东门"}]


def test_a_column_that_goes_from_the_whole_is_collected_no_more(room):
    whole = room.collect()
    services.columns_change(dataset=whole, version=whole.version, columns=NEWS[:1], **room.who)
    whole.refresh_from_db()
    assert whole.versions.first().rows[0] == {"title": "产量创新高"}
    room.put(room.tips, {"line": "注意防滑", "n": 2})
    assert whole.versions.first().rows[1] == {"title": "注意防滑"}


def test_nothing_is_collected_that_the_editor_cannot_see(room):
    far = objects.department()
    stranger = objects.staff(Role.EDITOR, of=far)
    hidden = services.dataset_create(
        name="别家", columns=TIPS, department=far, actor=stranger, now=room.enterprise.now
    )
    whole = room.collect()
    with pytest.raises(Invalid, match="no data set"):
        room.set(whole, Part(hidden.pk, {"title": "line"}))
    with pytest.raises(NotFound):
        parts_set(dataset=whole, version=whole.version, parts=Parts(), actor=stranger,
                  now=room.enterprise.now)  # fmt: skip


def test_what_is_reviewed_goes_to_no_wall_by_way_of_what_is_not(room):
    whole = room.collect()
    with pytest.raises(Conflict, match="whose rows are reviewed"):
        room.trust(whole)
    room.trust(room.news)
    room.trust(room.tips)
    room.trust(whole)
    more = room.made("随便", TIPS)
    with pytest.raises(Conflict, match="goes to the screens without review"):
        room.set(whole, *parts_of(whole).parts, Part(more.pk, {"title": "line"}))
    room.trust(room.tips, is_unreviewed=False)
    whole.refresh_from_db()
    assert whole.unreviewed_since is None, "what collects from it kept its trust"


def test_columns_of_one_name_belong_together_else_the_first_text(room):
    columns = with_origin(NEWS)
    assert matched(columns, NEWS) == {"title": "title", "published": "published", "origin": CALLED}
    assert matched(columns, TIPS) == {"title": "line", "origin": CALLED}
    assert matched(columns, (*TIPS, Column("from", "来源"))) == {"title": "line", "origin": "from"}
    assert with_origin(columns) == columns


def test_a_collection_of_what_fits_nowhere_says_what_to_do(room):
    numbers = room.made("数字", (Column("n", "数", Kind.WHOLE),))
    with pytest.raises(Invalid, match="leave it out"):
        room.collect(room.news, numbers)
    assert not Dataset.objects.filter(name="滚动信息").exists()
