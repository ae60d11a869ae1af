"""The template `ticker`: messages that run from right to left without an end (docs/cards.md)."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from cards.lines import line
from cards.template import CardData, CardRefusedError, Face, Template

__all__ = ["TICKER", "Ticker", "TickerLine"]

#: Limits, in characters; the messages together are at most `MAX_TICKER`.
MAX_MESSAGES = 50
MAX_MESSAGE = 5000
MAX_TICKER = 5000
MAX_LABEL = 16
MAX_LINES = 200
MAX_SOURCE = 200
#: The pieces a message is cut into, so that what is drawn does not grow with it.
PIECE = 24
#: How fast a ticker may run: slower looks broken, faster cannot be read.
SPEED = (1.0, 12.0)

#: A place where nothing joins two letters: both Chinese, or a space before any letter.
_WHOLE_LETTER = re.compile(r"[\u3400-\u9fff][\u3400-\u9fff]|[ 　][\w\u3400-\u9fff]")


class TickerLine(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A message of one of several sources; an `urgent` one leads each round, in amber."""

    text: Annotated[str, Meta(max_length=MAX_MESSAGE)]
    source: Annotated[str, Meta(max_length=MAX_SOURCE)] = ""
    urgent: bool = False


class Ticker(CardData, frozen=True, kw_only=True):
    """`ticker`: messages that run without an end; `priority` ones lead each round, in amber.

    `lines` come after them, in their order; each says before its text where it is from.
    """

    messages: Annotated[
        tuple[Annotated[str, Meta(max_length=MAX_MESSAGE)], ...], Meta(max_length=MAX_MESSAGES)
    ] = ()
    priority: Annotated[
        tuple[Annotated[str, Meta(max_length=MAX_MESSAGE)], ...], Meta(max_length=MAX_MESSAGES)
    ] = ()
    lines: Annotated[tuple[TickerLine, ...], Meta(max_length=MAX_LINES)] = ()
    label: Annotated[str, Meta(max_length=MAX_LABEL)] = ""
    characters_per_s: Annotated[float, Meta(ge=SPEED[0], le=SPEED[1])] = 4.0
    family: Literal["service", "party", "safety"] = "service"


def _face(ticker: Ticker, _now: datetime) -> Face:
    told = [TickerLine(text=each, urgent=True) for each in ticker.priority]
    told += [TickerLine(text=each) for each in ticker.messages]
    told += ticker.lines
    length = sum(len(each.text) + len(each.source) for each in told)
    if length > MAX_TICKER:
        raise CardRefusedError(
            f"data.messages: {length:,} characters together, at most {MAX_TICKER:,}; leave some out"
        )
    read = [each for each in told if line(each.text)]
    if not read:
        raise CardRefusedError("data.messages: nothing to read; write at least one message")
    pieces: list[dict[str, str]] = []
    for each in sorted(read, key=lambda each: not each.urgent):
        kind = "priority" if each.urgent else "message"
        if source := line(each.source):
            pieces += [{"kind": "source", "text": piece} for piece in _pieces(f"{source}　")]
        pieces += [{"kind": kind, "text": piece} for piece in _pieces(line(each.text))]
        pieces.append({"kind": "separator", "text": ""})
    return Face(
        {
            "pieces": pieces,
            "label": line(ticker.label),
            "characters_per_s": ticker.characters_per_s,
            "family": ticker.family,
        }
    )


def _pieces(text: str) -> Iterator[str]:
    """Cut `text` into pieces of about `PIECE` characters, never within a word or a cluster."""
    start = 0
    for end in range(1, len(text) + 1):
        long_enough = end - start >= PIECE and _may_cut(text, end)
        if long_enough or end - start >= 4 * PIECE or end == len(text):
            yield text[start:end]
            start = end


def _may_cut(text: str, at: int) -> bool:
    """Say whether a cut before `text[at]` leaves shapes and spacing as they were."""
    return at >= len(text) or bool(_WHOLE_LETTER.match(text[at - 1 : at + 1]))


TICKER = Template("ticker", "Ticker.qml", Ticker, _face)
