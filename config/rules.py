"""What a key may hold: each rule converts a TOML value or says why it is not allowed.

A rule raises `NotAllowed` with the end of a sentence ("must be between 0 and 100"); whoever calls
it adds file, line and key.  Rules know nothing of files and touch no disk, except that the names
of time zones come from the tz database.
"""

import re
from datetime import time
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from config.errors import NotAllowed

__all__ = [
    "CommandLine",
    "DailySpan",
    "Flag",
    "FolderPath",
    "Number",
    "OneOf",
    "Proxy",
    "Rule",
    "Secret",
    "Sha256",
    "Span",
    "Text",
    "TimeOfDay",
    "TimeZone",
    "Urls",
]


class DailySpan(Struct, frozen=True):
    """From `start` until just before `end`, every day, on the box's clock; may pass midnight."""

    start: time
    end: time

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


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
        text = _text(value)
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

        text = _text(value)
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
        text = _text(value)
        if not text and self.optional:
            return None
        if not text.startswith("/") or "\0" in text:
            raise NotAllowed("is not an absolute path")
        return Path(text)


class Sha256(Struct, frozen=True):
    """A SHA-256 in hexadecimal, or "" for none; the colons of fingerprints are left out."""

    allowed: str = '64 hexadecimal digits (a SHA-256) or ""'
    words: tuple[str, ...] = ()
    confidential: bool = False

    def convert(self, value: object) -> str:
        """Return the digest in lower case."""
        text = re.sub(r"[\s:]", "", _text(value)).lower()
        if text and not re.fullmatch(r"[0-9a-f]{64}", text):
            raise NotAllowed(f"is not a SHA-256 ({len(text)} digits)")
        return text


class Span(Struct, frozen=True):
    """A daily span "HH:MM-HH:MM", or "" for the whole day."""

    allowed: str = '"HH:MM-HH:MM" (may pass midnight) or "" for the whole day'
    words: tuple[str, ...] = ()
    confidential: bool = False

    def convert(self, value: object) -> DailySpan | None:
        """Return the span, or None for ""."""
        text = _text(value)
        if not text:
            return None
        match = re.fullmatch(r"(\d\d):(\d\d)\s*[-–]\s*(\d\d):(\d\d)", text)
        if not match:
            raise NotAllowed("is not a span of time")
        hours = [int(part) for part in match.groups()]
        try:
            span = DailySpan(time(hours[0], hours[1]), time(hours[2], hours[3]))
        except ValueError:
            raise NotAllowed("names a time that is on no clock") from None
        if span.start == span.end:
            raise NotAllowed("is empty: it ends when it begins")
        return span


class Proxy(Struct, frozen=True):
    """The address of an HTTP proxy, or "" for none."""

    allowed: str = 'an address like "http://proxy.example:3128", or ""'
    words: tuple[str, ...] = ()
    confidential: bool = True

    def convert(self, value: object) -> str:
        """Return the address."""
        return _address(value) if value else _text(value)


class Secret(Struct, frozen=True):
    """A key that nobody but this box may know, or "" for none; never repeated in a message."""

    allowed: str = '16 to 200 letters, digits and signs without a blank, or ""'
    words: tuple[str, ...] = ()
    confidential: bool = True

    def convert(self, value: object) -> str:
        """Return the key."""
        text = _text(value)
        if text and not re.fullmatch(r"[\x21-\x7e]{16,200}", text):
            raise NotAllowed("is not such a key")
        return text


class TimeOfDay(Struct, frozen=True):
    """A time "HH:MM" on the box's clock, or "" for never."""

    allowed: str = '"HH:MM" or "" for never'
    words: tuple[str, ...] = ()
    confidential: bool = False

    def convert(self, value: object) -> time | None:
        """Return the time, or None for ""."""
        text = _text(value)
        if not text:
            return None
        match = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)", text)
        if not match:
            raise NotAllowed("is not a time of day")
        return time(int(match[1]), int(match[2]))


class TimeZone(Struct, frozen=True):
    """The name of a time zone, or "" for none of our own."""

    allowed: str = 'a name of the tz database such as "Asia/Shanghai", or ""'
    words: tuple[str, ...] = ("Asia/Shanghai", "Asia/Urumqi", "Asia/Hong_Kong", "UTC")
    confidential: bool = False

    def convert(self, value: object) -> str:
        """Return the name."""
        from zoneinfo import ZoneInfo  # 5 ms of a cold start, needed by few

        text = _text(value)
        try:
            if text:
                ZoneInfo(text)
        except (OSError, ValueError):  # ZoneInfoNotFoundError is a KeyError
            raise NotAllowed("is not the name of a time zone") from None
        except KeyError:
            raise NotAllowed("is not in the tz database") from None
        return text


class Urls(Struct, frozen=True):
    """A list of addresses of one server, tried in order."""

    most: int = 8
    words: tuple[str, ...] = ()
    confidential: bool = True

    @property
    def allowed(self) -> str:
        """What an address must look like."""
        return f'a list of at most {self.most} addresses like "https://signage.example"'

    def convert(self, value: object) -> tuple[str, ...]:
        """Return the addresses without trailing slashes."""
        if not isinstance(value, list):
            hint = "; put it into [ ]" if isinstance(value, str) else ""
            raise NotAllowed(f"is not a list{hint}")
        if len(value) > self.most:
            raise NotAllowed(f"has {len(value)} entries")
        return tuple(_address(entry) for entry in value)


def _address(value: object) -> str:
    from urllib.parse import urlsplit

    text = _text(value)
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:  # a bad IPv6 address, or a port beyond 65535
        raise NotAllowed("holds an address with a bad host or port") from None
    if parts.username or parts.password:
        raise NotAllowed("holds a user name or password; write the address without them")
    if parts.scheme not in {"https", "http"} or not parts.hostname:
        raise NotAllowed("holds something that is no address (https://…)")
    if parts.query or parts.fragment or re.search(r"\s", text):
        raise NotAllowed("holds an address with a blank, a ? or a #")
    return text.rstrip("/")


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise NotAllowed("is not text (put it into quotation marks)")
    return value
