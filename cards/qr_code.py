"""QR codes as the stage draws them (ISO/IEC 18004).  Pure."""

import re

__all__ = ["qr_rows", "qr_runs"]


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
