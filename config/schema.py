"""What a settings file may hold: tables of keys, each with its rule and its default.

A schema is made from a frozen struct whose fields are tables, whose fields are keys annotated with
their rule.  Every program has one schema; reading and explaining are the same for all.  Pure.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Generic, TypeVar

from msgspec import Struct, structs

from config.rules import Rule

__all__ = ["LIVE", "Key", "Moved", "Removed", "Schema", "schema_of"]

#: Marks a key whose change a running process takes up without a restart.
LIVE = "live"

Settings = TypeVar("Settings")


class Key(Struct, frozen=True):
    """A key of the file: `table.name`, its rule, its default, and whether a change applies live."""

    table: str
    name: str
    rule: Rule
    default: object
    live: bool

    @property
    def path(self) -> str:
        """The dotted path that messages use."""
        return f"{self.table}.{self.name}"


class Moved(Struct, frozen=True):
    """A key that has another name since `version`; its value still counts."""

    to: str
    version: str


class Removed(Struct, frozen=True):
    """A key that means nothing since `version`, and what to do instead."""

    instead: str
    version: str


class Schema(Struct, Generic[Settings], frozen=True):
    """The settings of one program: their defaults, keys by dotted path, and the example's name.

    `trail` tells what became of keys of earlier versions; nothing is ever deleted from it.
    """

    defaults: Settings
    keys: Mapping[str, Key]
    example: str
    trail: Mapping[str, Moved | Removed]

    def value_of(self, settings: Settings, path: str) -> object:
        """Return the value of a dotted key; `KeyError` if there is no such key."""
        key = self.keys[path]
        return getattr(getattr(settings, key.table), key.name)

    def settings_with(self, values: Mapping[str, object]) -> Settings:
        """Return the defaults with these values, by dotted path, in their place."""
        tables: dict[str, dict[str, Any]] = {}
        for path, value in values.items():
            tables.setdefault(self.keys[path].table, {})[self.keys[path].name] = value
        changed = {
            table: structs.replace(getattr(self.defaults, table), **names)
            for table, names in tables.items()
        }
        settings: Settings = structs.replace(self.defaults, **changed)  # type: ignore[type-var]  # a Struct, but TypeVar's bound cannot say so for generics
        return settings


def schema_of(
    defaults: Settings, example: str, trail: Mapping[str, Moved | Removed]
) -> Schema[Settings]:
    """Make the schema of settings from their defaults, in the order in which they are written."""
    return Schema(defaults, {key.path: key for key in _keys(defaults)}, example, trail)


def _keys(defaults: object) -> Iterator[Key]:
    for table in type(defaults).__annotations__:
        group = getattr(defaults, table)
        for name, annotation in type(group).__annotations__.items():
            rule, *marks = annotation.__metadata__
            yield Key(table, name, rule, getattr(group, name), LIVE in marks)
