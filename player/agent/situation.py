"""How the agent is right now, as one value: for heartbeats, for `yingbi-agent status`, for support.

Threads replace what they know with `Board.note`; readers take the whole.  Nothing in it is secret
but for what stands on the glass.
"""

import threading
from typing import Any, Literal

from msgspec import Struct, structs

__all__ = ["Board", "PanelState", "Situation"]

PanelState = Literal["on", "off", "unknown"]


class Situation(Struct, frozen=True, kw_only=True):
    """`*_at` are instants in RFC 3339, `*_s` seconds; None or "" where nothing is known yet."""

    boot: str = ""
    process: int = 0
    at: str = ""
    screen: str = ""
    name: str = ""
    code: str = ""
    token_refused: bool = False
    link: Literal["unknown", "up", "down"] = "unknown"
    link_reason: str = ""
    link_since: str = ""
    last_pass: str = ""
    last_pass_at: str = ""
    version: int | None = None
    activated_at: str = ""
    blobs_left: int = 0
    bytes_left: int = 0
    push: Literal["off", "connecting", "open", "silent"] = "off"
    push_age_s: float | None = None
    offset_ms: int | None = None
    trust_flags: tuple[str, ...] = ()
    panel: PanelState = "unknown"
    reports_waiting: int = 0


class Board:
    """Holds the situation; any thread may note and look."""

    def __init__(self, first: Situation) -> None:
        self._lock = threading.Lock()
        self._now = first

    def note(self, **changes: Any) -> None:
        """Replace these fields of the situation."""
        with self._lock:
            self._now = structs.replace(self._now, **changes)

    @property
    def now(self) -> Situation:
        """The situation."""
        with self._lock:
            return self._now
