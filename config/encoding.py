"""Bytes of a settings file to text: says what an editor or a power cut did to them.

Chinese Windows saves GBK ("ANSI") or UTF-16 ("Unicode"), Notepad adds a byte order mark, and a
file system after a power cut leaves NUL bytes.  Each is told apart from a typo, named as what it
is, and read if it can be.  Pure: bytes in, text and remarks out.
"""

import re

from msgspec import Struct

__all__ = ["MAX_FILE_BYTES", "Decoded", "Remark", "decode"]

#: A settings file is small; a larger one is something else.
MAX_FILE_BYTES = 256 * 1024

_NOT_CHINESE = r"[^\x00-\x7f\u2010-\u2026\u3000-\u303f\u4e00-\u9fff\uff00-\uffef·×]"
_SAVE_AS_UTF8 = "save it as UTF-8"
_COPY_AGAIN = "copy the file here again, or start from {example}"


class Remark(Struct, frozen=True):
    """Something about the file as a whole, or about `line` of it."""

    what: str
    cure: str
    line: int | None = None
    is_error: bool = True


class Decoded(Struct, frozen=True):
    """The text with "\\n" line ends, or None where there is nothing to read; and remarks.

    `damaged` means that keys may be missing from the text which the maintainer wrote.
    """

    text: str | None
    remarks: tuple[Remark, ...] = ()
    damaged: bool = False


def decode(content: bytes) -> Decoded:
    """Return the text of a settings file, whatever encoding and accident it met."""
    is_utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff")) or _looks_like_utf16(content)
    if refusal := _not_a_file_of_text(content, is_utf16):
        return Decoded(None, (refusal,), damaged=True)
    if is_utf16:
        return _utf16(content)
    body = content.removeprefix(b"\xef\xbb\xbf")
    kept = body.rstrip(b"\0")
    remarks: list[Remark] = []
    if len(kept) < len(body):
        remarks.append(
            Remark(
                f"ends in {len(body) - len(kept)} NUL bytes: it was cut off, as by a power cut",
                _COPY_AGAIN,
            )
        )
    decoded = _text_of(kept)
    text = None if decoded.text is None else _plain_lines(decoded.text)
    return Decoded(text, (*remarks, *decoded.remarks), bool(remarks) or decoded.damaged)


def _not_a_file_of_text(content: bytes, is_utf16: bool) -> Remark | None:
    if len(content) > MAX_FILE_BYTES:
        return Remark(
            f"has more than {MAX_FILE_BYTES} bytes (MAX_FILE_BYTES): it is no settings file",
            _COPY_AGAIN,
        )
    if not content.strip():
        return Remark("is empty, as after a power cut or a failed copy", _COPY_AGAIN)
    if not content.strip(b"\0"):
        return Remark(
            f"holds nothing but {len(content)} NUL bytes, as after a power cut", _COPY_AGAIN
        )
    head = content.rstrip(b"\0")[:1024]
    if not is_utf16 and len(re.findall(rb"[\x00-\x08\x0e-\x1f]", head)) * 20 > len(head):
        return Remark("is no text file", _COPY_AGAIN)
    return None


def _looks_like_utf16(content: bytes) -> bool:
    """ASCII in UTF-16 has a NUL as every second byte, and few others."""
    head = content[: 256 & ~1]
    few, many = sorted((head[::2].count(0), head[1::2].count(0)))
    return len(head) >= 8 and many > len(head) * 0.4 and few < len(head) * 0.1


def _utf16(content: bytes) -> Decoded:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        name = "utf-16"
    else:
        name = "utf-16-le" if content[1:256:2].count(0) > content[:256:2].count(0) else "utf-16-be"
    text = content[: len(content) & ~1].decode(name, "replace").rstrip("\0")
    said = Remark('is saved as UTF-16 ("Unicode" in Notepad)', _SAVE_AS_UTF8, is_error=False)
    if "�" not in text and len(content) % 2 == 0:
        return Decoded(_plain_lines(text), (said,))
    broken = Remark("is damaged UTF-16: it was cut off or changed", _COPY_AGAIN)
    return Decoded(_plain_lines(text), (broken, said), damaged=True)


def _text_of(content: bytes) -> Decoded:
    try:
        return Decoded(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        fault = error
    cut = fault.end == len(content) and "unexpected end" in fault.reason
    if not cut and (text := _as_gbk(content)) is not None:
        said = Remark('is saved as GBK ("ANSI" in Notepad)', _SAVE_AS_UTF8, is_error=False)
        return Decoded(text, (said,))
    line = content.count(b"\n", 0, fault.start) + 1
    what = (
        "ends in the middle of a character: it was cut off while it was written"
        if cut
        else f"holds bytes that are no UTF-8 (the first is 0x{content[fault.start]:02x})"
    )
    return Decoded(
        content.decode("utf-8", "replace"),
        (Remark(what, _COPY_AGAIN if cut else _SAVE_AS_UTF8, line),),
        damaged=True,
    )


def _as_gbk(content: bytes) -> str | None:
    """Return the text if it is Chinese in GBK and nothing else.

    GB 18030 decodes almost anything, so every character beyond ASCII must be one that people
    write (an ideograph, or Chinese and full-width punctuation), and most must be in GB 2312, the
    7,445 characters in daily use: the accents of Western encodings never are.
    """
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        return None
    if any(_has_utf8_beyond_ascii(line) for line in content.splitlines()):
        return None  # UTF-8 with a damaged place, not GBK
    beyond_ascii = re.findall(r"[^\x00-\x7f]", text)
    strange = re.search(_NOT_CHINESE, text)
    daily = sum(1 for letter in beyond_ascii if letter.encode("gb2312", "ignore"))
    return None if strange or daily * 2 < len(beyond_ascii) else text


def _has_utf8_beyond_ascii(line: bytes) -> bool:
    """Three bytes a character, as Chinese has in UTF-8, twice: chance in GBK is small."""
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return sum(1 for letter in text if letter > "\u07ff") >= 2


def _plain_lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
