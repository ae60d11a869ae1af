"""Sources that are asked for their alerts: one document, or a feed (Atom, RSS) that links to them.

A worker does it.  Whatever goes wrong, what is shown stays until it expires; that is told once.
"""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import urljoin

from django.db import transaction
from django.utils.translation import gettext_noop as _
from django_tasks import task

from server.alerts.addresses import Resolve, system_resolve
from server.cap.errors import CapRefused
from server.cap.intake import take
from server.cap.models import CapAlert, CapSource
from server.cap.reading import Element, read_tree
from server.cap.records import tell_trouble
from server.cap.sources import fetch_rules
from server.clock import SystemClock
from server.datasets.fetching import fetch
from server.errors import ApplicationError
from server.sentences import Sentence

__all__ = ["ask", "ask_one", "ask_soon"]

log = logging.getLogger("server.cap")

#: The largest feed, in bytes, and how many new alerts of it are fetched at a time.
FEED_BYTES_LIMIT, LINKS_LIMIT = 4 << 20, 20


@task()
def ask_one(source: int) -> str:
    """Ask one source; the answer says what came of it."""
    row = CapSource.objects.filter(pk=source, closed_at=None).exclude(url="").first()
    return "gone" if row is None else ask(source=row, now=SystemClock().now())


def ask_soon(*, now: datetime) -> int:
    """Have a worker ask all that are due; returns how many."""
    count = 0
    for each in CapSource.objects.filter(due_at__lte=now, closed_at=None).exclude(url=""):
        following = now + timedelta(minutes=each.every_min)
        with transaction.atomic():
            if CapSource.objects.filter(pk=each.pk, due_at=each.due_at).update(due_at=following):
                ask_one.enqueue(each.pk)
                count += 1
    return count


def ask(*, source: CapSource, now: datetime, resolve: Resolve = system_resolve) -> str:
    """Fetch and take what is new: "ok" or "failed"."""
    try:
        trouble = _asked(source, now, resolve)
    except ApplicationError as error:
        trouble = error.message
    if trouble is None:
        CapSource.objects.filter(pk=source.pk).update(asked_at=now, trouble="", failing_since=None)
        return "ok"
    with transaction.atomic():
        kept = CapSource.objects.select_for_update().get(pk=source.pk)
        kept.failing_since, kept.trouble = kept.failing_since or now, str(trouble)[:500]
        kept.save(update_fields=["failing_since", "trouble"])
        tell_trouble(kept, trouble, kept.failing_since, now)
    log.info("source %d of alerts could not be read: %s", source.pk, trouble)
    return "failed"


def _asked(source: CapSource, now: datetime, resolve: Resolve) -> Sentence | None:
    """What was wrong with one of its alerts; the others were taken."""
    data = fetch(source.url, fetch_rules(), resolve=resolve)
    if len(data) > FEED_BYTES_LIMIT:
        raise CapRefused(_("More than %(most)d bytes: no warning is as long."),
                         values={"most": FEED_BYTES_LIMIT})  # fmt: skip
    root = read_tree(data)
    if root.name == "alert":
        take(source=source, data=data, came_from=source.url, actor=None, now=now)
        return None
    if root.name not in {"feed", "rss"}:
        raise CapRefused(_("This is neither a CAP alert nor a feed of them."))
    trouble = None
    for link in _new_links(source, root):
        try:
            found = fetch(link, fetch_rules(), resolve=resolve)
            take(source=source, data=found, came_from=link, actor=None, now=now)
        except ApplicationError as error:
            trouble = error.message
    return trouble


def _new_links(source: CapSource, root: Element) -> list[str]:
    """The addresses that nothing came from yet, the oldest (the last in a feed) first."""
    links = dict.fromkeys(urljoin(source.url, each)[:500] for each in _links(root))
    known = CapAlert.objects.filter(source=source, came_from__in=links)
    seen = set(known.values_list("came_from", flat=True))
    return [each for each in links if each not in seen][:LINKS_LIMIT][::-1]


def _links(root: Element) -> Iterator[str]:
    if root.name == "rss":
        for channel in root.all("channel"):
            yield from (each.text("link") for each in channel.all("item") if each.text("link"))
        return
    for entry in root.all("entry"):
        links = [each.attributes for each in entry.all("link") if each.attributes.get("href")]
        named = [each for each in links if "cap" in each.get("type", "")] or links
        if named:
            yield named[0]["href"]
