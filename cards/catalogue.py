"""All card templates, and the one way from a manifest's card to what is drawn of it.

The stage calls `card_for` before it prepares a card, and the server before it publishes one: what
passes there can be shown.  Pure; no string leaves as anything but plain text.
"""

from datetime import datetime
from typing import Any

import msgspec

from cards.agenda import AGENDA
from cards.birthday import BIRTHDAY
from cards.clock import CLOCK
from cards.countdown import COUNTDOWN
from cards.emergency import EMERGENCY
from cards.honour import HONOUR
from cards.menu import MENU
from cards.music import MUSIC
from cards.news import NEWS
from cards.notice import NOTICE
from cards.progress import PROGRESS
from cards.public_notice import PUBLIC_NOTICE
from cards.qr import QR
from cards.ranking import RANKING
from cards.refusal import quoted, refusal
from cards.safety_days import SAFETY_DAYS
from cards.table import TABLE
from cards.template import CardData, CardPlan, CardRefusedError, Template
from cards.ticker import TICKER
from cards.weather import WEATHER
from cards.welcome import WELCOME
from manifest.model import CardAsset

__all__ = ["DRAWN", "TEMPLATES", "card_for", "template_of"]

_ALL: tuple[Template[Any], ...] = (
    *(
        NOTICE,
        PUBLIC_NOTICE,
        MENU,
        RANKING,
        AGENDA,
        PROGRESS,
        WEATHER,
        NEWS,
        TABLE,
        HONOUR,
        BIRTHDAY,
        SAFETY_DAYS,
        COUNTDOWN,
        CLOCK,
        WELCOME,
        QR,
        TICKER,
        EMERGENCY,
        MUSIC,
    ),
)

TEMPLATES: dict[str, Template[Any]] = {each.name: each for each in _ALL}

#: Those that are seen; music is only heard.
DRAWN = {name: each for name, each in TEMPLATES.items() if each.qml}


def card_for(asset: CardAsset, now: datetime, screen: str = "") -> CardPlan:
    """What `asset` shows at `now`, an aware instant in the time zone of the screen's site.

    `screen` is its site and name in manifests (SITE/SCREEN); "": none in particular.

    Raises `CardRefusedError` for a template, a field or a file that is unknown, and for data that
    cannot be shown.
    """
    template = template_of(asset.template)
    unknown = sorted(asset.blobs.keys() - template.files)
    if unknown:
        takes = ", ".join(sorted(template.files)) or "no files"
        raise CardRefusedError(
            f"blobs: {asset.template} knows no {quoted(unknown[0])}; it takes {takes}"
        )
    told = _typed(asset.data, template.shape)
    if template.on_screen is not None:
        told = template.on_screen(told, screen)
    return CardPlan(template.qml, template.face(told, now))


def template_of(name: str) -> Template[Any]:
    """The template of this name, or `CardRefusedError` with those that there are."""
    template = TEMPLATES.get(name)
    if template is None:
        known = ", ".join(sorted(TEMPLATES))
        raise CardRefusedError(f"template: there is no {quoted(name)}; there are {known}")
    return template


def _typed(data: dict[str, Any], shape: type[CardData]) -> CardData:
    try:
        return msgspec.convert(data, shape)
    except msgspec.ValidationError as error:
        raise CardRefusedError(refusal(error, data, shape)) from error
