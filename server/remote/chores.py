"""What is done now and then: commands that nobody fetched expire, old ones are forgotten."""

from datetime import datetime

from server.configuration import Configuration
from server.remote.services import commands_expire, commands_forget

__all__ = ["minutely", "nightly"]


def minutely(_configuration: Configuration, now: datetime) -> None:
    """End what is late."""
    commands_expire(now=now)


def nightly(_configuration: Configuration, now: datetime) -> None:
    """Forget what is old."""
    commands_forget(now=now)
