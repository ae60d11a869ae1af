"""`yingbi-server status`: what runs, how the screens are, what waits, how full the disk is."""

import argparse
import json
import os
import shutil
import sqlite3
from datetime import datetime, timedelta
from typing import Any

from server.configuration import Configuration
from server.presence import is_anybody_there
from server.project import set_up_initialised

__all__ = ["add"]

#: A screen that has said nothing for so long is offline, in minutes.
OFFLINE_MIN = 5


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
    from server.clock import SystemClock

    told = {**_machine(configuration), **_rows(SystemClock().now())}
    if options.json:
        print(json.dumps(told, ensure_ascii=False, indent=2, default=str))
        return os.EX_OK
    for name, value in told.items():
        print(f"{name.replace('_', ' '):<24} {'-' if value is None else value}")
    return os.EX_OK


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
    from django.db.models import Max
    from django_tasks.base import TaskResultStatus
    from django_tasks_db.models import DBTaskResult

    from server.audit.selectors import head
    from server.publishing.models import Publication, Release
    from server.screens.models import Screen
    from server.telemetry.models import Heartbeat
    from server.telemetry.selectors import open_faults

    screens = Screen.objects.filter(retired_at=None)
    fresh = now - timedelta(minutes=OFFLINE_MIN)
    beats = Heartbeat.objects.filter(screen__retired_at=None, received_at__gte=fresh)
    newest = dict(Publication.objects.values_list("screen").annotate(Max("version")).order_by())
    shown = beats.values_list("screen", "generation_version")
    behind = sum(1 for screen, version in shown if newest.get(screen) not in {None, version})
    tasks = DBTaskResult.objects
    return {
        "screens": screens.count(),
        "screens_online": beats.count(),
        "screens_behind": behind,
        "faults_open": open_faults(screens, now).count(),
        "last_release": Release.objects.values_list("at", flat=True).first(),
        "tasks_waiting": tasks.filter(status=TaskResultStatus.READY).count(),
        "tasks_running": tasks.filter(status=TaskResultStatus.RUNNING).count(),
        "tasks_failed": tasks.filter(status=TaskResultStatus.FAILED).count(),
        "audit_rows": head()[0],
    }
