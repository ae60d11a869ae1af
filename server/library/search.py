"""What a search looks through: the words of an asset, their 拼音, and the initials of it.  Pure.

The text is stored with the asset (`Asset.search`), so that one `LIKE` finds it on every database;
`tagging` and the other services keep it.  Nothing here reads or writes rows.
"""

import unicodedata
from collections.abc import Iterable

__all__ = ["SEARCH_LIMIT", "search_text", "terms_of"]

#: So much of a text is searched, in characters: a tag list or a name is never longer.
SEARCH_LIMIT = 2_000

#: The most words of one query; what comes after them is left out.
TERMS_LIMIT = 8


def search_text(title: str, original_name: str = "", tags: Iterable[str] = ()) -> str:
    """Return the stored text of an asset: a line each for a word as it is, in 拼音, by initials.

    安全生产 is found by 安全, by `anquan`, by `an quan` and by `aqsc`.
    """
    lines: dict[str, None] = {}
    for words in (title, original_name, *tags):
        plain = _folded(words)[:SEARCH_LIMIT]
        lines |= dict.fromkeys([plain, *_spoken(plain)])
    return "\n".join(line for line in lines if line)


def terms_of(query: str) -> list[str]:
    """Return the words of a query; an asset is found if its text holds each of them."""
    return _folded(query).split()[:TERMS_LIMIT]


def _folded(text: str) -> str:
    """The text in one width and one case, without marks that nobody types."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _spoken(plain: str) -> tuple[str, ...]:
    """The 拼音 of a text without its tones, and its initials; nothing for a text without 汉字."""
    if plain.isascii():
        return ()
    from pypinyin import Style, lazy_pinyin  # late: its dictionary takes a while

    def kept(rest: str) -> str:
        return rest

    initials = lazy_pinyin(plain, style=Style.FIRST_LETTER, errors=kept)
    return "".join(lazy_pinyin(plain, errors=kept)), "".join(initials)
