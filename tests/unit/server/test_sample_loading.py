"""A sample programme on a server: complete, once, and ordinary content from then on."""

from datetime import date

import pytest

from server.accounts.models import Role
from server.clock import SystemClock
from server.errors import NotFound
from server.library.models import Asset
from server.programme.models import Entry, Layout, Playlist
from server.samples.loading import sample_load
from server.samples.reading import SAMPLES, read
from tests.simulators import server_objects as objects

pytestmark = pytest.mark.django_db

TODAY, NOW = date(2026, 11, 23), SystemClock().now()


@pytest.fixture
def department():
    return objects.department()


@pytest.fixture
def editor(department):
    return objects.staff(Role.EDITOR, of=department)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_becomes_cards_playlists_and_layouts_and_nothing_is_due(name, department, editor):
    layout = sample_load(name=name, today=TODAY, department=department, actor=editor, now=NOW)
    assert layout.name == read(name, TODAY).layouts[0].name
    assert Asset.objects.count() == len(read(name, TODAY).cards)
    assert all(zone.playlist.items.exists() for zone in layout.zones.all())
    assert not Entry.objects.exists()


def test_a_second_time_makes_nothing(department, editor):
    def load():
        return sample_load(
            name="canteen", today=TODAY, department=department, actor=editor, now=NOW
        )

    first = load()
    counts = [model.objects.count() for model in (Asset, Playlist, Layout)]
    assert load() == first
    assert [model.objects.count() for model in (Asset, Playlist, Layout)] == counts


def test_another_department_s_editor_loads_nothing(department):
    stranger = objects.staff(Role.EDITOR, of=objects.department())
    with pytest.raises(NotFound):
        sample_load(name="lobby", today=TODAY, department=department, actor=stranger, now=NOW)
    assert not Asset.objects.exists()
