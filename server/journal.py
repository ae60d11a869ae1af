"""What the server writes to its log: one line a record, in UTC, and never a secret.

Strings that came from outside (names, paths, device reports) cannot begin a line of their own, and
what looks like a token or a password is struck out, tracebacks included.
"""

import asyncio
import logging
import re
import time
from typing import Any

from server.lifetime import is_stopping

__all__ = ["News", "OneLine", "logging_settings", "without_secrets"]

#: A longer record is cut, in characters.
MAX_RECORD_CHARACTERS = 8_000

_SECRETS = re.compile(
    r"(?P<before>\bBearer\s+|\byb[a-z]?_|"
    r"(?:password|passwd|secret|token|api_key|sessionid|csrftoken|set-up code)"
    r"(?:[\"']?\s*[=:]\s*[\"']?)|"
    r"://[^/\s:@]*:(?=[^/\s@]*@))(?P<secret>[^\s\"'&;,@]{4,})",
    re.IGNORECASE,
)
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def without_secrets(text: str) -> str:
    """Return the text with everything that follows a token's or password's mark struck out."""
    return _SECRETS.sub(r"\g<before>***", text)


class OneLine(logging.Formatter):
    """Time, level, subject, text; a traceback is folded into the line."""

    converter = staticmethod(time.gmtime)

    def __init__(self) -> None:
        super().__init__("%(asctime)s.%(msecs)03dZ %(levelname)s %(name)s: %(message)s", "%FT%T")

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line."""
        text = without_secrets(super().format(record))
        text = re.sub(r"\s*\n\s*", " | ", text.strip())
        text = _CONTROLS.sub(lambda found: f"\\x{ord(found[0]):02x}", text)
        if len(text) > MAX_RECORD_CHARACTERS:
            text = f"{text[:MAX_RECORD_CHARACTERS]} … ({len(text)} characters)"
        return text


class News(logging.Filter):
    """Leaves out what uvicorn calls errors and is our way to end within three seconds."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Is it worth a line?"""
        is_cancelled = record.exc_info is not None and isinstance(
            record.exc_info[1], asyncio.CancelledError
        )
        is_told = str(record.msg).startswith("Cancel %s running task(s)")
        return not (is_stopping() and (is_cancelled or is_told))


def logging_settings(level: str, requests: bool) -> dict[str, Any]:
    """Return Django's LOGGING: everything to stderr, where systemd's journal takes it up."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"news": {"()": "server.journal.News"}},
        "formatters": {"line": {"()": "server.journal.OneLine"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": level.upper()},
        "loggers": {
            # Django's own handlers (mail to admins, a console in debug mode) are not ours.
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            # A page that is not there is the visitor's affair; what failed is told, once, by
            # server.responses.
            "django.request": {"level": "CRITICAL"},
            # So is a request for somebody else's name, an old form, or one that is too large.
            "django.security.DisallowedHost": {"level": "CRITICAL"},
            "django.security.csrf": {"level": "CRITICAL"},
            "django.security.RequestDataTooBig": {"level": "CRITICAL"},
            "uvicorn": {"level": "WARNING"},
            "uvicorn.error": {"level": "WARNING", "filters": ["news"]},
            "uvicorn.access": {"level": "INFO" if requests else "WARNING"},
            "django_tasks": {"level": "WARNING"},
            "botocore": {"level": "WARNING"},
            "PIL": {"level": "INFO"},
        },
    }
