"""What a card template is: typed data in, and at each instant a face for its QML.

A card is a pure function of its data and the instant (docs/adr/0023-cards-are-functions.md): no
clock, no disk, no network, no Qt.  The stage asks for the face when it prepares a card, and again
when the face says that it ends; the server asks the same functions before anything is published,
and draws its forms from `Template.shape`.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Generic, TypeVar

from msgspec import Struct

__all__ = ["CardData", "CardPlan", "CardRefusedError", "Face", "Template"]


class CardRefusedError(ValueError):
    """This card cannot be shown; the message is one sentence for the editor."""


class CardData(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of the typed data of every template: unknown fields are refused."""


Data = TypeVar("Data", bound=CardData)


class Face(Struct, frozen=True):
    """What QML draws: `data` is what JSON can say, strings in it are plain text.

    `until`: from this instant on the card has another face; None: it never changes by itself.
    """

    data: dict[str, Any]
    until: datetime | None = None


class Template(Struct, Generic[Data], frozen=True):
    """One template.

    `qml` names its file in the stage's folder of cards ("": it is heard, not seen), `shape` is its
    data, `files` are the blobs that its cards may bring.  `face` gets the data and an aware instant
    in the time zone of the screen's site; it raises `CardRefusedError` for what the shape alone
    cannot refuse, whatever the instant.  What is `reviewed` changes on the walls by review only: a
    data set that is trusted is not trusted with it.  `on_screen` fills in by which name a screen is
    known, for templates that say so.  What `may_be_empty` says something without a
    single row, so that a data set that has become empty fills it, too.
    """

    name: str
    qml: str
    shape: type[Data]
    face: Callable[[Data, datetime], Face]
    files: frozenset[str] = frozenset()
    reviewed: bool = False
    may_be_empty: bool = False
    on_screen: Callable[[Data, str], Data] | None = None


class CardPlan(Struct, frozen=True):
    """A card ready to load at an instant: the name of its QML file, and its face."""

    qml: str
    face: Face
