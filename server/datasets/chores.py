"""Done by the minute: data sets that are due go to a worker."""

from datetime import datetime

from server.configuration import Configuration
from server.datasets.sources import fetch_soon

__all__ = ["minutely"]


def minutely(_configuration: Configuration, now: datetime) -> None:
    """Have fetched what is due."""
    fetch_soon(now=now)
