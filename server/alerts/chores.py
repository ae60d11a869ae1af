"""What is forgotten at night: messages that nobody looks at any more."""

from datetime import datetime

from server.alerts.services import messages_forget
from server.configuration import Configuration

__all__ = ["nightly"]


def nightly(_configuration: Configuration, now: datetime) -> None:
    """Forget old messages, with their deliveries."""
    messages_forget(now=now)
