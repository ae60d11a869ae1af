"""A real browser takes a page as the wall will show it, and reaches nothing that is not allowed."""

import io

import pytest
from PIL import Image

from server.datasets.fetching import FetchRefused, Rules
from server.webpages.errors import PageNotTaken
from server.webpages.snapshot import View, snapshot

from .conftest import HOST, INSIDE, OTHER, PAGE, here

GREEN, RED = (0, 128, 0), (255, 0, 0)


def taken(url, rules=INSIDE, resolve=here, **view):
    return snapshot(View(url, **view), rules, resolve=resolve, load_s=20.0)


def pixels(picture):
    return Image.open(io.BytesIO(picture.png)).convert("RGB")


def test_a_page_is_drawn_upright_twice_as_large_and_without_what_others_hold(site):
    corner = "<div style='position:absolute;left:0;top:0;width:100px;height:100px;background:red'>"
    others = f"</div><img src='{site.url('/spy.png', OTHER)}'><script>alert(1)</script>"
    site.pages["/"] = PAGE % ("#008000", corner + others)
    found = taken(site.url(), shape="9:16", scale_percent=200)
    drawn = pixels(found)
    assert drawn.size == (1080, 1920)
    assert (drawn.getpixel((190, 190)), drawn.getpixel((210, 210))) == (RED, GREEN)
    assert found.left_out == (OTHER,)
    assert set(site.asked) <= {f"{HOST}/", f"{HOST}/favicon.ico"}, "the other host was asked"


def test_a_redirect_into_our_own_network_is_refused_by_its_address(site):
    site.moves["/"] = site.url("/", "inside.example")
    rules = Rules(hosts=(HOST, "inside.example"), networks=("127.0.0.1/32",))
    resolve = lambda host, _port: ["10.9.8.7" if host == "inside.example" else "127.0.0.1"]  # noqa: E731
    with pytest.raises(FetchRefused, match=r"inside\.example is inside our own network \(10\.9"):
        taken(site.url(), rules, resolve)
    assert f"{HOST}/" in site.asked


def test_a_page_that_never_comes_is_given_up(site):
    with pytest.raises(PageNotTaken, match=r"has not loaded within 1 seconds"):
        snapshot(View(site.url("/hang")), INSIDE, resolve=here, load_s=1.0)


def test_what_is_no_page_is_told_with_its_status(site):
    with pytest.raises(PageNotTaken, match=r"board\.example answered 404, not with a page"):
        taken(site.url("/none"))


@pytest.mark.parametrize(
    ("url", "rules", "said"),
    [
        ("http://board.example/", Rules(), "not on the list of hosts"),
        ("http://board.example/", Rules(hosts=(HOST,)), "inside our own network"),
        ("file:///etc/passwd", INSIDE, "no address to fetch from"),
    ],
)
def test_no_browser_starts_for_an_address_that_may_not_be_asked(url, rules, said):
    with pytest.raises(FetchRefused, match=said):
        snapshot(View(url), rules, resolve=here, find=lambda: pytest.fail("it was"))


def test_without_a_browser_one_sentence_says_what_to_install(site):
    with pytest.raises(PageNotTaken, match=r"apt install chromium"):
        snapshot(View(site.url()), INSIDE, resolve=here, find=lambda: None)
