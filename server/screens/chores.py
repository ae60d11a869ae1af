"""What is forgotten at night: pairings that came to nothing, wrong codes, tokens long revoked."""

from datetime import datetime, timedelta

from server.configuration import Configuration
from server.screens.models import Pairing, PairingTry, ScreenToken
from server.screens.pairing import TRY_SPAN, pairings_close

__all__ = ["nightly"]

#: How long a pairing that is over, and a token that was revoked, can still be looked at.
KEPT = timedelta(days=30)


def nightly(_configuration: Configuration, now: datetime) -> None:
    """Forget what nobody needs; who paired what stands in the audit."""
    pairings_close(now=now)
    Pairing.objects.filter(closed_at__lt=now - KEPT).delete()
    ScreenToken.objects.filter(revoked_at__lt=now - KEPT).delete()
    PairingTry.objects.filter(at__lt=now - TRY_SPAN).delete()
