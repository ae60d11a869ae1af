"""Webhooks as administrators keep them: made, changed, tried, switched off when nobody answers."""

import secrets
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F

from server.accounts.models import Department, Staff
from server.accounts.policy import Act, require
from server.alerts.addresses import taken_apart
from server.alerts.errors import DeliveryFailed
from server.alerts.kinds import Kind
from server.alerts.models import Delivery, Endpoint, Message
from server.alerts.services import tell
from server.alerts.webhooks import body_of, post
from server.audit.services import record
from server.errors import Invalid
from server.sentences import Sentence

__all__ = [
    "ENDPOINTS_LIMIT",
    "FAILURES_LIMIT",
    "endpoint_change",
    "endpoint_create",
    "endpoint_delete",
    "endpoint_enable",
    "endpoint_failed",
    "endpoint_test",
    "endpoint_worked",
]

#: Webhooks that there may be.
ENDPOINTS_LIMIT = 50

#: After so many deliveries that failed one after the other a webhook is switched off.
FAILURES_LIMIT = 20


@transaction.atomic
def endpoint_create(
    *,
    name: str,
    url: str,
    kinds: Iterable[Kind],
    department: Department | None,
    actor: Staff,
    now: datetime,
    address: str = "",
) -> Endpoint:
    """Make a webhook with a new secret.  Raises `Invalid`."""
    require(actor, Act.MANAGE_SCREENS, department)
    if Endpoint.objects.count() >= ENDPOINTS_LIMIT:
        raise Invalid(
            "There are %(most)d webhooks already: delete one first.",
            values={"most": ENDPOINTS_LIMIT},
        )
    row = Endpoint(
        name=name.strip(),
        url=_checked(url),
        secret=secrets.token_urlsafe(32),
        kinds=_kinds(kinds),
        department=department,
        created_by=actor,
        created_at=now,
    )
    row.save()
    _record(actor, "webhook.create", row, now, address)
    return row


@transaction.atomic
def endpoint_change(
    *,
    endpoint: Endpoint,
    name: str,
    url: str,
    kinds: Iterable[Kind],
    actor: Staff,
    now: datetime,
    address: str = "",
) -> Endpoint:
    """Change a webhook; its secret stays.  Raises `Invalid`."""
    require(actor, Act.MANAGE_SCREENS, endpoint.department)
    endpoint.name, endpoint.url, endpoint.kinds = name.strip(), _checked(url), _kinds(kinds)
    endpoint.save(update_fields=["name", "url", "kinds"])
    _record(actor, "webhook.change", endpoint, now, address)
    return endpoint


@transaction.atomic
def endpoint_enable(*, endpoint: Endpoint, actor: Staff, now: datetime, address: str = "") -> None:
    """Switch a webhook on again."""
    require(actor, Act.MANAGE_SCREENS, endpoint.department)
    endpoint.disabled_at, endpoint.failures, endpoint.why = None, 0, ""
    endpoint.save(update_fields=["disabled_at", "failures", "why"])
    _record(actor, "webhook.enable", endpoint, now, address)


@transaction.atomic
def endpoint_delete(*, endpoint: Endpoint, actor: Staff, now: datetime, address: str = "") -> None:
    """Forget a webhook, and what was sent to it."""
    require(actor, Act.MANAGE_SCREENS, endpoint.department)
    _record(actor, "webhook.delete", endpoint, now, address)
    endpoint.delete()


def endpoint_test(*, endpoint: Endpoint, actor: Staff, now: datetime) -> int:
    """Send a trial message at once; returns the status.  Raises `DeliveryFailed`."""
    require(actor, Act.MANAGE_SCREENS, endpoint.department)
    said = Sentence("A trial message: this webhook works.")
    trial = Message(
        pk=0, kind="test", template=said.template, department=endpoint.department, told_at=now
    )
    base = settings.PUBLIC_URLS[0].rstrip("/") if settings.PUBLIC_URLS else ""
    networks = settings.CONFIGURATION.alerts.webhook_networks
    return post(endpoint.url, endpoint.secret, body_of(trial, base), now=now, networks=networks)


@transaction.atomic
def endpoint_failed(*, endpoint: Endpoint, why: str, now: datetime) -> None:
    """Count a failure; at the limit switch it off, and say so."""
    Endpoint.objects.filter(pk=endpoint.pk).update(failures=F("failures") + 1, why=why[:300])
    over = Endpoint.objects.filter(pk=endpoint.pk, disabled_at=None, failures__gte=FAILURES_LIMIT)
    if not over.update(disabled_at=now):
        return
    Delivery.objects.filter(endpoint=endpoint, done_at=None, failed_at=None).update(
        failed_at=now, why="the webhook was switched off"
    )
    tell(
        kind=Kind.WEBHOOK_DISABLED,
        said=Sentence(
            "The webhook %(name)s was switched off: %(n)d deliveries failed one after the other"
            " (%(why)s). Correct its address, then switch it on.",
            {"name": endpoint.name, "n": FAILURES_LIMIT, "why": why[:200]},
        ),
        department=endpoint.department,
        link="/alerts/webhooks/",
        key=f"webhook-disabled:{endpoint.pk}:{now.isoformat()}",
        now=now,
    )
    _record(None, "webhook.disable", endpoint, now, "")


def endpoint_worked(*, endpoint: Endpoint) -> None:
    """It answered: what failed before counts no more."""
    Endpoint.objects.filter(pk=endpoint.pk).exclude(failures=0).update(failures=0, why="")


def _checked(url: str) -> str:
    try:
        taken_apart(url.strip())
    except DeliveryFailed as error:
        raise Invalid(
            "This is no address of a webhook: write https://host/path.",
            details={"url": Sentence("Write https://host/path."), "why": str(error)},
        ) from None
    return url.strip()[:500]


def _kinds(kinds: Iterable[Kind]) -> list[str]:
    found = sorted({each.value for each in kinds})
    if not found:
        raise Invalid(
            "Choose what this webhook is told of.",
            details={"kinds": Sentence("Choose what this webhook is told of.")},
        )
    return found


def _record(
    actor: Staff | None, action: str, endpoint: Endpoint, now: datetime, address: str
) -> None:
    detail = {"url": endpoint.url, "kinds": endpoint.kinds}
    record(actor=actor, action=action, subject=endpoint, detail=detail, now=now, address=address)
