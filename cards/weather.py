"""The template `weather` 天气: now, the coming days, a warning (docs/cards.md).  Pure.

What was observed too long ago is not told as now, days that are past drop out, a warning goes when
it ends; with nothing left that holds, the card says so calmly.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any

from msgspec import Meta, Struct

from cards.dates import day_ends, weekday
from cards.lines import line
from cards.sheet import SheetData, sheet
from cards.skies import Codes, Sky, sky_of
from cards.template import CardRefusedError, Face, Template

__all__ = ["DARK", "DAYS_SHOWN", "FRESH_H", "TONES", "WEATHER", "Weather", "air_of"]

#: Limits: days in the data, and characters.
MAX_DAYS = 40
MAX_PLACE, MAX_CONDITION, MAX_WIND, MAX_AIR, MAX_WARNING, MAX_MOMENT = 20, 20, 20, 12, 60, 40
MAX_COLOUR, MAX_UNIT = 12, 8
#: Degrees Celsius that are believed.
COLDEST, HOTTEST = -90, 70
#: How many days may be shown, and how many are.
DAYS_SHOWN, USUALLY_SHOWN = 7, 5
#: For how long an observation is now, in hours: the least, the most, and usually.
FRESH_H = (1, 24)
USUALLY_FRESH_H = 3
#: From when till when a clear sky has a moon, on the clock of the wall.
DARK = (time(19), time(6))

#: The colours of warnings, the mildest first: tone, Chinese, English.
TONES = (
    ("blue", "蓝色", "blue"),
    ("yellow", "黄色", "yellow"),
    ("orange", "橙色", "orange"),
    ("red", "红色", "red"),
)

#: HJ 633: up to which index the air is what.
_AIR = ((50, "优", "good"), (100, "良", "moderate"), (150, "轻度污染", "lightly polluted"),
        (200, "中度污染", "polluted"), (300, "重度污染", "heavily polluted"),
        (9_999, "严重污染", "severely polluted"))  # fmt: skip

#: The field `date` would hide it.
_Day = date

Degrees = Annotated[float, Meta(ge=COLDEST, le=HOTTEST)]
Condition = Annotated[str, Meta(max_length=MAX_CONDITION)]


class Forecast(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A row: what a day will be like."""

    date: _Day
    condition: Condition = ""
    high: Degrees | None = None
    low: Degrees | None = None


class Weather(SheetData, frozen=True, kw_only=True):
    """`weather`: what was observed and when, what is warned of, the days in any order.

    `observed` and `warning_until` are ISO 8601; without a zone: on the clock of the wall.
    """

    place: Annotated[str, Meta(max_length=MAX_PLACE)] = ""
    observed: Annotated[str, Meta(max_length=MAX_MOMENT)] = ""
    temperature: Degrees | None = None
    condition: Condition = ""
    wind: Annotated[str, Meta(max_length=MAX_WIND)] = ""
    wind_unit: Annotated[str, Meta(max_length=MAX_UNIT)] = ""
    humidity: Annotated[float, Meta(ge=0, le=100)] | None = None
    air: Annotated[str, Meta(max_length=MAX_AIR)] = ""
    warning: Annotated[str, Meta(max_length=MAX_WARNING)] = ""
    warning_level: Annotated[str, Meta(max_length=MAX_COLOUR)] = ""
    warning_until: Annotated[str, Meta(max_length=MAX_MOMENT)] = ""
    codes: Codes = "words"
    fresh_h: Annotated[int, Meta(ge=FRESH_H[0], le=FRESH_H[1])] = USUALLY_FRESH_H
    most: Annotated[int, Meta(ge=1, le=DAYS_SHOWN)] = USUALLY_SHOWN
    days: Annotated[tuple[Forecast, ...], Meta(max_length=MAX_DAYS)] = ()


def _face(told: Weather, now: datetime) -> Face:
    if (told.temperature is not None or told.condition) and not told.observed.strip():
        raise CardRefusedError(
            "data.observed: missing; without it nobody knows whether the temperature is of now"
        )
    said, ends = _said(told, now), day_ends(now)
    edges = sorted(each for each in _edges(told, now) if now.astimezone(UTC) < each)
    here = [edge.astimezone(now.tzinfo) for edge in edges if edge < ends.astimezone(UTC)]
    return Face(said, next((edge for edge in here if _said(told, edge) != said), ends))


def _edges(told: Weather, now: datetime) -> set[datetime]:
    """When what is said may change today, beside midnight."""
    found = {datetime.combine(now.date(), each, now.tzinfo).astimezone(UTC) for each in DARK}
    fresh = timedelta(hours=told.fresh_h)
    if (observed := _moment(told.observed, "observed", now)) is not None:
        found |= {observed - fresh, observed + fresh}
    if (until := _moment(told.warning_until, "warning_until", now)) is not None:
        found.add(until)
    return found


def _moment(told: str, field: str, now: datetime) -> datetime | None:
    """The instant in UTC; what has no zone is on the clock of the wall."""
    if not told.strip():
        return None
    try:
        at = datetime.fromisoformat(told.strip())
        at = (at if at.tzinfo else at.replace(tzinfo=now.tzinfo)).astimezone(UTC)
        range(1970, 3000).index(at.year)
    except (ValueError, OverflowError) as error:
        raise CardRefusedError(
            f"data.{field}: no instant; write it like 2026-11-23T11:20"
        ) from error
    return at


def _said(told: Weather, now: datetime) -> dict[str, Any]:
    zh, spoken = told.language == "zh", 0 if told.language == "zh" else 1
    observed = _moment(told.observed, "observed", now)
    fresh = timedelta(hours=told.fresh_h)
    is_fresh = observed is not None and -fresh <= now.astimezone(UTC) - observed < fresh
    days = _days(told, now)
    place = line(told.place)
    at = _at(observed, now, zh) if is_fresh and observed is not None else ""
    data = sheet(told, (place or "天气", place or "Weather"), ("天气", "Weather"))
    data |= {
        "dateline": at,
        "short": at,
        "now": _now(told, now) if is_fresh else _today(days, zh),
        "warning": _warning(told, now, is_fresh=is_fresh),
        "days": days,
        "empty": ("暂无天气信息", "No weather report at present")[spoken],
    }
    return data


def _at(observed: datetime, now: datetime, zh: bool) -> str:
    here = observed.astimezone(now.tzinfo)
    days = (now.date() - here.date()).days
    day = "" if days == 0 else ("昨天 " if zh else "yesterday ") if days == 1 else f"{here:%m-%d} "
    return f"{day}{here:%H:%M} 观测" if zh else f"Observed {day}{here:%H:%M}"


def _now(told: Weather, now: datetime) -> dict[str, Any] | None:
    """What was observed; None: nothing that can be shown large."""
    zh, sky = told.language == "zh", sky_of(told.condition, told.codes)
    word = line(sky.said(told.language))
    if told.temperature is None and not word:
        return None
    wind, air = _wind(told, zh), air_of(told.air, told.language)
    humidity = "" if told.humidity is None else f"{told.humidity:.0f}%"
    facts = [
        _fact("风" if zh else "Wind", wind, wind),
        _fact("湿度" if zh else "Humidity", humidity),
        _fact("空气质量" if zh else "Air quality", air, f"空气 {air}" if zh else f"Air {air}"),
    ]
    return {
        "figure": "" if told.temperature is None else _degrees(told.temperature),
        "range": "",
        "sky": _sign(sky, _is_dark(now)),
        "word": word,
        "facts": [each for each in facts if each["value"]],
    }


def _fact(name: str, value: str, short: str = "") -> dict[str, Any]:
    """A fact under its name, and in one go where there is no room for that."""
    return {"name": name, "value": value, "strong": False, "short": short or f"{name} {value}"}


def _today(days: list[dict[str, Any]], zh: bool) -> dict[str, Any] | None:
    """What is forecast of today, where nothing tells of now."""
    first = next(iter(days), None)
    if first is None or not first["today"]:
        return None
    return {
        "figure": "",
        "range": line(f"{first['day']} {_range(first, zh)}"),
        "sky": first["sky"],
        "word": first["word"],
        "facts": [],
    }


def _range(day: dict[str, Any], zh: bool) -> str:
    return (" 至 " if zh else " to ").join(filter(None, (day["low"], day["high"])))


def _is_dark(now: datetime) -> bool:
    begins, ends = DARK
    return now.time() >= begins or now.time() < ends


def _sign(sky: Sky, is_dark: bool) -> str:
    """A clear night has no sun."""
    return (
        f"{sky.sign}-night" if is_dark and sky.sign in {"sunny", "cloudy", "shower"} else sky.sign
    )


def _wind(told: Weather, zh: bool) -> str:
    """A bare number is the force (级), or in the unit that is told with it."""
    wind = told.wind.strip()
    if not re.fullmatch(r"\d+(\.\d+)?(\s*[-–—~～]\s*\d+)?", wind):
        return line(wind)
    wind = re.sub(r"\.0+$", "", wind)
    if unit := line(told.wind_unit):
        return f"{wind} {unit}"
    return line(f"{wind} 级" if zh else f"Force {wind}")


def air_of(told: str, language: str) -> str:
    """The quality of the air: a number is the index (AQI), which its word goes with."""
    told = line(told)
    found = re.fullmatch(r"(\d{1,4})(?:\.\d*)?", told)
    if found is None:
        return told
    index = int(found[1])
    word = next((each for each in _AIR if index <= each[0]), _AIR[-1])
    return f"{word[1] if language == 'zh' else word[2].capitalize()} {index}"


def _degrees(value: float) -> str:
    return f"{round(value)}°".replace("-", "−")


def _days(told: Weather, now: datetime) -> list[dict[str, Any]]:
    """The days from today on, each once, with where its span lies in that of all of them."""
    by_date: dict[date, Forecast] = {each.date: each for each in told.days}
    coming = [by_date[day] for day in sorted(by_date) if day >= now.date()][: told.most]
    edges = [edge for each in coming for edge in (each.low, each.high) if edge is not None]
    least, most = min(edges, default=0.0), max(edges, default=0.0)
    return [_day(each, told, now, least, (most - least) or 1.0) for each in coming]


def _day(each: Forecast, told: Weather, now: datetime, least: float, span: float) -> dict[str, Any]:
    sky = sky_of(each.condition, told.codes)
    low, high = each.low, each.high
    if low is not None and high is not None:
        low, high = min(low, high), max(low, high)
    return {
        "day": _named(each.date, now.date(), told.language),
        "today": each.date == now.date(),
        "sky": sky.sign,
        "word": line(sky.said(told.language)),
        "low": "" if low is None else _degrees(low),
        "high": "" if high is None else _degrees(high),
        "from": 0.0 if low is None or high is None else (low - least) / span,
        "till": 0.0 if low is None or high is None else (high - least) / span,
    }


def _named(day: date, today: date, language: str) -> str:
    ahead = (day - today).days
    if ahead < 2:
        return (("今天", "明天") if language == "zh" else ("Today", "Tomorrow"))[ahead]
    return f"周{weekday(day, 'zh')[-1]}" if language == "zh" else weekday(day, "en")[:3]


def _warning(told: Weather, now: datetime, *, is_fresh: bool) -> dict[str, str] | None:
    """A warning until it ends; one without an end for as long as the observation is of now."""
    text, until = line(told.warning), _moment(told.warning_until, "warning_until", now)
    holds = now.astimezone(UTC) < until if until is not None else is_fresh
    if not text or not holds:
        return None
    zh, said = told.language == "zh", f"{told.warning_level} {told.warning}".casefold()
    tone = next((each for each in reversed(TONES) if each[1][0] in said or each[2] in said), None)
    if tone is None:
        return {"tone": "", "text": text, "shorter": "气象预警" if zh else "Weather warning"}
    is_said = tone[1][0] in text or tone[2] in text.casefold()
    named = f"{tone[1]}预警" if zh else f"{tone[2].capitalize()} warning"
    said = text if is_said else f"{named}{'：' if zh else ': '}{text}"
    return {"tone": tone[0], "text": said, "shorter": named}


WEATHER = Template("weather", "Weather.qml", Weather, _face, may_be_empty=True)
