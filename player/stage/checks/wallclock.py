"""Is the clock plausible, kept by the network, and are the time zones there?"""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from player.stage.checks.finding import Finding

__all__ = ["EARLIEST_YEAR", "LATEST_YEAR", "check_wallclock"]

#: Before this program was written, the clock is wrong; after, it has lost its mind.
EARLIEST_YEAR = 2026
LATEST_YEAR = 2099

#: systemd-timesyncd touches this file when the network has told the time.
_SYNCHRONIZED = Path("/run/systemd/timesync/synchronized")

_SET = "set it: sudo timedatectl set-ntp true; a new battery if it happens after each power cut"


def check_wallclock(
    now: datetime, timezone: str, synchronized: Path = _SYNCHRONIZED
) -> list[Finding]:
    """Look at the instant `now`, at how it is kept, and at the time zone of the programme."""
    return [_check_year(now), _check_keeping(synchronized), _check_zone(now, timezone)]


def _check_year(now: datetime) -> Finding:
    told = f"the clock says {now:%Y-%m-%d %H:%M} UTC"
    if not EARLIEST_YEAR <= now.year <= LATEST_YEAR:
        return Finding("clock", "failed", f"{told}, which cannot be", _SET)
    return Finding("clock", "ok", told)


def _check_keeping(synchronized: Path) -> Finding:
    if synchronized.exists():
        return Finding("clock", "ok", "the network keeps it right")
    return Finding(
        "clock",
        "warning",
        "nothing tells whether the network keeps it right (systemd-timesyncd has not)",
        "compare it with a watch; name a time server of your network in timesyncd.conf",
    )


def _check_zone(now: datetime, timezone: str) -> Finding:
    name = timezone or "Asia/Shanghai"
    try:
        local = now.astimezone(ZoneInfo(name))
    except (KeyError, OSError, ValueError):
        return Finding(
            "clock", "failed", f"the time zone {name} is not there", "install the package tzdata"
        )
    return Finding("clock", "ok", f"in {name} it is {local:%H:%M} ({local:%z})")
