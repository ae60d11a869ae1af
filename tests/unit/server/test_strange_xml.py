"""Documents that would blow up, look around or never end are refused by name."""

from xml.etree.ElementTree import TreeBuilder

import pytest

from server.strange_xml import XmlRefused, read_xml

BOMB = '<!DOCTYPE a [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><a>&b;</a>'
OUTSIDE = '<!DOCTYPE a SYSTEM "http://127.0.0.1/a.dtd"><a/>'


def refused(data: bytes | str, **more: object) -> str:
    with pytest.raises(XmlRefused) as caught:
        read_xml(data, TreeBuilder(), **{"depth": 5, **more})  # type: ignore[arg-type]
    return caught.value.why


def test_elements_and_their_texts_are_told_in_order_with_their_namespaces() -> None:
    builder = TreeBuilder()
    read_xml('<a xmlns="urn:a" b="1">x<c xmlns="">y</c>z</a>', builder, depth=2)
    root = builder.close()
    assert (root.tag, root.attrib, root.text) == ("{urn:a}a", {"b": "1"}, "x")
    assert [(each.tag, each.text, each.tail) for each in root] == [("c", "y", "z")]


@pytest.mark.parametrize("may_name_dtd", [True, False])
def test_what_declares_anything_of_its_own_is_refused(may_name_dtd: bool) -> None:
    assert refused(BOMB, may_name_dtd=may_name_dtd) == "dtd"


def test_a_dtd_elsewhere_is_refused_or_passed_over_and_never_fetched() -> None:
    assert refused(OUTSIDE) == "dtd"
    read_xml(OUTSIDE, TreeBuilder(), depth=1, may_name_dtd=True)


def test_depth_and_number_of_elements_have_an_end() -> None:
    assert refused("<a>" * 6) == "large"
    assert refused("<a><b/><b/><b/></a>", elements=3) == "large"
    read_xml("<a><b/><b/></a>", TreeBuilder(), depth=2, elements=3)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ("<a><b></a>", "damaged"),
        ("", "damaged"),
        (b'<?xml version="1.0" encoding="no-such"?><a/>', "encoding"),
        (b'<?xml version="1.0" encoding="gb18030"?><a/>', "encoding"),
        ("<a>\ud800</a>", "encoding"),
    ],
)
def test_what_is_broken_is_told_from_what_is_in_another_encoding(
    data: bytes | str, why: str
) -> None:
    assert refused(data) == why
