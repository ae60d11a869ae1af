"""Where a feed says that an entry's picture is: every way that feeds have, and hostile ones."""

import pytest

from server.datasets.cells import Wrong, read_cell
from server.datasets.columns import Column, Kind
from server.datasets.importing import read_table
from server.datasets.tables import columns_guessed
from server.library.ingest.table_feed import COLUMNS, read_feed
from server.library.ingest.table_feed_pictures import ADDRESS_CHARACTERS

MEDIA = 'xmlns:media="http://search.yahoo.com/mrss/"'
CONTENT = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
XHTML = "http://www.w3.org/1999/xhtml"
JPG = "https://img.example/a.jpg"


def picture(inside: str, link: str = "https://news.example/2026/1.html") -> object:
    """The picture of an entry of RSS with this inside."""
    text = (
        f'<rss version="2.0" {MEDIA} {CONTENT}><channel><title>要闻</title><item><title>甲</title>'
        f"<link>{link}</link>{inside}</item></channel></rss>"
    )
    return read_feed(text).rows[1][COLUMNS.index("picture")]


@pytest.mark.parametrize(
    "inside",
    [
        f'<media:content url="{JPG}" medium="image"/>',
        f'<media:group><media:content url="{JPG}" type="image/jpeg"/></media:group>',
        f'<media:thumbnail url=" {JPG} "/>',
        f'<enclosure url="{JPG}" type="image/jpeg" length="1"/>',
        f'<description>&lt;p&gt;&lt;IMG alt="" src="{JPG}"&gt;&lt;/p&gt;</description>',
        f"<content:encoded><![CDATA[<p>字</p><img src='{JPG}'/>]]></content:encoded>",
        f'<description><p xmlns="{XHTML}"><img src="{JPG}"/></p></description>',
    ],
)
def test_a_picture_is_found_in_each_way_that_rss_has(inside):
    assert picture(inside) == JPG


def test_atom_has_it_as_an_enclosure_or_in_its_text():
    def atom(inside: str) -> object:
        text = (
            '<feed xmlns="http://www.w3.org/2005/Atom"><link href="https://a.example/"/><entry>'
            f"<title>A</title>{inside}</entry></feed>"
        )
        return read_feed(text).rows[1][COLUMNS.index("picture")]

    assert atom(f'<link rel="enclosure" type="image/png" href="{JPG}"/>') == JPG
    assert atom('<link rel="enclosure" type="audio/mpeg" href="https://a.example/a.mp3"/>') is None
    html = '<content type="html">&lt;img src="/a.png"&gt;</content>'
    assert atom(html) == "https://a.example/a.png"


def test_the_largest_goes_before_a_thumbnail_and_sound_is_no_picture():
    sizes = "".join(
        f'<media:content url="{JPG}?{wide}" medium="image" width="{wide}"/>'
        for wide in (140, 700, 460)
    )
    thumbnail = '<media:thumbnail url="https://img.example/small.jpg"/>'
    assert picture(thumbnail + sizes) == f"{JPG}?700"
    assert picture('<media:content url="https://a.example/a.mp4" type="video/mp4"/>') is None
    assert picture('<enclosure url="https://a.example/a.mp3" type="audio/mpeg"/>') is None


def test_an_image_that_counts_readers_is_passed_over():
    pixel = '&lt;img src="https://count.example/1.gif" width="1" height="1"&gt;'
    html = f'<description>{pixel}&lt;img width="640" src="{JPG}"&gt;</description>'
    assert picture(html) == JPG


@pytest.mark.parametrize(
    ("told", "read"),
    [
        ("/img/a.jpg", "https://news.example/img/a.jpg"),
        ("a.jpg", "https://news.example/2026/a.jpg"),
        ("//img.example/a.jpg", JPG),
        ("https://img.example/图 片.jpg", "https://img.example/%E5%9B%BE%20%E7%89%87.jpg"),
        ("https://img.example/a%20b.jpg?w=1&amp;h=2", "https://img.example/a%20b.jpg?w=1&h=2"),
    ],
)
def test_an_address_is_made_whole_and_plain(told, read):
    assert picture(f'<media:thumbnail url="{told}"/>') == read


@pytest.mark.parametrize(
    "told",
    ["", " ", "javascript:alert(1)", "file:///etc/passwd", "data:image/png;base64,AAAA",
     "ftp://img.example/a.jpg", "http://[::1/a.jpg", "https://", "#a",
     f"{JPG}?{'a' * ADDRESS_CHARACTERS}"],
)  # fmt: skip
def test_what_is_no_address_of_the_web_is_no_picture_and_its_row_stands(told):
    assert picture(f'<media:thumbnail url="{told}"/>') is None


def test_a_new_data_set_of_a_feed_has_a_column_of_pictures():
    feed = f"<rss><item><title>甲</title><enclosure url='{JPG}' type='image/png'/></item></rss>"
    columns = columns_guessed(read_table(feed.encode()).table)
    assert {each.key: each.kind for each in columns} == {
        **dict.fromkeys(COLUMNS, Kind.TEXT), "picture": Kind.PICTURE_ADDRESS,
    }  # fmt: skip


@pytest.mark.parametrize("cell", ["a.jpg", "ftp://a.example/a.jpg", 7.0, "https://a.example/a b"])
def test_a_cell_that_is_no_address_is_told(cell):
    column = Column("pic", "配图", Kind.PICTURE_ADDRESS)
    assert read_cell(f" {JPG} ", column) == JPG
    with pytest.raises(Wrong, match="no address of a picture such as"):
        read_cell(cell, column)


def test_every_feed_of_the_world_has_addresses_or_nothing_in_that_column(samples):
    for path in sorted((samples / "feeds").iterdir()):
        text = path.read_text("utf-8").replace(
            "<channel>", "<channel><item><title>a</title></item>"
        )
        if "<item>" in text:
            for row in read_feed(text).rows[1:]:
                assert row[-1] is None or str(row[-1]).startswith("http")
