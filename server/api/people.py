"""Accounts and where they are logged in, for scripts: one's own sessions, and those of others."""

from datetime import datetime

from msgspec import Struct

from server.accounts.models import LoginSession, Staff
from server.accounts.policy import Act, require
from server.accounts.sessions import (
    end_session,
    end_sessions,
    mark_of,
    session_marked,
    sessions_of,
)
from server.api.interface import Call, Operation
from server.api.reading import BEFORE, found, page_of, visible
from server.errors import NotFound

__all__ = ["OPERATIONS"]


class PersonValue(Struct):
    """An account: `username` is the name for logging in."""

    id: int
    username: str
    full_name: str
    department: int | None
    is_active: bool


class PersonList(Struct):
    """Some accounts; `next` is the `before` of the next page, or None."""

    people: list[PersonValue]
    next: int | None


class SessionValue(Struct):
    """Where somebody is logged in; `browser` is what the browser calls itself, any text."""

    id: str
    address: str
    browser: str
    started_at: datetime | None
    seen_at: datetime | None
    expires_at: datetime


class SessionList(Struct):
    """The open sessions of an account, the one that was seen last first."""

    sessions: list[SessionValue]


class Ended(Struct):
    """How many sessions have ended."""

    sessions: int


def _person(row: Staff) -> PersonValue:
    return PersonValue(row.pk, row.username, row.full_name, row.department_id, row.is_active)


def _session(row: LoginSession) -> SessionValue:
    return SessionValue(
        mark_of(row), row.address, row.browser, row.started_at, row.seen_at, row.expire_date
    )  # fmt: skip


def _listed(call: Call, staff: Staff) -> SessionList:
    return SessionList([_session(each) for each in sessions_of(staff, call.now)])


def _end(call: Call, staff: Staff, mark: str) -> None:
    row = session_marked(staff, mark, call.now)
    if row is None:
        raise NotFound("There is no such %(what)s.", values={"what": "session"})
    end_session(
        staff=staff, session_key=row.session_key, actor=call.actor, now=call.now,
        address=call.address,
    )  # fmt: skip


def _end_all(call: Call, staff: Staff) -> Ended:
    return Ended(end_sessions(staff=staff, actor=call.actor, now=call.now, address=call.address))


def _other(call: Call, pk: int) -> Staff:
    row = found(visible(call, Staff), pk, "account")
    require(call.actor, Act.MANAGE_STAFF, row.department_id)
    return row


def people(call: Call) -> PersonList:
    """List the accounts that the actor administers."""
    rows, following = page_of(call, visible(call, Staff, act=Act.MANAGE_STAFF))
    return PersonList([_person(each) for each in rows], following)


def own_sessions(call: Call) -> SessionList:
    """List where one is logged in oneself."""
    return _listed(call, call.actor)


def own_session_end(call: Call, session: str) -> None:
    """End one of one's own sessions."""
    _end(call, call.actor, session)


def own_sessions_end(call: Call) -> Ended:
    """End all of one's own sessions; tokens of scripts go on."""
    return _end_all(call, call.actor)


def sessions(call: Call, person: int) -> SessionList:
    """List where somebody is logged in."""
    return _listed(call, _other(call, person))


def session_end(call: Call, person: int, session: str) -> None:
    """End one of somebody's sessions."""
    _end(call, _other(call, person), session)


def sessions_end(call: Call, person: int) -> Ended:
    """End all sessions of somebody."""
    return _end_all(call, _other(call, person))


_OWN, _ALL, _MARK = "account/sessions/", "people/<int:person>/sessions/", "<slug:session>/"
_MANAGE = Act.MANAGE_STAFF

OPERATIONS = (
    Operation("GET", "people/", "people", people, "List the accounts that you administer",
              answer=PersonList, act=None, parameters=(BEFORE,)),
    Operation("GET", _OWN, "own_sessions", own_sessions, "Where you are logged in",
              answer=SessionList, act=None),
    Operation("DELETE", _OWN, "own_sessions_end", own_sessions_end,
              "End all of your own sessions; tokens of scripts go on", answer=Ended, act=None),
    Operation("DELETE", _OWN + _MARK, "own_session_end", own_session_end,
              "End one of your own sessions", act=None),
    Operation("GET", _ALL, "sessions", sessions, "Where somebody is logged in",
              answer=SessionList, act=_MANAGE),
    Operation("DELETE", _ALL, "sessions_end", sessions_end, "End all sessions of somebody",
              answer=Ended, act=_MANAGE),
    Operation("DELETE", _ALL + _MARK, "session_end", session_end,
              "End one of somebody's sessions", act=_MANAGE),
)  # fmt: skip
