"""All golden pictures.  A card's cases stand in a module of its own, listed here."""

from tests.golden.cards import (
    agenda,
    data,
    honours,
    menu,
    news,
    notices,
    progress,
    public_notices,
    qr_codes,
    ranking,
    safety_days,
    times,
    weather,
)
from tests.golden.case import Case

__all__ = ["CASES"]

CASES: list[Case] = [
    *notices.CASES,
    *public_notices.CASES,
    *safety_days.CASES,
    *menu.CASES,
    *ranking.CASES,
    *agenda.CASES,
    *progress.CASES,
    *weather.CASES,
    *news.CASES,
    *times.CASES,
    *qr_codes.CASES,
    *data.CASES,
    *honours.CASES,
]
