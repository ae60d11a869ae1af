"""A month without a server, and a clock that jumps: the wall shows what the timeline says.

The box's clock goes to 2036 on day 3, to 1970 on day 10, and a day back on day 20.  Whatever it
says, the picture is the one that the slow oracle gives for the time that the player believes; as
soon as the clock is right, it is the picture of the real time.  Nothing stalls the polls.
"""

import logging
from datetime import UTC, datetime, timedelta

import pytest

from content_cache.disk import RealDisk
from content_cache.generations import Generations
from manifest.model import Manifest
from player.clock import FlooredClock
from scheduler.timeline import on_screen_at
from tests.integration.agent.conftest import TestBox
from tests.integration.agent.test_pairing import pair
from tests.oracles.timeline_oracle import Oracle, ms
from tests.simulators.content_server import ContentServer
from tests.simulators.manifests import an_image, an_item
from tests.simulators.publisher import NOW

DAY = timedelta(days=1)
STEP = timedelta(hours=2, minutes=7)

WORK_HOURS = {
    "start": "2026-12-01T08:30:00",
    "duration_s": 9 * 3600,
    "rrule": "FREQ=DAILY",
    "days": "work",
}
LUNCH = {"start": "2026-12-01T11:30:00", "duration_s": 5400, "rrule": "FREQ=WEEKLY;BYDAY=MO,WE,FR"}

CONTENTS = {name: f"picture {name}".encode() for name in ("day", "lunch", "night")}


def programme() -> dict[str, object]:
    """Working hours, lunch above them, and the default at night."""
    zone = {"id": "main", "x": 0, "y": 0, "width": 1920, "height": 1080}
    return {
        "assets": {name: an_image(content) for name, content in CONTENTS.items()},
        "playlists": {
            name: {"items": [an_item(f"i-{name}", name), an_item(f"j-{name}", "night")]}
            for name in CONTENTS
        },
        "layouts": {
            name: {"background": "#101820", "zones": [zone | {"playlist": name}]}
            for name in CONTENTS
        },
        "entries": [
            {"id": "day", "layout": "day", "priority": 1, "window": WORK_HOURS},
            {"id": "lunch", "layout": "lunch", "priority": 5, "window": LUNCH},
        ],
        "default_layout": "night",
        "expires_at": "2027-03-01T00:00:00Z",
        "items": [],
    }


def clock_at(day: float) -> timedelta | datetime:
    """How far the box's clock is off on this day, or what it says whatever the time."""
    if 3 <= day < 5:
        return timedelta(days=3650)
    if 10 <= day < 12:
        return datetime(1970, 1, 1, tzinfo=UTC)
    return timedelta(days=-1) if 20 <= day < 21 else timedelta(0)


class Month:
    """A box that lives through it."""

    def __init__(self, box: TestBox, manifest: Manifest) -> None:
        self.box, self.manifest = box, manifest
        self.agent = box.agent()
        self.stage_clock = FlooredClock(box.clock)
        self.rounds = 0

    def live(self, real: datetime, day: float) -> None:
        """Two hours pass."""
        off = clock_at(day)
        self.box.clock.mono += STEP.total_seconds()
        self.box.clock.wall = off if isinstance(off, datetime) else real + off
        _wait_s, outcome = self.agent.round(self.box.stop)
        assert outcome is not None
        self.rounds += 1

    def shown(self) -> tuple[str | None, datetime]:
        """What stands on the wall, and at what time the player believes to be."""
        generation = Generations(self.box.cache, RealDisk()).current()
        assert generation is not None, "the wall is never without a generation"
        now = self.stage_clock.now()
        return on_screen_at(generation.manifest, now).zones["main"].item, now  # type: ignore[union-attr]


def due(manifest: Manifest, now: datetime) -> str | None:
    answer, _turn_end = Oracle(manifest, now + timedelta(days=2), frozenset()).at(ms(now))
    (zone,) = answer.zones
    return zone[1][0] if zone[1] else None


@pytest.fixture
def month(box: TestBox, server: ContentServer) -> Month:
    """A box that was paired, has its content, and whose server goes away."""
    for content in CONTENTS.values():
        server.site.blobs[_digest(content)] = content
    server.site.publisher.publish(**programme())
    server.site.sign()
    pair(box, server)
    lived = Month(box, server.site.publisher.manifest)
    lived.live(NOW, 0.0)
    box.clock.wall = NOW
    return lived


def _digest(content: bytes) -> str:
    import hashlib

    return hashlib.sha256(content).hexdigest()


@pytest.mark.expects_log("OFFLINE")
def test_a_month_without_a_server_and_with_a_clock_that_jumps(
    month: Month, server: ContentServer, caplog: pytest.LogCaptureFixture
) -> None:
    floor = NOW
    month.stage_clock.learn(floor)
    month.box.configure("http://127.0.0.1:9")
    month.agent.close()
    month.agent = month.box.agent()
    real, compared, right = NOW, 0, 0
    while real < NOW + 30 * DAY:
        real += STEP
        day = (real - NOW) / DAY
        month.live(real, day)
        shown, believed = month.shown()
        assert shown == due(month.manifest, believed), f"day {day:.2f}, {believed}"
        assert believed >= floor - timedelta(hours=1), "never before what is proved to be past"
        compared += 1
        if clock_at(day) == timedelta(0):
            assert believed == real
            right += 1
    month.agent.close()
    assert month.rounds > 330, "no jump kept the polls from going on"
    assert compared > 330
    assert right > 270
    told = [each.getMessage() for each in caplog.records if each.name == "yingbi.link"]
    assert sum("OFFLINE" in line for line in told) >= 1
    loud = [each for each in caplog.records if each.levelno >= logging.WARNING]
    assert len(loud) == 1, "a month without a server is one line"


@pytest.mark.expects_log("OFFLINE")
@pytest.mark.parametrize(
    ("wall", "contacts"),
    [
        (NOW + 30 * DAY, 1),
        (NOW + timedelta(days=3650), 1),
        # The time floor rises by a day for each contact (docs/trust.md, 4.3).
        (datetime(1970, 1, 1, tzinfo=UTC), 29),
    ],
)
def test_when_the_server_is_back_a_box_with_a_wrong_clock_is_served_too(
    month: Month, server: ContentServer, wall: datetime, contacts: int
) -> None:
    month.box.configure("http://127.0.0.1:9")
    month.agent.close()
    month.agent = month.box.agent()
    month.live(NOW + DAY, 1.0)
    month.agent.close()
    server.site.publisher.now = NOW + 30 * DAY
    version = server.publish(b"after a month")
    month.box.configure(server.url)
    month.agent = month.box.agent()
    month.box.clock.wall = wall
    needed, waited_s = 0, 0.0
    while month.box.shows() != version:
        needed += 1
        wait_s, outcome = month.agent.round(month.box.stop)
        waited_s += wait_s if month.box.shows() != version else 0.0
        assert outcome is not None
        assert outcome.answered is not None, "the server signed for this box alone"
        assert needed <= contacts
    month.agent.close()
    assert needed == contacts
    assert waited_s <= 60, "it catches up in a minute"


def test_the_comparison_sees_a_player_that_believes_a_dead_clock(month: Month) -> None:
    """The negative control: a player without the floor shows what was due in 1970."""
    month.box.clock.wall = datetime(1970, 1, 1, tzinfo=UTC)
    believed = month.box.clock.now()
    assert believed < NOW - timedelta(hours=1)
    month.agent.close()
