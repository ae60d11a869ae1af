"""How a show is run, as values; made by `__main__` out of the command line and the settings."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from msgspec import Struct

__all__ = ["Append", "StageOptions"]

Append = Callable[[str, dict[str, Any]], object]
"""`Outbox.append`: a kind and a record; called on one worker thread."""


class StageOptions(Struct, frozen=True):
    """`name` and `zone` are the slate's ("": the programme's name, the box's clock).

    `volume` is in per cent of what the output can do; 0 is no sound at all.  `make_report` opens
    the outbox; None: nobody asks for reports.  `housekeeping` is called every few seconds on a
    worker thread.  `cache` is the folder that the agent shares with us; None: there is no agent.
    """

    state_folder: Path
    name: str = ""
    zone: str = ""
    windowed: bool = False
    screen: str | None = None
    volume: int = 100
    make_report: Callable[[], Append] | None = None
    housekeeping: Callable[[], None] | None = None
    cache: Path | None = None
