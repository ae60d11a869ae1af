"""Every operation x every role x an object of one's own department and of another (Q19).

The tests are made from the table of operations: one that is not in `BODIES` fails here.
"""

import json
import re
from copy import deepcopy
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.test import Client

from server.accounts.models import Role
from server.accounts.policy import Act, may
from server.accounts.services import token_issue
from server.alerts.kinds import Kind
from server.alerts.services import tell
from server.api.operations import OPERATIONS
from server.clock import SystemClock
from server.plans.models import FloorPlan
from server.sentences import Sentence
from tests.simulators import server_objects as objects
from tests.simulators.taken_back import standing_enterprise, taken_back
from tests.simulators.two_departments import Things

pytestmark = pytest.mark.django_db

NOW = SystemClock().now()
FUTURE = (NOW + timedelta(hours=2)).isoformat()
TOMORROW = (NOW + timedelta(hours=11)).isoformat()

#: Which objects the parameters of paths name, but where an operation needs another.
OBJECTS = {
    "asset": "asset", "playlist": "playlist", "layout": "layout", "entry": "entry",
    "screen": "screen", "group": "group", "takeover": "takeover", "key": "key",
    "site": "site", "release": "release", "upload": "upload", "submission": "submission",
    "dataset": "dataset", "page": "web_page", "department": "department", "person": "person",
    "source": "cap_source", "alert": "cap_alert",
}  # fmt: skip
OTHER_OBJECTS = {
    "asset_delete": "unused", "asset_retry": "failed", "asset_restore": "withdrawn",
    "asset_put_back": "withdrawn", "asset_undelete": "binned", "asset_trim": "video",
    "asset_replace": "video",
    "playlist_delete": "idle_playlist", "layout_delete": "idle_layout", "card_change": "card",
    "dataset_delete": "idle_dataset", "dataset_parts": "whole", "dataset_mapping": "fed",
    "department_close": "empty_department", "department_merge": "empty_department",
}  # fmt: skip

WINDOW = {"start": "2026-11-22T09:00:00", "duration_s": 3600, "rrule": "FREQ=DAILY"}
REASON = {"reason": "Why not."}
HOLIDAY = {"date": "2026-10-01", "kind": "rest", "name": "国庆节"}


def plan(things):
    return FloorPlan.objects.create(
        site=things.screen.site, department=things.department, name="1", blob=objects.blob(),
        width=9, height=9,
    )  # fmt: skip


def zone(things):
    return {"slug": "main", "x": 0, "y": 0, "width": 9, "height": 9, "playlist": things.playlist.pk}


#: A body that works, for each operation that takes one.
BODIES = {
    "upload_begin": lambda t: {"name": "a.png", "bytes": 1, "department": t.department.pk},
    "upload_append": lambda _t: None,
    "upload_finish": lambda _t: {},
    "asset_end_notice": lambda _t: REASON,
    "asset_withdraw": lambda _t: REASON,
    "asset_change": lambda t: {"version": t.asset.version, "tags": ["安全"], "valid_until": FUTURE},
    "asset_trim": lambda _t: {"from_ms": 500, "until_ms": 1500},
    "asset_replace": lambda t: {"by": t.unused.pk},
    "card_create": lambda t: {
        "title": "New", "template": "ticker", "data": {"messages": ["x"]},
        "department": t.department.pk,
    },
    "card_change": lambda t: {"version": t.card.version, "data": {"messages": ["New"]}},
    "stream_create": lambda t: {
        "title": "New", "url": "rtsp://camera/1", "fallback": t.asset.pk,
        "department": t.department.pk,
    },
    "page_create": lambda t: {
        "title": "New", "url": "https://board.example/", "department": t.department.pk,
    },
    "page_change": lambda _t: {"url": "https://board.example/"},
    "page_trust": lambda _t: {"is_unreviewed": True, "reason": "Our own board."},
    "dataset_create": lambda t: {
        "name": "New", "department": t.department.pk, "columns": [{"key": "a", "title": "A"}],
    },
    "dataset_change": lambda t: {"version": t.dataset.version, "name": "Other"},
    "dataset_put": lambda t: {"rows": [{"line": "x"}], "version": t.dataset.version},
    "dataset_append": lambda _t: {"rows": [{"line": "y"}]},
    "dataset_import": lambda _t: None,
    "dataset_restore": lambda _t: {"version": 1},
    "dataset_card": lambda t: {
        "title": "New", "template": "ticker", "mapping": {"messages": "line"},
        "department": t.department.pk,
    },
    "dataset_mapping": lambda _t: {"mapping": {"priority": "line"}},
    "dataset_source": lambda _t: {"url": ""},
    "dataset_places": lambda _t: {"rows": "", "columns": {}},
    "dataset_parts": lambda t: {
        "version": t.whole.version,
        "parts": [{"dataset": t.dataset.pk, "columns": {"line": "line"}, "at_most": 5}],
    },
    "dataset_trust": lambda _t: {"is_unreviewed": True, "reason": "Sensors."},
    "playlist_create": lambda t: {
        "name": "New", "department": t.department.pk, "items": [{"asset": t.asset.pk}],
    },
    "playlist_change": lambda t: {"version": t.playlist.version, "name": "Other"},
    "layout_create": lambda t: {
        "name": "New", "department": t.department.pk, "zones": [zone(t)],
    },
    "layout_change": lambda t: {"version": t.layout.version, "zones": [zone(t)]},
    "entry_create": lambda t: {
        "name": "New", "department": t.department.pk, "layout": t.layout.pk, "window": WINDOW,
        "screens": [t.screen.pk],
    },
    "entry_change": lambda t: {"version": t.entry.version, "enabled": False},
    "takeover_start": lambda t: {
        "name": "New", "department": t.department.pk, "layout": t.layout.pk, "ends_at": FUTURE,
        "screens": [t.screen.pk], "reason": "A drill.",
    },
    "takeover_end": lambda _t: REASON,
    "emergency_begin": lambda t: {
        "request": str(uuid4()), "typed": "演练", "is_drill": True, "ends_at": FUTURE, "title": "x",
        "issuer": "x", "screens": [t.screen.pk], "seen": [t.takeover.pk],
    },
    "cap_take": lambda _t: None,
    "notice_create": lambda t: {
        "title": "New", "body": "x", "issuer": "x", "department": t.department.pk,
    },
    "cap_show": lambda t: {"typed": "插播", "seen": [t.takeover.pk]},
    "cap_decline": lambda _t: REASON,
    "emergency_prolong": lambda _t: {"ends_at": TOMORROW},
    "department_create": lambda t: {"name": "New", "parent": t.department.pk},
    "department_change": lambda _t: {"name": "Other"},
    "department_merge": lambda t: {"into": t.department.pk},
    "tag_rename": lambda t: {"name": t.tag, "to": "Other"},
    "screen_create": lambda t: {
        "slug": "new", "name": "New", "site": t.screen.site_id, "department": t.department.pk,
    },
    "screen_change": lambda t: {"version": t.screen.version, "place": "Lobby"},
    "screen_fallback": lambda t: {"version": t.screen.version, "layout": None},
    "screen_claim": lambda t: {"code": t.code(SystemClock().now())},
    "screen_ask": lambda _t: {"kind": "log"},
    "command_give": lambda _t: {"kind": "log"},
    "tags_set": lambda _t: {"tags": ["门厅"]},
    "pin_put": lambda t: {"plan": plan(t).pk, "x": 10, "y": 990},
    "group_hours_set": lambda _t: {"windows": [WINDOW], "not_on_holidays": True},
    "site_hours_set": lambda _t: {"windows": None, "grace_minutes": 5},
    "site_create": lambda _t: {"slug": "new", "name": "New"},
    "group_create": lambda t: {
        "name": "New", "department": t.department.pk, "screens": [t.screen.pk],
    },
    "group_change": lambda t: {"version": t.group.version, "name": "Other"},
    "key_create": lambda t: {
        "name": "New", "department": t.department.pk, "site": t.screen.site_id,
        "expires_at": FUTURE,
    },
    "publish_plan": lambda t: {"screens": [t.screen.pk]},
    "publish": lambda t: {"screens": [t.screen.pk], "reason": "News."},
    "submission_create": lambda t: {"title": "News", "screens": [t.screen.pk]},
    "release_undo": lambda _t: REASON,
    "calendar_year": lambda _t: {"year": 2026, "days": [HOLIDAY]},
    "calendar_days": lambda _t: {"days": [HOLIDAY]},
    "calendar_import": lambda _t: None,
}  # fmt: skip

#: For administrators of everything only; asked by a department's, it is not there.
EVERYWHERE = {
    "site_hours",
    "site_hours_set",
    "site_hours_clear",
    "site_create",
    "calendar_year",
    "calendar_days",
    "calendar_import",
}

#: What whoever may ask is answered instead: no box sent any of it; a width, a file of nothing;
#: nothing changed that needs a review; no host is
#: listed.
INSTEAD = {
    "screen_picture": 404,
    "screen_log": 404,
    "screen_preview": 422,
    "cap_take": 422,
    "asset_end_notice": 422,
    "dataset_import": 422,
    "dataset_fetch": 422,
    "page_create": 422,
    "page_change": 422,
    "submission_create": 422,
    "own_session_end": 404,
    "session_end": 404,
}
DAYS = {"first": "2026-11-01", "last": "2026-11-02"}
QUERIES = {
    "heard_report": {"first": "2026-11-01", "last": "2026-11-30"},
    "play_report": {"start": "2026-11-01T00:00:00Z", "end": "2026-11-02T00:00:00Z"},
    "screen_preview": {"width": "1"},
    "screen_occurrences": {"since": "2026-11-01T00:00:00Z", "until": "2026-11-08T00:00:00Z"},
    "screen_timeline": {"since": "2026-11-01T00:00:00Z", "until": "2026-11-02T00:00:00Z"},
    "plays_by": DAYS,
    "uptime": DAYS,
    "coverage": {**DAYS, "tag": "none"},
}

#: The mark of a session that nobody has.
NO_SESSION = "0" * 24

TAKE_PATH = ("<int:", "<uuid:")


@pytest.fixture(scope="module")
def both(django_db_setup, django_db_blocker, tmp_path_factory):
    """Ours and theirs, made once."""
    with standing_enterprise(django_db_blocker, tmp_path_factory.mktemp("both")) as enterprise:
        yield Things(enterprise, enterprise.department), Things(enterprise, objects.department())


@pytest.fixture
def things_of_both(both):
    """What a test may change: neither the rows nor what is known of them stay so."""
    with taken_back():
        yield deepcopy(both)


@pytest.fixture
def ours(things_of_both):
    return things_of_both[0]


@pytest.fixture
def theirs(things_of_both):
    return things_of_both[1]


def path_of(operation, things):
    path = operation.path.replace("<slug:session>", NO_SESSION)
    for kind in TAKE_PATH:
        for name, attribute in OBJECTS.items():
            thing = getattr(things, OTHER_OBJECTS.get(operation.name, attribute))
            path = path.replace(f"{kind}{name}>", str(thing.pk))
    return f"/api/v1/{path}"


def asked(operation, person, things):
    """The status of asking this, with nothing of it left behind."""
    _token, secret = token_issue(staff=person, name="test", actor=None, now=NOW, expires_at=None)
    headers = {"Authorization": f"Bearer {secret}", "Upload-Offset": "4"}
    with taken_back():
        body = BODIES[operation.name](things) if operation.name in BODIES else None
        return Client().generic(
            operation.method,
            path_of(operation, things),
            b"" if body is None else json.dumps(body).encode(),
            content_type="application/json",
            headers=headers,
            query_params=QUERIES.get(operation.name),
        )


def names_something(operation):
    return "<" in operation.path or (operation.name in BODIES and operation.name not in EVERYWHERE)


def code_of(answer):
    return answer.json()["error"]["code"]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.name)
def test_a_role_may_do_in_its_department_what_the_table_says_and_nothing_elsewhere(
    operation, ours, theirs
):
    takes_body = operation.body is not None or operation.raw
    assert takes_body == (operation.name in BODIES), "say what this operation is sent"
    ours.change()
    theirs.change()
    for role, person in ours.people.items():
        answer = asked(operation, person, ours)
        said = (operation.name, role, answer.status_code, answer.content[:300])
        if operation.name in EVERYWHERE:
            assert answer.status_code == 404, said
        elif operation.name.startswith("upload_") and operation.act is None:
            assert answer.status_code == (404 if role != Role.EDITOR else answer.status_code), said
            assert answer.status_code in {200, 204, 404}, said
        elif operation.act is None or may(person, operation.act, ours.department):
            assert answer.status_code == INSTEAD.get(operation.name, answer.status_code), said
            assert answer.status_code < 300 or operation.name in INSTEAD, said
        elif operation.name == "key_list":
            assert answer.json()["keys"] == [], said
        else:
            assert answer.status_code == 403, said
        if names_something(operation):
            answer = asked(operation, person, theirs)
            assert answer.status_code == 404, (*said, answer.content[:300])


@pytest.mark.parametrize(
    "operation", [each for each in OPERATIONS if each.name.endswith(("_list", "_states"))],
    ids=lambda each: each.name,
)  # fmt: skip
def test_lists_show_what_is_in_reach_and_nothing_else(operation, ours, theirs):
    for things in (ours, theirs):
        things.plan = plan(things)
        things.alert = tell(
            kind=Kind.PUBLISHED, said=Sentence("Workdays"), department=things.department, now=NOW
        )
    answer = asked(operation, ours.people[Role.ADMINISTRATOR], ours).json()
    if operation.name in {"site_list", "fault_list", "command_list"}:
        return
    kind = operation.path.strip("/").replace("-", "_")
    attribute = {
        "enrolment_keys": "key", "entries": "entry", "states": "screen",
        "emergencies": "takeover", "cap/alerts": "cap_alert",
    }.get(kind, kind[:-1])  # fmt: skip
    (rows,) = [rows for key, rows in answer.items() if key != "next"]
    field = "screen" if operation.name == "screen_states" else "id"
    shown = {row[field] for row in rows}
    assert getattr(ours, attribute).pk in shown
    assert getattr(theirs, attribute).pk not in shown


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.name)
def test_without_a_token_nothing_is_told(operation):
    path = re.sub("<int:[a-z]+>", "1", re.sub("<uuid:[a-z]+>", str(UUID(int=1)), operation.path))
    path = path.replace("<slug:session>", NO_SESSION)
    answer = Client().generic(operation.method, f"/api/v1/{path}")
    if operation.is_open:
        assert answer.status_code == 200
    else:
        assert answer.status_code == 401
        assert code_of(answer) == "TOKEN_MISSING"


def test_every_operation_names_a_right_that_there_is():
    assert {each.act for each in OPERATIONS} <= {None, *Act}
    names = [each.name for each in OPERATIONS]
    assert len(names) == len(set(names))
