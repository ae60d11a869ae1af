"""Why a file cannot be used, in the editor's words: the one table of codes, sentences and cures.

The steps raise `Refused` with a code of this table; pages and answers print `sentence(...)`.  The
table stands in docs/ingest.md too, and a test compares the two.  A sentence never shows a path, a
traceback or the words of a tool, except for those of the site's own virus scanner.
"""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from server.library.ingest.table_failures import TABLE_FAILURES

__all__ = ["FAILURES", "Failure", "Language", "Refused"]

Language = Literal["zh", "en"]


class Failure(Struct, frozen=True):
    """What happened and what to do, in both languages; `{names}` are filled from the details."""

    code: str
    zh: str
    en: str
    cure_zh: str
    cure_en: str

    def sentence(self, language: Language, details: Mapping[str, object]) -> str:
        """What happened and what to do; a detail that is missing is left out, never an error."""
        text = f"{self.zh}{self.cure_zh}" if language == "zh" else f"{self.en} {self.cure_en}"
        return text.format_map(_Blank(details))


class _Blank(dict[str, object]):
    """Details in which a missing name is an ellipsis."""

    def __missing__(self, name: str) -> str:
        return "…"


class Refused(Exception):  # noqa: N818  (reads as a sentence: raise Refused("EMPTY"))
    """This file cannot be used: a code of `FAILURES` and the details of its sentence."""

    def __init__(self, code: str, **details: str | int) -> None:
        super().__init__(code, details)
        self.code = code
        self.details = details

    def __str__(self) -> str:
        return FAILURES[self.code].sentence("en", self.details)


_UPLOAD_AGAIN = ("请从原处重新上传。", "Upload it again from where you have it.")

_TABLE = (
    Failure("EMPTY", "文件是空的（0 字节）。", "The file is empty (0 bytes).", *_UPLOAD_AGAIN),
    Failure(
        "CUT_OFF",
        "文件不完整，后半部分缺失。",
        "The file is cut off: its end is missing.",
        *_UPLOAD_AGAIN,
    ),
    Failure(
        "DAMAGED",
        "文件已损坏，无法读取。",
        "The file is damaged and cannot be read.",
        "请在原软件中打开，另存一份后再上传。",
        "Open it in the program it was made with, save it anew and upload that.",
    ),
    Failure(
        "UNKNOWN_KIND",
        "无法识别这种文件。",
        "Files of this kind cannot be shown.",
        "请上传图片（JPG、PNG、WebP、GIF、HEIC、BMP、TIFF、AVIF）、"
        "视频（MP4、MOV、MKV、WebM、AVI、WMV、FLV、MPG、TS、MTS、3GP）、"
        "音乐（MP3、M4A、AAC、FLAC、OGG、WAV）"
        "或文档（PDF、PPTX、PPT、DPS、DOCX、DOC、WPS、ODP、ODT、XLSX、XLS、ET、ODS）；"
        "其他软件的文件请导出为 PDF。",
        "Upload a picture (JPG, PNG, WebP, GIF, HEIC, BMP, TIFF, AVIF), a video "
        "(MP4, MOV, MKV, WebM, AVI, WMV, FLV, MPG, TS, MTS, 3GP), music "
        "(MP3, M4A, AAC, FLAC, OGG, WAV) or a document "
        "(PDF, PPTX, PPT, DPS, DOCX, DOC, WPS, ODP, ODT, XLSX, XLS, ET, ODS); "
        "export the files of other programs as PDF.",
    ),
    Failure(
        "SVG",
        "出于安全原因，不接受 SVG 图形。",
        "SVG drawings are not accepted, because they can carry programs.",
        "请在原软件中导出为 PNG（宽度至少 1920 像素）后上传。",
        "Export it as PNG, at least 1920 pixels wide, and upload that.",
    ),
    Failure(
        "TEXT",
        "这是文本或网页，不是图片、视频或文档。",
        "This is a text or a web page, whatever its name says.",
        "请上传图片、视频或文档本身；网页可打印成 PDF。",
        "Upload the picture, video or document itself; print a web page to PDF.",
    ),
    Failure(
        "PLAYLIST",
        "这是播放列表，只有指向视频的链接，没有视频本身。",
        "This is a playlist: it only points to a video and does not contain it.",
        "请上传视频文件本身（MP4）。",
        "Upload the video itself (MP4).",
    ),
    Failure(
        "ARCHIVE",
        "这是压缩包。",
        "This is an archive.",
        "请先解压，再上传里面的文件。",
        "Unpack it and upload the files inside.",
    ),
    Failure(
        "PROGRAM",
        "这是可执行程序，不能上传。",
        "This is a program; programs are never accepted.",
        "请上传图片、视频或文档。",
        "Upload a picture, a video or a document.",
    ),
    Failure(
        "SOUND_ONLY",
        "这个视频文件只有声音，没有画面。",
        "This video file holds sound but no picture.",
        "请配上画面导出为 MP4 视频；作背景音乐时，请导出为 MP3 或 M4A。",
        "Export it as an MP4 video with a picture; for background music, export it as MP3 or M4A.",
    ),
    Failure(
        "SOUND_TOO_SHORT",
        "这段声音太短：作背景音乐至少要 {least} 秒。",
        "This sound is too short: background music lasts at least {least} second.",
        "请换一段更长的音乐。",
        "Choose a longer piece.",
    ),
    Failure(
        "IMAGE_TOO_LARGE",
        "图片太大：{width} × {height} 像素，最多 {limit} 百万像素。",
        "The picture is too large: {width} x {height} pixels, at most {limit} million are read.",
        "请缩小到 3840 × 2160 以内后再上传。",
        "Scale it down to 3840 x 2160 and upload that.",
    ),
    Failure(
        "TOO_MANY_FRAMES",
        "动图太长：超过 {limit} 帧。",
        "The animation is too long: more than {limit} frames.",
        "请导出为 MP4 视频后上传。",
        "Export it as an MP4 video and upload that.",
    ),
    Failure(
        "VIDEO_PROTECTED",
        "这个视频有版权保护（DRM），无法播放。",
        "This video is protected by DRM and cannot be played.",
        "请向提供者索取未加密的文件。",
        "Ask whoever gave it to you for a copy without protection.",
    ),
    Failure(
        "VIDEO_CODEC",
        "无法解码这个视频（编码：{codec}）。",
        "The video cannot be decoded (codec: {codec}).",
        "请用剪辑软件导出为 H.264 编码的 MP4 后上传。",
        "Export it as H.264 in MP4 and upload that.",
    ),
    Failure(
        "VIDEO_DOLBY",
        "这个视频只有杜比视界画面（配置 {profile}），普通屏幕会偏色。",
        "The video is in Dolby Vision only (profile {profile}): other screens show wrong colours.",
        "请在手机或剪辑软件中关闭 HDR，导出为普通（SDR）的 MP4 后上传。",
        "Export it without HDR (SDR), as MP4, and upload that.",
    ),
    Failure(
        "VIDEO_TOO_LONG",
        "视频太长：{hours} 小时，最多 {limit} 小时。",
        "The video is too long: {hours} hours, at most {limit}.",
        "请剪成几段后分别上传。",
        "Cut it into parts and upload those.",
    ),
    Failure(
        "VIDEO_TOO_LARGE",
        "视频画面太大：{width} × {height} 像素。",
        "The picture of the video is too large: {width} x {height} pixels.",
        "请导出为 1920 × 1080 或 3840 × 2160 后上传。",
        "Export it as 1920 x 1080 or 3840 x 2160 and upload that.",
    ),
    Failure(
        "DOCUMENT_ENCRYPTED",
        "文档设有打开密码。",
        "The document is protected by a password.",
        "请在原软件中取消密码，另存后再上传。",
        "Remove the password in the program it was made with, save it and upload that.",
    ),
    Failure(
        "DOCUMENT_EMPTY",
        "文档里没有可显示的页面。",
        "The document has no page that can be shown.",
        "请检查幻灯片是否都被隐藏，然后重新上传。",
        "See whether all its slides are hidden, and upload it again.",
    ),
    Failure(
        "DOCUMENT_TOO_MANY_PAGES",
        "文档有 {pages} 页，最多 {limit} 页。",
        "The document has {pages} pages, at most {limit} are accepted.",
        "请只保留要显示的页面后再上传。",
        "Keep the pages to be shown and upload that.",
    ),
    Failure(
        "DOCUMENT_TOO_BIG",
        "文档解开后太大（超过 {limit} MB 或 {entries} 个部件）。",
        "The document is too large inside (more than {limit} MB or {entries} parts).",
        "请压缩其中的图片和视频，或导出为 PDF 后上传。",
        "Compress the pictures and videos in it, or export it as PDF and upload that.",
    ),
    Failure(
        "INFECTED",
        "病毒扫描未通过：{finding}",
        "The virus scanner refused the file: {finding}",
        "请联系信息安全人员，不要再传播这个文件。",
        "Tell your security staff, and pass the file on to nobody.",
    ),
    Failure(
        "TOO_HEAVY",
        "处理这个文件所需的时间或内存超过限制。",
        "The file needs more time or memory than is allowed.",
        "请缩小尺寸或缩短长度后再上传。",
        "Make it smaller or shorter and upload that.",
    ),
    Failure(
        "CONVERTER_CRASHED",
        "转换程序在这个文件上多次出错。",
        "The converter failed on this file several times.",
        "请换一种格式导出（图片 PNG，视频 MP4，文档 PDF）；仍不行请联系管理员。",
        "Export it in another format (PNG, MP4 or PDF); if that fails too, tell the administrator.",
    ),
    Failure(
        "TOOL_MISSING",
        "服务器缺少处理这种文件的软件（{tool}）。",
        "The server lacks the program for files of this kind ({tool}).",
        "请联系管理员安装后点“重试”。",
        "Ask the administrator to install it, then try again.",
    ),
    Failure(
        "DISK_FULL",
        "服务器磁盘已满，暂时无法处理；文件本身没有问题，原件已保留。",
        "The server's disk is full, so the file could not be prepared; the original is kept.",
        "请联系管理员清理磁盘，然后点“重试”。",
        "Ask the administrator to make room, then try again.",
    ),
    Failure(
        "SERVER_TROUBLE",
        "服务器处理时遇到故障，文件本身没有问题，原件已保留。",
        "The server had trouble of its own with this file; the original is kept.",
        "请稍后点“重试”；仍不行请联系管理员。",
        "Try again later; if that fails too, tell the administrator.",
    ),
    Failure(
        "PAGE_NOT_TAKEN",
        "还没有取得这个网页的画面。",
        "No picture of this web page has been taken yet.",
        "原因见“网页”一栏；系统会按间隔自动重试。",
        "The reason stands under “Web page”; it is tried again at its interval.",
    ),
)

#: Every failure by its code.
FAILURES: Mapping[str, Failure] = {
    failure.code: failure for failure in (*_TABLE, *(Failure(*words) for words in TABLE_FAILURES))
}
