"""The work of publishing by the clock: manifests are renewed; takeovers and pictures looked at."""

import logging
from datetime import datetime

from server.configuration import Configuration
from server.publishing.key_report import root_is_expired
from server.publishing.renewal import renew_what_expires
from server.publishing.telling import tell_takeovers_over
from server.publishing.wrong_pictures import pictures_look

__all__ = ["minutely", "nightly", "pictures"]

log = logging.getLogger("server.publishing")


def nightly(_configuration: Configuration, now: datetime) -> None:
    """Renew, and say when the root wants its drill; screens go on without both for weeks."""
    renewed = renew_what_expires(now)
    if renewed:
        log.info("renewed the manifests of %d screens", renewed)
    if root_is_expired(now):
        log.warning("ROOT_EXPIRED the root is due for its drill: see docs/publishing.md, 2.4")


def minutely(_configuration: Configuration, now: datetime) -> None:
    """Tell of takeovers that have ended by themselves."""
    tell_takeovers_over(now)


def pictures(_configuration: Configuration, now: datetime) -> None:
    """See which screens show something else than what is due."""
    pictures_look(now)
