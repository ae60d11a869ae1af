"""What a key may hold: each rule converts a TOML value or says why it is not allowed.

A rule raises `NotAllowed` with the end of a sentence ("must be between 0 and 100"); whoever calls
it adds file, line and key.  Rules know nothing of files and touch no disk.  Times of day and zones
are in `times`, addresses and keys in `addresses`.
"""

from pathlib import Path
from typing import Protocol

from msgspec import Struct

from config.errors import NotAllowed

__all__ = [
    "CommandLine",
    "Flag",
    "FolderPath",
    "Number",
    "OneOf",
    "Rule",
    "Text",
    "text_of",
]


class Rule(Protocol):
    """Converts what TOML gave into what the settings hold."""

    @property
    def allowed(self) -> str:
        """What may stand there, as it goes on after "allowed is ..."."""

    @property
    def confidential(self) -> bool:
        """May the value hold a password?  Then it is never repeated in a message."""

    @property
    def words(self) -> tuple[str, ...]:
        """The words among which a typo is looked for ("did you mean ...?")."""

    def convert(self, value: object) -> object:
        """Return the value to use, or raise `NotAllowed`."""


class Flag(Struct, frozen=True):
    """true or false."""

    allowed: str = "true or false"
    words: tuple[str, ...] = ()
    confidential: bool = False

    def convert(self, value: object) -> bool:
        """Return the flag; "yes" and 1 are not guessed at."""
        if not isinstance(value, bool):
            raise NotAllowed("is not true or false (without quotation marks)")
        return value


class Number(Struct, frozen=True):
    """A number between two limits, both allowed; whole numbers only if `whole`."""

    low: float
    high: float
    unit: str = ""
    whole: bool = True
    words: tuple[str, ...] = ()
    confidential: bool = False

    @property
    def allowed(self) -> str:
        """The limits, with the unit."""
        kind = "a whole number" if self.whole else "a number"
        unit = f" ({self.unit})" if self.unit else ""
        return f"{kind} from {self.low:g} to {self.high:g}{unit}"

    def convert(self, value: object) -> int | float:
        """Return the number, refusing text that merely looks like one."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            hint = " (no quotation marks)" if isinstance(value, str) else ""
            raise NotAllowed(f"is not a number{hint}")
        if self.whole and not isinstance(value, int):
            raise NotAllowed("is not a whole number")
        if not self.low <= value <= self.high:  # NaN fails here too
            raise NotAllowed("is out of range")
        return value


class OneOf(Struct, frozen=True):
    """One of a few words."""

    words: tuple[str, ...]
    confidential: bool = False

    @property
    def allowed(self) -> str:
        """The words."""
        return " or ".join(f'"{word}"' for word in self.words)

    def convert(self, value: object) -> str:
        """Return the word."""
        if not isinstance(value, str) or value not in self.words:
            raise NotAllowed("is not one of the words allowed")
        return value


class Text(Struct, frozen=True):
    """One line of text."""

    longest: int = 100
    words: tuple[str, ...] = ()
    confidential: bool = False

    @property
    def allowed(self) -> str:
        """How long it may be."""
        return f"one line of at most {self.longest} characters"

    def convert(self, value: object) -> str:
        """Return the text."""
        text = text_of(value)
        if len(text) > self.longest:
            raise NotAllowed(f"has {len(text)} characters")
        if any(ord(letter) < 32 or ord(letter) == 127 for letter in text):
            raise NotAllowed("has more than one line, or control characters")
        return text


class CommandLine(Struct, frozen=True):
    """A program by its absolute path, and its words (quoted as a shell does), or "" for none."""

    allowed: str = 'a command that begins with the path of its program ("/…"), or ""'
    words: tuple[str, ...] = ()
    confidential: bool = False

    def convert(self, value: object) -> str:
        """Return the line."""
        from shlex import split  # needed by few boxes

        text = text_of(value)
        if text and (not text.startswith("/") or not text.isprintable()):
            raise NotAllowed("is not a command with the path of its program")
        try:
            split(text)
        except ValueError:
            raise NotAllowed("has a quotation mark that is not closed") from None
        return text


class FolderPath(Struct, frozen=True):
    """An absolute path of a file or folder on the box; `optional` allows "" for none."""

    optional: bool = False
    words: tuple[str, ...] = ()
    confidential: bool = False

    @property
    def allowed(self) -> str:
        """What a path must look like."""
        return 'an absolute path ("/…")' + (' or ""' if self.optional else "")

    def convert(self, value: object) -> Path | None:
        """Return the path, or None for ""."""
        text = text_of(value)
        if not text and self.optional:
            return None
        if not text.startswith("/") or "\0" in text:
            raise NotAllowed("is not an absolute path")
        return Path(text)


def text_of(value: object) -> str:
    """Return `value` if it is text, or raise `NotAllowed`."""
    if not isinstance(value, str):
        raise NotAllowed("is not text (put it into quotation marks)")
    return value
