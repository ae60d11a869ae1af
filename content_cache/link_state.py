"""Say it once: a link that goes down is one line in the log, and one when it comes back.

The agent feeds it the outcome of every pass.  Between the two lines everything is DEBUG, so that
a month without a network leaves two lines and not ten thousand; another cause is told once, too.
"""

import logging
from datetime import datetime, timedelta

__all__ = ["LinkState"]

_log = logging.getLogger("yingbi.link")


class LinkState:
    """Up or down, since when, and why.  One thread."""

    def __init__(self, log: logging.Logger = _log) -> None:
        self._log = log
        self._down_since: datetime | None = None
        self._code: str | None = None

    @property
    def down_since(self) -> datetime | None:
        """The first failure in a row; None while the link is up."""
        return self._down_since

    def failed(self, now: datetime, code: str, sentence: str) -> None:
        """A pass failed for the cause `code`."""
        told = self._code == code
        self._log.log(logging.DEBUG if told else logging.WARNING, "%s (%s)", sentence, code)
        self._down_since = self._down_since or now
        self._code = code

    def worked(self, now: datetime) -> None:
        """A pass had an answer from the server."""
        if self._down_since is not None:
            self._log.info(
                "the server is back after %s", _rounded(max(now - self._down_since, timedelta()))
            )
        self._down_since = self._code = None


def _rounded(duration: timedelta) -> str:
    minutes, seconds = divmod(int(duration.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = ((days, "d"), (hours, "h"), (minutes, "min"), (seconds, "s"))
    shown = [f"{number} {unit}" for number, unit in parts if number]
    return " ".join(shown[:2]) or "0 s"
