"""Rules for addresses in the network, keys and fingerprints, as those of `config.rules`.

What may hold a password is confidential: no message repeats it.
"""

import re

from msgspec import Struct

from config.errors import NotAllowed
from config.rules import text_of

__all__ = ["Proxy", "Secret", "Sha256", "Urls"]


class Sha256(Struct, frozen=True):
    """A SHA-256 in hexadecimal, or "" for none; the colons of fingerprints are left out."""

    allowed: str = '64 hexadecimal digits (a SHA-256) or ""'
    words: tuple[str, ...] = ()
    confidential: bool = False

    def convert(self, value: object) -> str:
        """Return the digest in lower case."""
        text = re.sub(r"[\s:]", "", text_of(value)).lower()
        if text and not re.fullmatch(r"[0-9a-f]{64}", text):
            raise NotAllowed(f"is not a SHA-256 ({len(text)} digits)")
        return text


class Proxy(Struct, frozen=True):
    """The address of an HTTP proxy, or "" for none."""

    allowed: str = 'an address like "http://proxy.example:3128", or ""'
    words: tuple[str, ...] = ()
    confidential: bool = True

    def convert(self, value: object) -> str:
        """Return the address."""
        return _address(value) if value else text_of(value)


class Secret(Struct, frozen=True):
    """A key that nobody but this box may know, or "" for none; never repeated in a message."""

    allowed: str = '16 to 200 letters, digits and signs without a blank, or ""'
    words: tuple[str, ...] = ()
    confidential: bool = True

    def convert(self, value: object) -> str:
        """Return the key."""
        text = text_of(value)
        if text and not re.fullmatch(r"[\x21-\x7e]{16,200}", text):
            raise NotAllowed("is not such a key")
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

    text = text_of(value)
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
