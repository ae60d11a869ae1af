"""Rows for the server's tests: a cast, a place, things to show.  Each call makes one more.

The cast: an editor, reviewers, an administrator and an auditor of one department, and somebody of
another department who must see nothing of it.
"""

import hashlib
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from server.accounts.models import Department, Grant, Role, Staff
from server.library.models import Asset, AssetKind, AssetState, Blob, Purpose, Rendition
from server.programme.models import Entry, Layout, Playlist, PlaylistItem, Zone
from server.screens.models import Screen, ScreenGroup, Site

#: Sunday morning in Beijing.
NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
PASSWORD = "a lantern over the gate"
#: What stands for the hash of a password where no test logs in with it.
UNKNOWN_PASSWORD = "unknown$nobody knows it"

_number = count(1)


def department(name: str = "", parent: Department | None = None) -> Department:
    return Department.objects.create(name=name or f"Department {next(_number)}", parent=parent)


def staff(
    *roles: str,
    of: Department | None = None,
    everywhere: bool = False,
    password: str | None = None,
    **fields: Any,
) -> Staff:
    """A member of staff with these roles in their department, or everywhere."""
    n = next(_number)
    person = Staff(username=f"staff{n}", full_name=f"Staff {n}", department=of, created_at=NOW)
    for field, value in fields.items():
        setattr(person, field, value)
    if password is None:
        person.set_unusable_password()
    else:
        person.set_password(password)
    person.save()
    for role in roles:
        Grant.objects.create(staff=person, role=role, department=None if everywhere else of)
    return person


def administrator() -> Staff:
    """Somebody who may do everything, everywhere, and has a password that nobody knows."""
    made = staff(Role.ADMINISTRATOR, everywhere=True)
    Staff.objects.filter(pk=made.pk).update(password=UNKNOWN_PASSWORD)
    made.refresh_from_db()
    return made


def editor(of: Department) -> Staff:
    return staff(Role.EDITOR, of=of)


def site(slug: str = "") -> Site:
    n = next(_number)
    return Site.objects.create(slug=slug or f"site{n}", name=f"Site {n}")


def group(of: Department, *screens: Screen) -> ScreenGroup:
    made = ScreenGroup.objects.create(name=f"Group {next(_number)}", department=of)
    made.screens.set(screens)
    return made


def screen(of: Department, at: Site | None = None, **fields: Any) -> Screen:
    n = next(_number)
    defaults = {"slug": f"screen-{n}", "name": f"Screen {n}", "created_at": NOW}
    return Screen.objects.create(site=at or site(), department=of, **{**defaults, **fields})


def blob(content: bytes | None = None, mime: str = "image/png") -> Blob:
    """A row of a blob; the file is not there."""
    content = content if content is not None else f"blob {next(_number)}".encode()
    sha256 = hashlib.sha256(content).hexdigest()
    made, _new = Blob.objects.get_or_create(
        sha256=sha256, defaults={"bytes": len(content), "mime": mime, "created_at": NOW}
    )
    return made


def asset(of: Department, by: Staff | None = None, **fields: Any) -> Asset:
    """A picture that is ready, with its rendition for walls."""
    n = next(_number)
    defaults = {
        "title": f"Picture {n}",
        "kind": AssetKind.IMAGE,
        "state": AssetState.READY,
        "created_at": NOW,
        "original": blob(),
        "original_name": f"picture{n}.png",
    }
    made = Asset.objects.create(
        department=of, uploaded_by=by or editor(of), **{**defaults, **fields}
    )
    if made.kind == AssetKind.IMAGE and made.state == AssetState.READY:
        Rendition.objects.create(
            asset=made, purpose=Purpose.WALL, blob=blob(), width=1920, height=1080
        )
    return made


def playlist(of: Department, *assets: Asset, **fields: Any) -> Playlist:
    made = Playlist.objects.create(name=f"Playlist {next(_number)}", department=of, **fields)
    for position, one in enumerate(assets):
        PlaylistItem.objects.create(playlist=made, position=position, asset=one)
    return made


def layout(of: Department, shows: Playlist, **fields: Any) -> Layout:
    """A layout with one zone that fills it."""
    made = Layout.objects.create(name=f"Layout {next(_number)}", department=of, **fields)
    Zone.objects.create(
        layout=made,
        slug="main",
        x=0,
        y=0,
        width=made.canvas_width,
        height=made.canvas_height,
        playlist=shows,
    )
    return made


def entry(of: Department, shows: Layout, *screens: Screen, **fields: Any) -> Entry:
    """An entry from the day before NOW on, for a day, every day."""
    start = (NOW - timedelta(days=1)).strftime("%Y-%m-%dT00:00:00")
    defaults = {"start": start, "duration_s": 86_400, "rrule": "FREQ=DAILY"}
    made = Entry.objects.create(
        name=f"Entry {next(_number)}", department=of, layout=shows, **{**defaults, **fields}
    )
    made.screens.set(screens)
    return made
