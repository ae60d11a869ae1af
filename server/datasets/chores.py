"""Done by the minute: data sets that are due go to a worker, old keys are forgotten."""

from datetime import datetime

from server.configuration import Configuration
from server.datasets.receipts import receipts_forget
from server.datasets.sources import fetch_soon

__all__ = ["minutely"]


def minutely(_configuration: Configuration, now: datetime) -> None:
    """Have fetched what is due, and forget what scripts have sent long ago."""
    fetch_soon(now=now)
    receipts_forget(now=now)
