"""Over a hundred settings files that people, editors and power cuts really make.

Each is (name, bytes, line of the first problem or None for the whole file, a word of the cure).
"""

from collections.abc import Iterator

from config.loader import example
from config.model import KEYS
from config.reading import read

BrokenFile = tuple[str, bytes, int | None, str]

#: Values that are wrong for every key but those of the right type.
_WRONG = {
    "number": "-7",
    "huge": "99999999999999999999",
    "text": '"no such thing at all, never was, and far too long to be a name' + "x" * 90 + '"',
    "list": "[1, 2]",
    "date": "1979-05-27",
}


def _line_of(path: str) -> int:
    return read(example().encode(), "example").lines[path]


def _with_line(line: int, text: str) -> bytes:
    lines = example().split("\n")
    lines[line - 1] = text
    return "\n".join(lines).encode()


def wrong_values() -> Iterator[BrokenFile]:
    """Each key of the example with a value of each wrong kind."""
    for path, key in KEYS.items():
        line = _line_of(path)
        for kind, value in _WRONG.items():
            yield f"{path} is a {kind}", _with_line(line, f"{key.name} = {value}"), line, "allowed"


def misspelt_keys() -> Iterator[BrokenFile]:
    """Each key with two letters swapped."""
    for path, key in KEYS.items():
        line = _line_of(path)
        typo = key.name[:-2] + key.name[-1] + key.name[-2]
        yield f"{path} misspelt", _with_line(line, f"{typo} = 1"), line, f'did you mean "{path}"?'


def bad_syntax() -> Iterator[BrokenFile]:
    """Each key with its value cut off, and with full-width quotation marks."""
    for path, key in KEYS.items():
        line = _line_of(path)
        yield f"{path} without a value", _with_line(line, f"{key.name} ="), line, "example"
        yield f"{path} in wide quotes", _with_line(line, f"{key.name} = “x”"), line, 'write "'


_BY_HAND: tuple[BrokenFile, ...] = (
    ("empty", b"", None, "copy"),
    ("blanks", b" \r\n\n\t", None, "copy"),
    ("NUL bytes", bytes(4096), None, "copy"),
    ("NUL bytes at the end", b"[log]\nlevel = 'info'\n" + bytes(500), None, "copy"),
    ("cut off in a value", b'[screen]\nname = "Lob', 2, "copy"),
    ("cut off in a header", b"[screen]\nname = 'a'\n[sta", 3, "copy"),
    ("cut off in a key", b"[screen]\nname = 'a'\n[stage]\nrend", 4, "copy"),
    ("cut off in a character", "[screen]\nname = '大".encode()[:-1], 2, "copy"),
    ("cut off in a list", b"[server]\nurls = [\n  'https://a.example',", 2, "copy"),
    ("GBK", "[screen]\nname = '一号大厅'\n".encode("gb18030"), None, "UTF-8"),
    ("GBK and a typo", "[screen]\n# 名称\nnmae = '大厅'\n".encode("gb18030"), None, "UTF-8"),
    ("UTF-16 little end", "[screen]\nname = '大厅'\n".encode("utf-16"), None, "UTF-8"),
    ("UTF-16 big end", b"\xfe\xff" + "[log]\nlevel = 'x'\n".encode("utf-16-be"), None, "UTF-8"),
    ("UTF-16 without a mark", "[log]\nlevel = 'info'\n".encode("utf-16-le"), None, "UTF-8"),
    ("UTF-16 cut off", "[log]\nlevel = 'info'\n".encode("utf-16")[:-1], None, "copy"),
    ("Latin-1", "[screen]\nname = 'Foyer für Gäste'\n".encode("latin-1"), 2, "UTF-8"),
    (
        "a flipped bit",
        "[screen]\nname = '大厅东'\nsite = '\xff'\n".encode()[:-4] + b"\xff'\n",
        3,
        "UTF-8",
    ),
    ("a picture", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00", None, "copy"),
    ("a ZIP", b"PK\x03\x04\x14\x00\x06\x00\x08\x00!\x00", None, "copy"),
    ("JSON", b'{"stage": {"render": "gpu"}}', 1, "copy"),
    ("YAML", b"stage:\n  render: gpu\n", 1, "="),
    ("INI", b"[stage]\nrender = gpu\n", 2, "quotation"),
    ("shell", b"export RENDER=gpu\n", 1, ""),
    ("a page", b"<html><body>404</body></html>\n", 1, "="),
    ("a diff", b"<<<<<<< HEAD\n[log]\nlevel = 'info'\n=======\n", 1, "="),
    ("yes", b"[stage]\nsound = yes\n", 2, "true or false"),
    ("True", b"[stage]\nsound = True\n", 2, "true or false"),
    ("quoted true", b"[stage]\nsound = 'true'\n", 2, "true or false"),
    ("a Windows path", b'[cache]\ndirectory = "C:\\yingbi"\n', 2, "/"),
    ("a relative path", b'[cache]\ndirectory = "yingbi"\n', 2, "absolute"),
    ("a key twice", b"[log]\nlevel = 'info'\nlevel = 'debug'\n", 3, "take one"),
    ("a table not closed", b"[stage\nrender = 'gpu'\n", 1, "[name]"),
    ("a key in no table", b"render = 'gpu'\n", 1, "stage.render"),
    ("a key in the wrong table", b"[log]\nrender = 'gpu'\n", 2, "stage.render"),
    ("a misspelt table", b"[stgae]\nrender = 'gpu'\n", 2, "stage.render"),
    ("a list of tables", b"[[stage]]\nrender = 'no'\n", 2, "allowed"),
    ("a wide equals sign", "[log]\nlevel ＝ 'info'\n".encode(), 2, "write ="),
    (
        "a wide comma",
        "[server]\nurls = ['https://a.example'，'https://b.example']\n".encode(),
        2,
        "write ,",
    ),
    ("a wide hash", "＃ 设置\n".encode(), 1, "write #"),
    ("a NUL inside", b"[log]\nlevel = 'in\0fo'\n", 2, ""),
    ("a backspace", b"[log]\nlevel = 'in\x08fo'\n", 2, ""),
    ("not a number", b"[cache]\nquota_gib = nan\n", 2, "allowed"),
    ("for ever", b"[cache]\nquota_gib = inf\n", 2, "allowed"),
    ("5,000 digits", b"[stage]\nvolume = " + b"9" * 5000 + b"\n", 2, ""),
    ("5,000 hex digits", b"[stage]\nvolume = 0x" + b"f" * 5000 + b"\n", 2, "allowed"),
    ("5,000 brackets", b"[stage]\nvolume = " + b"[" * 5000 + b"\n", 2, "]"),
    ("5,000 dots", b"a" + b".a" * 5000 + b" = 1\n", 1, "take it out"),
    ("a megabyte", b"# " + b"x" * 1_000_000, None, "copy"),
    ("a password in an address", b"[server]\nurls = ['https://me:canary@a.example']\n", 2, "list"),
    ("a password for a proxy", b"[server]\nproxy = 'http://me:canary@p.example'\n", 2, "without"),
    ("a password without quotes", b"[server]\nurls = [https://me:canary@a.example]\n", 2, "see"),
    ("an address that is none", b"[server]\nurls = ['signage']\n", 2, "https://"),
    (
        "an address with a bad port",
        b"[server]\nurls = ['https://a.example:99999']\n",
        2,
        "https://",
    ),
    ("one address, no list", b"[server]\nurls = 'https://a.example'\n", 2, "[ ]"),
    (
        "nine addresses",
        b"[server]\nurls = [%s]\n" % b",".join([b"'https://a.example'"] * 9),
        2,
        "8",
    ),
    ("half past 25", b"[server]\ndownload_window = '25:30-26:00'\n", 2, "HH:MM"),
    ("an empty window", b"[server]\ndownload_window = '06:00-06:00'\n", 2, "HH:MM"),
    ("a zone of nowhere", b"[stage]\ntimezone = 'Asia/Beijin'\n", 2, "Asia/Shanghai"),
    ("a zone that climbs", b"[stage]\ntimezone = '../../etc/passwd'\n", 2, "Asia/Shanghai"),
    ("a short fingerprint", b"[trust]\nroot_sha256 = 'ab12'\n", 2, "64"),
    ("a table as a value", b"[stage]\nrender = {gpu = true}\n", 2, "stage.render"),
    ("a value as a table", b"stage = 'gpu'\n", 1, "write [stage]"),
)


def broken_files() -> list[BrokenFile]:
    """All of them."""
    return [*wrong_values(), *misspelt_keys(), *bad_syntax(), *_BY_HAND]
