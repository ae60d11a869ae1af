"""The library's nightly work; `server.chores` calls it.

Each part may run in several processes at once without harm.
"""

from datetime import datetime

from server.configuration import Configuration

__all__ = ["nightly"]


def nightly(_configuration: Configuration, now: datetime) -> None:
    """Take up what was left, clean up, empty the bin, collect orphans, read blobs again."""
    from server.library.assets import bin_empty
    from server.library.ingest.leftovers import jobs_clean
    from server.library.ingest.tasks import take_up
    from server.library.orphans import orphans_collect
    from server.library.scrub import scrub
    from server.library.uploading import uploads_clean

    take_up(now=now)
    uploads_clean(now=now)
    jobs_clean(now=now)
    bin_empty(now=now)
    orphans_collect(now=now)
    scrub(now=now)
