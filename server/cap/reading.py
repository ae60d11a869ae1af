"""XML from authorities as a plain tree: no document type, and bounded (`strange_xml`).  Pure."""

from django.utils.translation import gettext_noop as _

from server.cap.errors import CapRefused
from server.strange_xml import XmlRefused, read_xml

__all__ = ["Element", "read_tree"]

#: How deep elements stand in one another, and how many there are.
DEPTH_LIMIT, ELEMENTS_LIMIT = 30, 50_000


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

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        namespace, _brace, name = tag.rpartition("}")
        made = Element(namespace.removeprefix("{"), name)
        made.attributes = attributes
        self._open[-1].below.append(made)
        self._open.append(made)

    def end(self, _tag: str) -> None:
        self._open.pop()

    def data(self, text: str) -> None:
        self._open[-1].pieces.append(text)


def read_tree(data: bytes) -> Element:
    """The root element.  Raises `CapRefused`."""
    builder = _Builder()
    try:
        read_xml(data, builder, depth=DEPTH_LIMIT, elements=ELEMENTS_LIMIT)
    except XmlRefused as refused:
        if refused.why == "damaged":
            raise CapRefused(
                _("This is no sound XML (line %(line)d)."), values={"line": refused.line}
            ) from refused
        raise CapRefused(_WHY[refused.why]) from refused
    return builder.root.below[0]


_WHY = {
    "dtd": _("The XML has a document type (DTD); warnings have none."),
    "large": _("The XML is larger or deeper than any warning."),
    "encoding": _("The XML is in an encoding that nobody knows."),
}
