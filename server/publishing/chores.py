"""The nightly work of publishing: what is on the walls is renewed before it expires."""

import logging
from datetime import datetime

from server.configuration import Configuration
from server.publishing.key_report import root_is_expired
from server.publishing.renewal import renew_what_expires

__all__ = ["nightly"]

log = logging.getLogger("server.publishing")


def nightly(_configuration: Configuration, now: datetime) -> None:
    """Renew, and say when the root wants its drill; screens go on without both for weeks."""
    renewed = renew_what_expires(now)
    if renewed:
        log.info("renewed the manifests of %d screens", renewed)
    if root_is_expired(now):
        log.warning("ROOT_EXPIRED the root is due for its drill: see docs/publishing.md, 2.4")
