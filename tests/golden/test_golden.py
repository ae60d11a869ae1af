"""Every card looks as somebody has judged it to look: all templates, in all shapes."""

import pytest
from PIL import Image, ImageDraw, ImageEnhance

from cards.catalogue import DRAWN
from server.staff.cards.offered import OFFERED
from tests.golden.case import Case
from tests.golden.cases import CASES
from tests.golden.comparison import LIMITS, MOST_ASTRAY, astray, difference
from tests.golden.kept import MOST_BYTES, PICTURES, TILES, kept, tile_of
from tests.golden.rendering import Renderer

CONTROL = kept("menu-wide")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_card_looks_as_it_was_judged(renderer: Renderer, case: Case) -> None:
    apart = difference(renderer.draw(case).image, kept(case.name))
    renew = f"look at it (--full DIR), then: python -m tests.golden --write {case.name}"
    assert not apart.exceeds(LIMITS), f"{case.name} looks different: {apart}; {renew}"


def test_every_template_has_golden_pictures() -> None:
    assert {case.template for case in CASES} == set(DRAWN)


def test_every_kept_picture_is_small_and_of_a_case() -> None:
    files = {path.stem: path.stat().st_size for path in PICTURES.iterdir()}
    assert files.keys() == {case.name for case in CASES}
    assert {name: size for name, size in files.items() if size > MOST_BYTES} == {}


def test_a_template_is_chosen_by_the_picture_that_it_has_now() -> None:
    chosen_by = {tile_of(case.name): case.name for case in CASES if tile_of(case.name)}
    tiles = {path.stem: path for path in TILES.glob("*.webp")}
    assert tiles.keys() == chosen_by.keys() == OFFERED.keys()
    for template, path in tiles.items():
        with Image.open(path) as small:
            golden = kept(chosen_by[template]).resize(small.size, Image.Resampling.LANCZOS)
            apart = difference(small.convert("RGB"), golden)
        renew = f"python -m tests.golden --write {chosen_by[template]}"
        assert not apart.exceeds(LIMITS), f"the tile of {template}: {apart}; {renew}"


def without_a_dish(image: Image.Image) -> Image.Image:
    drawn = ImageDraw.Draw(image)
    drawn.rectangle((100, 180, 400, 220), fill=image.getpixel((5, 300)))
    return image


def a_line_lower(image: Image.Image) -> Image.Image:
    moved = Image.new("RGB", image.size, image.getpixel((5, 300)))
    moved.paste(image, (0, 12))
    return moved


def paler(image: Image.Image) -> Image.Image:
    return ImageEnhance.Contrast(image).enhance(0.8)


def of_another_family(image: Image.Image) -> Image.Image:
    red, green, blue = image.split()
    return Image.merge("RGB", (blue, red, green))


@pytest.mark.parametrize("spoil", [without_a_dish, a_line_lower, paler, of_another_family])
def test_the_comparison_sees_what_an_eye_sees(spoil) -> None:
    assert difference(spoil(CONTROL.copy()), CONTROL).exceeds(LIMITS)


@pytest.mark.parametrize("spoil", [without_a_dish, a_line_lower])
def test_the_comparison_of_edges_sees_what_stands_elsewhere(spoil) -> None:
    assert astray(spoil(CONTROL.copy()), CONTROL) > 10 * MOST_ASTRAY


def test_the_comparison_of_edges_forgives_letters_that_are_paler() -> None:
    assert astray(paler(CONTROL), CONTROL) <= MOST_ASTRAY


def test_the_comparison_forgives_what_no_eye_sees() -> None:
    smoothed = CONTROL.resize((700, 394), Image.Resampling.LANCZOS).resize(CONTROL.size)
    assert not difference(smoothed, CONTROL).exceeds(LIMITS)
