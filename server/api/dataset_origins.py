"""Where the rows of a data set come from, for scripts: an address, other data sets; and trust."""

from typing import Annotated

from msgspec import Meta, Struct

from server.accounts.policy import Act
from server.api.datasets import DatasetValue, dataset_row, dataset_value
from server.api.interface import Call, Operation
from server.datasets import sources, trust
from server.datasets.collecting import Parts
from server.datasets.parts import parts_set
from server.datasets.places import JsonPlaces, places_set

__all__ = ["OPERATIONS"]


class Source(Struct, forbid_unknown_fields=True):
    """From where it is fetched ("": from nowhere), and how often."""

    url: Annotated[str, Meta(max_length=500)]
    every_min: Annotated[int, Meta(ge=1, le=10_080)] = 60


class Trust(Struct, forbid_unknown_fields=True):
    """May new versions go out without a review?  The reason stands in the audit."""

    is_unreviewed: bool
    reason: Annotated[str, Meta(min_length=1, max_length=500)]


class PartsChange(Parts, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """From which data sets it collects (none: its rows are its own); `version` was read."""

    version: Annotated[int, Meta(ge=0, le=(1 << 31) - 1)]


def dataset_source(call: Call, dataset: int) -> DatasetValue:
    """Say from where it is fetched."""
    row = sources.source_set(
        dataset=dataset_row(call, dataset), url=call.body.url, every_min=call.body.every_min,
        actor=call.actor, now=call.now,
    )  # fmt: skip
    return dataset_value(row)


def dataset_places(call: Call, dataset: int) -> DatasetValue:
    """Say where in JSON its rows and columns are."""
    row = places_set(
        dataset=dataset_row(call, dataset), places=call.body, actor=call.actor, now=call.now
    )
    return dataset_value(row)


def dataset_fetch(call: Call, dataset: int) -> None:
    """Have it fetched at once."""
    sources.fetch_asked(dataset=dataset_row(call, dataset), actor=call.actor, now=call.now)


def dataset_trust(call: Call, dataset: int) -> DatasetValue:
    """Say whether its versions need a review."""
    row = trust.unreviewed_set(
        dataset=dataset_row(call, dataset), is_unreviewed=call.body.is_unreviewed,
        reason=call.body.reason, actor=call.actor, now=call.now,
    )  # fmt: skip
    return dataset_value(row)


def dataset_parts(call: Call, dataset: int) -> DatasetValue:
    """Say from which others it collects its rows."""
    row = parts_set(
        dataset=dataset_row(call, dataset), version=call.body.version, actor=call.actor,
        parts=Parts(call.body.parts, call.body.in_turn), now=call.now,
    )  # fmt: skip
    return dataset_value(row)


_ONE, _UPLOAD = "datasets/<int:dataset>/", Act.UPLOAD

OPERATIONS = (
    Operation("PUT", f"{_ONE}source/", "dataset_source", dataset_source,
              "Say from where it is fetched", Source, DatasetValue, act=_UPLOAD),
    Operation("PUT", f"{_ONE}places/", "dataset_places", dataset_places,
              "Say where in JSON its rows and columns are", JsonPlaces, DatasetValue,
              act=_UPLOAD),
    Operation("POST", f"{_ONE}fetch/", "dataset_fetch", dataset_fetch,
              "Have it fetched at once", act=_UPLOAD),
    Operation("PUT", f"{_ONE}trust/", "dataset_trust", dataset_trust,
              "Say whether new versions need a review; for administrators",
              Trust, DatasetValue, act=Act.TRUST_DATA),
    Operation("PUT", f"{_ONE}parts/", "dataset_parts", dataset_parts,
              "Say from which others it collects its rows", PartsChange, DatasetValue,
              act=_UPLOAD),
)  # fmt: skip
