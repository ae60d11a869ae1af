"""How long it takes to publish a change for 1,000 screens: compiled, signed and written.

`python -m bench.publishing_speed [--screens N] [--items N] [--different]` makes a server of its own
in a temporary folder (SQLite, or `DATABASE_URL`), fills it, changes something that concerns every
screen and publishes that.  Called by the fleet's figures; prints JSON.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

__all__ = ["main", "measure"]

NOW = datetime(2026, 12, 24, 8, 0, tzinfo=UTC)


def measure(screens: int, items: int, runs: int, *, different: bool) -> dict[str, object]:
    """Seconds for `plan`, `publish` and `take_down`; Django must be set up and migrated.

    All screens show one playlist of `items`; with `different` each has a second one of its own.
    """
    from django.conf import settings

    from server.publishing.models import Publication
    from server.publishing.services import plan, publish, take_down
    from tests.simulators.enterprise import Enterprise

    enterprise = Enterprise(Path(settings.DATA), NOW)
    enterprise.install_keys()
    pictures = [enterprise.picture() for _each in range(items)]
    shared = enterprise.playlist(*pictures)
    one_for_all = enterprise.layout(shared)
    walls = []
    for _each in range(screens):
        own = [enterprise.playlist(*pictures[:5])] if different else []
        layout = enterprise.layout(shared, *own) if different else one_for_all
        walls.append(enterprise.screen(layout))
    publish(screens=walls, actor=None, reason="", now=enterprise.now)
    planned, published, cpu = [], [], []
    for _run in range(runs):
        enterprise.add(shared, enterprise.picture())
        now = enterprise.later(timedelta(minutes=1))
        started = time.perf_counter()
        found = plan(walls, now)
        planned.append(time.perf_counter() - started)
        started = time.perf_counter()
        started_cpu = time.process_time()
        release = publish(screens=walls, actor=None, reason="", now=now)
        published.append(time.perf_counter() - started)
        cpu.append(time.process_time() - started_cpu)
        if len(found.changed) != screens or release is None:
            raise RuntimeError("the change reached fewer screens than it should")
    started = time.perf_counter()
    take_down(asset=pictures[0], actor=None, reason="", now=enterprise.later())
    taken_down = time.perf_counter() - started
    return {
        "screens": screens,
        "items": items,
        "different": different,
        "manifest_bytes": Publication.objects.order_by("-pk")[0].payload_bytes,
        "plan_s": round(statistics.median(planned), 3),
        "publish_s": round(statistics.median(published), 3),
        "publish_cpu_s": round(statistics.median(cpu), 3),
        "take_down_s": round(taken_down, 3),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.publishing_speed", description=__doc__)
    parser.add_argument("--screens", type=int, default=1000, help="how many screens")
    parser.add_argument("--items", type=int, default=100, help="how many items each shows")
    parser.add_argument("--runs", type=int, default=3, help="how often")
    parser.add_argument(
        "--different", action="store_true", help="let every screen show something of its own"
    )
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="yingbi-bench-") as folder:
        os.environ["YINGBI_DATA"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server.settings")
        from server.secret_key import make

        make(Path(folder))
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        found = measure(options.screens, options.items, options.runs, different=options.different)
    print(json.dumps(found))
    return os.EX_OK


if __name__ == "__main__":
    sys.exit(main())
