"""A card is laid out before anybody sees it: nothing in it may ask whether it is seen by now.

`visible` of QML is whether an item can be seen at this moment: of a card that is prepared behind
the one that stands it is false, and what is reckoned from it comes out otherwise.
"""

import re

import pytest

from player.stage.card_slot import QML_FOLDER

#: An item's `visible` may follow another's; nothing else may be reckoned from it.
_READS = re.compile(r"\bvisible\s*(\?|&&|\|\||===|\))|!\s*\w*\.?visible\b")


@pytest.mark.parametrize("path", sorted((QML_FOLDER / "cards").glob("*.qml")), ids=lambda p: p.stem)
def test_no_card_is_laid_out_by_what_is_seen_at_the_moment(path):
    lines = path.read_text().splitlines()
    assert [line.strip() for line in lines if _READS.search(line.partition("//")[0])] == []


def test_the_pattern_sees_what_went_wrong_before():
    for line in ("x: tab.visible ? 1 : 0", "a: b + (other.visible ? 1 : 0)", "y: !a.visible"):
        assert _READS.search(line)
    for line in ("visible: quote.visible", 'visible: text !== ""'):
        assert not _READS.search(line)
