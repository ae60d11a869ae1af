"""How high the text of a PDF's page is, so that a reviewer hears what nobody can read.

Runs in the child.  A scan has no text that could be measured: of it nothing is said.
"""

import ctypes
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

__all__ = ["LEAST_LETTERS", "text_percent"]

#: A page with fewer letters is a picture with a caption.
LEAST_LETTERS = 12

#: So many letters of a page are measured.
MOST_LETTERS = 5000

#: The text is as high as this part of its letters, the smallest, reaches at most: a page number or
#: a source below a figure is less, a body of text is more.
SMALL_SHARE = 0.25


def text_percent(page: "PdfPage") -> float | None:
    """The height of the page's text, in percent of the page's height; None: too little to tell.

    The height is that of the font's em, as the wall's least text is told (`Theme.legible`).
    """
    sizes = sorted(_sizes(page))
    if len(sizes) < LEAST_LETTERS:
        return None
    size = sizes[int(len(sizes) * SMALL_SHARE)]
    return round(100 * size / float(page.get_height()), 2)


def _sizes(page: "PdfPage") -> list[float]:
    """The font size of each letter that is seen, in points of the page."""
    from pypdfium2 import raw

    found: list[float] = []
    text = page.get_textpage()
    try:
        count = min(text.count_chars(), MOST_LETTERS)
        matrix = raw.FS_MATRIX()
        for index in range(count):
            if raw.FPDFText_GetUnicode(text.raw, index) <= ord(" "):
                continue
            size = raw.FPDFText_GetFontSize(text.raw, index)
            if raw.FPDFText_GetMatrix(text.raw, index, ctypes.byref(matrix)):
                size *= (matrix.c**2 + matrix.d**2) ** 0.5
            if size > 0:
                found.append(size)
    finally:
        text.close()
    return found
