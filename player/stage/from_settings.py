"""The usual start: what the box's settings say, and the cache that they name."""

import logging
from dataclasses import dataclass
from pathlib import Path

from config.loader import load_for_player
from config.model import PlayerSettings
from content_cache.disk import RealDisk
from content_cache.outbox import Outbox
from player.stage.cache_source import CacheSource
from player.stage.options import Append, StageOptions
from player.stage.render import Render

__all__ = ["FromSettings", "from_settings"]

log = logging.getLogger("stage.settings")


@dataclass(frozen=True, slots=True)
class FromSettings:
    """A source, and how it is shown."""

    source: CacheSource
    render: Render
    options: StageOptions


def from_settings(file: Path) -> FromSettings:
    """Read `file`; a broken or missing one never stops the screen."""
    loaded = load_for_player(file, None)
    for problem in loaded.problems:
        log.warning("%s", problem)
    settings = loaded.settings
    stage = settings.stage
    options = StageOptions(
        state_folder=settings.cache.directory / "stage",
        name=settings.screen.name,
        zone=stage.timezone,
        windowed=stage.windowed,
        screen=stage.output or None,
        sound=stage.sound,
        make_report=lambda: _outbox(settings),
    )
    source = CacheSource(settings.cache.directory, RealDisk())
    return FromSettings(source, stage.render, options)


def _outbox(settings: PlayerSettings) -> Append:
    outbox = Outbox(settings.cache.directory, RealDisk(), "player")
    return outbox.append
