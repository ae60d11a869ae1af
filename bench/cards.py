"""How the looking recognises cards.

A card has many colours.  Its fingerprint is what our own player draws at the points where is
looked, taken from `yingbi-player grab`: so a card that is half drawn, or of which a word is
missing at one of them, is none.
"""

import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from PIL import Image

from bench.content import HEIGHT, WIDTH, Content, ContentItem, Rgb
from bench.framebuffer import POINTS
from bench.playlists import CARD_SUFFIX, CARDS, entries_of, write_manifest
from player.clock import SystemClock

__all__ = ["with_cards"]


def with_cards(content: Content) -> Content:
    """`content` with all cards of `playlists.CARDS` in it."""
    items, fingerprints = dict(content.items), dict(content.fingerprints)
    for template in CARDS:
        name = template + CARD_SUFFIX
        items[name] = ContentItem(name, "card", template)
        fingerprints[template] = _fingerprint(content, name)
    return replace(content, items=items, fingerprints=fingerprints)


def _fingerprint(content: Content, name: str) -> tuple[Rgb, ...]:
    with tempfile.TemporaryDirectory(prefix="yingbi-card-") as folder:
        manifest, picture = Path(folder, "manifest.json"), Path(folder, "card.png")
        blobs = write_manifest(entries_of(content, [name]), manifest, SystemClock())
        command = [sys.executable, "-m", "player.stage", "grab"]
        command += ["--manifest", str(manifest), "--blobs", str(blobs)]
        command += ["--at", SystemClock().now().isoformat(), "--out", str(picture)]
        command += ["--size", f"{WIDTH}x{HEIGHT}"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        with Image.open(picture) as drawn:
            seen = drawn.convert("RGB").tobytes()
    return tuple(_at(seen, int(x * WIDTH), int(y * HEIGHT)) for x, y in POINTS)


def _at(rgb: bytes, x: int, y: int) -> Rgb:
    first = (y * WIDTH + x) * 3
    red, green, blue = rgb[first : first + 3]
    return red, green, blue
