"""What an editor should know of a file that can be used: codes, and sentences in both languages.

They stand in docs/ingest.md too; a test compares the two.
"""

from collections.abc import Mapping

from msgspec import Struct

__all__ = ["REMARKS", "Remark"]


class Remark(Struct, frozen=True):
    """A sentence for the editor."""

    code: str
    zh: str
    en: str


_TABLE = (
    Remark(
        "FIRST_PICTURE_ONLY",
        "文件里有多张图片，只使用第一张。",
        "The file holds several pictures; the first is used.",
    ),
    Remark(
        "SMALL_PICTURE",
        "图片较小，在大屏上可能不清晰。",
        "The picture is small and may look soft on a large screen.",
    ),
    Remark(
        "ANIMATION_TO_VIDEO",
        "动图较长，已转成视频（透明部分变为黑色）。",
        "The animation is long and was made a video (transparent parts are black).",
    ),
    Remark(
        "HDR_TO_SDR",
        "HDR 视频已转成普通亮度范围。",
        "The video is HDR and was brought into the usual range of brightness.",
    ),
    Remark(
        "SOUND_DROPPED",
        "视频的声音无法解码，已去掉声音。",
        "The sound of the video cannot be decoded and was left out.",
    ),
    Remark(
        "SOUND_TURNED_DOWN",
        "声音过大会失真，已整体调低。",
        "The sound would have clipped and was turned down as a whole.",
    ),
    Remark(
        "MACROS_IGNORED",
        "文档含有宏；宏没有运行，只使用页面画面。",
        "The document contains macros; they were not run, only its pages are shown.",
    ),
    Remark(
        "MEDIA_STANDS_STILL",
        "文档里的视频和声音不会播放，需要时请单独上传视频。",
        "Videos and sounds inside the document do not play; upload them on their own.",
    ),
    Remark(
        "SHEETS_HIDDEN",
        "隐藏的工作表没有导入。",
        "Hidden sheets were not imported.",
    ),
    Remark(
        "CELLS_MERGED",
        "纵向合并的单元格，每一格都填入了同样的内容。",
        "Cells that are merged downwards have the same content in each of them.",
    ),
)

#: Every remark by its code.
REMARKS: Mapping[str, Remark] = {remark.code: remark for remark in _TABLE}
