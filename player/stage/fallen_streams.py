"""Which streams cannot be had at the moment, and until when their fallbacks cover them.

For the director.  Pure: the monotonic clock's seconds are arguments.
"""

__all__ = ["RETRY_S", "FallenStreams"]

#: How long a stream that failed is covered by its fallback.
RETRY_S = 60.0


class FallenStreams:
    """The assets of streams that failed, each until it is tried again."""

    def __init__(self) -> None:
        self._until_s: dict[str, float] = {}

    @property
    def names(self) -> frozenset[str]:
        """The assets that are covered now."""
        return frozenset(self._until_s)

    def add(self, asset: str, now_s: float) -> None:
        """`asset` failed: cover it, or go on covering it."""
        self._until_s[asset] = now_s + RETRY_S

    def raise_due(self, now_s: float) -> None:
        """Let those be tried again whose fallback stood long enough."""
        self._until_s = {
            asset: until_s for asset, until_s in self._until_s.items() if now_s < until_s
        }
