"""Whoever wants to hear that screens have activated a manifest: apps above register, once each.

`telemetry.services` calls them in the transaction that takes the receipts in; they are quick, and
what they raise undoes it.
"""

from collections.abc import Callable, Collection
from datetime import datetime

__all__ = ["on_receipts", "receipts_came"]

Listener = Callable[[Collection[tuple[int, int]], datetime], None]

_listeners: dict[str, Listener] = {}


def on_receipts(app: str, listener: Listener) -> None:
    """Have `listener` called with pairs (screen, version) and the instant; in an app's `ready`."""
    _listeners[app] = listener


def receipts_came(pairs: Collection[tuple[int, int]], now: datetime) -> None:
    """Tell all of them."""
    for listener in _listeners.values() if pairs else ():
        listener(pairs, now)
