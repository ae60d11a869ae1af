"""What the demonstration shows, and when: a manifest around the files of `bench.demo.content`.

Two layouts take turns: pictures over the whole width, and scenery beside a column of notices; a
ticker runs below both.  At lunch time the menu joins in.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bench.demo.content import Media
from manifest.model import (
    Canvas,
    CardAsset,
    Entry,
    Item,
    Layout,
    Manifest,
    Playlist,
    Transition,
    Window,
    Zone,
)

__all__ = ["NOTICES_LAYOUT", "programme"]

TIME_ZONE = "Asia/Shanghai"
WIDTH, HEIGHT, TICKER_HEIGHT, SIDE_WIDTH = 1920, 1080, 100, 600
MAIN_HEIGHT = HEIGHT - TICKER_HEIGHT
NOTICES_LAYOUT = "notices"
NIGHT = "#101820"

FADE, SLIDE, CUT = Transition("fade", 900), Transition("slide", 700), Transition()

CARDS = {
    "fire-check": CardAsset(
        "冬季消防安全检查",
        "notice",
        {
            "title": "冬季消防安全检查",
            "body": "**时间** 11月25日 9:00\n**范围** 1—18层，地下车库\n"
            "请提前清理疏散通道，检查充电设备。",
            "issuer": "安全环保部",
            "date": "2026-11-22",
        },
    ),
    "shuttle": CardAsset(
        "通勤班车调整",
        "notice",
        {
            "title": "班车改停东门",
            "body": "因道路施工，自11月24日起，通勤班车3号线改停东门，请提前10分钟到达。",
            "issuer": "后勤服务中心",
            "date": "2026-11-21",
            "level": "announcement",
        },
    ),
    "ticker": CardAsset(
        "今日提示",
        "ticker",
        {
            "label": "今日提示",
            "messages": [
                "今天小雪，路面湿滑，上下台阶请扶好扶手",
                "图书角新到书籍120册，欢迎借阅",
                "Visitors: please sign in at the front desk, Wi-Fi “Guest”",
            ],
            "priority": ["15:00 全楼消防演练，听到警铃请走楼梯"],
        },
    ),
}


def programme(media: Media, now: datetime) -> Manifest:
    """Return the manifest of the demonstration; its turns are counted from the instant `now`."""
    begin = now.astimezone(ZoneInfo(TIME_ZONE)).replace(microsecond=0, tzinfo=None)
    return Manifest(
        site="demo",
        screen="lobby",
        version=1,
        issued_at=now,
        expires_at=now + timedelta(days=365),
        timezone=TIME_ZONE,
        canvas=Canvas(WIDTH, HEIGHT),
        assets={**media, **CARDS},
        playlists=_playlists(),
        layouts={
            "whole-width": _layout("pictures"),
            "lunch": _layout("lunch"),
            NOTICES_LAYOUT: _layout("scenery", "notices"),
        },
        entries=(
            Entry("1-pictures", "whole-width", 0, _daily(begin, 86_400), turn_ms=21_000),
            Entry("2-notices", NOTICES_LAYOUT, 0, _daily(begin, 86_400), turn_ms=24_000),
            Entry("3-lunch", "lunch", 0, _daily(begin.replace(hour=11, minute=0, second=0), 9_000)),
        ),
        default_layout="whole-width",
    )


def _daily(start: datetime, duration_s: int) -> Window:
    return Window(start, duration_s, "FREQ=DAILY")


def _playlists() -> dict[str, Playlist]:
    return {
        "pictures": _listed("p", 7_000, "welcome", "sunlight", "homeward", "screen-wall", "honour"),
        "lunch": _listed("l", 12_000, "lunch", "dawn"),
        "scenery": _listed("s", 12_000, "dawn", "hills"),
        "notices": Playlist(
            tuple(
                Item(f"n-{name}", name, 12_000, transition=SLIDE)
                for name in ("fire-check", "shuttle")
            )
        ),
        "ticker": Playlist((Item("t-ticker", "ticker", 3_600_000, transition=CUT),)),
    }


def _listed(prefix: str, duration_ms: int, *names: str) -> Playlist:
    return Playlist(
        tuple(
            Item(f"{prefix}-{name}", name, duration_ms, fit="cover", transition=FADE)
            for name in names
        )
    )


def _layout(main: str, side: str = "") -> Layout:
    side_width = SIDE_WIDTH if side else 0
    zones = [
        Zone("main", 0, 0, WIDTH - side_width, MAIN_HEIGHT, main),
        Zone("ticker", 0, MAIN_HEIGHT, WIDTH, TICKER_HEIGHT, "ticker"),
    ]
    if side:
        zones.append(Zone("side", WIDTH - side_width, 0, side_width, MAIN_HEIGHT, side))
    return Layout(NIGHT, tuple(zones))
