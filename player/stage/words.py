"""Where Chinese words end, so that no headline breaks inside of one (标题不破词).

Chinese is written without spaces, and Unicode lets a line break between any two letters (UAX 14):
right for running text, ugly in a headline.  Words come from the dictionary of the ICU that the
wheels of Qt bring along for Qt itself; where there is none, lines break as Unicode has it.
"""

import ctypes
import logging
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from cards.lines import Headline

__all__ = ["whole_words", "with_whole_words"]

log = logging.getLogger("stage.cards")

#: How many texts are kept as they were set, and the longest one that is looked at, in letters: what
#: is longer is running text.
KEPT_TEXTS, LONGEST = 2_048, 60

_LETTERS = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]{2,}")
_WORD_JOINER = "\u2060"

#: Words of the house that a general dictionary tears.
_TERMS = re.compile(
    "(共产党员|共建|共产党|党支部|党小组|党总支|党委会|董事长|副总经理|总经理|总工程师|副矿长|矿长|实验室|指挥部"
    "|第一书记|安全员|瓦斯|抽采|综采|综掘|采煤|煤矿|矿井|井下|井口|主斜井|副斜井|提升机|专项|揭牌|莅临"
    "|达标|调研|扫码|签到|三违|督办|双百日|有限空间|志愿者|责任制|标准化|信息化|智能化|二维码|先进性|述职|评议|同比|环比|团委|纪委|比武|技改)"
)

#: Single letters that belong to the word before them, or to the one behind.
_CLINGS_BACK = frozenset(
    "的了着们等者员长工组队室站所厅局部处科厂院校会社区矿井楼层号门口台库房机车线路款项版类级度率量值额"
    "性化式型法案书表单证卡天日月年周期次名位个条件元吨米"
)
_CLINGS_ON = frozenset("第各本该每副总全省市县某不未再最更已正一二三四五六七八九十两几")

#: Of ICU: its kind of iterator that stops after words, and the answer at the end (ubrk.h).
_WORDS, _DONE = 1, -1


def with_whole_words(data: Any) -> Any:
    """The data of a face, every `Headline` in it so that it breaks between words only."""
    if isinstance(data, Headline):
        return whole_words(data)
    if isinstance(data, dict):
        return {key: with_whole_words(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [with_whole_words(each) for each in data]
    return data


@lru_cache(KEPT_TEXTS)
def whole_words(text: str) -> str:
    """Return `text` so that no line breaks inside of a Chinese word, as far as words are known."""
    cut = _cutter()
    if cut is None or len(text) > LONGEST:
        return str(text)
    return _LETTERS.sub(lambda run: "".join(map(_WORD_JOINER.join, _kept(run[0], cut))), text)


def _kept(run: str, cut: Callable[[str], Sequence[str]]) -> Iterator[str]:
    """What of a run of letters stays on one line each: a word, and single letters that cling."""
    held = ""
    for n, part in enumerate(_TERMS.split(run)):
        for word in [part] if n % 2 else cut(part):
            if held and not (word in _CLINGS_BACK or (held[-1:] in _CLINGS_ON and len(held) == 1)):
                yield held
                held = ""
            held += word
    if held:
        yield held


@cache
def _cutter() -> Callable[[str], Sequence[str]] | None:
    """What cuts a text into words, for the GUI thread alone; None: there is no ICU."""
    found = find_spec("PySide6")
    homes = found.submodule_search_locations if found else None
    libraries = [path for home in homes or () for path in Path(home).glob("Qt/lib/libicuuc.so.*")]
    if not libraries:
        log.info("there is no ICU: headlines break between any two letters")
        return None
    return _opened(libraries[0])


def _opened(library: Path) -> Callable[[str], Sequence[str]] | None:
    loaded, version = ctypes.PyDLL(str(library)), library.suffix.lstrip(".")
    failed = ctypes.c_int(0)
    opened = getattr(loaded, f"ubrk_open_{version}")
    opened.restype = ctypes.c_void_p
    opened.argtypes = [ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p, ctypes.c_int32,
                       ctypes.POINTER(ctypes.c_int)]  # fmt: skip
    set_text, following = (
        getattr(loaded, f"ubrk_{name}_{version}") for name in ("setText", "next")
    )
    set_text.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int32,
                         ctypes.POINTER(ctypes.c_int)]  # fmt: skip
    following.argtypes = [ctypes.c_void_p]
    iterator = opened(_WORDS, b"zh", None, 0, ctypes.byref(failed))
    if failed.value > 0 or not iterator:
        log.info("ICU %s opens no dictionary (%d)", version, failed.value)
        return None

    def cut(text: str) -> Sequence[str]:
        units = ctypes.create_string_buffer(text.encode("utf-16-le"))
        refused = ctypes.c_int(0)
        set_text(iterator, units, len(text), ctypes.byref(refused))
        if refused.value > 0:
            return list(text)
        words, start = list[str](), 0
        while (end := following(iterator)) != _DONE:
            words.append(text[start:end])
            start = end
        return words

    return cut
