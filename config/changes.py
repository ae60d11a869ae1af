"""What differs between two settings, and whether it takes a restart.  Pure."""

from msgspec import Struct

from config.model import KEYS, PlayerSettings

__all__ = ["Change", "changes"]


class Change(Struct, frozen=True):
    """One key with another value; `live` says whether a running process can take it up."""

    key: str
    before: object
    after: object
    live: bool


def changes(before: PlayerSettings, after: PlayerSettings) -> tuple[Change, ...]:
    """Return every key that differs, in the order of the example file."""
    pairs = ((key, before.value_of(path), after.value_of(path)) for path, key in KEYS.items())
    return tuple(Change(key.path, old, new, key.live) for key, old, new in pairs if old != new)
