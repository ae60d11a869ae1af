"""What the slate says: the screen's name, the time, and one calm line in Chinese and English.

Pure: the instant and the zone are arguments.  The stage sets these as properties of `Slate.qml`
once a minute.  Nothing here names a fault: passers-by cannot mend it, and reports go elsewhere.
"""

from datetime import UTC, datetime, timedelta
from math import cos, sin, tau
from typing import Literal
from zoneinfo import ZoneInfo

from msgspec import Struct, structs

__all__ = ["SLATE_QML", "SlateFace", "SlateState", "next_minute", "slate_face"]

SLATE_QML = "Slate.qml"

SlateState = Literal["waiting", "empty_folder", "off_hours"]

_LINES: dict[SlateState, tuple[str, str]] = {
    "waiting": ("内容准备中，请稍候", "Content is on its way"),
    "empty_folder": ("等待内容：请将图片或视频放入文件夹", "Waiting for pictures or videos"),
    "off_hours": ("此刻没有安排内容", "Nothing is scheduled now"),
}
_WEEKDAYS = "一二三四五六日"

#: The face wanders round once in this many minutes: no pixel stands for ever.
DRIFT_MINUTES = 97


class SlateFace(Struct, frozen=True):
    """The properties of `Slate.qml`; `driftX` and `driftY` are 0..1, 0.5 is the middle."""

    screenName: str  # noqa: N815  (named as the QML property is)
    time: str
    date: str
    line: str
    secondLine: str  # noqa: N815
    driftX: float  # noqa: N815
    driftY: float  # noqa: N815

    def properties(self) -> dict[str, str | float]:
        """Return them by name."""
        return structs.asdict(self)


def slate_face(name: str, state: SlateState, now: datetime, zone: ZoneInfo) -> SlateFace:
    """Return what the slate shows on the screen `name` at the aware instant `now`."""
    here = now.astimezone(zone)
    line, second = _LINES[state]
    turn = tau * (now.timestamp() // 60 % DRIFT_MINUTES) / DRIFT_MINUTES
    return SlateFace(
        screenName=name,
        time=f"{here:%H:%M}",
        date=f"{here.year} 年 {here.month} 月 {here.day} 日　星期{_WEEKDAYS[here.weekday()]}",
        line=line,
        secondLine=second,
        driftX=0.5 + 0.5 * cos(turn),
        driftY=0.5 + 0.5 * sin(2 * turn),
    )


def next_minute(now: datetime) -> datetime:
    """Return the instant at which the face changes next."""
    return now.astimezone(UTC).replace(second=0, microsecond=0) + timedelta(minutes=1)
