"""An enterprise with many screens in a server's database: made in bulk, published for real.

Run in the environment of a server's data folder; prints one line of JSON.

- `python -m bench.fleet.site make SCREENS FOLDER`: keys, pictures, a large file, twenty departments
  each with its programme, screens with tokens; publishes; writes the boxes' identities to FOLDER;
- `python -m bench.fleet.site change SCREENS`: changes every programme by one item and publishes it
  for so many screens; says how long compiling, signing and committing took.

Rows that staff would make one by one are inserted in bulk; tokens are kept hashed, and manifests
are compiled and signed by the services that pages use.
"""

import hashlib
import os
import sys
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from bench.fleet.box import Identity

if TYPE_CHECKING:
    from server.accounts.models import Department, Staff
    from server.library.models import Asset
    from server.programme.models import Layout
    from server.screens.models import Screen

__all__ = ["LARGE_BYTES", "Change", "Made"]

#: Programmes that differ; each screen shows one of them.
PROGRAMMES = 20

#: Items in each programme.
ITEMS = 20

#: The file that downloads are measured with, in bytes.
LARGE_BYTES = 200 * 1000 * 1000

#: Rows that are inserted at once.
BATCH = 500

#: Root keys are made for one run and thrown away; the passphrase protects nothing.
_PASSPHRASE = b"a bench and nothing else"


class Made(msgspec.Struct, frozen=True):
    """What was made: the digest of the large file, and the file with the boxes' identities."""

    large_sha256: str
    identities: str


class Change(msgspec.Struct, frozen=True):
    """A release: when it was committed (monotonic), and what it cost in this process."""

    committed_at: float
    wall_s: float
    cpu_s: float
    screens: int
    versions: tuple[int, ...]


# --- making ------------------------------------------------------------------------------------


def _make(screens: int, folder: Path) -> Made:
    from server.clock import SystemClock

    now = SystemClock().now()
    fingerprint, root = _keys(folder / "root-keys", now)
    department, staff = _people(now)
    large = _large_file(folder / "large")
    assets = _assets(department, staff, folder / "large", large, now)
    layouts = [_programme(department, number, assets) for number in range(PROGRAMMES)]
    tokens = _screens(screens, department, layouts, now)
    _publish(screens, staff)
    found = [Identity("hq", slug, token, fingerprint, root) for slug, token in tokens.items()]
    file = folder / "identities.json"
    file.write_bytes(msgspec.json.encode(found))
    return Made(large, str(file))


def _keys(folder: Path, now: datetime) -> tuple[str, bytes]:
    """Make the keys as `yingbi-server keys init` does; the root's fingerprint and envelope."""
    from django.conf import settings

    from manifest.trust_state import fingerprint
    from server.publishing.ceremony import begin, draft_first_root, make_root_keys
    from server.publishing.signing import keyring

    signers = make_root_keys(folder, 1, _PASSPHRASE)
    root = draft_first_root(
        organisation=settings.ORGANISATION,
        keyring=keyring(),
        root_keys=[each.public_key for each in signers],
        threshold=1,
        now=now,
    )
    envelope = bytes(begin(root, signers, folder, actor=None, now=now).envelope)
    return fingerprint(envelope), envelope


def _people(now: datetime) -> "tuple[Department, Staff]":
    from server.accounts.models import Department, Grant, Role, Staff

    department = Department.objects.create(name="Publicity")
    staff = Staff.objects.create(
        username="bench", full_name="Bench", department=department, created_at=now
    )
    Grant.objects.create(staff=staff, department=None, role=Role.ADMINISTRATOR)
    return department, staff


def _large_file(path: Path) -> str:
    """Bytes that nothing can compress; their digest."""
    content = os.urandom(LARGE_BYTES)
    path.write_bytes(content)
    return hashlib.sha256(content).hexdigest()


def _assets(
    department: "Department", staff: "Staff", large: Path, sha256: str, now: datetime
) -> "list[Asset]":
    """The large file, and pictures (small files: nobody measures them)."""
    from server.library.keeping import Stored, keep_blobs
    from server.library.models import Asset, AssetKind, AssetState, Blob, Purpose, Rendition

    assets = Asset.objects.bulk_create(
        Asset(title=f"Picture {n}", kind=AssetKind.IMAGE, state=AssetState.READY,
              department=department, uploaded_by=staff, created_at=now)
        for n in range(PROGRAMMES + ITEMS)
    )  # fmt: skip

    def refer(blobs: list[Blob]) -> None:
        Rendition.objects.bulk_create(
            Rendition(asset=asset, purpose=Purpose.WALL, blob=blob, width=1920, height=1080)
            for asset, blob in zip(assets, blobs, strict=True)
        )

    files = [Stored(large, sha256, "image/webp")]
    for number in range(1, len(assets)):
        path = large.with_name(f"picture-{number}")
        path.write_bytes(b"picture %d" % number)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        files.append(Stored(path, digest, "image/webp"))
    keep_blobs(files, now, refer)
    return assets


def _programme(department: "Department", number: int, assets: "list[Asset]") -> "Layout":
    """A layout with one zone; its playlist begins with the large file, then come pictures."""
    from server.programme.models import Layout, Playlist, PlaylistItem, Zone

    playlist = Playlist.objects.create(name=f"Playlist {number}", department=department)
    chosen = [assets[0], *assets[1 + number : number + ITEMS]]
    PlaylistItem.objects.bulk_create(
        PlaylistItem(playlist=playlist, position=position, asset=asset)
        for position, asset in enumerate(chosen)
    )
    layout = Layout.objects.create(name=f"Layout {number}", department=department)
    Zone.objects.create(
        layout=layout, slug="main", x=0, y=0, width=1920, height=1080, playlist=playlist
    )
    return layout


def _screens(
    count: int, department: "Department", layouts: "list[Layout]", now: datetime
) -> dict[str, str]:
    """Screens, and tokens that were used before, by slug."""
    from server.accounts.tokens import digest, new_token
    from server.screens.models import Screen, ScreenToken, Site

    site = Site.objects.create(slug="hq", name="Headquarters")
    rows = [
        Screen(slug=f"screen-{n}", name=f"Screen {n}", site=site, department=department,
               default_layout=layouts[n % len(layouts)], created_at=now)
        for n in range(count)
    ]  # fmt: skip
    made = Screen.objects.bulk_create(rows, BATCH)
    tokens = {each.slug: new_token("ybs") for each in made}
    ScreenToken.objects.bulk_create(
        (
            ScreenToken(screen=each, sha256=digest(tokens[each.slug]), created_at=now, used_at=now)
            for each in made
        ),
        BATCH,
    )
    return tokens


# --- publishing --------------------------------------------------------------------------------


def _change(screens: int) -> Change:
    """Every item of every programme for another time, as an editor does; then publish."""
    from server.accounts.models import Staff
    from server.programme.models import PlaylistItem

    before = PlaylistItem.objects.order_by("pk").values_list("duration_ms", flat=True)[0]
    PlaylistItem.objects.update(duration_ms=10_000 + ((before or 0) + 1000) % 50_000)
    return _publish(screens, Staff.objects.get(username="bench"))


def _publish(screens: int, staff: "Staff") -> Change:
    from server.clock import SystemClock
    from server.publishing.services import publish

    chosen = _chosen(screens)
    begun, cpu = time.monotonic(), time.process_time()
    release = publish(screens=chosen, actor=staff, reason="A measurement.", now=SystemClock().now())
    committed = time.monotonic()
    assert release is not None, "something was changed"
    versions = release.publications.values_list("version", flat=True)
    spent = time.process_time() - cpu
    found = sorted(set(versions))
    return Change(committed, committed - begun, spent, len(versions), tuple(found))


def _chosen(screens: int) -> "list[Screen]":
    from server.screens.models import Screen

    return list(Screen.objects.order_by("pk")[:screens])


def main(arguments: Sequence[str]) -> None:
    """See the module."""
    from server.project import set_up

    set_up()
    act, screens, *more = arguments
    made: Any = _make(int(screens), Path(more[0])) if act == "make" else _change(int(screens))
    sys.stdout.buffer.write(msgspec.json.encode(made) + b"\n")


if __name__ == "__main__":
    main(sys.argv[1:])
