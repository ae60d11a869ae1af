"""The template `qr` 扫码: an address to scan, to sign in or to read on (docs/cards.md).  Pure.

An address may hold the screen, the period and a code that proves both; what is on this screen can
be read on the telephone at an address of the server's.  Both change with the period by themselves,
with no network.
"""

from datetime import datetime
from typing import Annotated, Literal
from urllib.parse import quote, urlsplit

import msgspec
from msgspec import Meta, Struct

from cards.lines import Headline, line
from cards.plain_text import joined
from cards.qr_code import qr_rows, qr_runs
from cards.sheet import SheetData, sheet
from cards.signed_codes import Changes, code_of, period_ends, period_of
from cards.template import CardRefusedError, Face, Template

__all__ = ["QR", "Qr", "Served"]

#: Limits, in characters.
MAX_ADDRESS, MAX_TEXT, MAX_NOTE = 300, 60, 60

#: What an address may hold, by name.
_PARTS = ("screen", "period", "code")


class Served(Struct, frozen=True, forbid_unknown_fields=True):
    """What the server adds when it publishes: where it is reached, the key of the card's codes.

    `link` ends with the card's own path; `screen` (SITE/SCREEN) is the stage's to fill in.
    """

    link: Annotated[str, Meta(max_length=200)]
    key: Annotated[str, Meta(max_length=64)]
    screen: Annotated[str, Meta(max_length=80)] = ""


class Qr(SheetData, frozen=True, kw_only=True):
    """`qr`: where it leads (`opens`), what happens there (`text`), what else is to be known."""

    opens: Literal["address", "screen"] = "address"
    address: Annotated[str, Meta(max_length=MAX_ADDRESS)] = ""
    text: Annotated[str, Meta(max_length=MAX_TEXT)] = ""
    note: Annotated[str, Meta(max_length=MAX_NOTE)] = ""
    changes: Changes = "daily"
    served: Served | None = None


def _face(told: Qr, now: datetime) -> Face:
    address = _address(told, now)
    zh, opens_screen = told.language == "zh", told.opens == "screen"
    titles = ("手机看本屏", "On your phone") if opens_screen else ("请扫码", "Please scan")
    says = ("扫一扫，在手机上看本屏内容", "Scan to read on your phone what this screen shows")
    rows = qr_rows(address) if address else ()
    data = sheet(told, titles, ("扫码", "Scan")) | {
        "text": Headline(joined(line(told.text))) or (says[not zh] if opens_screen else ""),
        "note": line(told.note),
        "runs": qr_runs(rows),
        "side": len(rows),
        # Whoever scans sees first whom they are led to.
        "host": urlsplit(address).hostname or "" if address else "",
        # In letters where no code can be drawn; one that changes is nothing to type.
        "address": "" if _changes(told) else address.removeprefix("https://"),
        "link": "" if _changes(told) else address,
        "typed": "请在浏览器打开" if zh else "Open in a browser",
        "empty": (
            ""
            if rows
            else "二维码在发布后显示"
            if zh
            else "The code stands here once this is published"
        ),
    }
    return Face(data, period_ends(now, told.changes) if _changes(told) else None)


def _changes(told: Qr) -> bool:
    return told.opens == "screen" or any(f"{{{part}}}" in told.address for part in _PARTS)


def _address(told: Qr, now: datetime) -> str:
    """What the code says; "" while the server has not said yet where it is reached."""
    served, period = told.served, period_of(now, told.changes)
    code = code_of(served.key, served.screen, period) if served else ""
    if told.opens == "screen":
        return f"{served.link}{served.screen}/{period}/{code}" if served and served.link else ""
    address = told.address.strip()
    parts = urlsplit(address) if address.isprintable() and " " not in address else None
    if (
        parts is None
        or parts.scheme not in {"http", "https"}
        or not parts.hostname
        or "@" in parts.netloc
    ):
        raise CardRefusedError(
            f'data.address: "{address}" is no address; write it like https://example.org/sign-in'
        )
    told_parts = {"screen": served.screen if served else "", "period": period, "code": code}
    for name, value in told_parts.items():
        address = address.replace(f"{{{name}}}", quote(value, safe=""))
    return address


def _on_screen(told: Qr, screen: str) -> Qr:
    served = told.served
    if served is None or not screen:
        return told
    return msgspec.structs.replace(told, served=msgspec.structs.replace(served, screen=screen))


QR = Template("qr", "Qr.qml", Qr, _face, on_screen=_on_screen)
