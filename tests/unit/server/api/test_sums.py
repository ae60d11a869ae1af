"""Reports over days by scripts: the same sums as on the pages."""

from datetime import date

import pytest

from server.reports.models import PlayDay, ScreenDay
from tests.simulators import server_objects as objects
from tests.unit.server.api.test_people import script_of

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 2)
DAYS = {"first": "2026-11-01", "last": "2026-11-03"}


@pytest.fixture
def script(enterprise):
    return script_of(enterprise.administrator)


@pytest.fixture
def screen(enterprise):
    """One screen: of 10 hours due 9 are known, and a poster stood there for half its time."""
    screen = objects.screen(enterprise.department, enterprise.site)
    asset = enterprise.picture("Poster")
    ScreenDay.objects.create(
        screen=screen, day=DAY, due=0b11_1111_1111, heard=0b1_1111_1111, is_planned=True
    )
    PlayDay.objects.create(
        screen=screen, day=DAY, item="i1", asset=f"a{asset.pk}", playlist="p1", title="Poster",
        planned_ms=36_000_000, ms=18_000_000, full=1800, cut=3,
    )  # fmt: skip
    return screen


def test_proof_of_play_is_summed_up_by_item_screen_and_day(script, screen):
    for by, key in (("item", None), ("screen", str(screen.pk)), ("day", "2026-11-02")):
        (row,) = script.get("/api/v1/reports/plays/", {**DAYS, "by": by}).json()["plays"]
        assert (row["whole"], row["cut"], row["seconds"]) == (1800, 3, 18_000.0)
        assert key is None or row["key"] == key


def test_uptime_tells_hours_due_and_known(script, screen):
    (row,) = script.get("/api/v1/reports/uptime/", {**DAYS, "screen": screen.pk}).json()["hours"]
    assert row == {"key": str(screen.pk), "due": 10, "heard": 9, "known": 9, "share": 0.9}
    days = script.get("/api/v1/reports/uptime/", {**DAYS, "by": "day"}).json()["hours"]
    assert [each["due"] for each in days] == [0, 10, 0]


def test_coverage_tells_how_much_of_a_campaign_was_shown(script, screen):
    asset = PlayDay.objects.get().asset.removeprefix("a")
    told = script.get("/api/v1/reports/coverage/", {**DAYS, "asset": asset}).json()
    (row,) = told["screens"]
    assert (row["due_s"], row["shown_s"], row["share"]) == (36_000.0, 18_000.0, 0.5)
    assert row["unknown_hours"] == 1


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("plays", {"first": "2026-11-03", "last": "2026-11-01"}),
        ("plays", {"first": "yesterday", "last": "2026-11-01"}),
        ("plays", {"first": "2024-01-01", "last": "2026-11-01"}),
        ("plays", {**DAYS, "by": "month"}),
        ("uptime", {**DAYS, "by": "item"}),
        ("uptime", {**DAYS, "screen": "0"}),
        ("coverage", DAYS),
        ("coverage", {**DAYS, "tag": "a", "asset": "1"}),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_to_send(script, path, asked):
    assert script.get(f"/api/v1/reports/{path}/", asked).status_code == 422
