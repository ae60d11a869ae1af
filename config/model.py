"""The maintainer's settings of one box: frozen, typed, each with its rule and its default.

A key is defined here once; `player.example.toml` tells its meaning, and tests compare the two.
Whoever puts a process together reads the settings and hands values on: no other module does.
"""

from datetime import time
from pathlib import Path
from typing import Annotated, Literal, get_args

from msgspec import Struct

from config.addresses import Proxy, Secret, Sha256, Urls
from config.rules import CommandLine, Flag, FolderPath, Number, OneOf, Text
from config.schema import LIVE, Key, Moved, Removed, Schema, schema_of
from config.times import DailySpan, Span, TimeOfDay, TimeZone

__all__ = [
    "KEYS",
    "PLAYER",
    "TRAIL",
    "AgentSettings",
    "CacheSettings",
    "Key",
    "LogSettings",
    "PanelMethod",
    "PanelSettings",
    "PlayerSettings",
    "ScreenSettings",
    "ServerSettings",
    "StageSettings",
    "TrustSettings",
]

#: How a panel may be switched.
PanelMethod = Literal["none", "dpms", "wlr-randr", "vcgencmd", "cec", "command"]

#: What became of keys of earlier versions; nothing is ever deleted from here.
TRAIL: dict[str, Moved | Removed] = {}


class ScreenSettings(Struct, frozen=True):
    """Which screen this is."""

    name: Annotated[str, Text(60)] = ""
    site: Annotated[str, Text(60)] = ""


class CacheSettings(Struct, frozen=True):
    """Where content is kept, and how much of the disk it may take."""

    directory: Annotated[Path, FolderPath()] = Path("/var/lib/yingbi")
    quota_gib: Annotated[float, Number(0.5, 4096, "GiB", whole=False)] = 16.0
    min_free_gib: Annotated[float, Number(0.1, 1024, "GiB", whole=False)] = 1.0


class ServerSettings(Struct, frozen=True):
    """Where content comes from, and how gently it is fetched."""

    urls: Annotated[tuple[str, ...], Urls()] = ()
    tokens_file: Annotated[Path | None, FolderPath(optional=True)] = None
    enrolment_key: Annotated[str, Secret()] = ""
    ca_file: Annotated[Path | None, FolderPath(optional=True)] = None
    proxy: Annotated[str, Proxy()] = ""
    cleartext: Annotated[bool, Flag()] = False
    poll_interval_s: Annotated[int, Number(5, 3600, "seconds")] = 30
    parallel_downloads: Annotated[int, Number(1, 8)] = 3
    bandwidth_limit_kib_s: Annotated[int, Number(0, 1_000_000, "KiB/s")] = 0
    download_window: Annotated[DailySpan | None, Span()] = None
    push: Annotated[bool, Flag()] = True


class TrustSettings(Struct, frozen=True):
    """Whose signature counts."""

    root_sha256: Annotated[str, Sha256()] = ""


class StageSettings(Struct, frozen=True):
    """How pictures come to the glass."""

    render: Annotated[Literal["auto", "software", "gpu"], OneOf(("auto", "software", "gpu"))] = (
        "auto"
    )
    output: Annotated[str, Text(40)] = ""
    windowed: Annotated[bool, Flag()] = False
    transition: Annotated[Literal["cut", "fade", "slide"], OneOf(("cut", "fade", "slide"))] = "fade"
    transition_ms: Annotated[int, Number(0, 5000, "milliseconds")] = 600
    sound: Annotated[bool, Flag()] = True
    volume: Annotated[int, Number(0, 100, "per cent")] = 80
    timezone: Annotated[str, TimeZone()] = ""


class PanelSettings(Struct, frozen=True):
    """How the panel is switched on and off."""

    power: Annotated[PanelMethod, OneOf(get_args(PanelMethod))] = "dpms"
    on_command: Annotated[str, CommandLine()] = ""
    off_command: Annotated[str, CommandLine()] = ""
    state_command: Annotated[str, CommandLine()] = ""


class AgentSettings(Struct, frozen=True):
    """What the agent does besides keeping content current."""

    screenshot_every_min: Annotated[int, Number(0, 1440, "minutes")] = 15
    restart_stage_at: Annotated[time | None, TimeOfDay()] = None
    restart_box_command: Annotated[str, CommandLine()] = ""


class LogSettings(Struct, frozen=True):
    """What is written to the journal."""

    level: Annotated[
        Literal["debug", "info", "warning", "error"],
        OneOf(("debug", "info", "warning", "error")),
        LIVE,
    ] = "info"


class PlayerSettings(Struct, frozen=True):
    """Everything a maintainer can set on a box; the defaults are those of a box without a file."""

    screen: ScreenSettings = ScreenSettings()
    cache: CacheSettings = CacheSettings()
    server: ServerSettings = ServerSettings()
    trust: TrustSettings = TrustSettings()
    stage: StageSettings = StageSettings()
    panel: PanelSettings = PanelSettings()
    agent: AgentSettings = AgentSettings()
    log: LogSettings = LogSettings()

    def value_of(self, path: str) -> object:
        """Return the value of a dotted key; `KeyError` if there is no such key."""
        return PLAYER.value_of(self, path)


#: The schema of `player.toml`.
PLAYER: Schema[PlayerSettings] = schema_of(PlayerSettings(), "player.example.toml", TRAIL)

#: Every key there is, by its dotted path, in the order of the example file.
KEYS: dict[str, Key] = dict(PLAYER.keys)
