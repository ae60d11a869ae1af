"""Two editors of one playlist: what each of them changed, put together item by item.  Pure.

`base` is what my page was made from, `mine` what I have now, `theirs` what is stored.  Whatever
only one of us touched is taken from them; where both changed the same value to different ones
there is a `Clash`, and nobody's work is thrown away without being shown:

- an item that I took out and they changed stays, and the other way round;
- what both added is there twice only if it was added twice (`ItemDraft.key` tells);
- if both moved items about, my order holds, and it is a clash.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict, replace

from server.programme.drafts import ItemDraft, PlaylistDraft

__all__ = ["Clash", "Merged", "identity", "merged"]

#: What an item is made of; which one it is, is another matter.
_OF_ITEMS = tuple(
    name for name in ItemDraft.__struct_fields__ if name not in {"pk", "key", "asset"}
)
_OF_LISTS = tuple(name for name in PlaylistDraft.__struct_fields__ if name != "items")


class Clash(Struct, frozen=True):
    """One value that both changed: of the item with this identity, or of the list itself ("")."""

    item: str
    field: str
    mine: Any
    theirs: Any


class Merged(Struct, frozen=True):
    """Both together.  Where there are clashes, `draft` has mine."""

    draft: PlaylistDraft
    clashes: tuple[Clash, ...] = ()


def identity(item: ItemDraft) -> str:
    """Which item it is, whatever becomes of it."""
    return item.key or f"i{item.pk}"


def merged(base: PlaylistDraft, mine: PlaylistDraft, theirs: PlaylistDraft) -> Merged:
    """Put both together."""
    clashes: list[Clash] = []
    fields = _fields(_of(base), _of(mine), _of(theirs), "", clashes)
    items = _items(_by_id(base), _by_id(mine), _by_id(theirs), clashes)
    order = _order(list(_by_id(base)), list(_by_id(mine)), list(_by_id(theirs)), items, clashes)
    draft = PlaylistDraft(**fields, items=tuple(items[each] for each in order))
    return Merged(draft, tuple(clashes))


def _of(draft: PlaylistDraft) -> dict[str, Any]:
    return {name: getattr(draft, name) for name in _OF_LISTS}


def _by_id(draft: PlaylistDraft) -> dict[str, ItemDraft]:
    return {identity(each): each for each in draft.items}


def _fields(
    base: Mapping[str, Any],
    mine: Mapping[str, Any],
    theirs: Mapping[str, Any],
    item: str,
    clashes: list[Clash],
) -> dict[str, Any]:
    found = {}
    for name, value in mine.items():
        other = theirs[name]
        found[name] = other if value == base[name] else value
        if value != other and base[name] not in (value, other):
            clashes.append(Clash(item, name, value, other))
    return found


def _items(
    base: Mapping[str, ItemDraft],
    mine: Mapping[str, ItemDraft],
    theirs: Mapping[str, ItemDraft],
    clashes: list[Clash],
) -> dict[str, ItemDraft]:
    """What stays, by identity, in no order."""
    found = {}
    for id_ in {**mine, **theirs}:
        before, one, other = base.get(id_), mine.get(id_), theirs.get(id_)
        if one is None or other is None:
            kept = _one_sided(before, one, other)
            if kept is not None:
                found[id_] = kept
            continue
        values = _fields(
            _values(before or other), _values(one), _values(other), id_, clashes
        )  # an item that is in both and was in neither is mine, saved before I was told
        found[id_] = replace(other, **values)
    return found


def _one_sided(
    before: ItemDraft | None, one: ItemDraft | None, other: ItemDraft | None
) -> ItemDraft | None:
    """An item that only one of us has: new, or taken out by the other, or changed meanwhile."""
    there = one or other
    assert there is not None
    if before is not None and _values(before) == _values(there):
        return None  # taken out, and nobody minded
    if there is other:
        return there
    return replace(there, pk=None, key=identity(there))  # its row is gone, its name stays


def _values(item: ItemDraft) -> dict[str, Any]:
    values = asdict(item)
    return {name: values[name] for name in _OF_ITEMS}


def _order(
    base: list[str],
    mine: list[str],
    theirs: list[str],
    items: Mapping[str, ItemDraft],
    clashes: list[Clash],
) -> list[str]:
    """The order of what stays: that of whoever moved things, with the other's items put in."""
    in_all = [each for each in base if each in set(mine) & set(theirs)]
    my_order, their_order = _only(mine, in_all), _only(theirs, in_all)
    if in_all not in (my_order, their_order) and my_order != their_order:
        clashes.append(Clash("", "items", my_order, their_order))
    first, second = (theirs, mine) if my_order == in_all else (mine, theirs)
    return list(_with(_only(first, items), _only(second, items)))


def _only(ids: Iterable[str], kept: Iterable[str]) -> list[str]:
    wanted = set(kept)
    return [each for each in ids if each in wanted]


def _with(whole: list[str], other: list[str]) -> Iterator[str]:
    """`whole`, and what only `other` has, each behind what stands before it there."""
    known, after = set(whole), dict[str | None, list[str]]()
    place: str | None = None
    for each in other:
        if each in known:
            place = each
        else:
            after.setdefault(place, []).append(each)
    yield from after.get(None, ())
    for each in whole:
        yield each
        yield from after.get(each, ())
