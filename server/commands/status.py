"""`yingbi-server status`: what runs, how the screens are, what waits, how full the disk is."""

import argparse
import json
import os
import shutil
import sqlite3
from datetime import datetime
from typing import Any

from server.configuration import Configuration
from server.presence import is_anybody_there
from server.project import set_up_initialised

__all__ = ["add"]


def add(subparsers: Any) -> None:
    """Register the command."""
    parser = subparsers.add_parser(
        "status",
        help="say what runs, how the screens are, what waits",
        description="Say what runs, how the screens are, what waits, and how full the disk is.",
        example="yingbi-server status --json",
    )
    parser.add_argument("--json", action="store_true", help="print JSON, for programs")
    parser.set_defaults(run=_status)


def _status(options: argparse.Namespace) -> int:
    configuration = set_up_initialised()
    from django.db import DatabaseError

    from server.clock import SystemClock

    told, broken = {**_machine(configuration), **_backup(configuration)}, None
    try:
        told |= _rows(SystemClock().now())
    except DatabaseError as error:  # the machine's half is worth telling all the same
        broken = error
    if options.json:
        print(json.dumps(told, ensure_ascii=False, indent=2, default=str))
    else:
        for name, value in told.items():
            print(f"{name.replace('_', ' '):<24} {_word(value)}")
    if broken is not None:
        raise broken
    return os.EX_OK


def _word(value: object) -> str:
    if isinstance(value, datetime):
        return f"{value:%F %T} UTC"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "-" if value is None else str(value)


def _machine(configuration: Configuration) -> dict[str, Any]:
    from importlib.metadata import version

    from django.db import connection

    from server.database import has_wal_reset_bug

    data = configuration.data.directory
    usage = shutil.disk_usage(data)
    engine = "PostgreSQL"
    if connection.vendor == "sqlite":
        bug = " (has the WAL-reset bug, see 'yingbi-server check')" if has_wal_reset_bug() else ""
        engine = f"SQLite {sqlite3.sqlite_version}{bug}"
    return {
        "version": version("yingbi"),
        "running": is_anybody_there(data),
        "data": str(data),
        "database": engine,
        "disk_free_gb": round(usage.free / 1e9, 1),
        "disk_total_gb": round(usage.total / 1e9, 1),
    }


def _rows(now: datetime) -> dict[str, Any]:
    from django_tasks.base import TaskResultStatus
    from django_tasks_db.models import DBTaskResult

    from server.audit.selectors import head
    from server.publishing.models import Release
    from server.telemetry.models import ScreenFault

    tasks = DBTaskResult.objects
    ready = tasks.filter(status=TaskResultStatus.READY).order_by("enqueued_at")
    return {
        **_screens(now),
        "faults_open": ScreenFault.objects.filter(closed_at=None).count(),
        "last_release": Release.objects.values_list("at", flat=True).first(),
        "tasks_waiting": ready.count(),
        "tasks_waiting_since": ready.values_list("enqueued_at", flat=True).first(),
        "tasks_running": tasks.filter(status=TaskResultStatus.RUNNING).count(),
        "tasks_failed": tasks.filter(status=TaskResultStatus.FAILED).count(),
        "audit_rows": head()[0],
    }


def _screens(now: datetime) -> dict[str, int]:
    """How the screens are, in the words of the dashboard."""
    from server.publishing.selectors import told
    from server.screens.models import Screen
    from server.screens.states import ScreenState
    from server.telemetry.selectors import screen_standings

    screens = Screen.objects.filter(retired_at=None)
    newest = {pk: each.version for pk, each in told([each.pk for each in screens]).items()}
    standings = screen_standings(screens, newest, now)
    paired = [each for each in standings if each.state is not ScreenState.NEVER]
    return {
        "screens": len(standings),
        "screens_online": sum(each.state is ScreenState.ONLINE for each in paired),
        "screens_offline": sum(each.state is ScreenState.OFFLINE for each in paired),
        "screens_behind": sum(each.is_behind for each in paired),
    }


def _backup(configuration: Configuration) -> dict[str, Any]:
    from server.backups.making import existing
    from server.backups.nightly import folder_of

    made = (one.description.made_at for one in existing(folder_of(configuration)))
    return {"last_backup": max(made, default=None)}
