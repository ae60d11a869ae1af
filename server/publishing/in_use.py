"""Which entries of a screen its manifest needs: a screen lives for years, a manifest has room.

For `publishing.compile`; pure.
"""

from collections.abc import Sequence
from datetime import datetime, time

from scheduler.agenda import surely_over_at
from server.publishing.facts import EntryFacts

__all__ = ["ENTRIES_AT_EASE", "entries_in_use"]

#: Up to so many entries are in the manifest of their screen, whether they are over or not.
ENTRIES_AT_EASE = 500


def entries_in_use(entries: Sequence[EntryFacts], since: datetime) -> tuple[int, ...]:
    """The entries of a screen, by primary key; where they are very many, without what is over.

    A manifest has room for `MAX_ENTRIES`, and nobody clears up what was on in other years.  What
    ended before this month goes, so that what a reviewer looks at does not change under their
    hands; of each priority what ended last stays, because loops count from there (MANIFEST, 4.3,
    4.4).
    """
    if len(entries) <= ENTRIES_AT_EASE:
        return tuple(each.pk for each in entries)
    month = datetime.combine(since.date().replace(day=1), time())
    ended: dict[int, list[tuple[datetime, int]]] = {}
    for each in entries:
        end = surely_over_at(each.window)
        if end is not None and end < month:
            ended.setdefault(each.priority, []).append((end, each.pk))
    gone = {pk for found in ended.values() for _end, pk in sorted(found)[:-1]}
    return tuple(each.pk for each in entries if each.pk not in gone)
