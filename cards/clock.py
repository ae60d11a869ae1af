"""The template `clock`: the time, the date, 农历 and 节气 (docs/cards.md).  Pure."""

from datetime import datetime

from cards.dates import dateline, minute_ends, weekday
from cards.lunar import lunar_day, lunar_year, solar_term, terms_ahead
from cards.sheet import SheetData, sheet
from cards.template import Face, Template

__all__ = ["CLOCK", "Clock"]


class Clock(SheetData, frozen=True, kw_only=True):
    """`clock`: on the clock of the screen's site."""

    lunar: bool = True


def _face(told: Clock, now: datetime) -> Face:
    day, zh = now.date(), told.language == "zh"
    data = sheet(told, ("", ""), ("", ""))
    data |= {
        "time": f"{now:%H:%M}",
        "day": dateline(day, told.language),
        "weekday": weekday(day, told.language),
        "lunar": "",
        "term": "",
    }
    if told.lunar and zh and lunar_day(day):
        data["lunar"] = f"农历{lunar_year(day)}　{lunar_day(day)}"
        name, ahead = terms_ahead(day)
        data["term"] = f"今日{solar_term(day)}" if solar_term(day) else f"距{name} {ahead} 天"
    return Face(data, minute_ends(now))


CLOCK = Template("clock", "Clock.qml", Clock, _face)
