"""Random manifests that are likely to hit the corners of the timeline, and instants to ask about.

Everything follows from one seed, so that a failing case can be looked at again.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from manifest.model import (
    Calendar,
    Canvas,
    Entry,
    ImageAsset,
    Item,
    Layout,
    Manifest,
    Playlist,
    Takeover,
    Window,
    Zone,
)

#: Zones, each with wall times at which its clock changes: gaps, repeats, and a skipped day.
ZONES = {
    "Asia/Shanghai": ["2026-02-17T00:00:00", "1991-09-15T02:00:00"],
    "America/New_York": ["2026-03-08T02:30:00", "2026-11-01T01:30:00"],
    "Europe/Berlin": ["2026-03-29T02:30:00", "2026-10-25T02:30:00"],
    "Australia/Lord_Howe": ["2026-10-04T02:15:00", "2026-04-05T01:45:00"],
    "America/Sao_Paulo": ["2018-11-04T00:30:00", "2018-02-17T23:30:00"],
    "Pacific/Apia": ["2011-12-30T12:00:00", "2011-12-31T00:00:00"],
}
LEAP_DAYS = ["2024-02-29T12:00:00", "2028-02-29T00:00:00"]
WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
DURATIONS_S = [1, 60, 600, 1800, 3600, 3600, 7200, 28_800, 43_200, 86_400, 90_000, 200_000, 604_800]
DAY = timedelta(days=1)
#: Frequencies, and how many days before the instants asked about a window may begin.
FREQUENCIES = [
    ("MINUTELY", 2),
    ("HOURLY", 12),
    ("DAILY", 60),
    ("DAILY", 400),
    ("WEEKLY", 400),
    ("MONTHLY", 800),
    ("YEARLY", 1600),
]


def random_programme(seed: int) -> tuple[Manifest, datetime, frozenset[str]]:
    """A manifest, an instant around which much happens, and unplayable items."""
    random = Random(seed)
    zone = random.choice(list(ZONES))
    centre = datetime.fromisoformat(random.choice(ZONES[zone] + LEAP_DAYS))
    if random.random() < 0.4:
        centre += timedelta(minutes=random.randrange(-400 * 1440, 400 * 1440))
    instant = centre.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    playlists = {f"p{n}": _playlist(random, f"p{n}", instant) for n in range(random.randint(1, 4))}
    layouts = {f"l{n}": _layout(random, list(playlists)) for n in range(random.randint(1, 4))}
    entries = tuple(
        Entry(
            f"e{n}",
            random.choice(list(layouts)),
            random.choice([0, 0, 0, 1, 2]),
            _window(random, centre),
            random.choice([None, None, 1000, 25_000, 3_600_000]),
        )
        for n in random.sample(range(20), random.choice([0, 1, 2, 3, 4, 6]))
    )
    takeovers = tuple(
        _takeover(random, f"t{n}", list(layouts), instant)
        for n in range(random.choice([0, 0, 1, 3]))
    )
    manifest = Manifest(
        site="hq",
        screen="lobby-1",
        version=1,
        issued_at=instant,
        expires_at=instant,
        timezone=zone,
        canvas=Canvas(1920, 1080),
        calendar=_calendar(random, centre.date()),
        assets={"a": ImageAsset("a", "0" * 64, 1, "image/png", 1, 1)},
        playlists=playlists,
        layouts=layouts,
        entries=entries,
        default_layout=random.choice(list(layouts)),
        takeovers=takeovers,
    )
    items = [item.id for playlist in playlists.values() for item in playlist.items]
    return (
        manifest,
        instant,
        frozenset(random.sample(items, min(len(items), random.choice([0, 0, 3])))),
    )


def random_instants(seed: int, centre: datetime, edges: list[int]) -> Iterator[int]:
    """Endless instants in milliseconds: half of them on an edge, or a millisecond beside one."""
    random = Random(seed)
    middle = int(centre.timestamp() * 1000)
    near = [edge for edge in edges if abs(edge - middle) < 8 * 86_400_000]
    while True:
        if near and random.random() < 0.6:
            yield random.choice(near) + random.choice([-1, 0, 0, 1])
        else:
            reach = random.choice([3600_000, 86_400_000, 8 * 86_400_000])
            yield middle + random.randrange(-reach, reach)


def _playlist(random: Random, name: str, centre: datetime) -> Playlist:
    def moment() -> datetime | None:
        if random.random() < 0.75:
            return None
        return centre + timedelta(seconds=random.choice([1, 1800]) * random.randrange(-200, 200))

    items = tuple(
        Item(
            f"{name}i{n}",
            "a",
            random.choice([100, 1000, 10_000, 10_000, 60_000, 3_599_999, 86_400_000]),
            random.choice([1, 1, 1, 2, 3, 5, 20]),
            valid_from=moment(),
            valid_until=moment(),
        )
        for n in range(random.choice([0, 1, 1, 2, 3, 5]))
    )
    return Playlist(items, random.choice(["listed", "shuffled"]))


def _layout(random: Random, playlists: list[str]) -> Layout:
    zones = [
        Zone(f"z{n}", 0, 0, 100, 100, random.choice(playlists))
        for n in range(random.choice([0, 1, 1, 1, 2, 3]))
    ]
    random.shuffle(zones)
    return Layout("#000000", tuple(zones))


def _takeover(random: Random, name: str, layouts: list[str], centre: datetime) -> Takeover:
    start = centre + timedelta(minutes=30 * random.randrange(-20, 20))
    length = timedelta(minutes=random.choice([-1, 1, 30, 60, 600]))
    return Takeover(name, random.choice(layouts), start, start + length, random.choice([0, 0, 1]))


def _calendar(random: Random, centre: date) -> Calendar:
    def days() -> frozenset[date]:
        return frozenset(
            centre + random.randrange(-8, 9) * DAY for _ in range(random.choice([0, 3, 9]))
        )

    return Calendar(rest=days(), work=days())


def _window(random: Random, centre: datetime) -> Window:
    rule, back = random_rule(random)
    start = centre - timedelta(minutes=random.choice([0, 0, random.randrange(1440)]))
    start = start.replace(second=0, microsecond=0) - random.randrange(back + 1) * DAY
    beside = [
        start + random.randrange(back + 8) * DAY + timedelta(minutes=random.choice([0, 0, 30]))
        for _ in range(6)
    ]
    return Window(
        start,
        random.choice(DURATIONS_S),
        None if random.random() < 0.15 else _ended(random, rule, start, back),
        tuple(random.sample(beside, random.choice([0, 0, 1, 3]))),
        tuple(random.sample([start, *beside], random.choice([0, 0, 1, 3]))),
        random.choice(["any", "any", "work", "rest"]),
    )


def random_rule(random: Random) -> tuple[str, int]:
    """A rule without an end that goes on matching, and how many days back it may begin."""
    freq, back = random.choice(FREQUENCIES)
    parts = [f"FREQ={freq}"]
    interval = random.choice([1, 1, 1, 2, 3, 5, {"MINUTELY": 90, "HOURLY": 7}.get(freq, 4)])
    if interval > 1:
        parts.append(f"INTERVAL={interval}")
    parts += _days_of(random, freq)
    # Together with an interval these might never match, and python-dateutil would look for ever.
    if interval == 1 or freq not in ("HOURLY", "MINUTELY"):
        for name, most in (("BYHOUR", 24), ("BYMINUTE", 60), ("BYSECOND", 60)):
            if random.random() < 0.15:
                parts.append(f"{name}={_some(random, range(most), 3)}")
    if len(parts) > 2 and random.random() < 0.25 and any(part.startswith("BY") for part in parts):
        # The first or the last is always among them: the others may be more than there are.
        more = random.choice(["", ",2", ",-2", ",3,-1"])
        parts.append(f"BYSETPOS={random.choice([1, -1])}{more}")
    if random.random() < 0.3:
        parts.append(f"WKST={random.choice(WEEKDAYS)}")
    return ";".join(parts), back


def _days_of(random: Random, freq: str) -> list[str]:
    chance = random.random()
    if freq == "YEARLY" and chance < 0.2:
        days = [] if random.random() < 0.3 else [f"BYDAY={_some(random, WEEKDAYS, 3)}"]
        return [f"BYWEEKNO={_some(random, [1, 2, 10, 30, 52, -1], 3)}", *days]
    if freq == "YEARLY" and chance < 0.4:
        return [f"BYYEARDAY={_some(random, [1, 60, 200, 365, 366, -1, -307], 3)}"]
    if freq in ("YEARLY", "MONTHLY") and chance < 0.6:
        numbered = [f"{n}{day}" for n in (1, 2, 4, -1) for day in WEEKDAYS]
        months = [f"BYMONTH={_some(random, range(1, 13), 4)}"] if random.random() < 0.5 else []
        return [f"BYDAY={_some(random, numbered, 3)}", *months]
    if freq != "WEEKLY" and chance < 0.7:
        return [f"BYMONTHDAY={_some(random, [1, 13, 15, 28, 29, 31, -1, -28], 4)}"]
    if chance < 0.9:
        return [f"BYDAY={_some(random, WEEKDAYS, 5)}"]
    return []


def _some(random: Random, among: "list[str] | list[int] | range", most: int) -> str:
    return ",".join(str(one) for one in random.sample(list(among), random.randint(1, most)))


def _ended(random: Random, rule: str, start: datetime, back: int) -> str:
    chance = random.random()
    if chance < 0.2:
        return f"{rule};COUNT={random.choice([1, 2, 10, back + 1, 2 * back + 1])}"
    if chance < 0.4:
        last = (
            start + random.randrange(back + 8) * DAY + random.choice([0, 0, 1]) * timedelta(hours=1)
        )
        return f"{rule};UNTIL={last:%Y%m%dT%H%M%S}{random.choice(['', 'Z'])}"
    return rule
