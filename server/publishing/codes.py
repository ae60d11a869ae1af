"""What the server adds to cards with a code when they are published: its address, and their keys.

A key is worked out from the server's own secret and the card, so that nothing is kept.  Whoever has
a manifest has the keys of its cards: codes prove presence before a screen, nothing else.
"""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from django.conf import settings

from cards.qr import QR

__all__ = ["SCANNED", "key_of", "with_codes"]

#: Below this path of the server codes lead to what a screen shows.
SCANNED = "/q/"

#: Letters of a key: 128 bits.
KEY_LETTERS = 32


def key_of(card: int) -> str:
    """The key of the codes of a card (primary key)."""
    secret = settings.SECRET_KEY.encode()
    return hmac.new(secret, f"codes of card {card}".encode(), hashlib.sha256).hexdigest()[
        :KEY_LETTERS
    ]


def with_codes(card: int, content: Mapping[str, Any]) -> dict[str, Any]:
    """The content of an asset as it is published."""
    if content.get("template") != QR.name:
        return dict(content)
    base = next(iter(settings.PUBLIC_URLS), "").rstrip("/")
    served = {"link": f"{base}{SCANNED}{card}/" if base else "", "key": key_of(card)}
    return {**content, "data": {**content.get("data", {}), "served": served}}
