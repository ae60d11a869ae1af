"""Looking at a framebuffer: what is on it has a name, and half of it has none."""

from typing import Any

import pytest

from bench.content import PALETTE, Rgb
from bench.framebuffer import POINTS, Looker

WIDTH, HEIGHT = 200, 100
PAPER, INK = (251, 249, 244), (26, 29, 33)
#: A card: paper, and ink at the places in the middle of the screen.
CARD = tuple(INK if x == 0.5 else PAPER for x, _y in POINTS)


class Glass:
    """A framebuffer in memory, as `Looker` sees one."""

    def __init__(self, rgb: Rgb) -> None:
        red, green, blue = rgb
        self.pixels = [red << 16 | green << 8 | blue] * (WIDTH * HEIGHT)

    def index(self, x: float, y: float) -> int:
        return int(y * HEIGHT) * WIDTH + int(x * WIDTH)

    def rgb(self, value: int) -> Rgb:
        return value >> 16 & 255, value >> 8 & 255, value & 255

    def draw(self, colours: tuple[Rgb, ...]) -> None:
        for (x, y), (red, green, blue) in zip(POINTS, colours, strict=True):
            self.pixels[self.index(x, y)] = red << 16 | green << 8 | blue


def seen(glass: Any) -> str:
    return Looker(glass, ["red"], fingerprints={"notice": CARD}).look()[0]


@pytest.mark.parametrize(
    ("rgb", "name"),
    [(PALETTE["red"], "red"), ((0, 0, 0), "black"), ((255, 255, 255), "root"), (PAPER, "root")],
)
def test_one_colour_everywhere_has_the_name_of_its_item(rgb: Rgb, name: str) -> None:
    assert seen(Glass(rgb)) == name


def test_a_card_is_known_by_all_its_points() -> None:
    glass = Glass(PAPER)
    glass.draw(CARD)
    assert seen(glass) == "notice"


def test_a_card_of_which_a_word_is_missing_is_half_drawn() -> None:
    glass = Glass(PAPER)
    glass.draw((*CARD[:2], PAPER, *CARD[3:]))
    assert seen(glass) == "mixed"
