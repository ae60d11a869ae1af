"""Every page as it first comes: light, one heading, its language, nothing inline, all in Chinese.

Sizes are those over the wire: the page as it is, styles, scripts and signs from the real files,
compressed as `server.static_files` sends them.  Pictures come when they are in sight.
"""

import gzip
import html
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.staticfiles import finders
from django.db.models import CharField, JSONField, TextField

from server.publishing.preview import close_stage
from tests.simulators.staff_pages import Owned, address_of, addresses
from tests.unit.server.staff.browsers import browser_of
from tests.unit.server.staff.page_rights import LINES

pytestmark = pytest.mark.django_db

MOST_BYTES = 150_000
LINKED = re.compile(r'(?:<link[^>]+href|<script[^>]+src|<use[^>]+href)="/static/([^"#?]+)')
IMPORTED = re.compile(r'(?:from|import)\s*"\.(/[^"]+|\./[^"]+)"')
INLINE = re.compile(r"<[^>]+\s(?:style|on[a-z]+)=|<style|<script(?![^>]*\ssrc=)", re.IGNORECASE)
NOT_SAID = re.compile(
    r"<(head|template|code|pre|svg|kbd)\b.*?</\1>|<p class=\"fingerprint\">.*?</p>|<!--.*?-->"
    r"|<[^>]+\slang=\"en\"[^>]*>[^<]*",
    re.DOTALL,
)
SAID_BY = re.compile(r'\s(?:aria-label|placeholder|title|alt)="([^"]*)"')
ENGLISH = re.compile(r"[A-Za-z]{3,}")
#: Names of things that are called so in Chinese offices too, and of units and formats.
NAMES = frozenset(
    re.findall(
        r"\w+",
        "PDF PPT PPTX PNG JPG JPEG MP4 CSV XLSX DOCX SVG WebP iCalendar ICS ics PowerPoint Word"
        " Excel SHA HTTPS HTTP RFC UTC UUID TOTP JSON API Webhook URL SMTP RRULE FREQ DAILY WEEKLY"
        " LED POST pptx player toml BYDAY MONTHLY BYMONTHDAY"
        " Esc Del Enter Tab Shift Alt Ctrl MiB KiB GiB MHz min Asia Shanghai Atom CAP Feed RSS",
    )
)


@pytest.fixture
def ours(enterprise):
    yield Owned(enterprise, enterprise.department)
    close_stage()


@pytest.fixture
def pages(enterprise, ours):
    """Every page that an administrator reads, in Chinese: (name, text)."""
    browser = browser_of(enterprise.administrator)
    browser.cookies["django_language"] = "zh-hans"
    found = []
    for route, name in addresses():
        line = LINES[name]
        if line.read is None or line.own or line.costly:
            continue
        answer = browser.get(address_of(route, line, ours))
        if answer.status_code == 200 and not answer.streaming:
            text = answer.content.decode(errors="replace")
            if text.lstrip().lower().startswith("<!doctype html"):
                found.append((name, text))
    assert len(found) > 30
    return found


def files_of(page):
    """The static files that a page needs, with all that its modules import."""
    waiting, found = LINKED.findall(page), set()
    while waiting:
        name = waiting.pop()
        if name in found or name.endswith("seal.svg"):
            continue
        found.add(name)
        if name.endswith(".js"):
            text = Path(finders.find(name)).read_text()
            base = Path("/") / Path(name).parent
            for each in IMPORTED.findall(text):
                waiting.append(str((base / ("." + each)).resolve()).lstrip("/"))
    return found


def wire_bytes(page):
    static = (Path(finders.find(name)).read_bytes() for name in files_of(page))
    return len(page.encode()) + sum(len(gzip.compress(each, 9)) for each in static)


def test_the_first_view_of_a_page_is_light(pages):
    weights = {name: wire_bytes(text) for name, text in pages}
    assert {name: each for name, each in weights.items() if each >= MOST_BYTES} == {}
    open_pages = {"portal", "portal_slides", "scanned"}  # for phones: light by themselves
    heavy = [each for name, each in weights.items() if name not in open_pages]
    assert min(heavy) > 20_000, "the style sheets are not counted"


def test_a_heavy_page_would_be_seen():
    page = '<link rel="stylesheet" href="/static/staff/yingbi.css">' + "x" * MOST_BYTES
    assert wire_bytes(page) > MOST_BYTES
    assert files_of('<script src="/static/staff/house.js">') >= {
        "staff/house.js", "staff/autosave.js", "staff/request.js", "staff/words.js",
    }  # fmt: skip


def test_a_page_has_one_heading_its_language_and_nothing_inline(pages):
    wrong = []
    for name, text in pages:
        if text.count("<h1") != 1:
            wrong.append((name, f"{text.count('<h1')} headings"))
        if '<html lang="zh-hans"' not in text:
            wrong.append((name, "no language"))
        wrong += [(name, each) for each in INLINE.findall(text)]
        if re.search(r"<img(?![^>]*\salt=)", text):
            wrong.append((name, "a picture without words"))
    assert wrong == []


def words_of_things():
    """Every word that stands in a row: people's own words, which nobody translates."""
    known = set()
    for model in apps.get_models():
        names = [
            each.name
            for each in model._meta.fields
            if isinstance(each, CharField | TextField | JSONField)
        ]
        for row in model._default_manager.values_list(*names) if names else ():
            known |= set(ENGLISH.findall(" ".join(map(str, row))))
    return known


def english_in(text):
    """The English words that a reader sees or hears."""
    text = NOT_SAID.sub(" ", text)
    said = " ".join(SAID_BY.findall(text)) + " " + re.sub(r"<[^>]*>", " ", text)
    return set(ENGLISH.findall(html.unescape(said)))


def test_a_chinese_page_says_no_english_word(pages):
    known = words_of_things() | NAMES
    found = [(name, sorted(english_in(text) - known)) for name, text in pages]
    assert "\n".join(f"{name}: {' '.join(words)}" for name, words in found if words) == ""


def test_an_english_word_would_be_seen():
    page = '<html><p>素材 <b title="Delete it">Library</b></p><code>abc def</code></html>'
    assert english_in(page) == {"Delete", "Library"}
