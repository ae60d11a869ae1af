"""What the slate says: the screen's name, the time, and one calm line in Chinese and English.

Pure: the instant and the zone are arguments.  The stage sets these as properties of `Slate.qml`
once a minute.  Nothing here names a fault: passers-by cannot mend it, and reports go elsewhere.
"""

from datetime import UTC, datetime, timedelta
from math import cos, sin, tau
from typing import Any, Literal
from zoneinfo import ZoneInfo

from msgspec import Struct, structs

from cards.qr_code import qr_runs
from player.bulletin import PairingCard

__all__ = ["SLATE_QML", "SlateFace", "SlateState", "next_minute", "slate_face"]

SLATE_QML = "Slate.qml"

SlateState = Literal["waiting", "empty_folder", "off_hours"]

_LINES: dict[SlateState, tuple[str, str]] = {
    "waiting": ("内容准备中，请稍候", "Content is on its way"),
    "empty_folder": ("等待内容：请将图片或视频放入文件夹", "Waiting for pictures or videos"),
    "off_hours": ("此刻没有安排内容", "Nothing is scheduled now"),
}
_CONNECTING = ("正在连接内容服务器", "Connecting to the content server")
_KEY_REFUSED = (
    "注册密钥无效或已用完：请扫描二维码，或在下列网址输入配对码",
    "The enrolment key is refused: scan the code, or enter it at",
)
_WEEKDAYS = "一二三四五六日"

#: So many digits of the root's fingerprint stand on the slate, the server's page shows them first:
#: 128 bits, out of reach for whoever would make a key that looks alike.
FINGERPRINT_DIGITS = 32

#: The face wanders round once in this many minutes: no pixel stands for ever.
DRIFT_MINUTES = 97


class SlateFace(Struct, frozen=True):
    """The properties of `Slate.qml`; `driftX` and `driftY` are 0..1, 0.5 is the middle.

    While the box waits to be paired, `code` ("482 913") stands in the place of the time, with
    `address`, where to enter it, and `qr`, the same as a QR code: rows of "0" and "1".
    `fingerprint` and `box` are two small lines at the foot ("" for none).
    """

    screenName: str  # noqa: N815  (named as the QML property is)
    time: str
    date: str
    line: str
    secondLine: str  # noqa: N815
    driftX: float  # noqa: N815
    driftY: float  # noqa: N815
    code: str = ""
    address: str = ""
    qr: tuple[str, ...] = ()
    fingerprint: str = ""
    box: str = ""

    def properties(self) -> dict[str, object]:
        """Return them by name, as QML takes them."""
        return structs.asdict(self) | {"qr": qr_runs(self.qr), "qrSide": len(self.qr)}


def slate_face(
    name: str,
    state: SlateState,
    now: datetime,
    zone: ZoneInfo,
    pairing: PairingCard | None = None,
) -> SlateFace:
    """Return what the slate shows on the screen `name` at the aware instant `now`.

    `pairing` is what the agent says of it; None: there is no agent.
    """
    here = now.astimezone(zone)
    line, second = _LINES[state] if pairing is None else _lines(state, pairing)
    turn = tau * (now.timestamp() // 60 % DRIFT_MINUTES) / DRIFT_MINUTES
    return SlateFace(
        screenName=name,
        time=f"{here:%H:%M}",
        date=f"{here.year} 年 {here.month} 月 {here.day} 日　星期{_WEEKDAYS[here.weekday()]}",
        line=line,
        secondLine=second,
        driftX=0.5 + 0.5 * cos(turn),
        driftY=0.5 + 0.5 * sin(2 * turn),
        **_pairing(state, pairing),
    )


def _lines(state: SlateState, pairing: PairingCard) -> tuple[str, str]:
    if pairing.code and pairing.key_refused:
        return _KEY_REFUSED
    if pairing.code:
        return "扫描二维码，或在下列网址输入配对码", "Scan the code, or enter it at"
    return _LINES[state] if pairing.is_paired else _CONNECTING


def _pairing(state: SlateState, card: PairingCard | None) -> dict[str, Any]:
    """The properties that tell of the pairing: none where content has come, and is not due."""
    if card is None or (state != "waiting" and not card.code):
        return {}
    told = {"fingerprint": _fingerprint(card.fingerprint), "box": card.box}
    if not card.code:
        return told
    return told | {
        "code": f"{card.code[:3]} {card.code[3:]}",
        "address": card.server.partition("://")[2],
        "qr": card.qr,
    }


def _fingerprint(sha256: str) -> str:
    """The fingerprint as a person compares it: groups of four, enough of them to tell forgeries."""
    groups = " ".join(sha256[at : at + 4] for at in range(0, FINGERPRINT_DIGITS, 4))
    return f"密钥指纹  {groups}" if sha256 else ""


def next_minute(now: datetime) -> datetime:
    """Return the instant at which the face changes next."""
    return now.astimezone(UTC).replace(second=0, microsecond=0) + timedelta(minutes=1)
