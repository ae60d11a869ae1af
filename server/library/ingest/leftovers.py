"""Removes what a killed worker left on the disk: folders of jobs, and finished tasks' rows."""

import contextlib
import shutil
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django_tasks_db.models import DBTaskResult

__all__ = ["jobs_clean"]

#: No job takes as long (`limits`); finished tasks are kept a little longer for whoever looks.
JOB_LIFE = timedelta(hours=24)
RESULT_LIFE = timedelta(days=7)


def jobs_clean(*, now: datetime) -> int:
    """Remove folders and rows of jobs that ended long ago; return how many folders went."""
    gone = 0
    folder: Path = settings.DATA / "ingest"
    with contextlib.suppress(FileNotFoundError):
        for job in sorted(folder.iterdir()):
            with contextlib.suppress(FileNotFoundError):
                if job.stat().st_mtime < (now - JOB_LIFE).timestamp():
                    shutil.rmtree(job, ignore_errors=True)
                    gone += 1
    DBTaskResult.objects.finished().filter(finished_at__lt=now - RESULT_LIFE).delete()
    DBTaskResult.objects.running().filter(started_at__lt=now - RESULT_LIFE).delete()
    return gone
