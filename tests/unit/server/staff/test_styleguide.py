"""The components of /styleguide are those of the pages: each class exists and is used."""

import re
from pathlib import Path

from django.template.loader import get_template

from server.staff.signs import SIGNS
from server.staff.styleguide import COMPONENTS

STAFF = Path(__file__).parents[4] / "server" / "staff"
STYLES = ("tokens", "dark", "yingbi", "frame", "components")
#: What a form of Django brings by itself, or that only says a state to htmx.
BROUGHT = {"is-required", "htmx-indicator", "htmx-request"}
#: Offered for pages to come: so far only the styleguide shows them.
OFFERED = {"filters-count", "menu-item-risk", "menu-list", "table-tall", "dialog-word"}


def style(name):
    return (STAFF / "static" / "staff" / f"{name}.css").read_text()


def classes_in(text):
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    text = re.sub(r'url\([^)]*\)|"[^"]*"|\{[^{}]*\}', "{}", text)
    return set(re.findall(r"\.([a-z][\w-]*)", text))


def spoken():
    """Every word that templates, scripts and the code of pages could mean as a class."""
    paths = [path for path in STAFF.rglob("*") if path.suffix in {".html", ".js", ".py"}]
    return {
        path: set(re.findall(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*", path.read_text())) for path in paths
    }


def test_each_class_of_a_component_exists_and_is_used_by_a_page():
    known = classes_in("".join(map(style, STYLES)))
    used = set().union(
        *(words for path, words in spoken().items() if "styleguide" not in str(path))
    )
    named = {name for each in COMPONENTS for name in each.classes}
    assert len(COMPONENTS) >= 20
    assert named - known == set()
    assert named - used - OFFERED == set()


def test_an_example_shows_the_classes_that_its_component_names():
    for each in COMPONENTS:
        source = Path(get_template(each.template).origin.name).read_text()
        for name in re.findall(r'include "([^"]+)"', source):
            source += Path(get_template(name).origin.name).read_text()
        shown = source + (STAFF / "static" / "staff" / "chips.js").read_text()
        shown += (STAFF / "templates" / "staff" / "parts" / "toasts.html").read_text()
        shown += '"icon"' if "{% icon" in source else ""
        assert [name for name in each.classes if name not in shown] == [], each.example


def test_no_class_of_the_style_sheets_is_without_use():
    written = {name for sheet in STYLES for name in classes_in(style(sheet))} - BROUGHT
    used = set().union(*spoken().values())
    assert sorted(written - used - {f"badge-{tone}" for tone in ("good", "warn", "bad")}) == []


def test_the_signs_are_those_of_the_sprite():
    sprite = (STAFF / "static" / "staff" / "icons.svg").read_text()
    assert sorted(re.findall(r'<symbol id="([\w-]+)"', sprite)) == sorted(SIGNS)
    drawn = {name for path in STAFF.rglob("*.html")
             for name in re.findall(r'{% icon "([\w-]+)" %}', path.read_text())}  # fmt: skip
    assert drawn - set(SIGNS) == set()


def test_the_dark_gives_every_colour_that_the_light_has():
    light, dark = (
        dict(re.findall(r"--([\w-]+): ([^;]+);", style(each))) for each in ("tokens", "dark")
    )
    colours = {name for name, value in light.items() if "#" in value or "rgb" in value}
    assert colours == set(dark)


def test_the_style_sheets_of_every_page_are_small():
    assert sum(len(style(each).encode()) for each in STYLES) < 34_000
