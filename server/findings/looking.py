"""Looks at everything, in the order in which one thing may be the cause of another.

Every look is a function of its own, so that one that fails does not hide the others.
"""

from collections.abc import Callable, Iterator

from django.db import DatabaseError, InterfaceError

from server.clock import Clock
from server.configuration import Configuration
from server.database_errors import one_line
from server.findings import contents, database, files, machine
from server.findings.finding import Finding

__all__ = ["look"]

Look = Callable[[], Iterator[Finding]]


def look(configuration: Configuration, clock: Clock, deep: bool) -> Iterator[Finding]:
    """Yield everything that is wrong; `deep` reads every file and every page of the database."""
    now = clock.now()
    yield from machine.settings_that_are_wrong()
    yield from machine.certificate(configuration, now)
    full = list(machine.disk(configuration))
    yield from full
    if (unusable := database.unusable(configuration)) is not None:
        is_sqlite = not configuration.database.url
        if not (is_sqlite and any(each.code in machine.NO_WRITING for each in full)):
            yield unusable
        return
    if damaged := list(database.integrity(deep)):
        yield from damaged
        return
    if other := list(database.version()):
        yield from other
        return
    looks: list[Look] = [
        contents.audit,
        contents.keys,
        contents.unguarded_screens,
        lambda: contents.wrong_clock(now),
        lambda: contents.waiting_tasks(now),
        lambda: files.stored(deep),
        lambda: files.backups(configuration, now),
        database.dump_program,
    ]
    for one in looks:
        try:
            yield from one()
        except (DatabaseError, InterfaceError, OSError) as error:
            cure = "correct what stands above, then try again"
            yield Finding("LOOK_FAILED", one_line(error), cure)
