"""What intake and showing share: rows as values for the policy, sentences as rows keep them."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from server.alerts.kinds import Kind
from server.alerts.services import tell
from server.cap.document import Reference
from server.cap.models import CapAlert, CapSource
from server.cap.policy import Known, Place, Policy
from server.sentences import Sentence, joined

__all__ = [
    "as_known", "digest_of", "known_of", "policy_of", "rows_named", "said_of", "tell_trouble",
    "tell_waiting", "why_of",
]  # fmt: skip

#: Older messages of a source are no part of what goes on now.
FAMILY_LIMIT = 2000


def digest_of(name: Reference) -> str:
    """How a message is found again, however long its names are."""
    return hashlib.sha256(name.key.encode()).hexdigest()


def policy_of(source: CapSource) -> Policy:
    """The policy as values."""
    return Policy(
        source.handling, source.drills, source.severity, source.urgency, source.certainty,
        source.language, source.usual_min,
        tuple(Place(each.scheme, each.value, each.group_id) for each in source.areas.all()),
    )  # fmt: skip


def as_known(row: CapAlert) -> Known:
    """A message as the policy sees it."""
    is_real = row.status == "Actual"
    return Known(row.name_sha256, frozenset(row.references), row.sent, row.kind, is_real)


def known_of(row: CapAlert) -> list[Known]:
    """The other messages of its source that are as real as it: a test cancels nothing real."""
    rows = row.source.alerts.exclude(pk=row.pk).defer("body")[:FAMILY_LIMIT]
    mine = as_known(row)
    return [each for each in map(as_known, rows) if each.is_real == mine.is_real]


def rows_named(row: CapAlert, names: Iterable[str]) -> list[CapAlert]:
    """The other messages of its source by these names; a test ends nothing that is real."""
    rows = row.source.alerts.filter(name_sha256__in=set(names)).exclude(pk=row.pk)
    is_real = as_known(row).is_real
    return [each for each in rows.select_related("takeover") if as_known(each).is_real == is_real]


def said_of(why: Sentence) -> dict[str, object]:
    """A sentence as a row keeps it."""
    values = {
        name: each if isinstance(each, int) else said_of(each) if isinstance(each, Sentence)
        else str(each)
        for name, each in why.values.items()
    }  # fmt: skip
    return {"template": why.template, "values": values}


def why_of(kept: dict[str, object]) -> Sentence:
    """The same, back."""
    if not kept:
        return joined(())
    values = kept["values"]
    assert isinstance(values, dict), "kept by `said_of`"
    return Sentence(
        str(kept["template"]),
        {name: why_of(each) if isinstance(each, dict) else each for name, each in values.items()},
    )


def tell_waiting(row: CapAlert, now: datetime) -> None:
    """Somebody has to decide on it."""
    said = Sentence(
        "The alert “%(name)s” of %(source)s waits for a decision.",
        {"name": row, "source": row.source},
    )
    tell(
        kind=Kind.CAP_WAITING, said=said, department=row.source.department,
        link=f"/cap/alerts/{row.pk}/", key=f"cap:{row.pk}", now=now,
    )  # fmt: skip


def tell_trouble(source: CapSource, why: Sentence, since: datetime, now: datetime) -> None:
    """A source gives no alerts: whoever relies on it should know."""
    said = Sentence("No alerts can be had from %(source)s: %(why)s", {"source": source, "why": why})
    tell(
        kind=Kind.CAP_TROUBLE, said=said, department=source.department,
        link=f"/cap/{source.pk}/", key=f"cap-source:{source.pk}:{since.isoformat()}", now=now,
    )  # fmt: skip
