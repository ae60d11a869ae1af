"""The order of file names as people count: 第2页 comes before 第10页."""

import re
import unicodedata

__all__ = ["natural_key"]

_DIGITS = re.compile(r"(\d+)")


def natural_key(name: str) -> tuple[tuple[int, int, str], ...]:
    """A sort key: numbers by value, letters without case; full-width digits count as digits.

    The name itself decides between names that look alike, so that the order is total.
    """
    folded = unicodedata.normalize("NFKC", name).casefold()
    parts = [
        (0, int(part), "") if part.isdecimal() and len(part) < 19 else (1, 0, part)
        for part in _DIGITS.split(folded)
        if part
    ]
    return (*parts, (2, 0, name))
