"""What a submission is made from: plain values, compiled by `publishing.reviewing`."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from server.screens.models import Screen

__all__ = ["ChangeDraft", "ItemDraft", "SubmissionDraft"]


class ItemDraft(Struct, frozen=True):
    """An asset, or a page of one, that is new to these screens.

    `sha256` is over all that it is in the manifest.
    """

    asset: int
    kind: str
    title: str
    sha256: str
    page: int | None = None


class ChangeDraft(Struct, frozen=True):
    """What will be another on screens that are told the same: sentences as codes with values.

    `cautions` is what to look at in it, in the same form.
    """

    screens: tuple[str, ...]
    sentences: tuple[tuple[str, dict[str, str]], ...]
    cautions: tuple[tuple[str, dict[str, str]], ...] = ()


class SubmissionDraft(Struct, frozen=True):
    """What some screens would show.

    `digests` has the digest of each screen's programme, `changes` the words of the dry run,
    `authors` the usernames of all who changed something in it; `first_at` is when something new
    would be seen first, if it were published now (None: nothing is, or not soon).
    """

    digests: Mapping[Screen, str]
    items: tuple[ItemDraft, ...] = ()
    changes: tuple[ChangeDraft, ...] = ()
    authors: frozenset[str] = frozenset()
    first_at: datetime | None = None
