"""How long it takes to draw a week of 1,000 entries, with 200 screens and five years of old ones.

`python -m bench.week_speed [--entries N] [--screens N] [--years N]` makes a server of its own in a
temporary folder (SQLite, or `DATABASE_URL`), fills it, and asks for the week as a browser does,
all rights and middleware included.  Prints JSON; the median of several runs each.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

__all__ = ["main", "measure"]

#: What was arranged and is over, in each week of the past.
OLD_ENTRIES_A_WEEK = 20

#: What a week is promised to take, in seconds.
PROMISED_S = 1.0


def measure(entries: int, screens: int, years: int, runs: int) -> dict[str, object]:
    """Seconds from request to answer for a screen, a group of all screens, and the parts of them.

    Django must be set up and migrated.
    """
    from django.conf import settings
    from django.db import transaction
    from django.test import Client

    from tests.simulators.enterprise_of_today import of_today

    enterprise = of_today(Path(settings.DATA))
    with transaction.atomic():
        hall = _filled(enterprise, entries, screens, years)
    browser = Client()
    browser.force_login(enterprise.administrator)
    on = _monday(enterprise.now)
    pages = {
        "quiet screen": f"/schedule/?screen={hall['quiet']}&on={on}",
        "week": f"/schedule/?screen={hall['screen']}&on={on}",
        "week drawn anew": f"/schedule/?screen={hall['screen']}&on={on}&part",
        "group": f"/schedule/?group={hall['group']}&on={on}",
        "day": f"/screens/{hall['screen']}/day/?on={on}",
        "why": f"/screens/{hall['screen']}/at/?of=programme",
        "list": "/schedule/list/",
    }
    found: dict[str, object] = {"entries": entries, "screens": screens, "years": years}
    for name, address in pages.items():
        found[name] = _asked(browser, address, runs)
    return found


def _filled(enterprise: Any, entries: int, screens: int, years: int) -> dict[str, int]:
    """One screen is due all entries; the old ones lie on all screens, by screen and by group."""
    from server.programme.models import Entry

    layouts = [enterprise.layout(enterprise.playlist(enterprise.picture())) for _each in range(20)]
    walls = [enterprise.screen(layouts[0]) for _each in range(screens)]
    group = enterprise.group(*walls)
    monday = datetime.combine(_monday(enterprise.now), datetime.min.time())
    days = ["FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,WE,FR", "", "FREQ=WEEKLY;BYDAY=TU"]
    for number in range(entries):
        start = monday + timedelta(days=number % 5, hours=6 + number % 14, minutes=number % 4 * 15)
        enterprise.entry(
            layouts[number % 20], walls[0] if number % 10 else group,
            start=f"{start:%Y-%m-%dT%H:%M:%S}", rrule=days[number % 4],
            duration_s=1_800 + number % 6 * 900, priority=10 + number % 5 * 10,
            days=("any", "any", "work")[number % 3],
        )  # fmt: skip
    for week in range(1, years * 52 + 1):
        for number in range(OLD_ENTRIES_A_WEEK):
            start = monday - timedelta(weeks=week, days=-(number % 5), hours=-6 - number % 14)
            until = f"FREQ=DAILY;UNTIL={start + timedelta(days=3):%Y%m%dT%H%M%S}"
            enterprise.entry(
                layouts[number % 20], group if number == 0 else walls[(week + number) % screens],
                start=f"{start:%Y-%m-%dT%H:%M:%S}", rrule=until if number % 2 else "",
            )  # fmt: skip
    assert Entry.objects.count() == entries + years * 52 * OLD_ENTRIES_A_WEEK
    return {"screen": walls[0].pk, "group": group.pk, "quiet": walls[-1].pk}


def _monday(now: datetime) -> Any:
    return now.date() - timedelta(days=now.weekday())


def _asked(browser: Any, address: str, runs: int) -> dict[str, object]:
    path, is_part, _rest = address.partition("&part")
    headers = {"X-Part": "1"} if is_part else {}
    answer = browser.get(path, headers=headers)
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answers {answer.status_code}")
    wall, cpu = zip(*_clicks(browser, path, headers, runs), strict=True)
    return {
        "s": round(statistics.median(wall), 3), "cpu_s": round(statistics.median(cpu), 3),
        "kB": len(answer.content) // 1000,
    }  # fmt: skip


def _clicks(
    browser: Any, path: str, headers: dict[str, str], runs: int
) -> Iterator[tuple[float, float]]:
    for _run in range(runs):
        started, started_cpu = time.perf_counter(), time.process_time()
        browser.get(path, headers=headers)
        yield time.perf_counter() - started, time.process_time() - started_cpu


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 1 if a week took longer than it is promised to."""
    parser = argparse.ArgumentParser(prog="python -m bench.week_speed", description=__doc__)
    parser.add_argument("--entries", type=int, default=1000, help="how many are due on one screen")
    parser.add_argument("--screens", type=int, default=200, help="how many screens there are")
    parser.add_argument("--years", type=int, default=5, help="how long it was in use")
    parser.add_argument("--runs", type=int, default=5, help="how often")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="yingbi-bench-") as folder:
        os.environ["YINGBI_DATA"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server.settings")
        from server.secret_key import make

        make(Path(folder))
        import django

        django.setup()
        from django.conf import settings
        from django.core.management import call_command

        settings.ALLOWED_HOSTS = ["*"]
        call_command("migrate", verbosity=0)
        found = measure(options.entries, options.screens, options.years, options.runs)
    print(json.dumps(found, indent=1))
    return os.EX_OK


if __name__ == "__main__":
    sys.exit(main())
