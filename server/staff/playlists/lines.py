"""The lines of the plain form: what was typed, item by item, to drafts and back.

A column that a form does not send has its default; what is wrong is said with the item's number.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.http import QueryDict
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive, localtime, make_aware

from server.errors import Invalid
from server.programme.drafts import ItemDraft
from server.programme.instants import whole_ms

__all__ = ["drafts_of_lines", "instant", "line_of", "lines_sent", "local", "whole"]

#: The columns of a line as the form sends them, and what stands for one that is not sent.
_COLUMNS = {
    "pk": "", "key": "", "asset": "", "page": "", "seconds": "", "weight": "1", "fit": "contain",
    "transition": "fade", "transition_ms": "600", "muted": "", "from": "", "until": "",
}  # fmt: skip


def line_of(draft: ItemDraft) -> dict[str, Any]:
    """An item as the form shows it."""
    return {
        "pk": str(draft.pk or ""), "key": draft.key or "", "asset": draft.asset,
        "page": str(draft.page or ""),
        "seconds": "" if draft.duration_ms is None else f"{draft.duration_ms / 1000:g}",
        "weight": str(draft.weight), "fit": draft.fit, "transition": draft.transition,
        "transition_ms": str(draft.transition_ms), "muted": "1" if draft.is_muted else "",
        "from": local(draft.valid_from), "until": local(draft.valid_until),
    }  # fmt: skip


def local(at: datetime | None) -> str:
    """An instant as a form takes it, on the organisation's clock; exact, and as short as can be."""
    if at is None:
        return ""
    there = localtime(at).replace(tzinfo=None)
    if there.microsecond:
        return there.isoformat(timespec="milliseconds")
    return there.isoformat(timespec="seconds" if there.second else "minutes")


def lines_sent(form: QueryDict) -> list[dict[str, Any]]:
    """The lines as they were typed."""
    columns = {name: form.getlist(f"item_{name}") for name in _COLUMNS}
    count = len(columns["asset"])
    lines: list[dict[str, Any]] = [
        {name: _at(values, n, _COLUMNS[name]) for name, values in columns.items()}
        for n in range(count)
    ]
    for line in lines:
        line["asset"] = whole(line["asset"]) or 0
    return lines


def _at(values: Sequence[str], n: int, otherwise: str) -> str:
    return values[n] if n < len(values) else otherwise


def whole(text: str) -> int | None:
    """A whole number of at most nine digits, or None."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def drafts_of_lines(lines: Sequence[dict[str, Any]]) -> list[ItemDraft]:
    """The items.  Raises `Invalid`."""
    return [_draft(number, line) for number, line in enumerate(lines, start=1)]


def _draft(number: int, line: dict[str, Any]) -> ItemDraft:
    try:
        duration = round(float(line["seconds"]) * 1000) if line["seconds"].strip() else None
    except (ValueError, OverflowError):
        raise Invalid(
            "Item %(n)d: show it from 0.1 seconds up to 24 hours.", values={"n": number}
        ) from None
    return ItemDraft(
        asset=line["asset"], pk=whole(line["pk"]), key=line["key"][:36] or None,
        page=whole(line["page"]), duration_ms=duration, weight=whole(line["weight"]) or 0,
        fit=line["fit"], transition=line["transition"],
        transition_ms=whole(line["transition_ms"]) or 0, is_muted=line["muted"] == "1",
        valid_from=instant(number, line["from"]), valid_until=instant(number, line["until"]),
    )  # fmt: skip


def instant(number: int, text: str) -> datetime | None:
    """A wall time of the organisation's clock; None for none.  Raises `Invalid`."""
    if not text.strip():
        return None
    try:
        at = parse_datetime(text)
    except ValueError:
        at = None
    if at is None or not 2000 <= at.year <= 2200:
        raise Invalid("Item %(n)d: this is no date and time.", values={"n": number})
    return whole_ms(make_aware(at) if is_naive(at) else at).astimezone(UTC)
