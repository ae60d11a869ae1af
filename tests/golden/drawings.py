"""Pictures that golden cards bring: a portrait, dishes, places; drawn here, alike at every run."""

import tempfile
from functools import cache
from pathlib import Path
from random import Random

from PIL import Image, ImageDraw

__all__ = ["dish_picture", "place_picture", "portrait"]

#: Drawn so many times as large, then made smaller: edges are smooth.
FINER = 3

Rgb = tuple[int, int, int]

_SKIN, _CLOTH, _HELMET, _SHIRT = (224, 178, 146), (46, 74, 112), (214, 58, 44), (238, 238, 234)

#: What lies on the plates: colours of meat, of greens, of egg, of carrots, of tofu.
_FOODS: list[list[Rgb]] = [
    [(146, 62, 34), (176, 82, 44), (118, 46, 28)],
    [(232, 228, 214), (212, 204, 184), (96, 140, 62)],
    [(196, 120, 48), (168, 84, 40), (84, 132, 58)],
    [(214, 66, 46), (244, 204, 84), (232, 186, 60)],
    [(88, 148, 66), (112, 170, 80), (236, 236, 220)],
]

#: The sky above and at the ridge: morning, noon, dusk, winter.
_SKIES: list[tuple[Rgb, Rgb]] = [
    ((120, 164, 206), (248, 214, 170)),
    ((62, 128, 196), (206, 228, 240)),
    ((72, 66, 118), (240, 150, 104)),
    ((168, 182, 194), (232, 234, 232)),
]
_HALL, _CHIMNEY, _GROUND = (64, 76, 92), (150, 70, 58), (78, 88, 74)


@cache
def _folder() -> Path:
    holder = tempfile.TemporaryDirectory(prefix="yingbi-drawings-")
    _KEPT.append(holder)
    return Path(holder.name)


#: The folder stays while the process does.
_KEPT: list[tempfile.TemporaryDirectory[str]] = []


@cache
def portrait() -> Path:
    """Somebody in working clothes with a helmet, 600 x 800."""
    image = Image.new("RGB", (600 * FINER, 800 * FINER))
    pen = ImageDraw.Draw(image)
    for y in range(image.height):
        light = y / image.height
        grey = 204 - int(56 * light)
        pen.line((0, y, image.width, y), (grey - 8, grey, grey + 6))
    _ellipse(pen, (30, 560, 570, 1180), _CLOTH)
    _polygon(pen, [(225, 570), (300, 690), (375, 570)], _SHIRT)
    _polygon(pen, [(245, 440), (355, 440), (372, 585), (300, 660), (228, 585)], (206, 158, 128))
    _ellipse(pen, (185, 190, 415, 520), _SKIN)
    pen.pieslice([each * FINER for each in (168, 120, 432, 420)], 180, 360, _HELMET)
    _ellipse(pen, (145, 250, 455, 292), (188, 44, 34))
    _ellipse(pen, (243, 345, 263, 362), (52, 40, 36))
    _ellipse(pen, (337, 345, 357, 362), (52, 40, 36))
    pen.arc([each * FINER for each in (255, 400, 345, 456)], 20, 160, (140, 84, 70), 5 * FINER)
    return _saved(image, "portrait")


@cache
def dish_picture(number: int) -> Path:
    """A plate of food on a table, 480 x 320; each number another one."""
    image = Image.new("RGB", (480 * FINER, 320 * FINER), (150, 116, 84))
    pen = ImageDraw.Draw(image)
    for plank in range(0, 320, 40):
        pen.line((0, plank * FINER, image.width, plank * FINER), (138, 104, 74), 2 * FINER)
    _ellipse(pen, (66, 22, 414, 306), (120, 90, 66))
    _ellipse(pen, (62, 12, 418, 296), (248, 247, 242))
    _ellipse(pen, (102, 44, 378, 264), (228, 226, 218))
    dice, foods = Random(number), _FOODS[(number - 1) % len(_FOODS)]
    for _ in range(90):
        x, y = dice.gauss(240, 42), dice.gauss(154, 32)
        wide, high = dice.uniform(14, 30), dice.uniform(10, 22)
        _ellipse(pen, (x - wide, y - high, x + wide, y + high), dice.choice(foods))
    return _saved(image, f"dish{number}")


@cache
def place_picture(number: int, size: tuple[int, int] = (640, 400)) -> Path:
    """A works before hills under the sky of some hour; each number another one."""
    wide, high = size
    image = Image.new("RGB", (wide * FINER, high * FINER))
    pen = ImageDraw.Draw(image)
    dice, (top, low) = Random(number), _SKIES[(number - 1) % len(_SKIES)]
    for y in range(image.height):
        share = min(1.0, y / (0.7 * image.height))
        red, green, blue = (round(a + (b - a) * share) for a, b in zip(top, low, strict=True))
        pen.line((0, y, image.width, y), (red, green, blue))
    for depth, shade in ((0.52, 0.72), (0.62, 0.5)):
        ridge = [(wide * n / 8, high * (depth + dice.uniform(-0.09, 0.06))) for n in range(9)]
        colour = (round(low[0] * shade), round(low[1] * shade), round(low[2] * shade))
        _polygon(pen, [(0, high), *ridge, (wide, high)], colour)
    left = wide * dice.uniform(0.1, 0.35)
    for hall in range(3):
        x, tall = left + hall * wide * 0.17, high * dice.uniform(0.16, 0.3)
        roof = high * 0.84 - tall
        _polygon(pen, [(x, high * 0.84), (x, roof), (x + wide * 0.08, roof - high * 0.05),
                       (x + wide * 0.16, roof), (x + wide * 0.16, high * 0.84)], _HALL)  # fmt: skip
    _polygon(pen, [(left - wide * 0.05, high * 0.84), (left - wide * 0.04, high * 0.3),
                   (left - wide * 0.015, high * 0.3), (left, high * 0.84)], _CHIMNEY)  # fmt: skip
    _polygon(pen, [(0, high), (0, high * 0.84), (wide, high * 0.82), (wide, high)], _GROUND)
    return _saved(image, f"place{number}-{wide}")


def _ellipse(pen: ImageDraw.ImageDraw, box: tuple[float, float, float, float], fill: Rgb) -> None:
    pen.ellipse([each * FINER for each in box], fill)


def _polygon(pen: ImageDraw.ImageDraw, points: list[tuple[float, float]], fill: Rgb) -> None:
    pen.polygon([(x * FINER, y * FINER) for x, y in points], fill)


def _saved(image: Image.Image, name: str) -> Path:
    path = _folder() / f"{name}.png"
    image.resize((image.width // FINER, image.height // FINER), Image.Resampling.LANCZOS).save(path)
    return path
