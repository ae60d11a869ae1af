"""What a golden picture shows: a card, its data, where it stands and when."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from manifest.model import CardAsset

__all__ = ["NOON", "Case", "in_all_shapes"]

NOON = datetime(2026, 11, 23, 11, 40, tzinfo=ZoneInfo("Asia/Shanghai"))

WIDE, TALL = (1920, 1080), (1080, 1920)

#: A zone beside another one, and a small one: their letters are as large as the screen's.
SIDE, CORNER = (640, 980), (720, 405)


class Case(Struct, frozen=True):
    """One picture; `name` is also that of its file."""

    name: str
    template: str
    data: dict[str, Any]
    size: tuple[int, int] = WIDE
    screen: tuple[int, int] = WIDE
    at: datetime = NOON
    offset_ms: int = 0
    files: dict[str, str] = {}

    @property
    def asset(self) -> CardAsset:
        """The card as a manifest has it."""
        return CardAsset(self.name, self.template, self.data)


def in_all_shapes(template: str, data: dict[str, Any], at: datetime = NOON) -> list[Case]:
    """A card on the level and on the upright screen, in a zone at the side and in a small one."""
    return [
        Case(f"{template}-wide", template, data, at=at),
        Case(f"{template}-tall", template, data, TALL, TALL, at=at),
        Case(f"{template}-side", template, data, SIDE, at=at),
        Case(f"{template}-corner", template, data, CORNER, at=at),
    ]
