"""What changes from one manifest to the next, in an editor's terms.  Pure.

For the dry run.  Items are the same if their ids are, wherever they stand; the pages of a document
are one item.  Nothing is said of what does not show, such as ids and digests.
"""

from bisect import bisect_left
from collections.abc import Container, Iterable, Iterator, Mapping

from manifest.model import Entry, Item, Manifest, Playlist
from server.publishing.values import showing_of
from server.publishing.words import Sentence, say

__all__ = ["differences"]


def differences(before: Manifest, after: Manifest, names: Mapping[str, str]) -> list[Sentence]:
    """Everything that will be another; `names` gives people's words for ids."""
    one = _Comparison(before, after, names)
    return [
        *one.items(),
        *one.layouts(),
        *one.entries(),
        *one.takeovers(),
        *one.screen(),
    ]


class _Comparison:
    """Two manifests of one screen, side by side."""

    def __init__(self, before: Manifest, after: Manifest, names: Mapping[str, str]) -> None:
        self._before, self._after, self._names = before, after, names

    def _name(self, id_: str) -> str:
        """A layout's, playlist's, entry's or takeover's; those of a takeover are named alike."""
        return self._names.get(id_.rpartition(".")[2], id_)

    def items(self) -> Iterator[Sentence]:
        """Per playlist: what comes, goes, moves, and is shown longer or shorter."""
        ids = dict.fromkeys([*self._before.playlists, *self._after.playlists])
        for id_ in ids:
            before = self._before.playlists.get(id_, Playlist(()))
            after = self._after.playlists.get(id_, Playlist(()))
            if before != after:
                yield from self._playlist(self._name(id_), before, after)
        yield from self._files()

    def _playlist(self, name: str, before: Playlist, after: Playlist) -> Iterator[Sentence]:
        old, new = _whole(before.items), _whole(after.items)
        for id_ in _only_in(new, old):
            yield say("ITEM_ADDED", item=_title(self._after, new[id_][0]), playlist=name)
        for id_ in _only_in(old, new):
            yield say("ITEM_REMOVED", item=_title(self._before, old[id_][0]), playlist=name)
        for id_ in _moved([i for i in old if i in new], [i for i in new if i in old]):
            yield say("ITEM_MOVED", item=_title(self._after, new[id_][0]), playlist=name)
        for id_, items in new.items():
            if id_ in old and old[id_] != items:
                yield from self._item(name, old[id_], items)
        if before.order != after.order:
            yield say("PLAYLIST_ORDER", playlist=name)

    def _item(self, playlist: str, before: list[Item], after: list[Item]) -> Iterator[Sentence]:
        item, old, new = _title(self._after, after[0]), showing_of(before[0]), showing_of(after[0])
        if old != new:
            yield say("ITEM_TIMES", item=item, playlist=playlist, before=old, after=new)
        if list(map(_look, before)) != list(map(_look, after)):
            yield say("ITEM_LOOK", item=item, playlist=playlist)

    def _files(self) -> Iterator[Sentence]:
        for id_, after in self._after.assets.items():
            before = self._before.assets.get(id_)
            if before is not None and before != after and before.title == after.title:
                yield say("FILE_REPLACED", item=after.title)

    def layouts(self) -> Iterator[Sentence]:
        """Which arrangements are others, and what a screen falls back to."""
        for id_, after in self._after.layouts.items():
            if id_ in self._before.layouts and self._before.layouts[id_] != after:
                yield say("LAYOUT_CHANGED", layout=self._name(id_))
        before, now = self._before.default_layout, self._after.default_layout
        if before != now:
            yield say("FALLBACK", before=self._name(before), after=self._name(now))

    def entries(self) -> Iterator[Sentence]:
        """What is due, and when."""
        old = {each.id: each for each in self._before.entries}
        new = {each.id: each for each in self._after.entries}
        for id_ in _only_in(new, old):
            yield say("ENTRY_ADDED", entry=self._name(id_), window=new[id_].window)
        for id_ in _only_in(old, new):
            yield say("ENTRY_REMOVED", entry=self._name(id_))
        for id_, entry in new.items():
            if id_ in old and old[id_] != entry:
                yield from self._entry(old[id_], entry)

    def _entry(self, before: Entry, after: Entry) -> Iterator[Sentence]:
        name = self._name(after.id)
        if before.window != after.window:
            yield say("ENTRY_TIMES", entry=name, before=before.window, after=after.window)
        if before.turn_ms != after.turn_ms:
            yield say("ENTRY_TURN", entry=name)
        if before.layout != after.layout:
            yield say("ENTRY_LAYOUT", entry=name, layout=self._name(after.layout))
        if before.priority != after.priority:
            yield say("ENTRY_PRIORITY", entry=name, before=before.priority, after=after.priority)

    def takeovers(self) -> Iterator[Sentence]:
        """What stands above it all."""
        old = {each.id: each for each in self._before.takeovers}
        for each in self._after.takeovers:
            if old.pop(each.id, None) != each:
                yield say("TAKEOVER_ADDED", takeover=self._name(each.id), until=each.until)
        for id_ in old:
            yield say("TAKEOVER_REMOVED", takeover=self._name(id_))

    def screen(self) -> Iterator[Sentence]:
        """What is the screen's own."""
        before, after = self._before, self._after
        if before.calendar != after.calendar:
            yield say("CALENDAR")
        if _settings(before) != _settings(after):
            yield say("SCREEN_SETTINGS")


def _only_in(these: Iterable[str], those: Container[str]) -> list[str]:
    return [id_ for id_ in these if id_ not in those]


def _whole(items: Iterable[Item]) -> dict[str, list[Item]]:
    """Items by the id of the row they come from: the pages of a document together."""
    found: dict[str, list[Item]] = {}
    for item in items:
        base, _dot, page = item.id.rpartition(".")
        found.setdefault(base if base and page.isdigit() else item.id, []).append(item)
    return found


def _moved(before: list[str], after: list[str]) -> list[str]:
    """The fewest of the common ids that must move to make one order of the other."""
    place = {id_: position for position, id_ in enumerate(before)}
    kept = _longest_rising([place[id_] for id_ in after])
    return [id_ for id_ in after if place[id_] not in kept]


def _longest_rising(numbers: list[int]) -> set[int]:
    """A longest subsequence that only rises (patience sorting)."""
    tops: list[int] = []
    below: dict[int, int | None] = {}
    for number in numbers:
        pile = bisect_left(tops, number)
        below[number] = tops[pile - 1] if pile else None
        tops[pile : pile + 1] = [number]
    found: set[int] = set()
    at: int | None = tops[-1] if tops else None
    while at is not None:
        found.add(at)
        at = below[at]
    return found


def _title(manifest: Manifest, item: Item) -> str:
    asset = manifest.assets[item.asset]
    return asset.title.removesuffix(f" ({item.id.rpartition('.')[2]})")


def _look(item: Item) -> tuple[object, ...]:
    return (item.asset, item.fit, item.transition)


def _settings(manifest: Manifest) -> tuple[object, ...]:
    return (manifest.canvas, manifest.timezone, manifest.panel)
