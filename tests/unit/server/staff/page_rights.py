"""What each page of the staff side takes: one line for each address.

A new address without a line fails `test_page_rights.py`.  A line is one of

    "playlists": form(Act.ARRANGE, lambda t: {"name": "New"}, read=Act.VIEW),
    "playlist": form(Act.ARRANGE, …, read=Act.VIEW, of="playlist"),
    "review_paper": page(of="submission"),
    "layout_check": action(Act.VIEW, _zones, of="layout"),
    "layout_picture": page(of="layout", costly=True, refused=True),  # its files are no pictures
    "layout_copy": action(Act.ARRANGE, of="layout"),
    "layout_delete": action(Act.ARRANGE, of="idle_layout"),
    "screen_act": acts({"retire": (Act.MANAGE_SCREENS, None)}, of="screen"),

`of` is the attribute of `Things` (tests/simulators/two_departments.py) that the address names: the
tests ask for ours, and for that of another department, which must not be there.  What is sent must
work for whoever has the right: a form that is refused fails the test.
"""

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import localdate

from server.accounts.models import Role
from server.accounts.policy import Act
from server.clock import SystemClock
from server.staff.alerts import webhooks
from server.staff.cap import sources as cap_sources
from server.staff.data import cards
from server.staff.people import accounts
from server.staff.screens import hours
from server.staff.seen import seal_of
from tests.simulators.two_departments import Things

__all__ = ["LINES", "PARAMETERS", "Line", "Sent"]

Sent = Mapping[str, Any] | bytes
Sends = Callable[[Things], Sent] | None


class Line(NamedTuple):
    """One address: who may read it, who may write it, what is written, and what it names."""

    read: Act | None = None
    writes: Mapping[str, tuple[Act | None, Sends]] = {}
    of: str = ""
    #: Open to everybody, without logging in.
    is_open: bool = False
    #: Whoever has not the right does not learn that it is there: 404 in place of 403.
    hidden: bool = False
    #: For who may do it everywhere; to all others it is not there.
    everywhere: bool = False
    #: It is only one's own: everybody else, however powerful, does not find it.
    own: bool = False
    #: Drawn by a child process: asked for once only by those who may.
    costly: bool = False
    #: The right is there, yet something else forbids it in this small world (own work, say).
    refused: bool = False
    method: str = "post"


def page(read: Act | None = Act.VIEW, of: str = "", **more: Any) -> Line:
    """Only read."""
    return Line(read=read, of=of, **more)


def form(act: Act | None, sends: Sends, read: Act | None = None, of: str = "", **more: Any) -> Line:
    """Read, and sent back; who may send may read, others if they have the right `read`."""
    return Line(read=read or act, writes={"": (act, sends)}, of=of, **more)


def action(act: Act | None, sends: Sends = None, of: str = "", **more: Any) -> Line:
    """Only sent."""
    return Line(writes={"": (act, sends)}, of=of, **more)


def acts(writes: Mapping[str, tuple[Act | None, Sends]], of: str, **more: Any) -> Line:
    """Only sent, and `<slug:act>` says what."""
    return Line(writes=writes, of=of, **more)


_TODAY = localdate()
_SCREEN = {"name": "New", "slug": "new", "canvas_width": 1920, "canvas_height": 1080,
           "timezone": "Asia/Shanghai", "panel": "always"}  # fmt: skip
#: Tomorrow: no takeover of some hours from now hides it, at whatever hour this runs.
_HOURS = {"first": str(_TODAY + timedelta(days=1)), "begins": "08:00",
          "ends": "09:00", "repeats": "daily", "priority": "10", "enabled": "on"}  # fmt: skip


def _items(t: Things) -> Sent:
    item = t.playlist.items.get()
    return {"version": t.playlist.version, "name": "New", "order": "listed", "item_pk": item.pk,
            "item_asset": item.asset_id, "item_page": "", "item_seconds": "5", "item_weight": "1",
            "item_fit": item.fit, "item_transition": item.transition, "item_transition_ms": "0",
            "item_from": "", "item_until": ""}  # fmt: skip


def _list(t: Things) -> dict[str, Any]:
    item = t.playlist.items.get()
    return {"name": t.playlist.name, "order": "listed", "default_duration_ms": None,
            "default_fit": "contain", "default_transition": "cut", "default_transition_ms": 0,
            "items": [{"asset": item.asset_id, "pk": item.pk}]}  # fmt: skip


def _list_saved(t: Things) -> Sent:
    base, mine = _list(t), _list(t) | {"name": "New"}
    return json.dumps({"version": t.playlist.version, "base": base, "mine": mine}).encode()


def _list_played(t: Things) -> Sent:
    return json.dumps({"mine": _list(t)}).encode()


def _zones(t: Things) -> Sent:
    return {"version": t.layout.version, "name": "New", "width": "1920", "height": "1080",
            "background": "#000000", "zone_slug": "main", "zone_x": "0", "zone_y": "0",
            "zone_width": "900", "zone_height": "900", "zone_z": "0",
            "zone_playlist": t.playlist.pk}  # fmt: skip


def _source(t: Things) -> Sent:
    return {"department": t.department.pk, "name": "New", "handling": "review", "drills": "none",
            "severity": "3", "urgency": "3", "certainty": "2", "language": "zh", "usual_min": "60",
            "url": "", "every_min": "5", "reason": ""}  # fmt: skip


def _screen(t: Things) -> Sent:
    return _SCREEN | {"version": t.screen.version}


def _key(t: Things) -> Sent:
    return {"name": "New", "site": t.screen.site_id, "department": t.department.pk, "uses": 1,
            "last_day": str(_TODAY + timedelta(days=9))}  # fmt: skip


def _takeover(t: Things) -> Sent:
    return {"name": "New", "department": t.department.pk, "layout": t.layout.pk, "minutes": 5,
            "reason": "A drill.", "screens": t.screen.pk}  # fmt: skip


_PREPARED = {"name": "Power", "hazard": "power", "title": "Power cut", "issuer": "Duty"}


def _emergency(t: Things) -> Sent:
    return {"request_id": str(uuid4()), "title": "A drill", "issuer": "Duty", "hazard": "fire",
            "ends": "15", "typed": "TAKE OVER", "screens": t.screen.pk,
            "seen": t.takeover.pk}  # fmt: skip


def _code(t: Things) -> Sent:
    return {"code": t.code(SystemClock().now()), "screen": t.screen.pk}


def _file(t: Things) -> Sent:
    return {"department": t.department.pk, "files": SimpleUploadedFile("a.png", b"four")}


def _announced(t: Things) -> Sent:
    return b'{"name": "a.png", "bytes": 1, "department": %d}' % t.department.pk


def _reason(_t: Things) -> Sent:
    return {"reason": "Why not."}


_MANAGE = Act.MANAGE_SCREENS
_DAYS = {"first": "2026-10-01", "kind": "rest", "name": "国庆节"}

#: What stands for the parameters of an address, other than the key of what `of` names.
PARAMETERS: Mapping[str, Callable[[Any], object]] = {
    "form": lambda _t: "xlsx",
    "page": lambda _t: 0,
    "template": lambda _t: "ticker",
    "shot": lambda t: t.shot.pk,
    "position": lambda _t: 1,
    "number": lambda _t: 1,
    "year": lambda _t: 2026,
    "day": lambda _t: "2026-10-01",
    "kind": lambda _t: "group",
    "batch": lambda t: t.command.batch,
    "command": lambda t: t.command.pk,
    "key": lambda t: t.link.key,
    "link": lambda t: t.link.pk,
    "card": lambda t: t.scan.card,
    "site": lambda t: t.scan.site,
    "screen": lambda t: t.scan.screen,
    "period": lambda t: t.scan.period,
    "code": lambda t: t.scan.code,
    "sha256": lambda t: t.asset.renditions.get(purpose="wall").blob_id,
}

LINES: Mapping[str, Line] = {
    "overview": page(),
    "waiting": page(),
    "overview_wall": page(),
    "overview_state": page(),
    "overview_peek": page(of="screen"),
    "wallboard": page(),
    "styleguide": page(Act.MANAGE_STAFF),
    "drafts": form(None, lambda _t: b'{"key": "new", "fields": [["name", "A"]]}', read=Act.VIEW),
    "together": action(Act.VIEW, lambda t: {"page": f"playlist:{t.playlist.pk}"}),
    # --- who one is ----------------------------------------------------------------------------
    "login": page(None, is_open=True),
    "logout": Line(writes={"": (None, None)}, is_open=True),
    "setup": page(None, is_open=True),
    "code": page(None, is_open=True),
    "language": Line(writes={"": (None, lambda _t: {"language": "en"})}, is_open=True),
    "account": form(None, lambda _t: {"old": "x", "new": "y"}, read=Act.VIEW, refused=True),
    "login_second": page(None, is_open=True),
    "session_end": action(None),
    "second_factor": page(),
    "second_factor_qr": page(),
    "second_factor_act": acts({
        "confirm": (None, lambda _t: {"password": "x", "code": "123456"}),
        "codes": (None, lambda _t: {"password": "x", "code": "123456"}),
        "off": (None, lambda _t: {"password": "x", "code": "123456"}),
    }, of="", refused=True),
    "tokens": form(None, lambda _t: {"name": "of the night", "days": 30}, read=Act.VIEW),
    "token_revoke": action(None, of="token", own=True),
    # --- library -------------------------------------------------------------------------------
    "library": form(Act.UPLOAD, _file, read=Act.VIEW),
    "asset": form(Act.UPLOAD, lambda t: {
        "title": "New", "tags": "安全", "last_day": "", "version": t.asset.version,
    }, read=Act.VIEW, of="asset"),
    "stream_create": form(Act.UPLOAD, lambda t: {
        "title": "Hall", "url": "rtsp://camera.hall.example/1", "fallback": t.asset.pk,
        "department": t.department.pk,
    }),
    "page_create": form(Act.UPLOAD, lambda t: {
        "title": "Board", "url": "https://board.example/", "every_min": 60, "shape": "16:9",
        "wait_s": 0, "scale_percent": 100, "department": t.department.pk,
    }, refused=True),  # no host is listed
    "page_change": form(Act.UPLOAD, lambda _t: {
        "url": "https://board.example/", "every_min": 60, "shape": "16:9", "wait_s": 0,
        "scale_percent": 100,
    }, of="web_page", refused=True),
    "page_take": action(Act.UPLOAD, of="web_page"),
    "page_trust": action(
        Act.TRUST_DATA, lambda _t: {"is_unreviewed": "yes", "reason": "x"}, of="web_page"
    ),
    "card_choose": page(Act.UPLOAD),
    "card_create": form(Act.UPLOAD, lambda t: {
        "title": "New", "department": t.department.pk, "data.messages": "Hello",
    }),
    "card_pictures": page(Act.UPLOAD),
    "card_drawn": action(Act.UPLOAD, refused=True),  # empty: nothing is drawn
    "card_edit": form(Act.UPLOAD, lambda t: {
        "title": "New", "version": t.card.version, "data.messages": "Hello",
    }, of="card"),
    "asset_state": page(of="asset"),
    "asset_preview": page(of="card", costly=True),
    "asset_act": acts({
        "delete": (Act.UPLOAD, None),
        "withdraw": (Act.TAKE_DOWN, _reason),
    }, of="unused"),
    "certificate": page(of="asset", costly=True, refused=True),  # it is no public notice
    "asset_end_notice": action(Act.END_NOTICE, _reason, of="unused", refused=True),
    "asset_states": page(),
    "asset_pages": form(
        Act.UPLOAD, lambda _t: {"page": 1}, read=Act.VIEW, of="asset", refused=True
    ),
    "asset_strip": page(of="asset"),
    "asset_video": form(
        Act.UPLOAD, lambda _t: {"act": "trim", "begin": "0", "end": "1"}, read=Act.VIEW,
        of="asset", refused=True,
    ),
    "asset_replace": form(Act.UPLOAD, _file, read=Act.VIEW, of="asset"),
    "assets_bulk": action(
        Act.UPLOAD, lambda t: {"assets": t.unused.pk, "act": "tag", "tags": "安全"}
    ),
    "assets_remove": form(Act.UPLOAD, lambda t: {"assets": t.unused.pk}, read=Act.VIEW),
    "asset_undelete": action(Act.UPLOAD, of="binned"),
    "bin": page(),
    "library_undo": action(None),
    "way_back": action(None, refused=True),
    "tags": form(Act.UPLOAD, lambda t: {"name": t.tag, "to": "New"}, read=Act.VIEW),
    "thumbnail": page(of="asset"),
    "full_size": page(of="asset"),
    "uploads": action(Act.UPLOAD, _announced),
    "upload": page(None, of="upload", own=True),
    "upload_finish": action(None, of="upload", own=True),
    "upload_forget": action(None, of="upload", own=True),
    # --- data sets -----------------------------------------------------------------------------
    "datasets": form(
        Act.UPLOAD, lambda t: {"name": "New", "department": t.department.pk}, read=Act.VIEW
    ),
    "dataset": form(
        Act.UPLOAD, lambda t: {"rows": "a\n", "version": t.dataset.version}, read=Act.VIEW,
        of="dataset",
    ),
    "dataset_columns": action(Act.UPLOAD, lambda t: {
        "version": t.dataset.version, "key": "line", "title": "New", "kind": "text", "digits": 0,
    }, of="dataset"),
    "dataset_import": form(
        Act.UPLOAD, lambda t: {"rows": "b\n", "version": t.dataset.version}, of="dataset"
    ),
    "dataset_history": page(of="dataset"),
    "dataset_version": page(of="dataset"),
    "dataset_restore": action(Act.UPLOAD, of="dataset"),
    "dataset_card": form(Act.UPLOAD, lambda t: {
        "title": "New", "department": t.department.pk, "column:messages": "line",
    }, read=Act.UPLOAD, of="dataset"),
    "dataset_mapping": form(
        Act.UPLOAD,
        lambda t: {"column:priority": "line", "version": seal_of(cards.stored_of(t.feed))},
        read=Act.VIEW, of="feed",
    ),
    "dataset_source": action(Act.UPLOAD, lambda _t: {"url": "", "every_min": 5}, of="dataset"),
    "dataset_places": action(Act.UPLOAD, lambda _t: {"rows_at": "/daily"}, of="dataset"),
    "datasets_collect": form(Act.UPLOAD, lambda t: {
        "name": "All", "department": t.department.pk, "sources": [t.dataset.pk],
    }, read=Act.UPLOAD),
    "dataset_parts": form(Act.UPLOAD, lambda t: {
        "version": t.whole.version, "part-0": t.dataset.pk, "most-0": 5, "called-0": "Notes",
        "column-0-line": "line", "column-0-origin": "@called",
    }, of="whole"),
    "dataset_fetch": action(Act.UPLOAD, of="dataset", refused=True),  # it has no address
    "dataset_trust": action(
        Act.TRUST_DATA, lambda _t: {"is_unreviewed": "yes", "reason": "x"}, of="dataset"
    ),
    "dataset_rename": action(Act.UPLOAD, lambda _t: {"name": "Other"}, of="dataset"),
    "dataset_delete": action(Act.UPLOAD, of="idle_dataset"),
    # --- the programme -------------------------------------------------------------------------
    "playlists": form(
        Act.ARRANGE, lambda t: {"name": "New", "department": t.department.pk}, read=Act.VIEW
    ),
    "playlist": form(Act.ARRANGE, _items, read=Act.VIEW, of="playlist"),
    "playlist_add": action(Act.ARRANGE, lambda t: {"assets": t.asset.pk}, of="playlist"),
    "playlist_save": action(Act.ARRANGE, _list_saved, of="playlist"),
    "playlist_state": page(of="playlist"),
    "playlist_library": page(of="playlist"),
    "playlist_reel": action(Act.VIEW, _list_played, of="playlist"),
    "playlist_delete": action(Act.ARRANGE, of="idle_playlist"),
    "layouts": page(),
    "samples": form(
        Act.ARRANGE, lambda t: {"sample": "lobby", "department": t.department.pk}
    ),
    "layout_create": form(Act.ARRANGE, lambda t: {
        "name": "New", "department": t.department.pk, "canvas": "1920x1080", "preset": "full",
        "playlist": t.playlist.pk,
    }),
    "layout": form(Act.ARRANGE, _zones, read=Act.VIEW, of="layout"),
    "layout_check": action(Act.VIEW, _zones, of="layout"),
    "layout_picture": form(Act.VIEW, lambda _t: {}, of="layout", costly=True, refused=True),
    "layout_copy": action(Act.ARRANGE, of="layout"),
    "layout_delete": action(Act.ARRANGE, of="idle_layout"),
    "entries": page(),
    "schedule_look": action(Act.ARRANGE, lambda _t: _HOURS),
    "week_copy": action(Act.ARRANGE, lambda t: {
        "screen": t.screen.pk, "week": str(_TODAY), "target": str(_TODAY + timedelta(days=400)),
    }, refused=True),
    "schedule_undo": action(None, refused=True),
    "entry_move": action(Act.ARRANGE, lambda t: {
        "at": t.entry.start, "to": t.entry.start, "minutes": "60", "scope": "one",
        "version": t.entry.version,
    }, of="entry"),
    "entry_copy": action(Act.ARRANGE, lambda _t: {"days": [str(_TODAY)]}, of="entry"),
    "day": page(of="screen"),
    "day_at": page(of="screen"),
    "schedule": page(),
    "entry_create": form(Act.ARRANGE, lambda t: _HOURS | {
        "name": "New", "department": t.department.pk, "layout": t.layout.pk, "screens": t.screen.pk,
    }),
    "entry": form(Act.ARRANGE, lambda t: _HOURS | {
        "name": "New", "layout": t.layout.pk, "screens": t.screen.pk, "version": t.entry.version,
    }, read=Act.VIEW, of="entry"),
    "entry_delete": action(Act.ARRANGE, of="entry"),
    "calendar": form(_MANAGE, lambda _t: _DAYS, read=Act.VIEW, everywhere=True),
    "calendar_load": action(_MANAGE, everywhere=True, refused=True),
    "calendar_take": action(_MANAGE, everywhere=True),
    "calendar_apply": action(_MANAGE, lambda _t: {
        "body": '{"year": 2026, "days": [{"date": "2026-10-01", "kind": "rest", "name": ""}]}',
    }, everywhere=True),
    "calendar_undo": action(_MANAGE, everywhere=True, refused=True),
    "calendar_clear": action(_MANAGE, everywhere=True),
    # --- emergencies ---------------------------------------------------------------------------
    "emergency": page(),
    "emergency_go": form(Act.TAKE_OVER, _emergency),
    "emergency_preview": page(Act.TAKE_OVER, costly=True),
    "emergency_history": page(),
    "emergency_board": page(of="takeover"),
    "emergency_lines": page(of="takeover"),
    "emergency_report": page(of="takeover"),
    "emergency_paper": page(of="takeover", costly=True),
    "emergency_end": action(Act.TAKE_OVER, of="takeover"),
    "emergency_prolong": action(Act.TAKE_OVER, lambda _t: {"minutes": 15}, of="takeover"),
    "portal": page(is_open=True),
    "portal_slides": page(is_open=True),
    "portal_atom": page(is_open=True),
    "portal_json": page(is_open=True),
    "portal_file": page(is_open=True),
    "scanned": page(is_open=True),
    "scanned_file": page(is_open=True),
    "portal_links": form(Act.PUBLISH, lambda _t: {
        "title": "New", "language": "en", "word": "",
    }, read=Act.VIEW, of="playlist"),
    "portal_revoke": action(Act.PUBLISH, of="playlist"),
    "cap": page(),
    "cap_source_create": form(Act.MANAGE_SCREENS, _source),
    "cap_source": form(Act.MANAGE_SCREENS, lambda t: _source(t) | {
        "version": seal_of(cap_sources.stored_of(t.cap_source)),
    }, read=Act.VIEW, of="cap_source"),
    "cap_places": action(Act.MANAGE_SCREENS, lambda t: {
        "scheme": "", "value": "New", "group": t.group.pk,
        "version": seal_of({"places": cap_sources.places_of(t.cap_source)}),
    }, of="cap_source"),
    "cap_close": action(Act.MANAGE_SCREENS, of="cap_source"),
    "cap_alert": page(of="cap_alert"),
    "cap_show": action(
        Act.TAKE_OVER, lambda t: {"typed": "插播", "seen": t.takeover.pk}, of="cap_alert"
    ),
    "cap_decline": action(Act.TAKE_OVER, lambda _t: {"reason": "x"}, of="cap_alert"),
    "emergency_ask": action(Act.VIEW, of="takeover"),
    "take_down": form(Act.TAKE_DOWN, _reason, read=Act.VIEW, of="unused"),
    "take_down_lines": page(of="unused"),
    "take_down_undo": action(Act.TAKE_DOWN, of="withdrawn"),
    "prepared_cards": page(),
    "prepared_card_create": form(
        Act.TAKE_OVER, lambda t: _PREPARED | {"name": "New", "department": t.department.pk}
    ),
    "prepared_card": form(
        Act.TAKE_OVER, lambda t: _PREPARED | {"version": t.prepared.version}, read=Act.VIEW,
        of="prepared",
    ),
    "prepared_card_act": acts({"archive": (Act.TAKE_OVER, None)}, of="prepared"),
    "takeover_start": form(Act.TAKE_OVER, _takeover),
    "takeover_end": action(Act.TAKE_OVER, of="takeover"),
    # --- review and publication ----------------------------------------------------------------
    "reviews": page(),
    "review_submit": action(
        Act.ARRANGE, lambda t: {"screens": t.screen.pk, "title": "New"}, refused=True
    ),
    "review_away": action(None, lambda _t: {"until": str(_TODAY + timedelta(days=3))}),
    "review_remark": action(
        Act.VIEW, lambda _t: {"text": "Why?"}, of="submission", refused=True
    ),
    "review_ask": action(Act.VIEW, of="submission", refused=True),
    "review": page(of="submission"),
    "review_record": page(of="submission"),
    "review_paper": page(of="submission", costly=True),
    "review_item": page(of="submission"),
    "review_act": acts({
        "withdraw": (Act.ARRANGE, None),
        "return": (Act.REVIEW_1, _reason),
    }, of="submission"),
    "review_rules": form(Act.MANAGE_STAFF, lambda t: {
        "department": t.department.pk, "level": "ordinary", "steps": 1, "hours": 4,
    }),
    "review_rule_clear": action(Act.MANAGE_STAFF, of="rule", hidden=True),
    "publish": form(Act.PUBLISH, lambda t: {
        "screens": t.screen.pk, "reason": "New", "confirmed": "on",
    }, read=Act.VIEW),
    "undo": action(Act.PUBLISH, _reason, of="release"),
    # --- screens -------------------------------------------------------------------------------
    "pair": form(_MANAGE, _code),
    "screens": page(),
    "short_name": page(_MANAGE),
    "screen_create": form(_MANAGE, lambda t: _SCREEN | {
        "site": t.screen.site_id, "department": t.department.pk,
    }),
    "site_create": form(_MANAGE, lambda _t: {"name": "New", "slug": "new"}, everywhere=True),
    "group_create": form(_MANAGE, lambda t: {
        "name": "New", "department": t.department.pk, "screens": t.screen.pk,
    }),
    "group": form(_MANAGE, lambda t: {
        "name": "New", "version": t.group.version, "screens": t.screen.pk,
    }, read=Act.VIEW, of="group"),
    "group_delete": action(_MANAGE, of="group"),
    "keys": form(_MANAGE, _key),
    "key_revoke": action(_MANAGE, of="key", hidden=True),
    "screen": form(_MANAGE, _screen, read=Act.VIEW, of="screen"),
    "screen_picture": page(of="screen"),
    "preview": page(),
    "preview_frame": page(costly=True, refused=True),  # which frame, a reel must say
    "moment": page(of="screen"),
    "screen_reel": page(of="screen"),
    "screen_preview": page(of="screen", costly=True, refused=True),  # its files are no pictures
    "screens_many": action(_MANAGE, lambda t: {
        "act": "tag", "tags": "门厅", "screens": t.screen.pk,
    }),
    "command_batch": page(of="command"),
    "hours_list": page(_MANAGE),
    "hours": form(_MANAGE, lambda _t: {
        "days": "always", "grace_minutes": 10, "version": seal_of(hours.stored_of(None)),
    }, of="group"),
    "plan_create": form(_MANAGE, lambda _t: {}, refused=True),
    "plan": page(of="plan"),
    "plan_picture": page(of="plan"),
    "plan_pin": action(_MANAGE, lambda t: {"screen": t.screen.pk, "x": 1, "y": 2}, of="plan"),
    "plan_delete": action(_MANAGE, of="plan"),
    "screen_wall": page(of="screen"),
    "screen_live": page(of="screen"),
    "screen_command": action(_MANAGE, lambda _t: {"kind": "resync"}, of="screen"),
    "command_cancel": action(_MANAGE, of="screen"),
    "screen_claim": action(_MANAGE, _code, of="screen"),
    "screen_act": acts({
        "screenshot": (Act.VIEW, None),
        "log": (Act.VIEW, None),
        "lock-out": (_MANAGE, None),
        "retire": (_MANAGE, None),
    }, of="screen"),
    # --- people --------------------------------------------------------------------------------
    "people": page(Act.MANAGE_STAFF),
    "person_create": form(Act.MANAGE_STAFF, lambda t: {
        "full_name": "New", "username": "new", "department": t.department.pk, "role": Role.EDITOR,
    }),
    "department_create": form(
        Act.MANAGE_STAFF, lambda t: {"name": "New", "parent": t.department.pk}
    ),
    "roles": page(Act.MANAGE_STAFF),
    "department": page(Act.MANAGE_STAFF, of="department", hidden=True),
    "department_act": acts({
        "rename": (Act.MANAGE_STAFF, lambda _t: {"name": "New"}),
    }, of="department", hidden=True),
    "person": page(Act.MANAGE_STAFF, of="editor", hidden=True),
    "person_act": acts({
        "code": (Act.MANAGE_STAFF, None),
        "grant": (Act.MANAGE_STAFF, lambda t: {
            "role": Role.REVIEWER_1, "department": t.department.pk,
        }),
        "change": (Act.MANAGE_STAFF, lambda t: {
            "full_name": "New", "department": t.department.pk,
            "version": seal_of(accounts.stored_of(t.editor)),
        }),
        "sessions": (Act.MANAGE_STAFF, None),
        "second-factor": (Act.MANAGE_STAFF, None),
        "close": (Act.MANAGE_STAFF, None),
    }, of="editor", hidden=True),
    # --- reports -------------------------------------------------------------------------------
    "reports": page(),
    "plays_sheet": page(),
    "uptime": page(),
    "uptime_sheet": page(),
    "coverage": page(),
    "coverage_sheet": page(),
    "public_notices": page(),
    "public_notices_sheet": page(),
    "ledger": page(),
    "ledger_paper": page(costly=True),
    "ledger_sheet": page(),
    "audit": page(Act.READ_AUDIT),
    "audit_sheet": page(Act.READ_AUDIT),
    # --- messages ------------------------------------------------------------------------------
    "notices": page(Act.VIEW),
    "notices_read": action(None),
    "notice_choices": Line(writes={"": (None, lambda _t: {"page": "published"})}),
    "webhooks": form(_MANAGE, lambda t: {
        "name": "New", "url": "https://hooks.example/a", "kinds": "published",
        "department": t.department.pk,
    }),
    "webhook": form(_MANAGE, lambda t: {
        "name": "New", "url": "https://hooks.example/a", "kinds": "published",
        "version": seal_of(webhooks.stored_of(t.endpoint)),
    }, of="endpoint", hidden=True),
    "webhook_act": acts({
        "enable": (_MANAGE, None),
        "delete": (_MANAGE, None),
    }, of="endpoint", hidden=True),
}  # fmt: skip
