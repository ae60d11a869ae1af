"""The usual start: what the box's settings say, and the cache that they name."""

import logging
from dataclasses import dataclass
from pathlib import Path

from config.changes import Change
from config.loader import load_for_player
from config.model import PlayerSettings
from content_cache.disk import RealDisk
from content_cache.outbox import Outbox
from player.stage.cache_source import CacheSource
from player.stage.options import Append, StageOptions
from player.stage.render import Render
from player.stage.settings_watch import SettingsWatch, last_good_path, tell

__all__ = ["FromSettings", "from_settings"]


@dataclass(frozen=True, slots=True)
class FromSettings:
    """A source, and how it is shown."""

    source: CacheSource
    render: Render
    options: StageOptions


def from_settings(file: Path) -> FromSettings:
    """Read `file`; a broken or missing one never stops the screen."""
    loaded = load_for_player(file, last_good_path(file))
    settings = loaded.settings
    _start_log(settings.log.level)
    tell(loaded.problems)
    watch = SettingsWatch(file, loaded, RealDisk(), _apply)
    stage = settings.stage
    options = StageOptions(
        state_folder=settings.cache.directory / "stage",
        name=settings.screen.name,
        zone=stage.timezone,
        windowed=stage.windowed,
        screen=stage.output or None,
        volume=stage.volume if stage.sound else 0,
        make_report=lambda: _outbox(settings),
        housekeeping=watch.look,
    )
    source = CacheSource(settings.cache.directory, RealDisk())
    return FromSettings(source, stage.render, options)


def _start_log(level: str) -> None:
    """Write to stderr, which is the journal of a service."""
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger().setLevel(level.upper())


def _apply(change: Change) -> None:
    """Take up a change of the settings that needs no restart."""
    if change.key == "log.level":
        logging.getLogger().setLevel(str(change.after).upper())


def _outbox(settings: PlayerSettings) -> Append:
    outbox = Outbox(settings.cache.directory, RealDisk(), "player")
    return outbox.append
