"""Put a sample programme onto a server, for whoever may upload and arrange.  Writes by services.

Its pictures and clip are drawn by the demonstration and not shipped: here it is its cards, and the
layouts that they fill.  Nothing is scheduled, so nothing reaches a screen; what was loaded is
ordinary content, changed and deleted as such.
"""

from datetime import date, datetime

from django.db import transaction

from manifest.model import Canvas
from server.accounts.models import Department, Staff
from server.library import services as library
from server.programme import services as programme
from server.programme.drafts import ItemDraft, ZoneDraft
from server.programme.models import Layout, Playlist
from server.samples.reading import Sample, SampleLayout, read

__all__ = ["sample_load"]


@transaction.atomic
def sample_load(
    *, name: str, today: date, department: Department, actor: Staff, now: datetime
) -> Layout:
    """Make the cards, playlists and layouts of the sample `name`; the first of its layouts.

    A second time in a department makes nothing: the layout that is there is returned.
    """
    sample = read(name, today)
    first = sample.layouts[0].name
    there = Layout.objects.filter(department=department, name__in=_names(sample)).first()
    if there is not None:
        return there
    assets = {
        key: library.card_create(
            title=card.title, template=card.template, data=card.data,
            department=department, actor=actor, now=now,
        ).pk
        for key, card in sample.cards.items()
    }  # fmt: skip
    playlists = _playlists(sample, assets, department, actor, now)
    for layout in sample.layouts:
        if all(zone.playlist in playlists for zone in layout.zones):
            programme.layout_create(
                name=layout.name, department=department, canvas=Canvas(1920, 1080),
                background=layout.background, zones=_zones(layout, playlists),
                actor=actor, now=now,
            )  # fmt: skip
    return Layout.objects.get(department=department, name=first)


def _names(sample: Sample) -> list[str]:
    return [layout.name for layout in sample.layouts]


def _playlists(
    sample: Sample, assets: dict[str, int], department: Department, actor: Staff, now: datetime
) -> dict[str, Playlist]:
    """The playlists that have a card, by their names in the sample."""
    titles = {
        zone.playlist: f"{layout.name}·{zone.name}"
        for layout in sample.layouts
        for zone in layout.zones
    }
    made = {}
    for key, items in sample.playlists.items():
        drafts = [
            ItemDraft(asset=assets[item.asset], duration_ms=1000 * item.seconds)
            for item in items
            if item.asset in assets
        ]
        if drafts:
            made[key] = programme.playlist_create(
                name=titles[key], department=department, items=drafts, actor=actor, now=now
            )
    return made


def _zones(layout: SampleLayout, playlists: dict[str, Playlist]) -> list[ZoneDraft]:
    return [
        ZoneDraft(
            slug=zone.id, name=zone.name, x=zone.place[0], y=zone.place[1],
            width=zone.place[2], height=zone.place[3], playlist=playlists[zone.playlist].pk,
        )
        for zone in layout.zones
    ]  # fmt: skip
