"""XML from strangers, read event by event: no DTD of its own, nothing fetched, everything bounded.

Expat is asked to report, never to resolve: a document type is refused as soon as it begins, before
anything that it declares could be expanded (the million laughs) or fetched (XXE).  What is made of
the events is the caller's.  Pure; also for the locked-in child.
"""

from collections.abc import Mapping
from typing import Literal, Protocol
from xml.parsers import expat

__all__ = ["Builder", "XmlRefused", "read_xml"]


class Builder(Protocol):
    """What hears of elements; names are written `{namespace}name`."""

    def start(self, tag: str, attributes: dict[str, str]) -> object:
        """An element begins."""

    def end(self, tag: str) -> object:
        """It ends."""

    def data(self, text: str) -> object:
        """Text in it."""


class XmlRefused(ValueError):  # noqa: N818  (reads as a sentence: raise XmlRefused)
    """This is no XML that is read; `line` is where, 0 if nobody knows."""

    def __init__(self, why: Literal["dtd", "large", "damaged", "encoding"], line: int = 0) -> None:
        super().__init__(f"{why} in line {line}")
        self.why = why
        self.line = line


def read_xml(
    data: bytes | str, builder: Builder, *, depth: int, elements: int | None = None,
    may_name_dtd: bool = False,
) -> None:  # fmt: skip
    """Tell `builder` of a document at most `depth` deep, with at most so many `elements`.

    `may_name_dtd`: it may name a DTD elsewhere, which nobody fetches.  Raises `XmlRefused`, and
    what the builder raises (no `ValueError`, no `LookupError`: those are expat's).
    """
    walk = _Walk(builder, depth, elements, may_name_dtd)
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartElementHandler = walk.start
    parser.EndElementHandler = walk.end
    parser.CharacterDataHandler = walk.data
    parser.StartDoctypeDeclHandler = walk.doctype
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise XmlRefused("damaged", error.lineno) from error
    except XmlRefused:
        raise
    except (LookupError, ValueError) as error:  # an encoding that is unknown, or is none
        raise XmlRefused("encoding") from error


class _Walk:
    """Counts while expat reads."""

    def __init__(
        self, builder: Builder, depth: int, elements: int | None, may_name_dtd: bool
    ) -> None:
        self._builder, self._may_name_dtd = builder, may_name_dtd
        self._most_deep, self._most = depth, elements
        self._deep = self._count = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._deep += 1
        self._count += 1
        if self._deep > self._most_deep or (self._most is not None and self._count > self._most):
            raise XmlRefused("large")
        self._builder.start(_tag(name), dict(attributes))

    def end(self, name: str) -> None:
        self._deep -= 1
        self._builder.end(_tag(name))

    def data(self, text: str) -> None:
        self._builder.data(text)

    def doctype(self, _name: str, _system: str | None, _public: str | None, inner: int) -> None:
        if inner or not self._may_name_dtd:
            raise XmlRefused("dtd")


def _tag(name: str) -> str:
    return f"{{{name}" if "}" in name else name
