"""A data set that follows a feed on the loopback, and the card that it fills."""

from typing import Any

import msgspec
from PIL import Image

from server.accounts.models import Role
from server.datasets import fed_cards, picture_fetching, services, sources
from server.datasets.columns import Column, Kind
from server.datasets.models import Dataset
from server.library.blobs import store
from server.library.models import Asset
from tests.simulators.enterprise import Enterprise
from tests.simulators.newsroom import HOST, Newsroom

__all__ = ["COLUMNS", "Wire", "followed", "shown"]

COLUMNS = (
    Column("title", "title"), Column("published", "published"),
    Column("picture", "picture", Kind.PICTURE_ADDRESS),
)  # fmt: skip
MAPPING = {f"rows.{key}": key for key in ("title", "published", "picture")}


def followed(enterprise: Enterprise, newsroom: Newsroom, settings: Any) -> Dataset:
    """A data set of the feed."""
    told = msgspec.structs.replace(
        settings.CONFIGURATION.fetch, hosts=(HOST, f"inside.{HOST}"), networks=("127.0.0.0/8",)
    )
    settings.CONFIGURATION = msgspec.structs.replace(settings.CONFIGURATION, fetch=told)
    editor = enterprise.staff("fetcher", Role.EDITOR)
    made = services.dataset_create(
        name="要闻", columns=COLUMNS, department=enterprise.department, actor=editor,
        now=enterprise.now,
    )  # fmt: skip
    return sources.source_set(
        dataset=made, url=newsroom.url("/feed"), every_min=30, actor=editor, now=enterprise.now
    )


class Wire:
    """Fetches, and looks at what came of it."""

    def __init__(self, enterprise: Enterprise, newsroom: Newsroom, dataset: Dataset) -> None:
        self.enterprise, self.newsroom, self.dataset = enterprise, newsroom, dataset

    def fetch(self, *paths: str) -> str:
        self.newsroom.shown = list(paths)
        self.newsroom.asked.clear()
        self.dataset.refresh_from_db()
        now = self.enterprise.later()
        return sources.fetch_now(dataset=self.dataset, now=now, resolve=self.newsroom.resolve)

    def card(self) -> Asset:
        return fed_cards.card_bind(
            dataset=self.dataset, title="要闻", template="news", mapping=MAPPING, fixed={},
            department=self.enterprise.department, actor=self.dataset.created_by,
            now=self.enterprise.now,
        )  # fmt: skip

    def missing(self) -> str:
        self.dataset.refresh_from_db()
        return str(picture_fetching.missing_of(self.dataset) or "")


def shown(card: Asset) -> list[str | None]:
    """What each headline of the card shows: the colour of its picture."""
    card.refresh_from_db()
    files = card.content.get("blobs", {})
    return [
        colour(files[row["picture"]]) if "picture" in row else None
        for row in card.content["data"]["rows"]
    ]


def colour(file: dict[str, Any]) -> str:
    path = store().local_path(file["sha256"])
    assert path is not None
    with Image.open(path) as image:
        assert image.width <= 1280
        assert image.height <= 720
        red, _green, blue = image.convert("RGB").getpixel((5, 5))
        return "red" if red > blue else "blue"
