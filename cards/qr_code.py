"""QR codes as the stage draws them (ISO/IEC 18004).  Pure."""

import re
from math import ceil, floor

__all__ = ["code_px", "least_px", "qr_rows", "qr_runs"]

#: The free border (ISO/IEC 18004), in modules; how many modules a code has with it that takes the
#: width of eight legible lines.
BORDER, USUAL = 8, 41

#: The height of a legible line as a share of the screen's height (docs/cards.md, "The look").
LEGIBLE = 0.037


def qr_rows(text: str) -> tuple[str, ...]:
    """The modules row by row, "1" is dark, without the quiet zone of four around them.

    Level M: a smudge on the glass does not matter.
    """
    # Hardly any screen draws one: the library is loaded for those that do.
    import segno

    code = segno.make(text, error="m", micro=False)
    return tuple("".join("1" if dark else "0" for dark in row) for row in code.matrix)


def qr_runs(rows: tuple[str, ...]) -> list[list[int]]:
    """The dark runs: where each begins, its row, its length, in modules."""
    return [
        [run.start(), number, len(run[0])]
        for number, row in enumerate(rows)
        for run in re.finditer("1+", row)
    ]


def least_px(side: int, screen_height: int) -> int:
    """How wide a code of `side` modules is at least with its border, to be read from some 2 m.

    In pixels of a screen `screen_height` of them high; `Qr.qml` draws none that is narrower.
    """
    legible = ceil(screen_height * LEGIBLE)
    return _rounded(8 * legible * max(1, (side + BORDER) / USUAL))


def code_px(side: int, width: int, height: int, screen_height: int) -> int:
    """How wide the card `qr` draws it, with its border, in a zone of this width and height."""
    unit, legible = max(1, _rounded(screen_height / 135)), ceil(screen_height * LEGIBLE)
    is_narrow, is_low = width < 9 * legible, height < 15 * legible
    if width >= height * 1.15:
        rim = unit if is_low or is_narrow else 4 * unit
        most = min(height - 2 * rim - 2 * unit, _rounded(width * 0.52))
    else:
        air = max(2, min(15, _rounded(min(width, height) * 0.055 / unit)))
        margin = 2 * unit if is_narrow else 4 * unit if is_low else air * unit
        most = min(width - 2 * margin, _rounded(height * 0.5))
    return (side + BORDER) * max(1, most // (side + BORDER))


def _rounded(number: float) -> int:
    """As QML rounds: halves up."""
    return floor(number + 0.5)
