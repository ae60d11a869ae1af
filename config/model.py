"""The maintainer's settings of one box: frozen, typed, each with its rule and its default.

A key is defined here once; `player.example.toml` tells its meaning, and tests compare the two.
Whoever puts a process together reads the settings and hands values on: no other module does.
"""

from collections.abc import Iterator
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any, Literal

from config.rules import (
    DailySpan,
    Flag,
    FolderPath,
    Number,
    OneOf,
    Rule,
    Sha256,
    Span,
    Text,
    TimeZone,
    Urls,
)

__all__ = [
    "KEYS",
    "CacheSettings",
    "Key",
    "LogSettings",
    "PanelSettings",
    "PlayerSettings",
    "ScreenSettings",
    "ServerSettings",
    "StageSettings",
    "TrustSettings",
]


def _key(default: Any, rule: Rule, live: bool = False) -> Any:
    """Declare a key: its default, what it may hold, and whether a change needs no restart."""
    return field(default=default, metadata={"rule": rule, "live": live})


@dataclass(frozen=True, slots=True)
class ScreenSettings:
    """Which screen this is."""

    name: str = _key("", Text(60))
    site: str = _key("", Text(60))


@dataclass(frozen=True, slots=True)
class CacheSettings:
    """Where content is kept, and how much of the disk it may take."""

    directory: Path = _key(Path("/var/lib/yingbi"), FolderPath())
    quota_gib: float = _key(16.0, Number(0.5, 4096, "GiB", whole=False))
    min_free_gib: float = _key(1.0, Number(0.1, 1024, "GiB", whole=False))


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """Where content comes from, and how gently it is fetched."""

    urls: tuple[str, ...] = _key((), Urls())
    tokens_file: Path | None = _key(Path("/etc/yingbi/tokens.toml"), FolderPath(optional=True))
    poll_interval_s: int = _key(30, Number(5, 3600, "seconds"), live=True)
    parallel_downloads: int = _key(3, Number(1, 8))
    bandwidth_limit_kib_s: int = _key(0, Number(0, 1_000_000, "KiB/s"), live=True)
    download_window: DailySpan | None = _key(None, Span(), live=True)


@dataclass(frozen=True, slots=True)
class TrustSettings:
    """Whose signature counts."""

    root_sha256: str = _key("", Sha256())


@dataclass(frozen=True, slots=True)
class StageSettings:
    """How pictures come to the glass."""

    render: Literal["auto", "software", "gpu"] = _key("auto", OneOf(("auto", "software", "gpu")))
    output: str = _key("", Text(40))
    windowed: bool = _key(False, Flag())
    transition: Literal["cut", "fade", "slide"] = _key(
        "fade", OneOf(("cut", "fade", "slide")), live=True
    )
    transition_ms: int = _key(600, Number(0, 5000, "milliseconds"), live=True)
    sound: bool = _key(True, Flag(), live=True)
    volume: int = _key(80, Number(0, 100, "per cent"), live=True)
    timezone: str = _key("", TimeZone())


@dataclass(frozen=True, slots=True)
class PanelSettings:
    """How the panel is switched on and off."""

    power: Literal["none", "dpms", "cec"] = _key("dpms", OneOf(("none", "dpms", "cec")))


@dataclass(frozen=True, slots=True)
class LogSettings:
    """What is written to the journal."""

    level: Literal["debug", "info", "warning", "error"] = _key(
        "info", OneOf(("debug", "info", "warning", "error")), live=True
    )


@dataclass(frozen=True, slots=True)
class PlayerSettings:
    """Everything a maintainer can set on a box; the defaults are those of a box without a file."""

    screen: ScreenSettings = ScreenSettings()
    cache: CacheSettings = CacheSettings()
    server: ServerSettings = ServerSettings()
    trust: TrustSettings = TrustSettings()
    stage: StageSettings = StageSettings()
    panel: PanelSettings = PanelSettings()
    log: LogSettings = LogSettings()

    def value_of(self, path: str) -> object:
        """Return the value of a dotted key; `KeyError` if there is no such key."""
        key = KEYS[path]
        return getattr(getattr(self, key.table), key.name)


@dataclass(frozen=True, slots=True)
class Key:
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


def _keys() -> Iterator[Key]:
    for table in fields(PlayerSettings):
        default: Any = table.default
        entry: Field[Any]
        for entry in fields(default):
            metadata = entry.metadata
            yield Key(table.name, entry.name, metadata["rule"], entry.default, metadata["live"])


#: Every key there is, by its dotted path, in the order of the example file.
KEYS: dict[str, Key] = {key.path: key for key in _keys()}
