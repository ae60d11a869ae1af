"""What is now, what is too old to be now, which days are ahead, which sign a word has."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cards.catalogue import card_for
from cards.skies import SKIES, sky_of
from cards.template import CardRefusedError, Face
from cards.weather import air_of
from manifest.model import CardAsset

HERE = ZoneInfo("Asia/Shanghai")


def at(clock: str, day: str = "2026-11-23") -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=HERE)


NOW = at("11:40")


def face(now: datetime = NOW, **data: Any) -> Face:
    return card_for(CardAsset("a card", "weather", data), now).face


def observed(now: datetime = NOW, **data: Any) -> Face:
    return face(now, **{"observed": "2026-11-23T11:00", "temperature": 6, "condition": "晴"} | data)


def day(of: str, condition: str = "晴", low: float | None = 1, high: float | None = 9) -> Any:
    return {"date": f"2026-11-{of}", "condition": condition, "low": low, "high": high}


DAYS = [day("25"), day("22"), day("23"), day("24", "小雨"), day("26")]


def plain(text: str) -> str:
    return text.replace("\xa0", " ").replace("\u2060", "")


def test_an_observation_is_now_until_it_is_too_old() -> None:
    shown = observed()
    assert (shown.data["now"]["figure"], shown.data["now"]["word"]) == ("6°", "晴")
    assert shown.data["dateline"] == "11:00 观测"
    assert shown.until == at("14:00")
    old = observed(at("14:00"))
    assert (old.data["now"], old.data["dateline"]) == (None, "")


def test_then_the_forecast_of_today_has_its_place() -> None:
    now = observed(at("14:00"), days=DAYS).data["now"]
    assert (now["figure"], now["word"], plain(now["range"])) == ("", "晴", "今天 1° 至 9°")


def test_what_is_told_of_hours_ahead_is_as_wrong_as_what_is_old() -> None:
    shown = observed(at("07:00"))
    assert shown.data["now"] is None
    assert shown.until == at("08:00")
    assert observed(at("08:30")).data["now"] is not None


def test_a_temperature_of_an_unknown_time_is_refused() -> None:
    with pytest.raises(CardRefusedError, match=r"^data\.observed: missing; "):
        face(temperature=6)
    with pytest.raises(CardRefusedError, match=r"^data\.observed: no instant; "):
        face(observed="this morning")
    with pytest.raises(CardRefusedError, match=r"^data\.warning_until: no instant; "):
        face(warning="大风", warning_until="tonight")


def test_days_that_are_past_drop_out_at_midnight() -> None:
    shown = face(days=DAYS, most=3)
    assert [each["day"] for each in shown.data["days"]] == ["今天", "明天", "周三"]
    assert shown.until == at("00:00", "2026-11-24")
    after = face(shown.until, days=DAYS, most=3, language="en")
    assert [each["day"] for each in after.data["days"]] == ["Today", "Tomorrow", "Thu"]


def test_with_nothing_left_that_holds_the_card_is_calm() -> None:
    data = observed(at("12:00", "2026-12-24"), days=DAYS, warning="大风蓝色预警").data
    assert (data["now"], data["days"], data["warning"]) == (None, [], None)
    assert data["empty"] == "暂无天气信息"
    assert face().data["title"] == "天气"


def test_a_day_of_which_little_is_known_says_what_is_known() -> None:
    (only,) = face(days=[day("23", "", None, 9)]).data["days"]
    assert (only["low"], only["high"], only["word"], only["sky"]) == ("", "9°", "", "")
    (turned,) = face(days=[day("23", "晴", 9.4, -0.4)]).data["days"]
    assert (turned["low"], turned["high"]) == ("0°", "9°")
    (cold,) = face(days=[day("23", "晴", -12.6, -3)]).data["days"]
    assert (cold["low"], cold["high"]) == ("−13°", "−3°")


def test_a_span_lies_in_that_of_all_days() -> None:
    shown = face(days=[day("23", "晴", 0, 10), day("24", "晴", -10, 5)]).data["days"]
    spans = [(each["from"], each["till"]) for each in shown]
    assert spans == [(0.5, 1.0), (0.0, 0.75)]


@pytest.mark.parametrize(
    ("text", "colour", "tone", "said"),
    [
        ("暴雨橙色预警信号", "", "orange", "暴雨橙色预警信号"),
        ("暴雨", "红", "red", "红色预警：暴雨"),
        ("Gales", "Yellow", "yellow", "黄色预警：Gales"),
        ("道路结冰", "白色", "", "道路结冰"),
        ("大风蓝色预警升级为黄色", "", "yellow", "大风蓝色预警升级为黄色"),
    ],
)
def test_a_warning_has_the_colour_that_it_names(
    text: str, colour: str, tone: str, said: str
) -> None:
    shown = observed(warning=text, warning_level=colour).data["warning"]
    assert (shown["tone"], plain(shown["text"])) == (tone, said)


def test_a_warning_goes_when_it_ends() -> None:
    data = {"warning": "大风蓝色预警", "warning_until": "2026-11-23T05:00:00Z"}
    shown = face(at("12:59"), **data)
    assert shown.data["warning"] is not None
    assert shown.until == at("13:00")
    assert face(at("13:00"), **data).data["warning"] is None
    assert observed(at("14:00"), warning="大风蓝色预警").data["warning"] is None


@pytest.mark.parametrize(
    ("told", "sign"),
    [
        ("晴", "sunny"), ("多云", "cloudy"), ("阴", "overcast"), ("小雨", "light-rain"),
        ("中雨", "rain"), ("大雨", "heavy-rain"), ("暴雨", "torrential"), ("雷阵雨", "thunder"),
        ("雨夹雪", "sleet"), ("小雪", "light-snow"), ("中雪", "snow"), ("大雪", "heavy-snow"),
        ("雾", "fog"), ("霾", "haze"), ("浮尘", "dust"), ("扬沙", "dust"), ("沙尘暴", "sandstorm"),
        (" Sunny ", "sunny"), ("light rain", "light-rain"),
        ("晴转暴雨", "torrential"), ("多云转晴", "cloudy"), ("小雨-中雨", "rain"),
        ("火山灰", ""), ("晴转火山灰", ""), ("转", ""), ("", ""), ("-", ""),
    ],
)  # fmt: skip
def test_a_word_has_its_sign_and_an_unknown_one_has_none(told: str, sign: str) -> None:
    sky = sky_of(told, "words")
    assert sky.sign == sign
    assert sign or sky.zh == told.strip()


def test_codes_are_of_their_table_and_an_unknown_one_says_nothing() -> None:
    assert sky_of("01", "cma").zh == "多云"
    assert sky_of("d07", "cma").said("en") == "Light rain"
    assert sky_of("61.00", "wmo").zh == "小雨"
    assert sky_of("0", "wmo").en == "Sunny"
    assert (sky_of("77", "cma").zh, sky_of("77", "cma").sign) == ("", "")
    assert sky_of("晴", "cma").sign == "sunny"
    assert sky_of("7", "words").zh == "7"


def test_words_are_said_in_the_language_of_the_card() -> None:
    assert observed(language="en", condition="多云转小雨").data["now"]["word"] == (
        "Partly cloudy, then light rain"
    )
    assert observed(condition="Heavy snow").data["now"]["word"] == "大雪"


def test_a_clear_night_has_a_moon() -> None:
    late = "2026-11-23T18:30"
    before, after = (observed(at(clock), observed=late) for clock in ("18:59", "19:00"))
    assert (before.data["now"]["sky"], before.until) == ("sunny", at("19:00"))
    assert after.data["now"]["sky"] == "sunny-night"
    assert observed(at("19:00"), observed=late, condition="雾").data["now"]["sky"] == "fog"


def test_wind_and_air_say_what_their_figures_mean() -> None:
    facts = observed(wind="3", humidity=41.6, air="62.00").data["now"]["facts"]
    assert [(each["name"], plain(each["value"])) for each in facts] == [
        ("风", "3 级"), ("湿度", "42%"), ("空气质量", "良 62")
    ]  # fmt: skip
    measured = observed(wind="12.50", wind_unit="km/h").data["now"]["facts"][0]["value"]
    assert plain(measured) == "12.50 km/h"
    force = observed(wind="3-4", language="en").data["now"]["facts"][0]["value"]
    assert plain(force) == "Force 3-4"
    assert (air_of("501", "zh"), air_of("优", "zh"), air_of("51", "en")) == (
        "严重污染 501", "优", "Moderate 51"
    )  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    st.integers(-400, 1_800), st.one_of(st.none(), st.integers(0, 1_800)), st.integers(0, 1_439),
    st.sampled_from(["", *sorted(SKIES), "晴", "多云"]),
    st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/New_York"]),
)  # fmt: skip
def test_a_face_is_right_until_it_says_that_it_is_not(
    seen_min: int, until_min: int | None, minute: int, condition: str, zone: str
) -> None:
    """Every instant up to `until` has the same face."""
    base = datetime(2026, 10, 25, tzinfo=ZoneInfo(zone)).astimezone(UTC)  # a long night in Berlin
    data: dict[str, Any] = {
        "observed": (base + timedelta(minutes=seen_min)).isoformat(), "temperature": 3,
        "condition": condition, "warning": "大风",
        "days": [{"date": f"2026-10-{n}", "low": n, "high": 30} for n in (24, 25, 26)],
    }  # fmt: skip
    if until_min is not None:
        data["warning_until"] = (base + timedelta(minutes=until_min)).isoformat()

    def seen(instant: datetime) -> Face:
        return face(instant.astimezone(ZoneInfo(zone)), **data)

    now = base + timedelta(minutes=minute)
    shown = seen(now)
    assert shown.until is not None
    until = shown.until.astimezone(UTC)
    assert now < until <= now + timedelta(hours=25)
    for share in (0.25, 0.5, 0.75, 0.999):
        assert seen(now + (until - now) * share).data == shown.data
