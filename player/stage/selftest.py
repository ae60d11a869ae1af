"""`yingbi-player --selftest`: looks at everything a box needs, and says what to do.

Called by the composition root.  Needs no server, and no display: without one it looks at what can
be looked at and says what could not.
"""

import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

from config.loader import DEFAULT_PATH, LoadedSettings, load_for_player
from config.model import PlayerSettings
from player.clock import Clock, SystemClock
from player.stage.checks.finding import Finding, Verdict
from player.stage.render import Render

__all__ = ["report", "run", "selftest", "status_of"]

_GIB = 1024**3

Check = Callable[[], Finding | list[Finding]]


def selftest(config: Path = DEFAULT_PATH, as_json: bool = False) -> int:
    """Check this box, print what was found, and return the exit status."""
    findings = run(load_for_player(config, None), SystemClock())
    sys.stdout.write(f"{report(findings, as_json)}\n")
    return status_of(findings)


def run(loaded: LoadedSettings, clock: Clock) -> list[Finding]:
    """Return what every check finds; a check that raises is itself a finding."""
    settings = loaded.settings
    findings = [*_settings(loaded)]
    for name, check in _checks(settings, clock):
        findings.extend(_guarded(name, check))
    return findings


def status_of(findings: Iterable[Finding]) -> int:
    """Return 0, or 69 if anything failed, 74 if nothing but the disk did, 78 for the settings."""
    failed = {finding.check for finding in findings if finding.verdict == "failed"}
    if not failed:
        return os.EX_OK
    return {frozenset({"disk"}): os.EX_IOERR, frozenset({"settings"}): os.EX_CONFIG}.get(
        frozenset(failed), os.EX_UNAVAILABLE
    )


def report(findings: Sequence[Finding], as_json: bool) -> str:
    """Return the findings as a table for people, or as JSON for programs."""
    if as_json:
        return json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=2)
    lines = []
    for finding in findings:
        mark = {"ok": "ok", "warning": "look", "failed": "FAILED"}[finding.verdict]
        lines.append(f"{mark:<7} {finding.check:<9} {finding.what}")
        if finding.cure:
            lines.append(f"{'':<17} -> {finding.cure}")
    bad = sum(finding.verdict != "ok" for finding in findings)
    lines.append(f"{bad} to look at" if bad else "everything this box needs is there")
    return "\n".join(lines)


def _settings(loaded: LoadedSettings) -> Iterable[Finding]:
    for problem in loaded.problems:
        missing = loaded.source == "default" and problem.line is None
        verdict: Verdict = "failed" if problem.is_error and not missing else "warning"
        yield Finding("settings", verdict, f"{problem}", "run: yingbi-config check")
    if not loaded.problems:
        yield Finding("settings", "ok", "the settings file has no mistake")


def _checks(settings: PlayerSettings, clock: Clock) -> Iterable[tuple[str, Check]]:
    from player.stage.checks.disk import check_disk
    from player.stage.checks.wallclock import check_wallclock

    cache = settings.cache
    yield "disk", lambda: check_disk(cache.directory, round(cache.min_free_gib * _GIB))
    yield "clock", lambda: check_wallclock(clock.now(), settings.stage.timezone)
    yield from _checks_with_qt(settings.stage.render)


def _checks_with_qt(wish: Render) -> Iterable[tuple[str, Check]]:
    """Those that need Qt: without it the others have been done, and this is the finding."""

    def graphics() -> list[Finding]:
        from player.stage.checks.graphics import check_graphics

        platform, complaint = _application()
        return check_graphics(wish, platform, complaint)

    yield "graphics", graphics
    from player.stage.checks.codecs import check_codecs
    from player.stage.checks.fonts import check_fonts
    from player.stage.checks.runtime import check_runtime

    yield "fonts", check_fonts
    yield "codecs", check_codecs
    yield "runtime", check_runtime


def _application() -> tuple[str, str]:
    """Make the application object if there is none; return its platform, and Qt's complaint.

    A display that cannot be reached must not cost us the other checks: they run without one.
    """
    from PySide6.QtGui import QGuiApplication

    from player.stage.checks.graphics import display_complaint

    complaint = ""
    if QGuiApplication.instance() is None:
        told = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
        if any(os.environ.get(name) for name in told):
            complaint = display_complaint()
        if complaint or not any(os.environ.get(name) for name in told):
            os.environ["QT_QPA_PLATFORM"] = "offscreen"
        _KEPT.append(QGuiApplication(["yingbi-player"]))
    return QGuiApplication.platformName(), complaint


#: The application object must outlive every check.
_KEPT: list[object] = []


def _guarded(name: str, check: Check) -> list[Finding]:
    try:
        found = check()
    except Exception as error:  # noqa: BLE001  (one check must not cost us the others)
        cure = "run it again; if it stays, report this line"
        return [Finding(name, "failed", f"this check broke: {error!r}", cure)]
    return found if isinstance(found, list) else [found]
