"""Text of a settings file to settings: every key checked by its rule, every problem collected.

Pure.  Whatever the text holds, settings come back: a key that cannot be used keeps its value from
`fallback`, and a problem says so.
"""

from collections.abc import Mapping
from typing import Generic, Literal, TypeVar

from msgspec import Struct, structs

from config.encoding import Decoded, decode
from config.errors import ConfigProblem, NotAllowed, shown
from config.model import PLAYER, TRAIL, PlayerSettings
from config.schema import Key, Moved, Removed, Schema
from config.statements import BadLine, Statement, split

__all__ = ["TRAIL", "Moved", "Origin", "Reading", "Removed", "read", "read_as"]

Settings = TypeVar("Settings")


#: No key is longer than this; what is written may be.
_LONGEST_PATH = 60

Origin = Literal["default", "file", "last good copy"]


class Reading(Struct, Generic[Settings], frozen=True):
    """What a file gave: settings, all that is wrong, and where each value came from.

    `lines` has the line of every key that the file set.  `usable` is false where there was no
    text to read at all: then the settings are those of the fallback.
    """

    settings: Settings
    problems: tuple[ConfigProblem, ...]
    lines: Mapping[str, int]
    origins: Mapping[str, Origin]
    usable: bool

    @property
    def is_good(self) -> bool:
        """Is this file worth keeping as the last good one?"""
        return self.usable and not any(problem.is_error for problem in self.problems)


def read(
    content: bytes,
    file: str,
    fallback: PlayerSettings | None = None,
    trail: Mapping[str, Moved | Removed] = TRAIL,
) -> Reading[PlayerSettings]:
    """Read the bytes of a box's settings file; as `read_as`, with the schema of the player."""
    return read_as(structs.replace(PLAYER, trail=trail), content, file, fallback)


def read_as(
    schema: Schema[Settings], content: bytes, file: str, fallback: Settings | None = None
) -> Reading[Settings]:
    """Read the bytes of a settings file that is called `file` in messages; never raises.

    `fallback` is what was last good: it stands in for keys that cannot be used, and for all
    missing keys of a file that is damaged.  Without it the defaults do.
    """
    decoded = decode(content)
    reader = _Reader(schema, file)
    for remark in decoded.remarks:
        reader.add(remark.what, remark.cure, remark.line, is_error=remark.is_error)
    if decoded.text is not None:
        reader.read_text(decoded.text)
    return reader.finish(decoded, fallback)


class _Reader(Generic[Settings]):
    """Collects values and problems while the statements go by."""

    def __init__(self, schema: Schema[Settings], file: str) -> None:
        self._schema = schema
        self._file = file
        self._problems: list[ConfigProblem] = []
        self._values: dict[str, object] = {}
        self._lines: dict[str, int] = {}
        self._refused: set[str] = set()
        self._damaged = False

    def add(
        self,
        what: str,
        cure: str,
        line: int | None = None,
        key: str | None = None,
        is_error: bool = True,
    ) -> None:
        """Remember a problem.  A cure may name the example file as `{example}`."""
        cure = cure.replace("{example}", self._schema.example)
        self._problems.append(ConfigProblem(self._file, what, cure, line, key, is_error))

    def read_text(self, text: str) -> None:
        """Take in every statement of the text."""
        for statement in split(text):
            if isinstance(statement, BadLine):
                self._take_bad_line(statement, cut_off=not text.endswith("\n"))
            else:
                self._take(statement)

    def finish(self, decoded: Decoded, fallback: Settings | None) -> Reading[Settings]:
        """Put the settings together."""
        origins: dict[str, Origin] = {}
        values: dict[str, object] = {}
        usable = decoded.text is not None
        keep_missing = decoded.damaged or self._damaged or not usable
        for path, key in self._schema.keys.items():
            values[path], origins[path] = key.default, "default"
            if path in self._values:
                values[path], origins[path] = self._values[path], "file"
            elif fallback is not None and (path in self._refused or keep_missing):
                values[path] = self._schema.value_of(fallback, path)
                origins[path] = "last good copy"
        settings = self._schema.settings_with(values)
        return Reading(settings, tuple(self._problems), self._lines, origins, usable)

    def _take_bad_line(self, bad: BadLine, cut_off: bool) -> None:
        self._damaged = True
        if bad.is_last and cut_off:
            self.add(
                f"the file ends in the middle of this line ({bad.what}): it was cut off while it"
                " was written",
                "copy the file here again",
                bad.line,
            )
        else:
            self.add(bad.what, bad.cure, bad.line)

    def _take(self, statement: Statement) -> None:
        path = ".".join(statement.path)
        if path in self._schema.keys:
            self._set(path, statement)
        elif path in self._schema.trail:
            self._follow_trail(path, statement)
        elif statement.value == {} and any(key.table == path for key in self._schema.keys.values()):
            return  # an empty table: screen = {}
        else:
            self._unknown(path, statement)

    def _set(self, path: str, statement: Statement) -> None:
        if path in self._lines:
            self.add(
                f"is set a second time (first on line {self._lines[path]}); the first counts",
                "take one of the two out",
                statement.line,
                path,
            )
            return
        self._lines[path] = statement.line
        rule = self._schema.keys[path].rule
        try:
            self._values[path] = rule.convert(statement.value)
        except NotAllowed as error:
            self._refused.add(path)
            meant = _meant(shown(statement.value).strip('"'), rule.words)
            value = "the value" if rule.confidential else shown(statement.value)
            cure = f"allowed is {rule.allowed}" + (f"; {meant}" if meant else "")
            self.add(f"{value} {error}", cure, statement.line, path)

    def _follow_trail(self, path: str, statement: Statement) -> None:
        step = self._schema.trail[path]
        if isinstance(step, Removed):
            what = f"means nothing any more since version {step.version}"
            self.add(what, step.instead, statement.line, path, is_error=False)
            return
        self.add(
            f"is called {step.to} since version {step.version} (its value is used)",
            f"rename it to {step.to}",
            statement.line,
            path,
            is_error=False,
        )
        self._take(Statement(statement.line, tuple(step.to.split(".")), statement.value))

    def _unknown(self, path: str, statement: Statement) -> None:
        if any(key.table == path for key in self._schema.keys.values()):
            what, cure = "is a table, not a key", f"write [{path}], and its keys below it"
            self.add(what, cure, statement.line, path)
            return
        hint = _meant(path[:_LONGEST_PATH], tuple(self._schema.keys)) or _misplaced(
            statement.path[-1], self._schema.keys
        )
        cure = hint or "take it out, or see {example} for the keys there are"
        self.add("there is no such key, nobody reads it", cure, statement.line, _named(path), False)


def _named(path: str) -> str:
    """Return a key as it may stand in a message, whatever was written between quotes."""
    return path if path.isprintable() and len(path) <= _LONGEST_PATH else shown(path)


def _meant(written: str, known: tuple[str, ...]) -> str:
    """Return "did you mean ...?" for the nearest of `known`, or ""."""
    near = _nearest(written.lower(), [word.lower() for word in known], 0.6)
    if not near:
        return ""
    word = next(word for word in known if word.lower() == near[0])
    return f'did you mean "{word}"?'


def _misplaced(name: str, keys: Mapping[str, Key]) -> str:
    """Return a hint for a key that stands in the wrong table."""
    names = {key.name: key.table for key in keys.values()}
    near = _nearest(name, list(names), 0.8)
    if near:
        return f'did you mean "{near[0]}" under [{names[near[0]]}]?'
    return ""


def _nearest(written: str, known: list[str], likeness: float) -> list[str]:
    """Return the nearest of `known`, if any is at least so much alike (0 to 1)."""
    from difflib import get_close_matches  # 3 ms of a cold start, needed only for a mistake

    return get_close_matches(written, known, 1, likeness)
