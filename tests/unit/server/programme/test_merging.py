"""Two editors of one list: both changes are kept, item by item; what clashes is asked about."""

from typing import Any

from server.programme.drafts import ItemDraft, PlaylistDraft
from server.programme.merging import identity, merged

A, B, C, D = (ItemDraft(asset=n, pk=n) for n in range(1, 5))


def a_list(*items: ItemDraft, **fields: Any) -> PlaylistDraft:
    return PlaylistDraft(**{"name": "Lobby", **fields}, items=items)


def but(item: ItemDraft, **changes: Any) -> ItemDraft:
    values = {name: getattr(item, name) for name in ItemDraft.__struct_fields__}
    return ItemDraft(**values | changes)


def assets(draft: PlaylistDraft) -> list[int]:
    return [each.asset for each in draft.items]


BASE = a_list(A, B, C)


def test_what_only_one_of_them_changed_is_taken_from_them() -> None:
    mine = a_list(but(A, duration_ms=5000), B, C, name="Lobby, east")
    theirs = a_list(A, but(B, weight=3), C, order="shuffled")
    both = merged(BASE, mine, theirs)
    assert both.clashes == ()
    assert both.draft == a_list(
        but(A, duration_ms=5000), but(B, weight=3), C, name="Lobby, east", order="shuffled"
    )


def test_two_values_of_one_item_are_both_kept() -> None:
    mine, theirs = a_list(but(A, fit="cover"), B, C), a_list(but(A, weight=2), B, C)
    assert merged(BASE, mine, theirs).draft.items[0] == but(A, fit="cover", weight=2)


def test_the_same_value_changed_twice_is_asked_about_and_mine_stands_meanwhile() -> None:
    mine, theirs = a_list(but(A, duration_ms=5000), B, C), a_list(but(A, duration_ms=7000), B, C)
    both = merged(BASE, mine, theirs)
    (clash,) = both.clashes
    assert (clash.item, clash.field, clash.mine, clash.theirs) == ("i1", "duration_ms", 5000, 7000)
    assert both.draft.items[0].duration_ms == 5000


def test_the_same_change_made_by_both_is_none_to_ask_about() -> None:
    same = a_list(but(A, duration_ms=5000), B, C)
    assert merged(BASE, same, same).clashes == ()


def test_what_each_added_is_there_behind_what_stood_before_it() -> None:
    mine = a_list(A, ItemDraft(asset=8, key="aa-mine"), B, C)
    theirs = a_list(A, B, C, ItemDraft(asset=9, pk=9, key="aa-theirs"))
    assert assets(merged(BASE, mine, theirs).draft) == [1, 8, 2, 3, 9]


def test_an_item_of_mine_that_was_saved_before_i_was_told_is_there_once() -> None:
    mine = a_list(A, B, C, ItemDraft(asset=8, key="aa-new", weight=2))
    theirs = a_list(A, B, C, ItemDraft(asset=8, pk=77, key="aa-new"))
    both = merged(BASE, mine, theirs)
    assert both.clashes == ()
    assert both.draft.items[3] == ItemDraft(asset=8, pk=77, key="aa-new", weight=2)


def test_what_one_took_out_is_out() -> None:
    assert assets(merged(BASE, a_list(A, C), a_list(A, B)).draft) == [1]


def test_what_one_took_out_and_the_other_changed_stays() -> None:
    changed = but(B, duration_ms=9000)
    assert merged(BASE, a_list(A, C), a_list(A, changed, C)).draft.items[1] == changed
    back = merged(BASE, a_list(A, changed, C), a_list(A, C)).draft.items[1]
    assert (back.asset, back.duration_ms, back.pk) == (2, 9000, None)
    assert identity(back) == "i2", "the page that has it knows it by this name"


def test_the_order_is_that_of_who_moved_things() -> None:
    assert assets(merged(BASE, a_list(C, A, B), BASE).draft) == [3, 1, 2]
    assert assets(merged(BASE, BASE, a_list(C, A, B)).draft) == [3, 1, 2]
    new = ItemDraft(asset=8, key="aa-new")
    assert assets(merged(BASE, a_list(A, B, C, new), a_list(C, A, B, D)).draft) == [3, 8, 1, 2, 4]


def test_two_orders_are_asked_about_and_mine_stands_meanwhile() -> None:
    both = merged(BASE, a_list(C, A, B), a_list(B, A, C))
    (clash,) = both.clashes
    assert (clash.field, clash.mine, clash.theirs) == (
        "items", ["i3", "i1", "i2"], ["i2", "i1", "i3"],
    )  # fmt: skip
    assert assets(both.draft) == [3, 1, 2]


def test_both_of_us_in_each_others_place_come_to_the_same() -> None:
    mine = a_list(but(A, weight=2), C, name="East")
    theirs = a_list(A, but(B, weight=4), C, ItemDraft(asset=9, pk=9))
    one, other = merged(BASE, mine, theirs).draft, merged(BASE, theirs, mine).draft
    assert (assets(one), one.name) == (assets(other), other.name)
