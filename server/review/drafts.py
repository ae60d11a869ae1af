"""What a submission is made from: plain values, compiled by `publishing.reviewing`."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from server.screens.models import Screen

__all__ = ["ItemDraft", "SubmissionDraft"]


class ItemDraft(Struct, frozen=True):
    """An asset, or a page of one, that is new to these screens.

    `sha256` is over all that it is in the manifest.
    """

    asset: int
    kind: str
    title: str
    sha256: str
    page: int | None = None


class SubmissionDraft(Struct, frozen=True):
    """What some screens would show.

    `digests` has the digest of each screen's programme, `changes` the sentences of the dry run as
    JSON holds them, `authors` the usernames of all who changed something in it.
    """

    digests: Mapping[Screen, str]
    items: tuple[ItemDraft, ...] = ()
    changes: tuple[dict[str, Any], ...] = ()
    authors: frozenset[str] = frozenset()
