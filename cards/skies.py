"""What the sky does: words and codes of weather services, and which sign stands for each.  Pure.

For the card `weather`.  A word that is not known here has no sign: no sign is better than a wrong
one.  Words are those of GB/T 22164 and of the public forecasts; codes those of the China
Meteorological Administration (`cma`) and of WMO table 4677 as forecasts by coordinates use it
(`wmo`).
"""

import re
from typing import Literal

from msgspec import Struct

__all__ = ["SKIES", "Codes", "Sky", "sky_of"]

#: How a source says what the sky does.
Codes = Literal["words", "cma", "wmo"]


class Sky(Struct, frozen=True):
    """What is said, in Chinese and English, and the sign for it ("": there is none)."""

    zh: str
    en: str
    sign: str = ""

    def said(self, language: str) -> str:
        """In the language of the card."""
        return self.zh if language == "zh" else self.en


#: By the sign, from the mildest to the worst: sign, then each word with its English.
_SIGNS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    ("sunny", (("晴", "Sunny"), ("晴朗", "Clear"))),
    ("cloudy", (("多云", "Partly cloudy"), ("少云", "Mostly sunny"), ("晴间多云", "Sunny spells"))),
    ("overcast", (("阴", "Overcast"),)),
    ("wind", (("大风", "Windy"), ("有风", "Breezy"), ("强风", "Strong wind"))),
    ("haze", (("霾", "Haze"), ("轻度霾", "Light haze"), ("中度霾", "Haze"),
              ("重度霾", "Heavy haze"), ("严重霾", "Severe haze"))),
    ("fog", (("雾", "Fog"), ("轻雾", "Mist"), ("薄雾", "Mist"), ("大雾", "Fog"),
             ("浓雾", "Dense fog"), ("强浓雾", "Dense fog"), ("特强浓雾", "Very dense fog"))),
    ("dust", (("浮尘", "Dust"), ("扬沙", "Blowing sand"), ("沙尘", "Dust"))),
    ("light-rain", (("小雨", "Light rain"), ("毛毛雨", "Drizzle"), ("细雨", "Drizzle"))),
    ("shower", (("阵雨", "Showers"),)),
    ("rain", (("雨", "Rain"), ("中雨", "Rain"), ("小到中雨", "Light to moderate rain"))),
    ("sleet", (("雨夹雪", "Sleet"), ("雨雪", "Rain and snow"), ("阵雨夹雪", "Sleet showers"))),
    ("light-snow", (("小雪", "Light snow"), ("阵雪", "Snow showers"))),
    ("snow", (("雪", "Snow"), ("中雪", "Snow"), ("小到中雪", "Light to moderate snow"))),
    ("heavy-rain", (("大雨", "Heavy rain"), ("中到大雨", "Moderate to heavy rain"),
                    ("强阵雨", "Heavy showers"))),
    ("heavy-snow", (("大雪", "Heavy snow"), ("暴雪", "Blizzard"),
                    ("中到大雪", "Moderate to heavy snow"), ("大到暴雪", "Heavy snow"))),
    ("thunder", (("雷阵雨", "Thunderstorm"), ("雷暴", "Thunderstorm"), ("雷雨", "Thunderstorm"),
                 ("强雷阵雨", "Severe thunderstorm"))),
    ("freezing", (("冻雨", "Freezing rain"),)),
    ("hail", (("冰雹", "Hail"), ("雷阵雨伴有冰雹", "Thunderstorm with hail"))),
    ("torrential", (("暴雨", "Torrential rain"), ("大暴雨", "Violent rain"),
                    ("特大暴雨", "Extreme rain"), ("大到暴雨", "Heavy to torrential rain"),
                    ("暴雨到大暴雨", "Torrential rain"), ("大暴雨到特大暴雨", "Extreme rain"))),
    ("sandstorm", (("沙尘暴", "Sandstorm"), ("强沙尘暴", "Severe sandstorm"),
                   ("特强沙尘暴", "Extreme sandstorm"))),
)  # fmt: skip

#: All signs, the mildest first.
SKIES = tuple(sign for sign, _words in _SIGNS)

_BY_CHINESE = {zh: Sky(zh, en, sign) for sign, words in _SIGNS for zh, en in words}
#: The first Chinese word of an English one is its own.
_BY_ENGLISH = {each.en.casefold(): each for each in reversed(_BY_CHINESE.values())} | {
    en: _BY_CHINESE[zh]
    for en, zh in (
        ("clear", "晴"), ("clear sky", "晴"), ("fair", "晴"), ("fine", "晴"), ("clear-day", "晴"),
        ("mostly clear", "少云"), ("mainly clear", "少云"), ("cloudy", "多云"),
        ("partly sunny", "多云"), ("mostly cloudy", "多云"), ("drizzle", "毛毛雨"),
        ("moderate rain", "中雨"), ("rain showers", "阵雨"), ("thunderstorms", "雷阵雨"),
        ("moderate snow", "中雪"), ("mist", "轻雾"), ("foggy", "雾"), ("sand", "扬沙"),
        ("dust storm", "沙尘暴"), ("heavy snow", "大雪"),
    )
}  # fmt: skip

_CMA = {
    0: "晴", 1: "多云", 2: "阴", 3: "阵雨", 4: "雷阵雨", 5: "雷阵雨伴有冰雹", 6: "雨夹雪",
    7: "小雨", 8: "中雨", 9: "大雨", 10: "暴雨", 11: "大暴雨", 12: "特大暴雨", 13: "阵雪",
    14: "小雪", 15: "中雪", 16: "大雪", 17: "暴雪", 18: "雾", 19: "冻雨", 20: "沙尘暴",
    21: "小到中雨", 22: "中到大雨", 23: "大到暴雨", 24: "暴雨到大暴雨", 25: "大暴雨到特大暴雨",
    26: "小到中雪", 27: "中到大雪", 28: "大到暴雪", 29: "浮尘", 30: "扬沙", 31: "强沙尘暴",
    32: "浓雾", 49: "强浓雾", 53: "霾", 54: "中度霾", 55: "重度霾", 56: "严重霾", 57: "大雾",
    58: "特强浓雾", 301: "雨", 302: "雪",
}  # fmt: skip

_WMO = {
    0: "晴", 1: "少云", 2: "多云", 3: "阴", 45: "雾", 48: "雾", 51: "毛毛雨", 53: "毛毛雨",
    55: "毛毛雨", 56: "冻雨", 57: "冻雨", 61: "小雨", 63: "中雨", 65: "大雨", 66: "冻雨",
    67: "冻雨", 71: "小雪", 73: "中雪", 75: "大雪", 77: "小雪", 80: "阵雨", 81: "阵雨",
    82: "强阵雨", 85: "阵雪", 86: "大雪", 95: "雷阵雨", 96: "雷阵雨伴有冰雹",
    99: "雷阵雨伴有冰雹",
}  # fmt: skip

#: Between what comes first and what comes then: 晴转多云, 小雨-中雨.
_THEN = re.compile(r"\s*(?:转|－|—|–|-|~|～|/)\s*")
_CODE = re.compile(r"[dn]?(\d{1,3})(?:\.0*)?")


def sky_of(told: str, codes: Codes) -> Sky:
    """What `told` means; a word that is not known is said as it stands, a code not at all.

    Of two that follow each other both are said, and the worse one has its sign: 晴转暴雨 is no
    sunny day.
    """
    told = told.strip()
    if codes != "words":
        found = _CODE.fullmatch(told)
        word = (_CMA if codes == "cma" else _WMO).get(int(found[1])) if found else None
        if word is not None:
            return _BY_CHINESE[word]
        if found is not None:
            return Sky("", "")
    whole = _known(told)
    if whole is not None:
        return whole
    parts = [_known(each) for each in _THEN.split(told)]
    known = [each for each in parts if each is not None]
    if len(known) < 2 or len(known) < len(parts):
        return Sky(told, told)
    worst = max(known, key=lambda each: SKIES.index(each.sign))
    return Sky(told if re.search(r"[^\x00-\x7f]", told) else _then(known, "zh"),
               _then(known, "en"), worst.sign)  # fmt: skip


def _known(word: str) -> Sky | None:
    return _BY_CHINESE.get(word) or _BY_ENGLISH.get(word.casefold())


def _then(known: list[Sky], language: str) -> str:
    first, *later = [each.said(language) for each in known]
    if language == "zh":
        return "转".join([first, *later])
    return ", then ".join([first, *(each[:1].lower() + each[1:] for each in later)])
