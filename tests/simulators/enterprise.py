"""A small enterprise in the database: a department, staff, screens, and things to show on them.

Rows and files are made directly, as the services of other parts would leave them; what a test is
about goes through the service under test.  Keys and blobs are in a folder of its own.
"""

import hashlib
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from cards.signed_codes import code_of, period_of
from manifest.documents import Root, encode_root
from manifest.envelope import DocumentType, seal
from manifest.keys import LocalSigner
from server.accounts.models import Department, Grant, Role, Staff
from server.clock import SystemClock
from server.library.authored import music
from server.library.blobs import blob_path
from server.library.models import Asset, AssetKind, AssetState, Blob, Purpose, Rendition
from server.programme.models import Entry, Layout, Playlist, PlaylistItem, Takeover, Zone
from server.publishing.codes import key_of
from server.publishing.keyring import Keyring
from server.publishing.root_chain import install_root
from server.publishing.roots import first_root, next_root
from server.screens.models import Screen, ScreenGroup, Site
from server.staff.portal.scanned import Scan
from tests.simulators.publisher import a_signer

__all__ = ["NOW", "Enterprise"]

#: When the tests take place.
NOW = datetime(2026, 12, 24, 8, 0, tzinfo=UTC)

ORGANISATION = "group"


class Enterprise:
    """One site with one department; everything made in it is named by a running number."""

    def __init__(self, data: Path, now: datetime = NOW) -> None:
        self.keyring, self.blobs, self.now = Keyring(data / "keys"), data / "blobs", now
        self.root_keys = [a_signer(f"enterprise/root/{n}") for n in range(3)]
        self.roots: list[bytes] = []
        self._numbers = count(1)
        self.site = Site.objects.create(slug="hq", name="Headquarters")
        self.department = Department.objects.create(name="Publicity")
        self.administrator = self.staff("administrator", Role.ADMINISTRATOR)

    def later(self, by: timedelta = timedelta(minutes=10)) -> datetime:
        """Let time pass; the new now."""
        self.now += by
        return self.now

    def staff(self, username: str, *roles: Role) -> Staff:
        found = Staff.objects.create(
            username=username,
            full_name=username.title(),
            department=self.department,
            created_at=self.now,
        )
        for role in roles:
            Grant.objects.create(staff=found, department=None, role=role)
        return found

    # --- keys ----------------------------------------------------------------------------------

    def install_keys(self, approvers: int = 0) -> Root:
        """Make online keys and root 1, signed by two of three root keys, and install it."""
        self.approvers = [a_signer(f"enterprise/approver/{n}") for n in range(approvers)]
        roles: dict[str, tuple[list[bytes], int]] = {
            "root": ([each.public_key for each in self.root_keys], 2),
            "publisher": ([self.keyring.make("publisher")], 1),
            "freshness": ([self.keyring.make("freshness")], 1),
            "approver": ([each.public_key for each in self.approvers], approvers),
        }
        return self.install(first_root(org=ORGANISATION, roles=roles, now=self.now))

    def install(self, root: Root) -> Root:
        envelope = seal(DocumentType.ROOT, encode_root(root), self.root_keys[:2])
        install_root(envelope, organisation=ORGANISATION, actor=self.administrator, now=self.now)
        self.roots.append(envelope)
        self.root = root
        return root

    def rotate(self, *roles: str, new_epoch: bool = False) -> Root:
        """Install the next root, in which these online roles have new keys."""
        changes = {role: ([self.keyring.make(role)], 1) for role in roles}  # type: ignore[arg-type]
        root = next_root(self.root, changes=changes, now=self.now, new_epoch=new_epoch)
        return self.install(root)

    def signer(self, role: str) -> LocalSigner:
        """The online key of a role: what a thief of the server has."""
        (keyid,) = getattr(self.root.roles, role).keyids
        found = self.keyring.signer(role, keyid)  # type: ignore[arg-type]
        assert found is not None
        return found

    # --- things to show ------------------------------------------------------------------------

    def picture(self, title: str = "", **changes: Any) -> Asset:
        """A picture that is ready."""
        number = next(self._numbers)
        asset = self._asset(AssetKind.IMAGE, title or f"Picture {number}", **changes)
        self.rendition(asset, f"picture {number}", "image/jpeg")
        return asset

    def video(self, title: str = "", duration_ms: int = 30_000, **changes: Any) -> Asset:
        number = next(self._numbers)
        asset = self._asset(AssetKind.VIDEO, title or f"Video {number}", **changes)
        self.rendition(asset, f"video {number}", "video/mp4", duration_ms=duration_ms, audio=True)
        return asset

    def document(self, pages: int, title: str = "", **changes: Any) -> Asset:
        number = next(self._numbers)
        asset = self._asset(AssetKind.DOCUMENT, title or f"Document {number}", **changes)
        for page in range(1, pages + 1):
            self.rendition(asset, f"document {number} page {page}", "image/png", page=page)
        return asset

    def stream(self, fallback: Asset, title: str = "Camera") -> Asset:
        content = {"url": "rtsp://camera.example/1", "fallback": fallback.pk}
        return self._asset(AssetKind.STREAM, title, content=content)

    def card(self, title: str = "Notice") -> Asset:
        content = {"template": "notice", "data": {"headline": "停水通知"}, "blobs": {}}
        return self._asset(AssetKind.CARD, title, content=content)

    def public_notice(self, title: str, first: date, last: date) -> Asset:
        """A public notice (公示) of these days."""
        data = {
            "title": title, "body": "经研究，现予公示，接受监督。", "issuer": "组织部",
            "date": str(first), "first": str(first), "last": str(last), "contact": "纪委办公室",
        }  # fmt: skip
        content = {"template": "public-notice", "data": data, "blobs": {}}
        return self._asset(AssetKind.CARD, title, content=content)

    def scan(self, screen: Screen, **data: Any) -> Scan:
        """What the code on a new card leads to, scanned on this screen now."""
        content = {"template": "qr", "data": {"opens": "screen"} | data, "blobs": {}}
        card = self._asset(AssetKind.CARD, "Scan", content=content)
        now = SystemClock().now().astimezone(ZoneInfo(screen.timezone))
        period, name = period_of(now, "daily"), f"{screen.site.slug}/{screen.slug}"
        code = code_of(key_of(card.pk), name, period)
        return Scan(card.pk, screen.site.slug, screen.slug, period, code)

    def music(self, title: str = "Tune", duration_ms: int = 180_000) -> Asset:
        asset = self._asset(AssetKind.CARD, title, source_ms=duration_ms)
        made = self.rendition(asset, title, "audio/mp4", duration_ms=duration_ms, audio=True)
        asset.content = music(made.blob, {})
        asset.save()
        return asset

    def _asset(self, kind: AssetKind, title: str, **changes: Any) -> Asset:
        return Asset.objects.create(
            **{
                "title": title,
                "kind": kind,
                "state": AssetState.READY,
                "department": self.department,
                "uploaded_by": self.administrator,
                "created_at": self.now,
            }
            | changes
        )

    def media(self, title: str, content: bytes, mime: str, **changes: Any) -> Asset:
        """A picture or a film that is ready, of real bytes."""
        kind = AssetKind.VIDEO if mime.startswith("video/") else AssetKind.IMAGE
        asset = self._asset(kind, title)
        self.rendition(asset, content, mime, **changes)
        return asset

    def rendition(self, asset: Asset, content: str | bytes, mime: str, **changes: Any) -> Rendition:
        """A file of an asset, as it was made of the original."""
        content = content.encode() if isinstance(content, str) else content
        sha256 = hashlib.sha256(content).hexdigest()
        self.blob_file(sha256).parent.mkdir(parents=True, exist_ok=True)
        self.blob_file(sha256).write_bytes(content)
        blob, _made = Blob.objects.get_or_create(
            sha256=sha256,
            defaults={"bytes": len(content), "mime": mime, "created_at": self.now},
        )
        fields = {"purpose": Purpose.WALL, "page": 0, "width": 1920, "height": 1080} | changes
        return Rendition.objects.create(asset=asset, blob=blob, **fields)

    def blob_file(self, sha256: str) -> Path:
        """Where the store keeps a file."""
        return self.blobs / blob_path(sha256)

    # --- the programme -------------------------------------------------------------------------

    def playlist(self, *assets: Asset, **changes: Any) -> Playlist:
        """A playlist that shows these assets in turn, each for ten seconds or its own length."""
        playlist = Playlist.objects.create(
            name=f"Playlist {next(self._numbers)}", department=self.department, **changes
        )
        for asset in assets:
            self.add(playlist, asset)
        return playlist

    def add(self, playlist: Playlist, asset: Asset, **changes: Any) -> PlaylistItem:
        fields = {"transition": "cut", "position": playlist.items.count()} | changes
        return PlaylistItem.objects.create(playlist=playlist, asset=asset, **fields)

    def layout(self, *playlists: Playlist, **changes: Any) -> Layout:
        """A layout whose zones stand side by side, one for each playlist."""
        fields = {"name": f"Layout {next(self._numbers)}"} | changes
        layout = Layout.objects.create(department=self.department, **fields)
        width = layout.canvas_width // max(1, len(playlists))
        for number, playlist in enumerate(playlists):
            Zone.objects.create(
                layout=layout,
                slug=f"zone-{number}",
                x=number * width,
                y=0,
                width=width,
                height=layout.canvas_height,
                playlist=playlist,
            )
        return layout

    def group(self, *screens: Screen, **changes: Any) -> ScreenGroup:
        group = ScreenGroup.objects.create(
            name=f"Group {next(self._numbers)}", department=self.department, **changes
        )
        group.screens.set(screens)
        return group

    def screen(self, default: Layout | None = None, **changes: Any) -> Screen:
        number = next(self._numbers)
        fields: dict[str, Any] = {
            "slug": f"screen-{number}",
            "name": f"Screen {number}",
            "site": self.site,
            "department": self.department,
            "default_layout": default,
            "created_at": self.now,
        }
        return Screen.objects.create(**fields | changes)

    def entry(self, layout: Layout, *where: Screen | ScreenGroup, **changes: Any) -> Entry:
        """An entry that is due every day from 09:00 to 11:00."""
        fields: dict[str, Any] = {
            "name": f"Entry {next(self._numbers)}",
            "start": "2026-11-22T09:00:00",
            "duration_s": 7200,
            "rrule": "FREQ=DAILY",
        }
        entry = Entry.objects.create(layout=layout, department=self.department, **fields | changes)
        entry.screens.set(each for each in where if isinstance(each, Screen))
        entry.groups.set(each for each in where if isinstance(each, ScreenGroup))
        return entry

    def takeover(self, layout: Layout, *where: Screen | ScreenGroup, **changes: Any) -> Takeover:
        """A takeover of one hour from now."""
        fields: dict[str, Any] = {
            "name": f"Takeover {next(self._numbers)}",
            "department": self.department,
            "starts_at": self.now,
            "ends_at": self.now + timedelta(hours=1),
            "created_by": self.administrator,
            "created_at": self.now,
        }
        takeover = Takeover.objects.create(layout=layout, **fields | changes)
        takeover.screens.set(each for each in where if isinstance(each, Screen))
        takeover.groups.set(each for each in where if isinstance(each, ScreenGroup))
        return takeover

    def lobby(self, *assets: Asset) -> Screen:
        """A screen that shows these assets in turn all day (two pictures, if none are given)."""
        shown = assets or (self.picture(), self.picture())
        return self.screen(self.layout(self.playlist(*shown)))
