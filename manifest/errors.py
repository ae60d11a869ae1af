"""The two ways in which a document can be refused: it is malformed, or it is not to be trusted.

`ManifestFormatError` names the place and the value; a `TrustError` is one of few leaves, each named
after the cause that a caller can report or act on (docs/trust.md).  Calling the steps of
`manifest.trust` out of order is neither: that is our bug, and a `RuntimeError`.
"""

import json
import re

__all__ = [
    "BadSignature",
    "DigestMismatch",
    "Equivocated",
    "Expired",
    "FastForward",
    "KeyUnusable",
    "ManifestError",
    "ManifestFormatError",
    "RolledBack",
    "RootChainBroken",
    "StaleFreshness",
    "TooLarge",
    "TrustError",
    "Unapproved",
    "WrongAudience",
    "WrongDocument",
    "quoted",
]

_PLAIN_KEY = re.compile(r"[A-Za-z0-9_-]+")


class ManifestError(Exception):
    """Base of every refusal in this package."""


class ManifestFormatError(ManifestError):
    """A document is not what its format says (docs/manifest.md, 1.1).

    `path` is where (`$.playlists.p1.items[3].duration_ms`), `expected` what should be there,
    `got` what is there instead, shortened and printable.  The text is the three of them.
    """

    def __init__(self, expected: str, got: str) -> None:
        super().__init__(expected, got)
        self.expected = expected
        self.got = got
        self._below = ""

    @property
    def path(self) -> str:
        """Where in the document, from its root `$`."""
        return "$" + self._below

    def inside(self, *steps: str | int) -> "ManifestFormatError":
        """Say that the place named so far lies below these keys and positions; returns itself."""
        self._below = "".join(map(_step, steps)) + self._below
        return self

    def __str__(self) -> str:
        return f"{self.path}: expected {self.expected}, got {self.got}"


def _step(step: str | int) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    if _PLAIN_KEY.fullmatch(step):
        return f".{step}"
    return f"[{quoted(step)}]"


def quoted(text: str) -> str:
    """`text` in JSON quotes, at most 60 characters of it, safe to print on any terminal."""
    short = text if len(text) <= 60 else text[:59] + "…"
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in json.dumps(short, ensure_ascii=False)
    )


class KeyUnusable(ManifestError):
    """A key file is not one, is encrypted with another passphrase, or holds another kind of key."""


class TrustError(ManifestError):
    """A well-formed document that this screen must not act upon."""


class BadSignature(TrustError):
    """Too few valid signatures by different keys of the role."""


class Unapproved(TrustError):
    """The publisher signed it, but too few approvers did (level 2)."""


class WrongDocument(TrustError):
    """Another type of document than the one asked for, such as a manifest for a freshness."""


class WrongAudience(TrustError):
    """A valid document of another organisation, site or screen."""


class TooLarge(TrustError):
    """More bytes than a document of this type may have."""


class RolledBack(TrustError):
    """Older than what this screen has already accepted."""


class Equivocated(TrustError):
    """The version is known, the bytes differ: somebody signs two truths."""


class FastForward(TrustError):
    """A version from the future, which would lock out every honest one after it."""


class DigestMismatch(TrustError):
    """Not the bytes that a signed document (or a pinned fingerprint) names."""


class StaleFreshness(TrustError):
    """The freshness that names a new manifest has expired: it may be a recording."""


class Expired(TrustError):
    """A new document that was already past its `expires_at` when it came."""


class RootChainBroken(TrustError):
    """A root that does not follow from the one we trust."""
