"""Sentences that are said to people: English for logs and programs, the reader's language on pages.

Services build them where they know the values and do not know the reader; whoever answers a person
says them by `local`.  A `Sentence` is its English text, so that it can be logged, encoded and
compared as any text; it keeps its template and values, from which `local` speaks anew.  Templates
are the keys of the catalogue in `server/locale`: a test holds every one against it, so a template
is a literal, never an f-string.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext

__all__ = ["Bilingual", "Sentence", "joined", "listed", "local", "of_validation", "said_within"]


class Sentence(str):
    """A template with named values (`%(name)s`, `%(bytes)d`), said in English.

    A value that is itself a sentence is said in the same language.  Raises KeyError for a value
    that the template names and that is missing, and TypeError for one that it does not name.
    """

    __slots__ = ("template", "values")

    template: str
    values: dict[str, object]

    def __new__(cls, template: str, values: Mapping[str, object] | None = None) -> Self:
        """Say `template` with `values`; without values its percent signs stand for themselves."""
        if idle := [name for name in values or () if f"%({name})" not in template]:
            raise TypeError(f"{template!r} has no place for {', '.join(idle)}")
        made = super().__new__(cls, template % values if values else template)
        made.template, made.values = template, dict(values or {})
        return made

    def local(self) -> str:
        """Say it in the language of the thread's reader."""
        said = gettext(self.template) if self.template else ""
        if not self.values:
            return said
        return said % {
            name: value.local() if isinstance(value, Sentence) else value
            for name, value in self.values.items()
        }


class Bilingual(Sentence):
    """A text that comes in both languages from a table of its own, not from the catalogue."""

    __slots__ = ("zh",)

    zh: str

    def __new__(cls, *, zh: str, en: str) -> Self:
        """Keep both."""
        made = str.__new__(cls, en)
        made.template, made.values, made.zh = "", {}, zh
        return made

    def local(self) -> str:
        """Say it in the language of the thread's reader."""
        return self.zh if (translation.get_language() or "").startswith("zh") else str(self)


class _Validation(Sentence):
    """What Django's validation says: it is lazy, and has a catalogue of its own."""

    __slots__ = ("error",)

    error: ValidationError

    def local(self) -> str:
        return " ".join(self.error.messages)


def of_validation(error: ValidationError) -> Sentence:
    """Return the messages of a validation error as one sentence."""
    with translation.override("en"):
        made = _Validation(" ".join(error.messages))
    made.error = error
    return made


class _Joined(Sentence):
    """Several sentences, one after the other."""

    __slots__ = ("parts",)

    parts: tuple[str, ...]

    def local(self) -> str:
        return " ".join(local(each) for each in self.parts)


def joined(sentences: Iterable[str]) -> Sentence:
    """Return several sentences as one."""
    parts = tuple(sentences)
    made = _Joined(" ".join(parts))
    made.parts = parts
    return made


class _Listed(_Joined):
    """Several names, one after the other with commas."""

    __slots__ = ()

    def local(self) -> str:
        return gettext(", ").join(local(each) for each in self.parts)


def listed(names: Iterable[str]) -> Sentence:
    """Return several names (texts, or sentences among them) as one text with commas."""
    parts = tuple(names)
    made = _Listed(", ".join(parts))
    made.parts = parts
    return made


def local(text: str) -> str:
    """Return what a reader is told: a sentence in their language, any other text as it is."""
    return text.local() if isinstance(text, Sentence) else text


def said_within(value: Any, say: Callable[[str], str]) -> Any:
    """Return a JSON value with every sentence in it said by `say`, as plain text for encoders."""
    if isinstance(value, Mapping):
        return {key: said_within(each, say) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [said_within(each, say) for each in value]
    return say(value) if isinstance(value, Sentence) else value
