"""Tokens of screens: made for a pairing, closed with it, revoked at once.

A revoked token is refused at the next request: `news.tell` has every process forget it.
"""

from datetime import datetime

from django.db import transaction

from server import news
from server.accounts.models import Staff
from server.accounts.policy import Act, require
from server.accounts.tokens import digest, new_token
from server.audit.services import record
from server.screens.models import Pairing, Screen, ScreenToken

__all__ = ["token_issue", "token_use", "tokens_forget", "tokens_revoke"]

#: What a screen's token begins with.
TOKEN_PREFIX = "ybs"  # noqa: S105  (says whose token it is)


def token_issue(*, pairing: Pairing, now: datetime) -> str:
    """A token for the screen of a claimed pairing; one that was made for it before dies unused."""
    assert pairing.screen is not None, "only claimed pairings get tokens"
    token = new_token(TOKEN_PREFIX)
    if pairing.token is not None:
        ScreenToken.objects.filter(pk=pairing.token.pk, revoked_at=None).update(revoked_at=now)
        news.tell()
    pairing.token = ScreenToken.objects.create(
        screen=pairing.screen, sha256=digest(token), created_at=now
    )
    pairing.save(update_fields=["token"])
    return token


def token_use(*, token: int, now: datetime) -> None:
    """A token (primary key) was used for the first time: its pairing is over.

    The box that was this screen before, if there was one, is let go: its tokens are revoked.
    """
    with transaction.atomic():
        first = ScreenToken.objects.filter(pk=token, used_at=None, revoked_at=None)
        if not first.update(used_at=now):
            return
        used = ScreenToken.objects.get(pk=token)
        Pairing.objects.filter(token=token, closed_at=None).update(closed_at=now)
        others = ScreenToken.objects.filter(screen=used.screen_id, revoked_at=None)
        if others.exclude(pk=token).update(revoked_at=now):
            news.tell()


@transaction.atomic
def tokens_revoke(*, screen: Screen, actor: Staff | None, now: datetime, address: str = "") -> int:
    """Lock out whatever box is this screen, and return how many tokens that were.

    The box keeps showing what it has, and says that it must be paired.
    """
    if actor is not None:
        require(actor, Act.MANAGE_SCREENS, screen.department)
    count = tokens_forget(screen, now)
    detail = {"tokens": count}
    record(
        actor=actor,
        action="screen.revoke",
        subject=screen,
        detail=detail,
        now=now,
        address=address,
    )
    return count


def tokens_forget(screen: Screen, now: datetime) -> int:
    """Revoke all tokens and pairings of a screen; how many tokens.  In a transaction."""
    count = ScreenToken.objects.filter(screen=screen, revoked_at=None).update(revoked_at=now)
    Pairing.objects.filter(screen=screen, closed_at=None).update(closed_at=now)
    news.tell()
    return count
