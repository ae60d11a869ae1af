"""XML from strangers as a plain tree: no DTD, so no entities; nothing is fetched; all is bounded.

Expat is asked to report, never to resolve: a document type is refused as soon as it begins, before
anything that it declares could be expanded (the million laughs) or fetched (XXE).  Pure.
"""

from xml.parsers import expat

from django.utils.translation import gettext_noop as _

from server.cap.errors import CapRefused

__all__ = ["Element", "read_tree"]

#: How deep elements stand in one another, and how many there are.
DEPTH_LIMIT, ELEMENTS_LIMIT = 30, 50_000

_SEPARATOR = " "


class Element:
    """An element with its text and those below it."""

    def __init__(self, namespace: str, name: str) -> None:
        self.namespace, self.name = namespace, name
        self.pieces: list[str] = []
        self.below: list[Element] = []
        self.attributes: dict[str, str] = {}

    @property
    def said(self) -> str:
        """Its own text."""
        return "".join(self.pieces).strip()

    def all(self, name: str) -> "list[Element]":
        """The elements of this name right below it, of its own namespace."""
        return [
            each for each in self.below if (each.namespace, each.name) == (self.namespace, name)
        ]

    def text(self, name: str) -> str:
        """The text of the first one of this name, or ""."""
        found = self.all(name)
        return found[0].said if found else ""


class _Builder:
    """Makes the tree while expat reads."""

    def __init__(self) -> None:
        self.root = Element("", "")
        self._open = [self.root]
        self._count = 0

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if self._count > ELEMENTS_LIMIT or len(self._open) > DEPTH_LIMIT:
            raise CapRefused(_("The XML is larger or deeper than any warning."))
        namespace, _space, local = name.rpartition(_SEPARATOR)
        made = Element(namespace, local)
        made.attributes = attributes
        self._open[-1].below.append(made)
        self._open.append(made)

    def end(self, _name: str) -> None:
        self._open.pop()

    def said(self, text: str) -> None:
        self._open[-1].pieces.append(text)


def _no_doctype(*_told: object) -> None:
    raise CapRefused(_("The XML has a document type (DTD); warnings have none."))


def read_tree(data: bytes) -> Element:
    """The root element.  Raises `CapRefused`."""
    builder = _Builder()
    parser = expat.ParserCreate(namespace_separator=_SEPARATOR)
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _no_doctype
    parser.StartElementHandler = builder.begin
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.said
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise CapRefused(
            _("This is no sound XML (line %(line)d)."), values={"line": error.lineno}
        ) from error
    except (LookupError, ValueError) as error:  # an encoding that is unknown, or is none
        raise CapRefused(_("The XML is in an encoding that nobody knows.")) from error
    return builder.root.below[0]
