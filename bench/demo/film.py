"""A short film of our own cards: each drawn by the stage, the next one pushing it out, as H.264.

The cards are drawn by `yingbi-player grab`, in a child of its own, so that they look in the film
as they look on the wall.
"""

import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.demo.brush import HEIGHT, WIDTH
from manifest.codec import encode
from manifest.model import Canvas, CardAsset, Item, Layout, Manifest, Playlist, Zone

__all__ = ["FILM_MS", "FILM_TITLE", "render_film"]

FILM_TITLE = "三不伤害"

#: How long a card stands before the next one begins to come, and how long that takes.
STANDS_S, MOVES_S = 3.4, 0.6
FRAMES_PER_S = 30

_BEGIN = datetime(2026, 6, 1, 1, tzinfo=UTC)
_SAID = (
    ("不伤害自己", "进岗先想三遍：\n- 今天的风险是什么\n- 防护是否齐全\n- 出事往哪里退"),
    ("不伤害他人", "动手前看一看身边：\n- 有没有人在作业区\n- 信号是否确认\n- 工具有没有放稳"),
    ("不被他人伤害", "看见违章说一句：\n- 站到安全位置\n- 当面提醒\n- 不听就报告"),
    ("高高兴兴上班，平平安安回家", "家里有人等你。"),
)

FILM_MS = round(1000 * (len(_SAID) * (STANDS_S + MOVES_S)))


def render_film(target: Path) -> None:
    """Draw the film into `target`, an MP4.

    Raises `subprocess.CalledProcessError` when the stage or the encoder fails.
    """
    with tempfile.TemporaryDirectory() as folder:
        pictures = [Path(folder) / f"{number}.png" for number in range(len(_SAID))]
        _draw(Path(folder), pictures)
        subprocess.run(_encoder(pictures, target), check=True)


def _draw(folder: Path, pictures: list[Path]) -> None:
    plan = folder / "film.json"
    plan.write_bytes(encode(_manifest()))
    moments = [(_BEGIN + timedelta(seconds=10 * n + 5)).isoformat() for n in range(len(pictures))]
    wishes = [
        word
        for at, picture in zip(moments, pictures, strict=True)
        for word in ("--at", at, "--out", str(picture))
    ]
    command = [sys.executable, "-m", "player.stage", "grab", "--manifest", str(plan)]
    subprocess.run([*command, "--blobs", str(folder), *wishes], check=True)


def _manifest() -> Manifest:
    """The cards one after the other, ten seconds each, from `_BEGIN` on."""
    cards = {
        f"card-{number}": CardAsset(
            title,
            "notice",
            {"title": title, "body": body, "issuer": "安全环保部", "date": "2026-06-01",
             "family": "party" if number == len(_SAID) - 1 else "service", "page_s": 60},
        )
        for number, (title, body) in enumerate(_SAID)
    }  # fmt: skip
    items = tuple(Item(name, name, 10_000) for name in cards)
    return Manifest(
        site="demo",
        screen="film",
        version=1,
        issued_at=_BEGIN,
        expires_at=_BEGIN + timedelta(days=1),
        timezone="Asia/Shanghai",
        canvas=Canvas(WIDTH, HEIGHT),
        assets=dict(cards),
        playlists={"film": Playlist(items)},
        layouts={"film": Layout("#101820", (Zone("main", 0, 0, WIDTH, HEIGHT, "film"),))},
        entries=(),
        default_layout="film",
    )


def _encoder(pictures: list[Path], target: Path) -> list[str]:
    """Still pictures, each pushing the one before it out; the last one goes back to the first."""
    shown = [*pictures, pictures[0]]
    inputs = [
        word
        for picture in shown
        for word in ("-loop", "1", "-framerate", str(FRAMES_PER_S), "-t",
                     str(STANDS_S + 2 * MOVES_S), "-i", str(picture))
    ]  # fmt: skip
    moves, last = [], "0:v"
    for number in range(1, len(shown)):
        begins = number * (STANDS_S + MOVES_S) - MOVES_S
        moves.append(
            f"[{last}][{number}:v]xfade=transition=slideleft:duration={MOVES_S}:offset={begins:.2f}[f{number}]"
        )
        last = f"f{number}"
    colours = "bt709"
    chain = f"[{last}]scale=out_color_matrix=bt709:out_range=tv,format=yuv420p[film]"
    return [
        *("ffmpeg", "-hide_banner", "-loglevel", "error", "-y", *inputs),
        *("-filter_complex", ";".join([*moves, chain]), "-map", "[film]"),
        *("-t", str(FILM_MS / 1000), "-r", str(FRAMES_PER_S)),
        *("-c:v", "libx264", "-preset", "veryfast", "-crf", "18", "-g", str(2 * FRAMES_PER_S)),
        *("-colorspace", colours, "-color_primaries", colours, "-color_trc", colours),
        *("-movflags", "+faststart", "-f", "mp4", str(target)),
    ]
