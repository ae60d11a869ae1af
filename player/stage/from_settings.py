"""The usual start: what the box's settings say, and the cache that they name."""

import logging
from dataclasses import dataclass
from pathlib import Path

from config.changes import Change
from config.loader import load_for_player
from config.model import PlayerSettings
from content_cache.disk import RealDisk
from content_cache.outbox import Outbox
from player.clock import Clock, FlooredClock, SystemClock
from player.stage.cache_source import CacheSource
from player.stage.options import Append, StageOptions
from player.stage.render import Render
from player.stage.settings_watch import SettingsWatch, last_good_path, tell

__all__ = ["FromSettings", "from_settings"]

#: How often what was reported is handed to the agent.
CLOSE_SEGMENT_S = 30.0


@dataclass(frozen=True, slots=True)
class FromSettings:
    """A source, and how it is shown."""

    source: CacheSource
    render: Render
    options: StageOptions


def from_settings(file: Path, clock: FlooredClock | None = None) -> FromSettings:
    """Read `file`; a broken or missing one never stops the screen.

    `clock` learns from the cache what instant is proved to be past.
    """
    loaded = load_for_player(file, last_good_path(file))
    settings = loaded.settings
    _start_log(settings.log.level)
    tell(loaded.problems)
    watch = SettingsWatch(file, loaded, RealDisk(), _apply)
    stage, desk = settings.stage, _ReportDesk(settings, clock or SystemClock())
    options = StageOptions(
        state_folder=settings.cache.directory / "stage",
        name=settings.screen.name,
        zone=stage.timezone,
        windowed=stage.windowed,
        screen=stage.output or None,
        volume=stage.volume if stage.sound else 0,
        make_report=desk.open,
        housekeeping=lambda: _keep_house(watch, desk),
        cache=settings.cache.directory,
    )
    learn = clock.learn if clock else None
    source = CacheSource(settings.cache.directory, RealDisk(), learn)
    return FromSettings(source, stage.render, options)


def _start_log(level: str) -> None:
    """Write to stderr, which is the journal of a service."""
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger().setLevel(level.upper())


def _apply(change: Change) -> None:
    """Take up a change of the settings that needs no restart."""
    if change.key == "log.level":
        logging.getLogger().setLevel(str(change.after).upper())


def _keep_house(watch: SettingsWatch, desk: "_ReportDesk") -> None:
    watch.look()
    desk.close_segment_when_due()


class _ReportDesk:
    """The outbox of the stage; used on the clerk's thread alone."""

    def __init__(self, settings: PlayerSettings, clock: Clock) -> None:
        self._settings, self._clock = settings, clock
        self._outbox: Outbox | None = None
        self._closed_s = clock.monotonic()

    def open(self) -> Append:
        """Open the outbox, on whose own thread everything is appended later."""
        self._outbox = Outbox(self._settings.cache.directory, RealDisk(), "player")
        return self._outbox.append

    def close_segment_when_due(self) -> None:
        """Let the agent have what was reported so far, now and then."""
        if self._outbox is None or self._clock.monotonic() - self._closed_s < CLOSE_SEGMENT_S:
            return
        self._closed_s = self._clock.monotonic()
        self._outbox.rotate()
