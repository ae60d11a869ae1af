"""How long each report takes, and its file, over a quarter of a year of a large house.

`python -m bench.reports_at_size [--screens N] [--days N] [--items N]` makes a server of its own in
a temporary folder (SQLite, or `DATABASE_URL`), writes the sums of its days and plays that are not
counted yet, as many as come in ten minutes, and asks for every page and file as an administrator
does.  Prints JSON: seconds and bytes of each.  Exit status 1 if one takes longer than `MOST_S`.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

__all__ = ["main", "measure"]

#: What somebody waits for a page or file without wondering, in seconds.
MOST_S = 3.0

#: Plays of one screen on one day.
PLAYS_A_DAY = 5_000

#: Rows of one insert.
AT_A_TIME = 20_000


def measure(screens: int, days: int, items: int) -> dict[str, Any]:
    """Seconds and bytes of every report; Django must be set up and migrated."""
    from django.test import Client

    from server.clock import SystemClock
    from tests.simulators.enterprise import Enterprise

    now = SystemClock().now()
    from django.conf import settings

    enterprise = Enterprise(Path(settings.DATA), now)
    today = now.date()
    rows = _fill(enterprise, screens, items, today, days)
    browser = Client()
    browser.force_login(enterprise.administrator)
    first = today - timedelta(days=days - 1)
    figures = {}
    for name, path in _asked(f"from={first}&until={today}").items():
        started = time.perf_counter()
        answer = browser.get(path, follow=False)
        body = b"".join(answer)
        figures[name] = {"s": round(time.perf_counter() - started, 2), "bytes": len(body)}
        if answer.status_code != 200:
            raise RuntimeError(f"{path}: {answer.status_code}")
    return {"screens": screens, "days": days, "items": items, "rows": rows, "reports": figures}


def _asked(period: str) -> dict[str, str]:
    paths = {
        f"plays by {by}{end}": f"/reports/{path}?{period}&by={by}"
        for by in ("item", "screen", "day")
        for end, path in (("", ""), (", csv", "plays.csv"), (", xlsx", "plays.xlsx"))
    }
    for name, more in (("uptime", ""), ("coverage", "&of=playlist:1"), ("ledger", "")):
        paths[name] = f"/reports/{name}/?{period}{more}"
        for form in ("csv", "xlsx"):
            paths[f"{name}, {form}"] = f"/reports/{name}.{form}?{period}{more}"
    return paths


def _fill(enterprise: Any, screens: int, items: int, today: date, days: int) -> int:
    """Screens, the sums of their days, and what came in within the last ten minutes."""
    from server.reports.models import PlayDay, ScreenDay
    from server.telemetry.models import PlayRecord

    playlist = enterprise.playlist(*[enterprise.picture() for _each in range(items)])
    layout = enterprise.layout(playlist)
    walls = [enterprise.screen(layout).pk for _each in range(screens)]
    shown = list(playlist.items.values_list("pk", "asset_id", "asset__title"))
    each_day = [today - timedelta(days=back) for back in range(days)]
    times = PLAYS_A_DAY // items
    plays = (
        PlayDay(
            screen_id=wall, day=day, item=f"i{pk}", asset=f"a{asset}", playlist=f"p{playlist.pk}",
            title=title, full=times, ms=times * 10_000, planned_ms=times * 10_000,
        )
        for wall in walls for day in each_day for pk, asset, title in shown
    )  # fmt: skip
    hours = (
        ScreenDay(screen_id=wall, day=day, due=0x3FFF80, heard=0x3FFF80, is_planned=True)
        for wall in walls for day in each_day
    )  # fmt: skip
    fresh = (
        PlayRecord(
            screen_id=wall, zone="main", item=f"i{shown[0][0]}", asset=f"a{shown[0][1]}",
            start=enterprise.now - timedelta(seconds=10 * n + 10),
            end=enterprise.now - timedelta(seconds=10 * n),
        )
        for wall in walls for n in range(PLAYS_A_DAY // 144)
    )  # fmt: skip
    return sum(_written(model, rows) for model, rows in
               ((PlayDay, plays), (ScreenDay, hours), (PlayRecord, fresh)))  # fmt: skip


def _written(model: Any, rows: Iterator[Any]) -> int:
    count = 0
    while some := list(islice(rows, AT_A_TIME)):
        model.objects.bulk_create(some, batch_size=1_000)
        count += len(some)
    return count


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.reports_at_size", description=__doc__)
    parser.add_argument("--screens", type=int, default=200, help="how many screens")
    parser.add_argument("--days", type=int, default=90, help="how many days")
    parser.add_argument("--items", type=int, default=40, help="how many items a screen shows a day")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="yingbi-bench-") as folder:
        os.environ["YINGBI_DATA"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server.settings")
        from server.secret_key import make

        make(Path(folder))
        import django

        django.setup()
        from django.core.management import call_command
        from django.test.utils import setup_test_environment

        setup_test_environment()
        call_command("migrate", verbosity=0)
        found = measure(options.screens, options.days, options.items)
    print(json.dumps(found, indent=1))
    return int(any(each["s"] > MOST_S for each in found["reports"].values()))


if __name__ == "__main__":
    sys.exit(main())
