"""The template `news`: headlines, newest first, and how old each is (docs/cards.md).  Pure."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated

from msgspec import Meta, Struct

from cards.dates import day_ends
from cards.lines import line, required
from cards.pictures import NAME_LIMIT, file_names, require_file
from cards.plain_text import spaced
from cards.rows import Column, Row, table
from cards.sheet import MAX_ISSUER, SheetData, sheet
from cards.template import CardRefusedError, Face, Template

__all__ = ["NEWS", "PICTURES", "Headline", "News", "age"]

#: Limits: rows, and characters (those of a feed that is read as a table).
MAX_ROWS = 200
MAX_TITLE, MAX_SUMMARY, MAX_SOURCE, MAX_PUBLISHED = 200, 500, 200, 40
#: How many headlines may be shown, and how many are.
MOST_SHOWN, USUALLY_SHOWN = 50, 12
#: So much of a summary can be read in passing, in characters; the rest ends in "…".
SUMMARY_SHOWN = 80
#: The names under which pictures of headlines come.
PICTURES = file_names("picture")

_TEN_MINUTES, _HOUR = timedelta(minutes=10), timedelta(hours=1)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Headline(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A row: what happened, who says so, and when (ISO 8601; without a zone: the wall's).

    `picture` names the file that shows it.
    """

    title: Annotated[str, Meta(max_length=MAX_TITLE)]
    summary: Annotated[str, Meta(max_length=MAX_SUMMARY)] = ""
    source: Annotated[str, Meta(max_length=MAX_SOURCE)] = ""
    published: Annotated[str, Meta(max_length=MAX_PUBLISHED)] = ""
    picture: Annotated[str, Meta(max_length=NAME_LIMIT)] = ""


class News(SheetData, frozen=True, kw_only=True):
    """`news`: rows in any order; the newest `most` are shown, those without an instant last."""

    rows: Annotated[tuple[Headline, ...], Meta(max_length=MAX_ROWS)] = ()
    most: Annotated[int, Meta(ge=1, le=MOST_SHOWN)] = USUALLY_SHOWN


def age(published: datetime, now: datetime, language: str) -> tuple[str, datetime]:
    """How long ago that was, in words, and until when they hold; both instants are aware.

    What a clock that is a little wrong puts ahead of `now` has just happened.
    """
    zh, here = language == "zh", published.astimezone(now.tzinfo)
    past = now.astimezone(UTC) - published.astimezone(UTC)
    if past < -_HOUR:
        return _day(here, now, zh), min(day_ends(now), _after(published, -_HOUR, now))
    if past < _HOUR:
        tens = max(0, past // _TEN_MINUTES)
        if tens == 0:
            return ("刚刚" if zh else "just now"), _after(published, _TEN_MINUTES, now)
        said = spaced(f"{tens}0分钟前") if zh else f"{tens}0 min ago"
        return said, _after(published, (tens + 1) * _TEN_MINUTES, now)
    days = (now.date() - here.date()).days
    if days == 0:
        hours = past // _HOUR
        said = spaced(f"{hours}小时前") if zh else f"{hours} h ago"
        return said, min(day_ends(now), _after(published, (hours + 1) * _HOUR, now))
    if days == 1:
        return ("昨天" if zh else "yesterday"), day_ends(now)
    return _day(here, now, zh), day_ends(now)


def _after(published: datetime, span: timedelta, now: datetime) -> datetime:
    return (published.astimezone(UTC) + span).astimezone(now.tzinfo)


def _day(here: datetime, now: datetime, zh: bool) -> str:
    if here.year != now.year:
        return f"{here:%Y-%m-%d}"
    return spaced(f"{here.month}月{here.day}日") if zh else f"{here.day} {_MONTHS[here.month - 1]}"


def _face(told: News, now: datetime) -> Face:
    dated = [(each, _instant(each, n, now)) for n, each in enumerate(told.rows)]
    newest = sorted(dated, key=lambda each: -each[1].timestamp() if each[1] else 0.0)[: told.most]
    ages = [age(at, now, told.language) if at else ("", day_ends(now)) for _, at in newest]
    shown = [each for each, _ in newest]
    one = _one_source(shown)
    zh = told.language == "zh"
    data = sheet(told, ("新闻", "News"), ("新闻", "News"))
    data["issuer"] = data["issuer"] or one
    data["empty"] = "暂无新闻" if zh else "No news yet"
    said = [words for words, _ in ages]
    data |= table(*_rows(shown, said, has_sources=not one and any(each.source for each in shown)))
    return Face(data, min((until for _, until in ages), default=None))


def _instant(row: Headline, n: int, now: datetime) -> datetime | None:
    required(row.title, f"rows[{n}].title")
    require_file(row.picture, PICTURES, f"rows[{n}].picture")
    if not row.published:
        return None
    try:
        at = datetime.fromisoformat(row.published)
        at = at if at.tzinfo else at.replace(tzinfo=now.tzinfo)
        at.astimezone(UTC)
        at.astimezone(now.tzinfo) + _HOUR
    except (ValueError, OverflowError) as error:
        raise CardRefusedError(
            f"data.rows[{n}].published: no instant; write it like 2026-11-22T08:30:00Z"
        ) from error
    return at


def _one_source(shown: Sequence[Headline]) -> str:
    """Who says all of them: it stands in the foot, not in each row; "" if they are several."""
    names = {line(each.source) for each in shown}
    name = names.pop() if len(names) == 1 else ""
    return name if len(name) <= MAX_ISSUER else ""


def _rows(
    shown: Sequence[Headline], said: Sequence[str], *, has_sources: bool
) -> tuple[list[Column], list[Row]]:
    """Picture, headline, who says so and how old it is, where any of them has it."""
    has_pictures = any(each.picture for each in shown)
    columns = [Column("grow"), Column("number")]
    if has_sources:
        columns.insert(1, Column("text", spare=True))
    if has_pictures:
        columns.insert(0, Column("picture", spare=True))
    rows = list[Row]()
    for each, age_said in zip(shown, said, strict=True):
        source = [line(each.source)] if has_sources else []
        picture = [each.picture] if has_pictures else []
        rows.append(Row([*picture, each.title, *source, age_said], _summary(each)))
    return columns, rows


def _summary(row: Headline) -> str:
    summary = line(row.summary)
    if len(summary) <= SUMMARY_SHOWN:
        return summary
    return summary[: SUMMARY_SHOWN - 1].rstrip("，、；：,;: ") + "…"


NEWS = Template("news", "News.qml", News, _face, frozenset(PICTURES))
