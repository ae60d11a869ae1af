"""Which manifest is the newest, said anew every five minutes: the same by every server process.

For the interface for players.  A plain freshness is a function of three stored values (the round,
the newest publication, the screen's floor) and Ed25519 is deterministic, so processes that share a
database sign the same bytes without talking; a round is one row, written every five minutes however
many screens there are.  Its version only grows, whatever the clock does: a screen that heard one
freshness is never answered with an older one by the process beside it.

The answer to a challenge is another document, so it takes a version of its own, above all that the
screen has heard, and the plain ones after it come above that: this is what the floor is for.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Max
from msgspec import Struct

from manifest.documents import Freshness, ManifestReference, encode_freshness
from manifest.times import unix_ms
from server import news
from server.programme.instants import whole_ms
from server.publishing.models import FreshnessFloor, FreshnessRound, Publication
from server.publishing.releases import lock_screens
from server.publishing.selectors import told
from server.publishing.signing import Signing, signing
from server.screens.models import Screen

__all__ = [
    "LIFE_OF_A_FRESHNESS",
    "ROUND",
    "PlainWords",
    "SignedFreshness",
    "answers",
    "freshness_for",
    "plain_words",
    "signed_freshness",
]

#: How long a round lasts.
ROUND = timedelta(minutes=5)

#: How long a screen takes a new manifest on the word of a freshness.
LIFE_OF_A_FRESHNESS = timedelta(hours=24)


class SignedFreshness(NamedTuple):
    """An envelope, and until when this same answer may be given to a question without challenge.

    A publication ends it sooner, as does a challenge of that screen: `server.news` tells.
    """

    envelope: bytes
    until: datetime


def freshness_for(screen: int, challenge: str | None, now: datetime) -> bytes | None:
    """The envelope of the newest word for a screen (primary key); None if nothing is published.

    Raises `NoSigner`, and `ManifestFormatError` for a challenge that is none.
    """
    found = signed_freshness(screen, challenge, now)
    return None if found is None else found.envelope


def signed_freshness(screen: int, challenge: str | None, now: datetime) -> SignedFreshness | None:
    """The same, and until when it is good for whoever keeps it in memory."""
    now = whole_ms(now)
    if challenge is not None:
        (answer,) = answers([(screen, challenge)], now)
        return None if answer is None else SignedFreshness(answer, now)
    round_ = current_round(now)
    newest = told([screen]).get(screen)
    if newest is None:
        return None
    words = PlainWords(signing(), round_.version, round_.at, _floors([screen]))
    site, slug = _names(screen)
    reference = ManifestReference(newest.version, newest.payload_sha256, newest.payload_bytes)
    return SignedFreshness(words.say(screen, site, slug, reference), words.until)


class PlainWords(Struct, frozen=True):
    """All that the plain freshnesses of a round are made of but the newest manifests.

    For whoever answers thousands of screens from memory: `say` asks no database.  Good until
    `until`, or until a challenge is answered or a root installed: `server.news` tells.
    `floors` are the versions that screens have heard in answer to challenges, by primary key; those
    that are below the round's own may be missing.
    """

    signing: Signing
    version: int
    at: datetime
    floors: Mapping[int, int]

    @property
    def until(self) -> datetime:
        """The end of the round."""
        return self.at + ROUND

    def sources(self, screen: int) -> tuple[object, ...]:
        """What decides, with the newest manifest, what `say` says for a screen (primary key)."""
        return self.signing, self.version, self.at, self.floors.get(screen, 0)

    def say(self, screen: int, site: str, slug: str, newest: ManifestReference) -> bytes:
        """The envelope of the word for a screen (primary key, and how documents call it)."""
        version = _plain_version(newest.version, self.version, self.floors.get(screen, 0))
        return _signed(self.signing, (site, slug), newest, version=version, said_at=self.at)


def answers(asks: Sequence[tuple[int, str]], now: datetime) -> list[bytes | None]:
    """The envelopes for challenges of screens (primary keys), in their order, in one transaction.

    None for a screen without a publication, or one that was retired.  Raises as `freshness_for`.
    """
    now = whole_ms(now)
    round_, ours = current_round(now), signing()
    with transaction.atomic():
        screens = {each.pk: each for each in lock_screens({pk for pk, _challenge in asks})}
        newest, floors = told(list(screens)), _floors(screens)
        found: list[bytes | None] = []
        for pk, challenge in asks:
            if pk not in newest:
                found.append(None)
                continue
            told_, names = newest[pk], (screens[pk].site.slug, screens[pk].slug)
            floors[pk] = _plain_version(told_.version, round_.version, floors.get(pk, 0)) + 1
            reference = ManifestReference(told_.version, told_.payload_sha256, told_.payload_bytes)
            found.append(
                _signed(
                    ours, names, reference, version=floors[pk], said_at=now, challenge=challenge
                )
            )
        FreshnessFloor.objects.bulk_create(
            [FreshnessFloor(pk=pk, version=floors[pk]) for pk in screens if pk in newest],
            update_conflicts=True,
            unique_fields=["screen"],
            update_fields=["version"],
        )
        news.tell()
    return found


def plain_words(now: datetime) -> PlainWords:
    """The words of the round of `now`.  Raises `NoSigner`."""
    round_ = current_round(whole_ms(now))
    # Those below the round decide nothing: after an hour they are nearly all.
    floors = dict(
        FreshnessFloor.objects.filter(version__gte=round_.version).values_list("pk", "version")
    )
    return PlainWords(signing(), round_.version, round_.at, floors)


def current_round(now: datetime) -> FreshnessRound:
    """The round of `now`; whoever comes first after its end begins the next one."""
    found = FreshnessRound.objects.first()
    if found is not None and found.at <= now < found.at + ROUND:
        return found
    with transaction.atomic():
        FreshnessRound.objects.get_or_create(pk=1, defaults={"at": now, "version": 0})
        found = FreshnessRound.objects.select_for_update().get(pk=1)
        if not found.at <= now < found.at + ROUND or found.version == 0:
            found.at = now
            found.version = max(unix_ms(now), found.version + 1, _highest() + 1)
            found.save()
    return found


def _highest() -> int:
    """The highest version that any freshness may have had for a reason other than its round."""
    published = Publication.objects.aggregate(version=Max("version"))["version"] or 0
    floor = FreshnessFloor.objects.aggregate(version=Max("version"))["version"] or 0
    return max(published, floor + 1)


def _floors(screens: Collection[int]) -> dict[int, int]:
    """The versions that screens have heard in answer to challenges, by primary key."""
    floors = FreshnessFloor.objects.filter(pk__in=screens)
    return dict(floors.values_list("pk", "version"))


def _names(screen: int) -> tuple[str, str]:
    """What documents call the site of a screen, and the screen."""
    return Screen.objects.values_list("site__slug", "slug").get(pk=screen)


def _plain_version(newest: int, round_: int, floor: int) -> int:
    return max(round_, newest, floor + 1)


def _signed(
    ours: Signing,
    names: tuple[str, str],
    newest: ManifestReference,
    *,
    version: int,
    said_at: datetime,
    challenge: str | None = None,
) -> bytes:
    site, screen = names
    freshness = Freshness(
        org=ours.root.org,
        site=site,
        screen=screen,
        version=version,
        server_time=said_at,
        expires_at=said_at + LIFE_OF_A_FRESHNESS,
        manifest=newest,
        challenge=challenge,
    )
    return ours.signer.sign_freshness(encode_freshness(freshness))
