"""What a fault of a screen means and what to do about it, in plain words: one table of codes.

Pages and answers print `sentence_of`; what the box says of its own stands beside it.  The table
knows every code that boxes and the server itself send (a test reads them in the documents).  Pure.
"""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

__all__ = ["FAULT_WORDS", "FaultWords", "Language", "sentence_of"]

Language = Literal["zh", "en"]


class FaultWords(Struct, frozen=True):
    """What is wrong and what to do, in both languages; `codes` that mean the same to people."""

    codes: tuple[str, ...]
    zh: str
    en: str


_ON_ITS_OWN_ZH, _ON_ITS_OWN_EN = "会自动重试，一般无需处理。", "It tries again by itself."

_TABLE = (
    # what stands on the glass
    FaultWords(
        ("MEDIA_BAD",),
        "有一个内容在这块屏幕上无法播放，已跳过。请在素材库中查看该内容，必要时重新上传。",
        "An item cannot be played on this screen and is skipped. Look at it in the library,"
        " and upload it again if need be.",
    ),
    FaultWords(
        ("QUARANTINE",),
        "有一个内容两次使播放程序异常退出，已停用。请更换该文件后重新发布。",
        "An item made the player end twice and is left out. Replace its file and publish again.",
    ),
    FaultWords(
        ("STREAM_LOST",),
        "直播信号中断，正在显示备用内容。请检查信号源和网络。",
        "A live stream is lost; its fallback is shown. Look at its source and the network.",
    ),
    FaultWords(
        ("CRASHED",),
        "播放程序异常退出过一次，已自动恢复。若反复出现，请更换当时播放的内容。",
        "The player ended unexpectedly and came back by itself. If it happens again, replace what"
        " it showed then.",
    ),
    FaultWords(
        ("WORN_OUT",),
        "视频解码多次卡死，播放程序已自动重启。若反复出现，请检查视频文件和设备。",
        "Video decoders hung and the player was started again. If it goes on, look at the videos"
        " and at the box.",
    ),
    FaultWords(
        ("NO_MANIFEST",),
        "设备上没有可用的节目，屏幕显示待机画面。请检查设备网络。",
        "The box has nothing sound to show: its slate is on. Look at its network.",
    ),
    FaultWords(
        ("PANEL",),
        "显示屏无法开关或不响应。请检查显示屏、电源和连接线。",
        "The panel cannot be switched or does not obey. Look at the panel, its power and cable.",
    ),
    # clock
    FaultWords(
        ("CLOCK_SUSPECT", "CLOCK_OFF"),
        "设备时钟不准，定时节目可能出错。请校准时间，或让设备能连到时间服务器。",
        "The clock of the box is wrong, so that times may be missed. Set it, or let the box reach"
        " a time server.",
    ),
    FaultWords(
        ("CLOCK_STEP",),
        "设备时钟发生跳变，节目已按新时间继续。若反复出现，请检查时间服务器。",
        "The clock of the box jumped; the programme follows the new time. If it goes on, look at"
        " the time server.",
    ),
    # identity
    FaultWords(
        ("DUP_IDENTITY",),
        "有两台设备使用同一身份（可能复制了硬盘）。请先锁定此屏幕，再用正确的设备重新配对。",
        "Two boxes use the same identity (a copied disk?). Lock this screen out, then pair the"
        " right box again.",
    ),
    FaultWords(
        ("PAIRING",),
        "设备无法完成配对。请按屏幕或设备所说的原因处理。",
        "The box cannot be paired. The reason that it gives says what to do.",
    ),
    FaultWords(
        ("TOKEN_REFUSED",),
        "设备已被锁定，仍在播放已有内容。请用屏幕上的新代码重新配对。",
        "The box is locked out and plays on what it has. Pair it again with the code that it"
        " shows.",
    ),
    # disk
    FaultWords(
        ("CACHE_FULL", "CACHE_INODES"),
        "设备磁盘已满，新内容无法下载，继续播放原有内容。请清理设备磁盘。",
        "The disk of the box is full: new content cannot come, the old plays on. Make room on it.",
    ),
    FaultWords(
        ("RELEASE_TOO_BIG",),
        "发布的内容超出设备容量，继续播放原有内容。请减少内容，或更换更大的磁盘。",
        "What was published does not fit onto the box; the old plays on. Publish less, or fit a"
        " larger disk.",
    ),
    FaultWords(
        ("STORAGE_RO", "BLOB_IO", "FSYNC_FAIL"),
        "设备磁盘出现读写错误，继续播放已有内容。请尽快检查并更换磁盘。",
        "The disk of the box fails; what it has plays on. Check it soon, and replace it.",
    ),
    FaultWords(
        ("BLOB_BAD", "BLOB_MISSING", "SLOT_BAD", "SIZE_MISMATCH"),
        "设备上有文件损坏或缺失，会自动重新下载。若反复出现，请更换磁盘。",
        "A file on the box is damaged or missing and is fetched again by itself. If it goes on,"
        " replace the disk.",
    ),
    FaultWords(
        ("CACHE_GONE", "CACHE_FOREIGN", "PERMISSION", "CACHE", "ALREADY_RUNNING", "BUNDLE"),
        "设备的内容目录异常。请维护人员查看设备说明的原因。",
        "Something is wrong with the box's folder of content. The maintainer finds the cure in"
        " what the box says.",
    ),
    FaultWords(
        ("CHORE_HANGS",),
        "设备的后台任务长时间没有完成。请检查磁盘。",
        "A chore of the box does not come to its end. Look at its disk.",
    ),
    FaultWords(
        ("REPORTS_LOST",),
        "设备磁盘曾满，部分播放记录丢失。请清理设备磁盘。",
        "The disk of the box was full, and some of its reports are lost. Make room on it.",
    ),
    # network
    FaultWords(
        ("OFFLINE", "DNS", "FETCH"),
        "设备连不上服务器，继续播放已有内容。请检查网线、网络和服务器地址。",
        "The box cannot reach the server; it plays on what it has. Check cable, network and the"
        " server's address.",
    ),
    FaultWords(
        ("STALL", "CUT", "CANCELLED"),
        f"下载中断或过慢。{_ON_ITS_OWN_ZH}",
        f"A download broke off or was too slow. {_ON_ITS_OWN_EN}",
    ),
    FaultWords(
        ("REFUSED",),
        "服务器拒绝了设备的请求。请查看服务器日志，或重新发布。",
        "The server refused what the box asked for. See the server's log, or publish again.",
    ),
    FaultWords(
        ("TLS",),
        "安全连接失败：证书或设备时钟有问题。请检查证书有效期和设备时间。",
        "There is no safe connection: see the certificate's dates and the clock of the box.",
    ),
    FaultWords(
        ("CAPTIVE_PORTAL", "PROXY", "REDIRECT", "WRONG_CONTENT", "TOO_LARGE"),
        "设备与服务器之间有登录页、代理或网关改动了内容。请让网络放行该设备。",
        "Something between box and server (a login page, a proxy) answers in its place. Let the"
        " box through.",
    ),
    # what the server itself sees
    FaultWords(
        ("DISK_NEARLY_FULL",),
        "设备磁盘快满了，新节目可能下载不了。请先下达“清理无用文件”指令，仍不足时更换更大的存储卡。",
        "The disk of the box is nearly full: a new programme may not fit. Have it delete unused"
        " files; if that is not enough, fit a larger disk.",
    ),
    FaultWords(
        ("PICTURE_WRONG",),
        "屏幕上的画面与应播内容不一致。请查看终端页面上的画面，必要时重启播放程序。",
        "The glass shows something else than what is due. Look at its picture; restart the player"
        " if need be.",
    ),
    # trust
    FaultWords(
        ("STALE", "EXPIRED", "ROLLBACK"),
        "设备收到的节目已过期或比现有的旧，没有采用。请检查中间的缓存，并重新发布。",
        "The box was sent a programme that is out of date, and did not take it. Look for a cache"
        " on the way, and publish again.",
    ),
    FaultWords(
        (
            "SIGNATURE", "UNAPPROVED", "KEY_ROLE", "WRONG_AUDIENCE", "EQUIVOCATION", "FAST_FORWARD",
            "HASH", "ROOT_CHAIN", "MALFORMED", "REFUSED_DOCUMENT",
        ),
        "设备收到的节目未通过安全校验，没有采用，继续播放已批准的内容。请立即通知信息安全人员。",
        "The box was sent a programme that does not pass its checks, and did not take it. Tell"
        " your security staff at once.",
    ),
)  # fmt: skip

#: The words of every code.
FAULT_WORDS: Mapping[str, FaultWords] = {code: each for each in _TABLE for code in each.codes}


def sentence_of(code: str, language: Language) -> str:
    """What the fault means and what to do; a code that nobody knows is named."""
    words = FAULT_WORDS.get(code)
    if words is None:
        unknown = {
            "zh": f"屏幕报告了故障（{code}）。请打开该屏幕的页面，看设备说明的原因。",
            "en": f"The screen reports a fault ({code}). Its page has what the box says of it.",
        }
        return unknown[language]
    return words.zh if language == "zh" else words.en
