"""Every string is there in Chinese, the compiled file is that of the text, and nothing is stale."""

import ast
import gettext
import re
from pathlib import Path

from django.template import Context, Template
from django.utils import translation

SERVER = Path(__file__).parents[4] / "server"
FOLDER = SERVER / "locale" / "zh_Hans" / "LC_MESSAGES"
_ENTRY = re.compile(
    r'^msgid "(.+)"\n(?:msgid_plural "(.+)"\n)?msgstr(?:\[0\])? "(.*)"$', re.MULTILINE
)
_IN_TEMPLATES = re.compile(r"""{%\s*translate\s+(?:"([^"]+)"|'([^']+)')""")
_BLOCK = re.compile(
    r"{%\s*blocktranslate\b([^%]*)%}(.*?)(?:{%\s*plural\s*%}.*?)?{%\s*endblocktranslate\s*%}",
    re.DOTALL,
)
_VALUE = re.compile(r"{{\s*(\w+)\s*}}")
_ASKED_FOR = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"}


def catalogue():
    text = (FOLDER / "django.po").read_text()
    return {key.replace('\\"', '"'): (plural, zh) for key, plural, zh in _ENTRY.findall(text)}


def said():
    """Every string that pages say, in templates and in code; of two numbers the singular."""
    found = set()
    for path in SERVER.rglob("*.html"):
        text = path.read_text()
        found |= {one or other for one, other in _IN_TEMPLATES.findall(text)}
        found |= {_of_block(options, body) for options, body in _BLOCK.findall(text)}
    for path in SERVER.rglob("*.py"):
        found |= set(_of_code(ast.parse(path.read_text())))
    return found


def _of_block(options, body):
    if "trimmed" in options:
        body = " ".join(line.strip() for line in body.strip().splitlines())
    return _VALUE.sub(r"%(\1)s", body)


def _of_code(tree):
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and call.args and isinstance(call.args[0], ast.Constant):
            name = getattr(call.func, "id", getattr(call.func, "attr", ""))
            if name in _ASKED_FOR and isinstance(call.args[0].value, str):
                yield call.args[0].value


def test_no_string_is_without_its_chinese():
    known = catalogue()
    untranslated = sorted(text for text in said() if not known.get(text, ("", ""))[1])
    assert len(said()) > 1500
    assert untranslated == []
    assert [key for key, (_plural, zh) in known.items() if not zh] == []


def test_no_sentence_is_translated_that_nobody_says():
    paths = [path for path in SERVER.rglob("*") if path.suffix in {".py", ".html", ".js"}]
    code = "".join(re.sub(r'"\s*\n\s*f?"', "", path.read_text()) for path in paths)
    spoken = code + re.sub(r"\{\{ ?(\w+) ?\}\}", r"%(\1)s", code)
    assert [key for key in catalogue() if key not in spoken] == []


def test_values_stand_in_both_languages():
    names = re.compile(r"%\((\w+)\)[sd]")
    wrong = [
        key
        for key, (_plural, zh) in catalogue().items()
        if set(names.findall(key)) != set(names.findall(zh))
    ]
    assert wrong == []


def test_the_compiled_file_is_of_the_text_beside_it():
    with (FOLDER / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for key, (plural, zh) in catalogue().items():
        shown = compiled.ngettext(key, plural, 1) if plural else compiled.gettext(key)
        assert shown == zh, key


def test_pages_speak_the_language_that_is_asked_for():
    template = Template("{% load i18n %}{% translate 'Library' %}")
    with translation.override("zh-hans"):
        assert template.render(Context()) == "素材库"
    with translation.override("en"):
        assert template.render(Context()) == "Library"
