"""Feeds as the world writes them, and as its enemies do: rows, or one clear sentence."""

import pytest

from server.datasets.errors import FileRefused
from server.datasets.importing import read_table
from server.library.ingest.failures import Refused
from server.library.ingest.table_feed import (
    COLUMNS,
    DEPTH_LIMIT,
    SUMMARY_CHARACTERS,
    TITLE_CHARACTERS,
    read_feed,
)

RSS = """<?xml version="1.0" encoding="{encoding}"?>
<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel><title>集团要闻</title>
<item><media:title>图片说明</media:title><title>安全生产“双百日”行动启动</title>
<description>&lt;p&gt;首批&amp;nbsp;&lt;b&gt;12&lt;/b&gt; 家&lt;/p&gt;
&lt;script&gt;x()&lt;/script&gt;</description>
<pubDate>Mon, 23 Nov 2026 08:30:00 +0800</pubDate><link>https://news.example/1</link></item>
<item><title>A &lt; B &eacute;</title><link>javascript:alert(1)</link>
<source url="https://other.example/">日报</source><pubDate>yesterday</pubDate></item>
</channel></rss>"""

FIRST = ["安全生产“双百日”行动启动", "首批 12 家", "集团要闻", "2026-11-23T00:30:00Z",
         "https://news.example/1"]  # fmt: skip


def entries(text):
    head, *rows = read_feed(text).rows
    assert head == list(COLUMNS)
    return rows


def refused(text):
    with pytest.raises(Refused) as caught:
        read_feed(text)
    return caught.value.code


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_rss_through_the_locked_in_child_becomes_rows_of_plain_text(encoding):
    declared = "gb2312" if encoding == "gb18030" else encoding
    table = read_table(RSS.format(encoding=declared).encode(encoding)).table
    assert table.style == "records"
    assert table.rows[1:] == [FIRST, ["A < B é", "", "日报"]]


def test_a_western_feed_keeps_its_letters():
    data = (
        '<?xml version="1.0" encoding="ISO-8859-1"?>'
        "<rss><item><title>Électricité</title></item></rss>"
    )
    assert read_table(data.encode("latin-1")).table.rows[1] == ["Électricité"]


def test_atom_says_which_of_its_texts_are_markup():
    rows = entries(
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>公告</title>'
        "<entry><title>Use &lt;b&gt; well</title><updated>2026-11-23T07:30:00Z</updated>"
        '<link rel="edit" href="https://a.example/edit"/><link href="https://a.example/1"/></entry>'
        '<entry><title type="html">&lt;b&gt;Bold&lt;/b&gt;</title><summary type="xhtml">'
        '<div xmlns="http://www.w3.org/1999/xhtml">One <i>two</i></div></summary></entry></feed>'
    )
    assert rows == [
        ["Use <b> well", "", "公告", "2026-11-23T07:30:00Z", "https://a.example/1", None],
        ["Bold", "One two", "公告", None, None, None],
    ]


def test_rss_1_has_its_items_beside_its_channel():
    rows = entries(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        ' xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        "<channel><title>要闻</title></channel>"
        "<item><title>甲</title><dc:date>2026-11-23T08:00:00+08:00</dc:date></item></rdf:RDF>"
    )
    assert rows == [["甲", "", "要闻", "2026-11-23T00:00:00Z", None, None]]


def test_long_texts_end_in_an_ellipsis():
    long = "长" * 3000
    row = entries(
        f"<rss><item><title>{long}</title><description>{long}</description></item></rss>"
    )[0]
    assert [len(str(each)) for each in row[:2]] == [TITLE_CHARACTERS, SUMMARY_CHARACTERS]
    assert str(row[0]).endswith("…")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('<!DOCTYPE rss [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><rss>&b;</rss>', "TABLE_FEED_DTD"),
        ('<!-- <rss> --><!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss>&a;</rss>',
         "TABLE_FEED_DTD"),
        ("<rss><channel><item>", "TABLE_FEED_DAMAGED"),
        ("<rss>" + "<a>" * DEPTH_LIMIT, "TABLE_FEED_DAMAGED"),
        ("<rss><item><title> </title></item></rss>", "TABLE_FEED_EMPTY"),
        ("<!DOCTYPE html><html><p>Log in<br></html>", "TABLE_UNKNOWN"),
    ],
)  # fmt: skip
def test_a_feed_that_is_hostile_broken_or_none_is_refused_by_name(text, code):
    assert refused(text) == code


def test_a_bomb_is_refused_in_chinese_too():
    with pytest.raises(FileRefused) as caught:
        read_table(b'<!DOCTYPE rss [<!ENTITY a "aa">]><rss>&a;</rss>')
    assert caught.value.details["code"] == "TABLE_FEED_DTD"


def test_every_feed_of_the_world_ends_in_rows_or_in_a_refusal_with_a_name(samples):
    ends = {}
    for path in sorted((samples / "feeds").iterdir()):
        text = path.read_text("utf-8")
        try:
            ends[path.name] = len(entries(text))
        except Refused as error:
            ends[path.name] = error.code
    assert len(ends) >= 10
    assert set(ends.values()) <= {"TABLE_FEED_EMPTY"}, ends  # of these none has a titled entry
