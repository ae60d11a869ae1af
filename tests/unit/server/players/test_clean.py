"""What devices say is bounded in every direction, and holds nothing that a database refuses."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from server.players.clean import STRING_LIMIT, clean, line, text

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=90) | st.dictionaries(st.text(), inner, max_size=90),
    max_leaves=60,
)


def test_a_script_stays_text_and_a_nul_is_gone():
    assert clean({"name": "<script>\0</script>"}) == {"name": "<script> </script>"}


def test_what_is_too_long_too_deep_or_too_large_is_cut():
    assert clean("x" * 5000) == "x" * STRING_LIMIT
    assert len(clean(list(range(1000)))) == 64
    assert clean(10**30) is None
    deep: object = "end"
    for _level in range(50):
        deep = [deep]
    assert len(msgspec.json.encode(clean(deep))) < 40


def test_a_line_has_no_breaks_and_no_bidirectional_tricks():
    assert line("one\ntwo\t three\u202eevil", 100) == "one two three evil"
    assert text("a\nb", 10) == "a\nb"


@given(JSON)
def test_whatever_comes_is_json_of_a_bounded_size(value):
    kept = clean(value)
    assert "\\u0000" not in msgspec.json.encode(kept).decode()
    assert clean(kept) == kept
