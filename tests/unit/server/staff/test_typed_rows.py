"""Rows of a card's form come, go and move as typed; what was typed in them goes along."""

from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from server.staff.cards.typed_rows import ROWS_LIMIT, arranged, rows_typed


def typed(*dishes):
    made = QueryDict(mutable=True)
    made["title"] = "菜单"
    made["dishes.rows"] = str(len(dishes))
    for n, dish in enumerate(dishes):
        made[f"dishes.{n}.dish"] = dish
    return made


def dishes(told):
    return [told.typed.get(f"dishes.{n}.dish") for n in range(rows_typed(told.typed, "dishes"))]


def test_a_row_moves_up_and_down_and_the_button_goes_along():
    told = arranged(typed("粥", "面", "饭"), "up:dishes:2")
    assert dishes(told) == ["粥", "饭", "面"]
    assert told.focus == "up:dishes:1"
    told = arranged(told.typed, "up:dishes:1")
    assert dishes(told) == ["饭", "粥", "面"]
    assert told.focus == "down:dishes:0", "it cannot go further up"
    told = arranged(typed("粥", "面", "饭"), "down:dishes:1")
    assert dishes(told) == ["粥", "饭", "面"]
    assert told.focus == "up:dishes:2", "it cannot go further down"


def test_a_row_that_comes_is_written_next_and_one_that_goes_leaves_the_others():
    told = arranged(typed("粥", "面"), "add:dishes")
    assert dishes(told) == ["粥", "面", None]
    assert told.focus == "dishes.2"
    told = arranged(typed("粥", "面", "饭"), "drop:dishes:1")
    assert dishes(told) == ["粥", "饭"]
    assert told.focus == "drop:dishes:1"
    assert arranged(typed("粥", "面"), "drop:dishes:1").focus == "drop:dishes:0"
    assert arranged(typed("粥"), "drop:dishes:0").focus == "add:dishes"


def test_no_list_gets_more_rows_than_a_page_takes():
    full = typed(*["粥"] * ROWS_LIMIT)
    told = arranged(full, "add:dishes")
    assert rows_typed(told.typed, "dishes") == ROWS_LIMIT
    assert told.focus == ""


def test_what_a_box_holds_twice_is_kept_twice():
    sent = typed("粥", "面")
    sent.setlist("dishes.1.for", ["早", "晚"])
    assert arranged(sent, "up:dishes:1").typed.getlist("dishes.0.for") == ["早", "晚"]


@given(st.text(max_size=20) | st.sampled_from(["up:dishes:0", "down:dishes:1", "drop:dishes:9",
       "drop:dishes:", "up:title:0", "add:", "drop:dishes:٣", "up:dishes:-1"]))  # fmt: skip
def test_no_word_of_a_forged_button_loses_what_was_typed(do):
    sent = typed("粥", "面")
    told = arranged(sent, do)
    assert {"粥", "面"} <= set(dishes(told))
    assert told.typed["title"] == "菜单"
