"""What a box says of a command, for people: one table of the sentences that boxes are known to say.

Boxes speak English, and those of an older version speak as they did then; what the table does not
know is said as the box told it.  A test reads the sentences from the agent itself.  Pure.
"""

import re
from collections.abc import Sequence

from msgspec import Struct

from server.sentences import Bilingual

__all__ = ["RESULT_WORDS", "ResultWords", "result_sentence"]


class ResultWords(Struct, frozen=True):
    """A sentence of a box as a pattern, and how it is said in both languages.

    Named groups of the pattern are the values of `zh` and `en`.
    """

    pattern: re.Pattern[str]
    zh: str
    en: str


_SWITCH = {"on": "开启", "off": "关闭", "unknown": "未知"}

#: How the end of a resync begins: with the manifest that it was about, what is missing, and why.
_ABOUT = r"(?: \(manifest (?P<version>\d+)\))?(?:, (?P<left>[\d,]+) bytes left)?(?:: (?P<why>.*))?"


def _words(pattern: str, zh: str, en: str) -> ResultWords:
    return ResultWords(re.compile(pattern, re.DOTALL), zh, en)


RESULT_WORDS: Sequence[ResultWords] = (
    _words(
        r"Its name stands on the glass for (?P<s>\d+) s\.",
        "名称在屏幕上显示 {s} 秒。",
        "Its name stands on the glass for {s} s.",
    ),
    _words(
        r"It is under way: what comes is shown as soon as it is complete\.",
        "正在同步：收齐后立即播出。",
        "It is under way: what comes is shown as soon as it is complete.",
    ),
    _words(
        r"It is back, and has sent a picture\.",
        "播放程序已恢复，并传回了截屏。",
        "It is back, and has sent a picture.",
    ),
    _words(
        r"It was told to end, and has shown no picture since\.",
        "播放程序已按要求退出，之后没有再出画面。请查看该终端。",
        "It was told to end, and has shown no picture since. Look at the box.",
    ),
    _words(
        r"The settings of this box have no agent\.restart_box_command\.",
        "这台设备没有设置重启方式。请联系维护人员。",
        "This box was not set up to be restarted. Ask its maintainer.",
    ),
    _words(
        r"The command ended with status (?P<status>-?\d+): ?(?P<why>.*)",
        "重启命令没有成功（状态码 {status}）：{why}",
        "The command ended with status {status}: {why}",
    ),
    _words(
        r"The settings of this box have no way to switch its panel\.",
        "这台设备没有设置显示屏开关方式。请联系维护人员。",
        "This box was not set up to switch its panel. Ask its maintainer.",
    ),
    _words(
        r"It is (?P<state>on|off), for (?P<n>\d+) min\.",
        "显示屏已{state}，保持 {n} 分钟。",
        "The panel is {state}, for {n} min.",
    ),
    _words(
        r"It was told to go (?P<state>on|off), and does not say how it is\.",
        "已要求显示屏{state}，但它不回报状态。",
        "The panel was told to go {state}, and does not say how it is.",
    ),
    _words(
        r"It was told to go (?P<state>on|off), and is (?P<now>on|off|unknown)\.",
        "已要求显示屏{state}，但它现在仍是{now}。请检查显示屏和连接线。",
        "The panel was told to go {state}, and is {now}. Look at it and its cable.",
    ),
    _words(
        r"the panel cannot be switched: (?P<why>.*)",
        "显示屏无法开关：{why}",
        "The panel cannot be switched: {why}",
    ),
    _words(
        r"the panel is (?P<now>on|off) and should be (?P<state>on|off): look at it and its cable",
        "显示屏应为{state}，现在是{now}。请检查显示屏和连接线。",
        "The panel is {now} and should be {state}. Look at it and its cable.",
    ),
    _words(
        r"(?P<n>\d+) files, (?P<mb>[\d.]+) MB\.",
        "已删除 {n} 个文件，共 {mb} MB。",
        "{n} files deleted, {mb} MB.",
    ),
    _words(
        r"It is done as soon as the download at hand is over\.",
        "当前下载结束后执行。",
        "It is done as soon as the download at hand is over.",
    ),
    _words(
        r"The disk of the box takes nothing: (?P<why>.*)",
        "设备的磁盘无法写入：{why}",
        "The disk of the box takes nothing: {why}",
    ),
    _words(
        r"This version of the box's software does not know it\.",
        "这台设备的软件版本不支持此命令。请先升级。",
        "The software of this box is too old for it. Update it first.",
    ),
    _words(r"The box has started anew\.", "设备已重启。", "The box has started anew."),
    _words(
        r"The agent ended before it was done: give it again\.",
        "设备上的程序在完成前退出。请重新发出命令。",
        "The agent ended before it was done: give it again.",
    ),
    # what a picture of the glass could not be had for
    _words(
        r"the stage gave no picture within (?P<s>[\d.]+) s: does it run\?",
        "播放程序在 {s} 秒内没有给出画面，可能没有运行。可以重启播放程序。",
        "The player gave no picture within {s} s. Restart the player.",
    ),
    _words(
        r"no display shows the window of the stage",
        "没有显示屏接在设备上，无法截屏。请检查显示屏和连接线。",
        "No panel shows the player's window. Look at the panel and its cable.",
    ),
    _words(
        r"the picture cannot be read: (?P<why>.*)",
        "截屏无法读取：{why}",
        "The picture cannot be read: {why}",
    ),
    _words(
        r"the picture is not the one that was asked for",
        "传回的不是本次要的截屏。请重新截屏。",
        "The picture is not the one that was asked for. Ask again.",
    ),
    # how a resync ended
    _words(
        rf"activated{_ABOUT}",
        "已更新到最新节目{version}。",
        "It has the newest programme{version}.",
    ),
    _words(
        rf"unchanged{_ABOUT}", "已经是最新节目{version}。", "It had the newest programme{version}."
    ),
    _words(
        rf"deferred{_ABOUT}",
        "新节目{version}将在下载时段内下载。",
        "The newest programme{version} waits for the hours in which it may be fetched.",
    ),
    _words(
        rf"unreached{_ABOUT}",
        "设备连不上服务器，继续播出原有节目。{why}",
        "The box cannot reach the server; it shows what it has. {why}",
    ),
    _words(
        rf"refused{_ABOUT}",
        "设备没有接受新节目{version}，继续播出原有节目。{why}",
        "The box did not accept the programme{version}; it shows what it has. {why}",
    ),
    _words(
        rf"incomplete{_ABOUT}",
        "还没有下载完{version}{left}，下次接着下载。{why}",
        "Not all has arrived yet{version}{left}; it goes on where it stopped. {why}",
    ),
    _words(
        rf"storage failed{_ABOUT}",
        "设备的磁盘写不下或出错，继续播出原有节目。{why}",
        "The disk of the box is full or broken; it shows what it has. {why}",
    ),
    _words(
        rf"cancelled{_ABOUT}", "同步中断，稍后自动重试。", "It was interrupted; it tries again."
    ),
)


def result_sentence(told: str) -> str:
    """Return what a box told of a command, to be said in a reader's language (`local`)."""
    for each in RESULT_WORDS:
        if (found := each.pattern.fullmatch(told)) is not None:
            return Bilingual(
                zh=each.zh.format(**_in_chinese(found)).strip(),
                en=each.en.format(**_in_english(found)).strip(),
            )
    return told


def _in_chinese(found: re.Match[str]) -> dict[str, str]:
    told = {name: text or "" for name, text in found.groupdict().items()}
    told |= {name: _SWITCH[told[name]] for name in ("state", "now") if name in told}
    return told | _programme(told, "（第 {} 版）", "，还差 {} 字节")


def _in_english(found: re.Match[str]) -> dict[str, str]:
    told = {name: text or "" for name, text in found.groupdict().items()}
    return told | _programme(told, " ({})", ", {} bytes left")


def _programme(told: dict[str, str], version: str, left: str) -> dict[str, str]:
    """The version and what is missing in their brackets; nothing where the box named none."""
    templates = {"version": version, "left": left}
    return {
        name: template.format(told[name]) if told.get(name) else ""
        for name, template in templates.items()
        if name in told
    }
