"""Done by the minute: data sets that are due go to a worker; by the hour: missing pictures."""

from datetime import datetime

from server.configuration import Configuration
from server.datasets.picture_fetching import pictures_due
from server.datasets.sources import fetch_soon

__all__ = ["hourly", "minutely"]


def minutely(_configuration: Configuration, now: datetime) -> None:
    """Have fetched what is due."""
    fetch_soon(now=now)


def hourly(_configuration: Configuration, now: datetime) -> None:
    """Have missing pictures asked for again."""
    pictures_due(now=now)
