"""农历 and 节气: the day as the Chinese calendar has it.  Pure; a library's tables, 1900–2100."""

from datetime import date
from functools import lru_cache

__all__ = ["FIRST_YEAR", "LAST_YEAR", "lunar_day", "lunar_year", "solar_term", "terms_ahead"]

FIRST_YEAR, LAST_YEAR = 1901, 2099

#: Two of the 24 terms are no farther apart than this, in days.
_LONGEST_GAP = 17


def lunar_day(day: date) -> str:
    """十月十四; a leap month has its 闰.  "" out of the tables' years."""
    if not _known(day):
        return ""
    from borax.calendars.lunardate import LunarDate  # 16 ms of a cold start

    there = LunarDate.from_solar_date(day.year, day.month, day.day)
    return f"{'闰' if there.leap else ''}{there.cn_month}月{there.cn_day}"


def lunar_year(day: date) -> str:
    """丙午马年.  "" out of the tables' years."""
    if not _known(day):
        return ""
    from borax.calendars.lunardate import LunarDate

    there = LunarDate.from_solar_date(day.year, day.month, day.day)
    return f"{there.gz_year}{there.animal}年"


@lru_cache(maxsize=64)
def solar_term(day: date) -> str:
    """The 节气 that falls on this day, or ""."""
    if not _known(day):
        return ""
    from borax.calendars.lunardate import LunarDate

    return LunarDate.from_solar_date(day.year, day.month, day.day).term or ""


def terms_ahead(day: date) -> tuple[str, int]:
    """The next 节气 after `day`, and in how many days; ("", 0) out of the tables' years."""
    for ahead in range(1, _LONGEST_GAP + 1):
        if name := solar_term(date.fromordinal(day.toordinal() + ahead)):
            return name, ahead
    return "", 0


def _known(day: date) -> bool:
    return FIRST_YEAR <= day.year <= LAST_YEAR
