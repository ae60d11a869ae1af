"""An enterprise as one would show it: Chinese names, drawn pictures, screens that report.

For the tests that look at every page in a real browser, and for the pictures of the documentation;
`shown_pages` makes it in the home of a server.
"""

import io
import re
from datetime import datetime, timedelta
from itertools import cycle
from pathlib import Path
from typing import Any

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from PIL import Image, ImageDraw, ImageFont

from server.accounts.models import Department, Grant, Role, Staff
from server.accounts.policy import may_anywhere
from server.accounts.session_store import SessionStore
from server.clock import SystemClock
from server.configuration import Configuration
from server.datasets.collecting import CALLED, Part, Parts
from server.datasets.models import Dataset
from server.datasets.parts import parts_set
from server.library.models import Asset, Purpose
from server.programme.models import Entry, Layout, Playlist, Takeover
from server.reports.chores import often
from server.reports.models import PlayDay, ScreenDay
from server.screens.models import Screen, ScreenGroup, Site
from server.telemetry.models import Heartbeat, HeartbeatSample, PlayRecord, ScreenFault
from tests.simulators import server_objects as objects
from tests.simulators.clips import ffmpeg
from tests.simulators.enterprise import Enterprise
from tests.simulators.staff_pages import Owned, address_of, addresses
from tests.unit.server.staff.page_rights import LINES

TITLES = ("安全生产月海报", "食堂一周菜单", "劳动模范风采", "党员大会通知", "春季运动会",
          "班车时刻表", "消防演练须知", "读书分享会")  # fmt: skip
PLACES = ("办公楼大堂", "一食堂东墙", "电梯厅三层", "培训中心", "二食堂", "行政楼门厅")
PEOPLE = {"editor": "编辑", "reviewer-1": "一审员", "reviewer-2": "二审员", "reviewer-3": "三审员",
          "administrator": "管理员", "auditor": "审计员"}  # fmt: skip
_FONT = "/usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc"
_COLOURS = cycle([("#7a1020", "#c8102e"), ("#0d4f4a", "#2a9d8f"), ("#1f3a5f", "#4a7fb5"),
                  ("#6b4a10", "#d4a017")])  # fmt: skip


def drawn(title: str, width: int = 960, height: int = 540) -> bytes:
    """A picture that says its title."""
    dark, light = next(_COLOURS)
    mask = Image.linear_gradient("L").resize((width, height))
    picture = Image.composite(
        Image.new("RGB", (width, height), dark), Image.new("RGB", (width, height), light), mask
    )
    if Path(_FONT).is_file():
        font = ImageFont.truetype(_FONT, width // 12, index=2)
        ImageDraw.Draw(picture).text(
            (width / 2, height / 2), title, "white", font, anchor="mm"
        )  # fmt: skip
    kept = io.BytesIO()
    picture.save(kept, "WEBP", quality=80)
    return kept.getvalue()


class ShownEnterprise(Enterprise):
    """Its pictures are pictures."""

    titles = cycle(TITLES)

    def picture(self, title: str = "", **changes: Any) -> Asset:
        title = title or next(self.titles)
        asset = self._asset("image", title, **changes)
        content = drawn(title)
        self.rendition(asset, content, "image/webp", width=960, height=540)
        for purpose in (Purpose.THUMBNAIL, Purpose.POSTER):
            self.rendition(asset, content, "image/webp", purpose=purpose, width=960, height=540)
        return asset

    def report(self, title: str, pages: int, department: Department) -> Asset:
        """A deck of drawn pages, of which some are chosen."""
        asset = self._asset(
            "document", title, department=department, original=objects.blob(),
            original_name=f"{title}.pptx", picked_pages=[*range(1, pages)],
        )  # fmt: skip
        for page in range(1, pages + 1):
            content = drawn(f"{title} {page}")
            for purpose in (Purpose.WALL, Purpose.THUMBNAIL):
                self.rendition(asset, content, "image/webp", purpose=purpose, page=page,
                               width=960, height=540)  # fmt: skip
        return asset

    def film(self, title: str, department: Department) -> Asset:
        """A film of half a minute that a browser plays, with poster and strip."""
        frame = drawn(title)
        asset = self._asset(
            "video", title, department=department, original=objects.blob(),
            original_name=f"{title}.mp4", source_ms=30_000,
        )  # fmt: skip
        picture, clip = self.blobs.parent / "shown.webp", self.blobs.parent / "shown.mp4"
        picture.write_bytes(frame)
        ffmpeg(
            "-loop",
            "1",
            "-i",
            str(picture),
            "-t",
            "30",
            "-r",
            "5",
            "-pix_fmt",
            "yuv420p",
            str(clip),
        )
        self.rendition(asset, clip.read_bytes(), "video/mp4", duration_ms=30_000)
        for purpose, content in (
            (Purpose.THUMBNAIL, frame), (Purpose.POSTER, frame), (Purpose.STRIP, _strip(frame)),
        ):  # fmt: skip
            self.rendition(asset, content, "image/webp", purpose=purpose)
        return asset


def _strip(frame: bytes) -> bytes:
    """Twelve frames side by side, as ingest makes them."""
    small = Image.open(io.BytesIO(frame)).resize((128, 72))
    strip, kept = Image.new("RGB", (12 * 128, 72)), io.BytesIO()
    for number in range(12):
        strip.paste(small, (number * 128, 0))
    strip.save(kept, "WEBP")
    return kept.getvalue()


class Shown(Owned):
    """The things of its first department, reporting."""

    def __init__(self, enterprise: ShownEnterprise, department: Department) -> None:
        super().__init__(enterprise, department)
        more = [
            objects.screen(department, enterprise.site, default_layout=self.layout, place=place)
            for place in PLACES[1:]
        ]
        self.screens = [self.screen, *more]
        deck = enterprise.report("季度汇报", 6, department)
        #: What a page shows better than the picture that stands for all assets.
        self.instead = {
            "asset_pages": deck, "asset_replace": deck,
            "asset_video": enterprise.film("安全生产警示片", department),
        }  # fmt: skip
        self._name()
        self._report()
        self._hang(enterprise, SystemClock().now())

    def _name(self) -> None:
        for role, person in self.people.items():
            person.full_name = PEOPLE[role]
            person.save()
        names = ((Playlist, "节目单"), (Layout, "版式"), (Entry, "排期"), (Takeover, "应急插播"),
                 (ScreenGroup, "屏组"))  # fmt: skip
        for model, word in names:
            for number, row in enumerate(model._default_manager.order_by("pk"), 1):
                row.name = f"{word} {number}"
                row.save()
        Dataset.objects.filter(pk=self.dataset.pk).update(name="班组提示")
        Dataset.objects.filter(pk=self.idle_dataset.pk).update(name="食堂菜单")
        Dataset.objects.filter(pk=self.whole.pk).update(name="大堂滚动信息")
        columns = {"line": "line", "origin": CALLED}
        parts = (Part(self.dataset.pk, columns), Part(self.idle_dataset.pk, columns, at_most=5))
        parts_set(
            dataset=self.whole, version=self.whole.version, parts=Parts(parts),
            actor=self.people[Role.EDITOR], now=self.enterprise.now,
        )  # fmt: skip
        Asset.objects.filter(pk=self.card.pk).update(title="大堂欢迎词")
        for screen, place in zip(self.screens, PLACES, strict=True):
            screen.name, screen.place = place, f"总部 {place}"
            screen.save()

    def _report(self) -> None:
        """What boxes said: alive, one late, one with a fault, a day of plays."""
        now = SystemClock().now().replace(microsecond=0)
        hour = now.replace(minute=0, second=0)
        for number, screen in enumerate(self.screens):
            heard = now - timedelta(seconds=20) if number != 4 else now - timedelta(hours=3)
            body = {"versions": {"yingbi": "0.4.0", "os": "Debian 12"}, "panel": "on",
                    "disk": {"free": 12 << 30, "total": 32 << 30},
                    "clock": {"offset_ms": 12, "suspect": False, "synchronised": True}}  # fmt: skip
            Heartbeat.objects.create(
                screen=screen, received_at=heard, boot="b", address="10.0.0.7", body=body
            )
            HeartbeatSample.objects.bulk_create(
                HeartbeatSample(screen=screen, hour=hour - timedelta(hours=n), body=body)
                for n in range(30)
                if not (number == 4 and n < 4)
            )
            self._play(screen, now - timedelta(hours=30))
        self._sum_up(now)
        ScreenFault.objects.create(
            screen=self.screens[2], code="CACHE_FULL", severity="W", reason=(
                "no room for 41,943,040 bytes at /var/lib/yingbi/cache (12,582,912 free):"
                " free space on that disk, or publish less"
            ),
            opened_at=now - timedelta(hours=2), seen_at=now,
        )  # fmt: skip

    def _sum_up(self, now: datetime) -> None:
        """Four weeks of sums; one box was silent for a day."""
        often(Configuration(), now)
        often(Configuration(), now)
        item, day_hours = self.playlist.items.get(), 0b0011_1111_1111_1000_0000
        for number, screen in enumerate(self.screens):
            for back in range(3, 28):
                day, hours = (now - timedelta(days=back)).date(), 9 + (back + number) % 3
                silent = number == 4 and back == 6
                ScreenDay.objects.create(
                    screen=screen, day=day, due=day_hours, is_planned=True,
                    heard=0 if silent else day_hours,
                )  # fmt: skip
                PlayDay.objects.create(
                    screen=screen, day=day, item=f"i{item.pk}", asset=f"a{item.asset_id}",
                    playlist=f"p{self.playlist.pk}", title=item.asset.title,
                    planned_ms=11 * 3_600_000, ms=0 if silent else hours * 3_600_000,
                    full=0 if silent else hours * 360, cut=0 if silent else back % 4,
                )  # fmt: skip

    def _hang(self, enterprise: Enterprise, now: datetime) -> None:
        """Public notices: one whose period is over, one that runs, one that comes."""
        today = now.date()
        for title, first, last in (
            ("关于拟发展党员的公示", 12, 6),
            ("安全生产先进班组评选结果公示", 3, -3),
            ("年度职工疗养名单公示", -2, -8),
        ):
            days = [today - timedelta(days=back) for back in (first, last)]
            notice = enterprise.public_notice(title, *days)
            notice.department = self.screen.department
            notice.save()
            PlayDay.objects.bulk_create(
                PlayDay(
                    screen=screen, day=today - timedelta(days=back), item=f"n{notice.pk}",
                    asset=f"a{notice.pk}", title=title, full=120, ms=3_000_000 - 90_000 * number,
                    planned_ms=3_000_000 if back else None,
                )
                for number, screen in enumerate(self.screens[:2])
                for back in range(max(0, last), first + 1)
            )  # fmt: skip

    def _play(self, screen: Screen, since: Any) -> None:
        item = self.playlist.items.get()
        PlayRecord.objects.bulk_create(
            PlayRecord(
                screen=screen, zone="main", item=f"i{item.pk}", asset=f"a{item.asset_id}",
                start=since + timedelta(seconds=10 * n), end=since + timedelta(seconds=10 * n + 10),
            )
            for n in range(0, 2000, 3)
        )  # fmt: skip


def session_of(person: Staff) -> str:
    """The key of a session in which somebody is logged in."""
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return str(session.session_key)


def _everybody(enterprise: Enterprise) -> list[Staff]:
    """An administrator, a reviewer and an auditor, of everything."""
    enterprise.administrator.full_name = "系统管理员"
    enterprise.administrator.save()
    Grant.objects.create(
        staff=enterprise.administrator, department=None, role=Role.EDITOR
    )  # fmt: skip
    others = [objects.staff(role, everywhere=True) for role in (Role.AUDITOR, Role.REVIEWER_1)]
    return [enterprise.administrator, *others]


def pages_of(shown: Shown, people: list[Staff]) -> dict[str, dict[str, str]]:
    """By name, the path of every page that is read, and who of these people may read it."""
    pages: dict[str, dict[str, str]] = {}
    for route, name in addresses():
        line = LINES[name]
        if line.costly:
            continue  # drawn or printed: no page
        if line.read is not None and not line.own:
            who = next(each for each in people if may_anywhere(each, line.read))
            path = address_of(route, line, shown)
            if name in shown.instead:
                path = re.sub(r"(?<=/)\d+(?=/)", str(shown.instead[name].pk), path, count=1)
            pages.setdefault(name, {"path": path, "as": who.username})
        elif line.is_open and not line.writes:
            pages[name] = {"path": f"/{route}", "as": ""}
    return pages


def shown_in(data: Path) -> dict[str, Any]:
    """Make it, with its files in `data`; all pages, and a session for each who may see some."""
    an_hour_ago = SystemClock().now().replace(microsecond=0) - timedelta(hours=1)
    enterprise = ShownEnterprise(data, an_hour_ago)
    Site.objects.filter(pk=enterprise.site.pk).update(name="集团总部")
    Department.objects.filter(pk=enterprise.department.pk).update(name="党委宣传部")
    enterprise.install_keys()
    shown, everybody = Shown(enterprise, enterprise.department), _everybody(enterprise)
    return {
        "pages": pages_of(shown, everybody),
        "sessions": {each.username: session_of(each) for each in everybody},
    }
