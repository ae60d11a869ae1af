"""Keeps secrets out of logs: whatever is written, known secrets in it are replaced.

No code of ours logs a secret; this is the second fence, for what libraries and errors may repeat.
"""

import logging
from collections.abc import Iterable
from typing import Protocol

__all__ = ["HIDDEN", "Redacting", "Secrets"]

HIDDEN = "(secret)"


class Secrets:
    """The secrets that are known to this process."""

    def __init__(self, known: Iterable[str] = ()) -> None:
        self._known = {secret for secret in known if secret}

    def learn(self, *secrets: str) -> None:
        """Never write these from now on."""
        self._known = self._known | {secret for secret in secrets if secret}

    def hidden(self, text: str) -> str:
        """`text` without any of them."""
        for secret in self._known:
            text = text.replace(secret, HIDDEN)
        return text


class _Formats(Protocol):
    def format(self, record: logging.LogRecord) -> str: ...


class Redacting(logging.Formatter):
    """A formatter that lets no secret through, tracebacks included."""

    def __init__(self, inner: _Formats, secrets: Secrets) -> None:
        super().__init__()
        self._inner, self._secrets = inner, secrets

    def format(self, record: logging.LogRecord) -> str:
        """The line, or lines."""
        return self._secrets.hidden(self._inner.format(record))
