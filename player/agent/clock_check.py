"""Is the clock of this box right?  Judged by the server's signed time; nothing sets a clock."""

from content_cache.faults import Fault

__all__ = ["CLOCK_TOLERANCE_MS", "clock_faults"]

#: Screens side by side change together to the second; beyond this somebody notices.
CLOCK_TOLERANCE_MS = 5_000


def clock_faults(offset_ms: int | None, *, is_suspect: bool) -> list[Fault]:
    """What is wrong with the clock, which is `offset_ms` ahead of the server's (None: unknown)."""
    if is_suspect:
        sentence = "this box's clock is proved to be wrong: set it, or let it reach a time server"
        return [Fault("CLOCK_SUSPECT", "E", sentence)]
    if offset_ms is not None and abs(offset_ms) > CLOCK_TOLERANCE_MS:
        way = "ahead of" if offset_ms > 0 else "behind"
        sentence = f"this box's clock is {abs(offset_ms) // 1000:,} s {way} the server's: set it"
        return [Fault("CLOCK_OFF", "W", sentence)]
    return []
