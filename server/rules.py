"""What only the server's settings may hold: addresses to listen on, proxies, databases.

Rules as those of `config.rules`: each converts a TOML value or says why it is not allowed.  Pure.
"""

import re
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

from msgspec import Struct

from config.errors import NotAllowed

__all__ = ["Database", "HostNames", "Listen", "Networks", "Slug", "UrlPath", "Words"]


class Slug(Struct, frozen=True):
    """An identifier that stands in signed documents: changing it means pairing anew."""

    allowed: str = "1 to 40 of a-z, 0-9 and -, not starting or ending with -"
    words: tuple[str, ...] = ()
    confidential: bool = False

    def convert(self, value: object) -> str:
        """Return the identifier."""
        if not re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?", _text(value)):
            raise NotAllowed("is not an identifier")
        return _text(value)


class Listen(Struct, frozen=True):
    """The address of a network interface of this machine."""

    allowed: str = 'an address such as "127.0.0.1", "0.0.0.0" or "::"'
    words: tuple[str, ...] = ()
    confidential: bool = False

    def convert(self, value: object) -> str:
        """Return the address; names are refused, because they may resolve to more than one."""
        try:
            return str(ip_address(_text(value)))
        except ValueError:
            raise NotAllowed("is not an IP address") from None


class Networks(Struct, frozen=True):
    """A list of addresses or networks."""

    allowed: str = 'a list of addresses or networks such as "10.0.0.0/8"'
    words: tuple[str, ...] = ()
    confidential: bool = False

    def convert(self, value: object) -> tuple[str, ...]:
        """Return the networks."""
        if not isinstance(value, list):
            raise NotAllowed("is not a list" + ("; put it into [ ]" * isinstance(value, str)))
        try:
            return tuple(str(ip_network(_text(entry))) for entry in value)
        except ValueError as error:
            raise NotAllowed(f"holds something that is no network ({error})") from None


class HostNames(Struct, frozen=True):
    """A list of names of hosts."""

    allowed: str = 'a list of names of hosts such as "data.example"; ".example" is all below it'
    words: tuple[str, ...] = ()
    confidential: bool = False

    def convert(self, value: object) -> tuple[str, ...]:
        """Return the names in lower case."""
        if not isinstance(value, list):
            raise NotAllowed("is not a list" + ("; put it into [ ]" * isinstance(value, str)))
        names = tuple(_text(entry).lower() for entry in value)
        if wrong := [
            each for each in names if not re.fullmatch(r"\.?[a-z0-9][a-z0-9.-]{0,252}", each)
        ]:
            raise NotAllowed(f"holds something that is no name of a host ({wrong[0][:60]!r})")
        return names


class Database(Struct, frozen=True):
    """The address of a PostgreSQL database without its password, or "" for SQLite."""

    allowed: str = '"postgresql://USER@HOST:PORT/NAME" without a password, or "" for SQLite'
    words: tuple[str, ...] = ()
    confidential: bool = True

    def convert(self, value: object) -> str:
        """Return the address; a password has a file of its own, or comes by the environment."""
        text = _text(value)
        if not text:
            return ""
        try:
            parts = urlsplit(text)
            _ = parts.port
        except ValueError:
            raise NotAllowed("has a bad host or port") from None
        if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/"):
            raise NotAllowed("is not the address of a PostgreSQL database")
        if parts.password:
            raise NotAllowed("holds a password; keep it in the file database.password_file names")
        return text


class UrlPath(Struct, frozen=True):
    """The beginning of the path of an address, or "" for none."""

    allowed: str = 'a path such as "/blobs/", or ""'
    words: tuple[str, ...] = ()
    confidential: bool = False

    def convert(self, value: object) -> str:
        """Return the path with a slash at its end, or ""."""
        text = _text(value)
        if text and not re.fullmatch(r"(/[\w.~-]+)+/?", text, re.ASCII):
            raise NotAllowed("is not a path")
        return f"{text.rstrip('/')}/" if text else ""


class Words(Struct, frozen=True):
    """A list of words out of a few."""

    words: tuple[str, ...]
    confidential: bool = False

    @property
    def allowed(self) -> str:
        """The words."""
        return "a list of " + ", ".join(f'"{word}"' for word in self.words)

    def convert(self, value: object) -> tuple[str, ...]:
        """Return the words, each once."""
        if not isinstance(value, list):
            raise NotAllowed("is not a list" + ("; put it into [ ]" * isinstance(value, str)))
        if unknown := [each for each in value if each not in self.words]:
            raise NotAllowed(f"holds {unknown[0]!r}, which is not one of the words allowed")
        return tuple(dict.fromkeys(value))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise NotAllowed("is not text (put it into quotation marks)")
    return value
