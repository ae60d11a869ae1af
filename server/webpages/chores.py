"""Done by the minute: pages that are due go to a worker."""

from datetime import datetime

from server.configuration import Configuration
from server.webpages.taking import take_soon

__all__ = ["minutely"]


def minutely(_configuration: Configuration, now: datetime) -> None:
    """Have taken what is due."""
    take_soon(now=now)
