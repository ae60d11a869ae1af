"""The steps by name, as the child runs them.  Each imports only what it needs.

A step takes a job and `report` (percent done), writes files into the job's folder and returns
what it made; it raises `Refused` for a file that cannot be used.  Anything else that it raises is
our bug, and shows as a crash of the child.
"""

from collections.abc import Callable
from pathlib import Path

from server.library.ingest.protocol import Inspected, Job, Made

__all__ = ["Report", "run"]

Report = Callable[[int], None]


def run(job: Job, report: Report) -> Made | Inspected:
    """Run the step that `job` names."""
    if job.step == "inspect":
        from server.library.ingest.kinds import sniff

        kind = sniff(Path(job.source))
        return Inspected(kind.family, kind.name, kind.reader, kind.remarks)
    if job.step == "picture":
        from server.library.ingest.pictures import make_picture

        return make_picture(job, report)
    if job.step == "video":
        from server.library.ingest.videos import make_video

        return make_video(job, report)
    if job.step == "sound":
        from server.library.ingest.sounds import make_sound

        return make_sound(job, report)
    if job.step == "poster":
        from server.library.ingest.posters import choose_poster

        return choose_poster(job, report)
    if job.step == "pages":
        from server.library.ingest.pages import make_pages

        return make_pages(job, report)
    if job.step == "table":
        from server.library.ingest.table import make_table

        return make_table(job, report)
    from server.library.ingest.office import make_pdf

    return make_pdf(job, report)
