"""A CAP 1.2 document (OASIS, 2010) as values.  Pure.

Only what the standard requires is required, and of that only what we decide by: a warning with a
slip in it is still a warning.  What is no CAP at all raises `CapRefused` with one sentence.
"""

from datetime import UTC, datetime

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_noop as _
from msgspec import Struct

from server.cap.errors import CapRefused
from server.cap.reading import Element, read_tree

__all__ = [
    "BYTES_LIMIT",
    "CERTAINTIES",
    "KINDS",
    "SEVERITIES",
    "STATUSES",
    "URGENCIES",
    "Alert",
    "Area",
    "Info",
    "Reference",
    "alert_of",
]

#: The largest document, in bytes: polygons are long, and a warning of a nation has many.
BYTES_LIMIT = 1 << 20

#: Limits of what is kept of one document.
INFOS_LIMIT, AREAS_LIMIT, CODES_LIMIT, REFERENCES_LIMIT = 50, 500, 2000, 200
TEXT_LIMIT, NAME_LIMIT = 4000, 200

#: The words of the standard, the weakest first: a threshold is a place in the list.
SEVERITIES = ("Unknown", "Minor", "Moderate", "Severe", "Extreme")
URGENCIES = ("Unknown", "Past", "Future", "Expected", "Immediate")
CERTAINTIES = ("Unknown", "Unlikely", "Possible", "Likely", "Observed")
STATUSES = ("Actual", "Exercise", "System", "Test", "Draft")
KINDS = ("Alert", "Update", "Cancel", "Ack", "Error")

_NAMESPACES = frozenset({
    "urn:oasis:names:tc:emergency:cap:1.1", "urn:oasis:names:tc:emergency:cap:1.2",
})  # fmt: skip


class Reference(Struct, frozen=True, order=True):
    """Which message is meant: sender, identifier and instant of sending name it (CAP 3.2.1)."""

    sender: str
    identifier: str
    sent: str

    @property
    def key(self) -> str:
        """As one text; the instant in UTC, since senders write it with any offset."""
        at = _instant(self.sent)
        return "\n".join(
            (self.sender, self.identifier, at.astimezone(UTC).isoformat() if at else self.sent)
        )


class Area(Struct, frozen=True):
    """Where: a description for people, and codes by the name of their system."""

    description: str
    codes: tuple[tuple[str, str], ...] = ()


class Info(Struct, frozen=True):
    """What is said in one language; instants None where the sender gave none."""

    language: str
    event: str
    categories: tuple[str, ...]
    responses: tuple[str, ...]
    urgency: str
    severity: str
    certainty: str
    effective: datetime | None
    onset: datetime | None
    expires: datetime | None
    sender_name: str
    headline: str
    description: str
    instruction: str
    areas: tuple[Area, ...]


class Alert(Struct, frozen=True):
    """One message."""

    name: Reference
    sent: datetime
    status: str
    kind: str
    scope: str
    references: tuple[Reference, ...]
    infos: tuple[Info, ...]


def alert_of(data: bytes) -> Alert:
    """Read a document.  Raises `CapRefused`."""
    if len(data) > BYTES_LIMIT:
        raise CapRefused(_("More than %(most)d bytes: no warning is as long."),
                         values={"most": BYTES_LIMIT})  # fmt: skip
    root = read_tree(data)
    if root.name != "alert" or root.namespace not in _NAMESPACES:
        raise CapRefused(_("This is no CAP alert (1.1 or 1.2)."))
    sent = _instant(_needed(root, "sent"))
    if sent is None:
        raise CapRefused(_("“sent” is no instant with its offset."))
    name = Reference(_needed(root, "sender"), _needed(root, "identifier"), root.text("sent"))
    return Alert(
        name=name,
        sent=sent,
        status=_one_of(root, "status", STATUSES),
        kind=_one_of(root, "msgType", KINDS),
        scope=root.text("scope") or "Public",
        references=_references(root.text("references")),
        infos=tuple(_info(each) for each in root.all("info")[:INFOS_LIMIT]),
    )


def _needed(root: Element, name: str) -> str:
    found = root.text(name)
    if not found:
        raise CapRefused(_("The element “%(name)s” is missing."), values={"name": name})
    if len(found) > NAME_LIMIT:
        raise CapRefused(_("The element “%(name)s” is longer than %(most)d characters."),
                         values={"name": name, "most": NAME_LIMIT})  # fmt: skip
    return found


def _one_of(root: Element, name: str, words: tuple[str, ...]) -> str:
    found = _needed(root, name)
    if found not in words:
        raise CapRefused(_("“%(name)s” is “%(found)s”, which CAP does not know."),
                         values={"name": name, "found": found[:40]})  # fmt: skip
    return found


def _references(text: str) -> tuple[Reference, ...]:
    """`sender,identifier,sent`, one behind the other; what is no such triple names nothing."""
    found = (each.rsplit(",", 2) for each in text.split()[:REFERENCES_LIMIT])
    return tuple(Reference(*each) for each in found if len(each) == 3 and all(each))


def _info(info: Element) -> Info:
    return Info(
        language=info.text("language").casefold() or "en-us",  # CAP 3.2.2: en-US if it is silent
        event=_line(info.text("event")),
        categories=tuple(each.said for each in info.all("category")[:20]),
        responses=tuple(each.said for each in info.all("responseType")[:20]),
        urgency=_word(info.text("urgency"), URGENCIES),
        severity=_word(info.text("severity"), SEVERITIES),
        certainty=_word(info.text("certainty"), CERTAINTIES),
        effective=_instant(info.text("effective")),
        onset=_instant(info.text("onset")),
        expires=_instant(info.text("expires")),
        sender_name=_line(info.text("senderName")),
        headline=_line(info.text("headline")),
        description=info.text("description")[:TEXT_LIMIT],
        instruction=info.text("instruction")[:TEXT_LIMIT],
        areas=tuple(_area(each) for each in info.all("area")[:AREAS_LIMIT]),
    )


def _area(area: Element) -> Area:
    codes = (
        (_line(each.text("valueName")), _line(each.text("value")))
        for each in area.all("geocode")[:CODES_LIMIT]
    )
    return Area(_line(area.text("areaDesc")), tuple(each for each in codes if each[1]))


def _word(found: str, words: tuple[str, ...]) -> str:
    """A word that the standard does not know is as good as none."""
    return "Likely" if found == "Very Likely" else found if found in words else "Unknown"


def _line(text: str) -> str:
    return " ".join(text.split())[:NAME_LIMIT]


def _instant(text: str) -> datetime | None:
    try:
        found = parse_datetime(text.strip())
    except ValueError:
        return None
    return found if found is not None and found.utcoffset() is not None else None
